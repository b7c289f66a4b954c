"""Names of a list and the entries of the catalogue they stand for.

A name is known where it is that of an entry, or an alias, letter for letter but for accents, case and
punctuation. Anything else is a question for a person: what is near is proposed, never taken.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from fieldkit.domain.catalogue import Catalogue, entry_id, latest
from fieldkit.domain.folding import fold, slug

NEW: Final = "new"
"""The answer: it is nothing that the catalogue has."""
SKIP: Final = "skip"
"""The answer: leave its rows out."""
ANY: Final = "*"
"""The name that stands for all others of its kind in the answers."""

_NEAR: Final = 74
_PROPOSED: Final = 4
_FORMER: Final = ("renamed_to", "merged_into", "has_alias")


@dataclass(frozen=True, slots=True)
class Proposal:
    """An entry that a name may mean; `score` is its likeness in percent."""

    id: str
    name: str
    score: int


@dataclass(slots=True)
class Question:
    """A name that nobody has confirmed yet, the entries it may mean, best first, and its lines in the list."""

    kind: str
    written: str
    maker: str
    proposals: tuple[Proposal, ...]
    lines: list[int] = field(default_factory=list)


class Names:
    """The entries of a catalogue by name, and the answers that a person gave, by kind and folded name."""

    def __init__(self, catalogue: Catalogue, answers: Mapping[tuple[str, str], str]) -> None:
        self.answers = answers
        self.editors = latest(catalogue.editors)
        self.products = latest(catalogue.products)
        self.services = latest(catalogue.services)
        self.questions: dict[tuple[str, str], Question] = {}
        self._new: dict[str, str] = {}
        self._makers: defaultdict[str, set[str]] = defaultdict(set)
        for product in catalogue.products:
            self._makers[product.id].add(product.editor)
        for former in catalogue.former_editors:
            self._makers[former.product].add(former.editor)
        self._named: dict[str, defaultdict[str, dict[str, None]]] = {
            "editor": _gather((fold(name), key) for name, key in _editor_names(catalogue)),
            "product": _gather((fold(item.name), item.id) for item in catalogue.products),
            "service": _gather(
                (fold(name), item.id)
                for item in catalogue.services
                for name in (item.code, item.label, item.full_name)
                if name
            ),
        }

    def name(self, entry: str) -> str:
        """The present name of an entry."""
        match entry.partition(":")[0]:
            case "editor":
                return self.editors[entry].name
            case "product":
                return self.products[entry].name
            case _:
                return self.services[entry].label

    def has(self, entry: str) -> bool:
        """Whether the catalogue has an entry of this identifier."""
        return any(entry in book for book in (self.editors, self.products, self.services))

    def look_up(self, kind: str, written: str, line: int, maker: str = "") -> str | None:
        """The entry that `written` stands for: its identifier, `NEW`, `SKIP`, or None where one must ask.

        `maker` is the editor that the list gives a product: a product of that name by someone else is not
        taken for it.
        """
        folded = fold(written)
        found = list(self._named[kind].get(folded, ()))
        fitting = [
            entry for entry in found if not maker or self._makers[entry] & {maker, ""} or kind != "product"
        ]
        if len(fitting) == 1:
            return fitting[0]
        answer = self.answers.get((kind, folded)) or self.answers.get((kind, ANY))
        if answer is not None:
            return answer
        question = self.questions.setdefault(
            (kind, folded), Question(kind, written, maker, self._proposals(kind, folded, found))
        )
        question.lines.append(line)
        return None

    def new_id(self, kind: str, name: str, maker: str = "") -> str:
        """The identifier of a new entry; that of a namesake by someone else has its maker's name after it."""
        made = entry_id(kind, name)
        taken: Mapping[str, object] = self.editors if kind == "editor" else self.products
        if maker and (made in taken or self._new.get(made, maker) != maker):
            return f"{made}-{slug(maker.partition(':')[2])}"
        self._new[made] = maker
        return made

    def _proposals(self, kind: str, folded: str, found: Iterable[str]) -> tuple[Proposal, ...]:
        from rapidfuzz import fuzz, process

        scores: dict[str, int] = dict.fromkeys(found, 100)
        near = process.extract(
            folded, list(self._named[kind]), scorer=fuzz.WRatio, score_cutoff=_NEAR, limit=3 * _PROPOSED
        )
        for name, score, _place in near:
            for entry in self._named[kind][name]:
                scores.setdefault(entry, round(score))
        best = sorted(scores.items(), key=lambda item: -item[1])[:_PROPOSED]
        return tuple(Proposal(entry, self.name(entry), score) for entry, score in best)


def _gather(pairs: Iterable[tuple[str, str]]) -> defaultdict[str, dict[str, None]]:
    found: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for folded, entry in pairs:
        if folded:
            found[folded][entry] = None
    return found


def _editor_names(catalogue: Catalogue) -> Iterable[tuple[str, str]]:
    """Every name of every editor. A name as one source wrote it counts where no editor bears it."""
    for editor in catalogue.editors:
        for name in (editor.name, *editor.aliases, *editor.misspellings):
            yield name, editor.id
    for link in catalogue.links:
        if link.relation in _FORMER and not link.to_editor:
            yield link.to_name, link.from_editor
