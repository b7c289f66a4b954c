"""Import of files of others into the catalogue: look at one, see what it would change, apply, take back.

Nothing is merged silently: a name that the catalogue does not know is a question, and until a person answers it
its rows are refused. Every function takes the path of the catalogue (`profile.catalogue_path`).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, Final

import msgspec

from fieldkit.domain import dates
from fieldkit.domain.catalogue import Provenance, unmatched
from fieldkit.domain.catalogue.layers import Change, Novelty, overlaid
from fieldkit.domain.folding import fold
from fieldkit.errors import KnownError
from fieldkit.i18n import _
from fieldkit.importers import lists, novelties, shapes, tables
from fieldkit.importers.lists import Choices, Table
from fieldkit.importers.matching import ANY, NEW, SKIP, Names, Question
from fieldkit.importers.novelties import Judged
from fieldkit.importers.tables import Book, StoppedError
from fieldkit.services.catalogue_file import base, opened
from fieldkit.store import catalogue as store
from fieldkit.store import imports
from fieldkit.store.imports import Import

LISTS: Final = shapes.BY_NAME
"""The lists that can be imported, by name."""

_MARKET: Final = "market"
_KINDS: Final = ("editor", "product", "service")


@dataclass(frozen=True, slots=True)
class Opened:
    """A file that was read: its sheets, what was found or remembered about it, and its titles."""

    path: Path
    book: Book
    tables: tuple[Table, ...]
    choices: Choices
    header: str

    @property
    def shape(self) -> str:
        """The list that it is; empty where a person must say."""
        return self.tables[0].shape


@dataclass(frozen=True, slots=True)
class Preview:
    """What an import would do. `questions` are the names to confirm; `state` is that of the catalogue."""

    opened: Opened
    choices: Choices
    source: str
    as_of: str
    rows: tuple[Judged, ...]
    questions: tuple[Question, ...]
    state: str

    def of(self, novelty: Novelty | None) -> list[Judged]:
        """The rows that are added, changed or unchanged; with None, those that are refused."""
        return [row for row in self.rows if row.novelty is novelty]

    @property
    def changes(self) -> list[Change]:
        """Every change of the catalogue, in the order of the rows."""
        return [change for row in self.rows for change in row.changes]


def choices_in(file: Path) -> Choices:
    """What a mapping file (JSON, the fields of `Choices`) decides.

    Raises KnownError `mapping-unreadable`, which says what is wrong in it.
    """
    try:
        given = msgspec.json.decode(file.read_bytes(), type=dict[str, Any])
        strange = given.keys() - {item.name for item in fields(Choices)}
        if strange:
            raise msgspec.ValidationError(", ".join(sorted(strange)))
        return msgspec.convert(given, Choices)
    except (OSError, msgspec.MsgspecError) as error:
        raise KnownError(
            "mapping-unreadable",
            _("Le fichier de correspondance {name} n'est pas lisible ({detail}).").format(
                name=file.name,
                detail=error if isinstance(error, msgspec.MsgspecError) else type(error).__name__,
            ),
            _("C'est un objet JSON avec shape, sheet, header, columns, constants, names, as_of ou source."),
        ) from error


def look_at(
    catalogue: Path, path: Path, choices: Choices | None = None, cancelled: Callable[[], bool] = lambda: False
) -> Opened:
    """Read the file at `path` and find out what list it is; what was chosen for such a file before counts.

    Raises KnownError `table-…` where it cannot be read, `mapping-…` where `choices` do not fit it.
    """
    book = tables.read(path, cancelled)
    return located(catalogue, path, book, choices or Choices())


def located(catalogue: Path, path: Path, book: Book, choices: Choices) -> Opened:
    """A file that was read before, seen under other choices."""
    header = _header(book, choices)
    if not choices.shape:
        known = imports.mapping(imports.beside(catalogue), header) or {}
        given = {item.name: getattr(choices, item.name) for item in fields(Choices)}
        choices = msgspec.convert(
            {**known, **{name: value for name, value in given.items() if value}}, Choices
        )
    return Opened(path, book, tuple(lists.locate(book, choices)), choices, header)


def preview(
    catalogue: Path,
    found: Opened,
    choices: Choices | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Preview:
    """What importing the file would do to the catalogue as it is.

    Raises KnownError `table-unknown` where nobody said what list it is, `table-incomplete` where the file
    changed meanwhile, `date-unknown`; or `StoppedError`.
    """
    chosen = choices or found.choices
    if not found.shape:
        raise KnownError(
            "table-unknown",
            _("Les colonnes de {name} ne sont celles d'aucune liste connue.").format(name=found.book.name),
            _("Dites ce que contient chaque colonne : dans la fenêtre, ou avec --mapping FICHIER."),
        )
    beside = imports.beside(catalogue)
    state = imports.digest(beside)
    whole = store.whole(opened(catalogue))
    answers = imports.answers(beside) | _answers(chosen)
    names = Names(whole, answers)
    as_of = _as_of(beside, found, chosen)
    source = chosen.source or _shape_source(found)
    place = f"{found.book.name} (SHA-256 {found.book.sha256[:12]})"
    origin = Provenance(source, as_of, place)
    items = list(lists.read(list(found.tables), names, origin, chosen.constants, cancelled))
    rows = novelties.judge(items, whole, exact=found.shape == shapes.OWN)
    tables.still_the_same(found.path, found.book)
    return Preview(found, chosen, source, as_of, tuple(rows), tuple(names.questions.values()), state)


def apply(catalogue: Path, seen: Preview) -> dict[str, Any]:
    """Import what `seen` shows, in one transaction, and build the catalogue anew: the answer of `cli.md`.

    Where nothing would change no import is made, and `import_id` is None. Raises KnownError `catalogue-changed`
    where another import came between, `disk-full`, or those of `catalogue_file.load`.
    """
    if not seen.changes:
        return answer(seen, None)
    book = seen.opened.book
    asked = {(question.kind, fold(question.written)) for question in seen.questions}
    answers = {
        key: told for key, told in _answers(seen.choices).items() if key[1] != ANY and key not in asked
    }
    made = imports.NewImport(
        name=book.name,
        sha256=book.sha256,
        shape=seen.opened.shape,
        source=seen.source,
        as_of=seen.as_of,
        counts=_counts(seen),
        changes=[*seen.changes, *_restated(catalogue, seen)],
        answers=answers,
        mapping=_to_remember(seen),
    )
    number = imports.add(imports.beside(catalogue), made, seen.state)
    opened(catalogue)
    return answer(seen, number)


def answer(seen: Preview, number: int | None) -> dict[str, Any]:
    """`{import_id, added, changed, unchanged, refused}`; `questions` are the names that nobody confirmed."""
    several = len(seen.opened.tables) > 1
    return {
        "import_id": number,
        **_counts(seen),
        "refused": [
            {"row": row.line, "column": fault.column, "reason": fault.reason}
            | ({"sheet": row.sheet} if several else {})
            for row in seen.of(None)
            for fault in row.faults
        ],
        "shape": seen.opened.shape,
        "source": seen.source,
        "as_of": seen.as_of,
        "questions": [
            {
                "kind": question.kind,
                "name": question.written,
                "rows": question.lines,
                "proposals": [
                    {"id": known.id, "name": known.name, "score": known.score} for known in question.proposals
                ],
            }
            for question in seen.questions
        ],
    }


def titles_at(found: Opened, line: int) -> tuple[str, ...]:
    """The titles that the file has in a line, from 1; none where it is empty or too far down."""
    return {header.start: header.titles for header in shapes.headers(found.tables[0].sheet)}.get(line, ())


def title_lines(found: Opened) -> dict[int, str]:
    """The lines at the top of the file that may hold its titles, from 1, each with what it says."""
    headers = shapes.headers(found.tables[0].sheet)
    lines = {header.start: header.titles for header in headers}
    return {line: ", ".join(filter(None, titles)).replace("\n", " ") for line, titles in lines.items()}


def history(catalogue: Path) -> list[Import]:
    """Every import, the newest first; those that were undone too."""
    return imports.history(imports.beside(catalogue))


def undo(catalogue: Path, number: int) -> dict[str, Any]:
    """Take an import back, and build the catalogue anew: `{import_id, removed, restored, …}`.

    Raises KnownError `import-unknown`, `import-undone`, `import-needed` (which says what was built on it).
    """
    beside = imports.beside(catalogue)
    known = {item.id: item for item in imports.history(beside)}
    if number not in known:
        raise KnownError(
            "import-unknown",
            _("Aucun import ne porte ce numéro."),
            _("Numéros connus : {known}.").format(known=", ".join(map(str, sorted(known))) or "–"),
        )
    if not known[number].applied:
        raise KnownError(
            "import-undone",
            _("Cet import est déjà annulé."),
            _("Pour le refaire, importez de nouveau le fichier {name}.").format(name=known[number].name),
        )
    state = imports.digest(beside)
    applied = imports.applied(beside)
    gone = applied.pop(number, [])
    needed = _built_on(catalogue, gone, applied)
    if needed:
        told = ", ".join(f"n° {later} ({known[later].name})" for later in needed)
        raise KnownError(
            "import-needed",
            _("Des imports plus récents s'appuient sur celui-ci : {imports}.").format(imports=told),
            _("Annulez-les d'abord, du plus récent au plus ancien."),
        )
    imports.undo(beside, number, state)
    opened(catalogue)
    restored = sum(1 for change in gone if change.old is not None)
    done: dict[str, Any] = {"import_id": number, "added": 0, "changed": 0, "unchanged": 0, "refused": []}
    return done | {"removed": len(gone) - restored, "restored": restored}


def _counts(seen: Preview) -> dict[str, int]:
    return {str(novelty): len(seen.of(novelty)) for novelty in Novelty}


def _answers(choices: Choices) -> dict[tuple[str, str], str]:
    """The answers that were given, by kind and folded name."""
    return {
        (kind, name if name == ANY else fold(name)): target
        for kind, told in choices.names.items()
        for name, target in told.items()
        if kind in _KINDS and target
    }


def _shape_source(found: Opened) -> str:
    return "" if found.shape == shapes.OWN else shapes.BY_NAME[found.shape].source or found.book.name


def _as_of(beside: Path, found: Opened, choices: Choices) -> str:
    """The date of the facts: the one given, that of the same file before, one in its name or above its titles;
    else the day the file was written, but for a table of a month."""
    if choices.as_of:
        given = dates.read(choices.as_of)
        if given is None:
            raise KnownError(
                "unknown-date", _("Cette date n'est pas reconnue."), _("Écrivez-la ainsi : 2023-12.")
            )
        return given
    before = next((item.as_of for item in imports.history(beside) if item.sha256 == found.book.sha256), "")
    told = before or lists.as_of(found.book, list(found.tables))
    if told or found.shape == _MARKET:
        return told
    return dt.datetime.fromtimestamp(found.book.stamp[1] / 1e9, dt.UTC).date().isoformat()


def _header(book: Book, choices: Choices) -> str:
    """What tells files of the same titles."""
    sheet = next((sheet for sheet in book.sheets if choices.sheet in ("", sheet.name)), book.sheets[0])
    titles = shapes.likely_header(sheet.filled()).titles
    return hashlib.sha256(json.dumps([fold(title) for title in titles]).encode()).hexdigest()


def _to_remember(seen: Preview) -> tuple[str, Mapping[str, Any]] | None:
    """The mapping of a list that was not recognised, without what holds for this file only."""
    chosen = seen.choices
    if not chosen.columns:
        return None
    lasting = replace(chosen, names={}, as_of="", sheet="", constants={})
    kept = {item.name: getattr(lasting, item.name) for item in fields(lasting) if getattr(lasting, item.name)}
    return seen.opened.header, kept


def _restated(catalogue: Path, seen: Preview) -> list[Change]:
    """What an earlier import brought and this file says too: it stays when that one is undone."""
    applied = imports.applied(imports.beside(catalogue))
    brought = {(change.kind, change.new): change for changes in applied.values() for change in changes}
    facts = [row.known for row in seen.of(Novelty.UNCHANGED) if row.known is not None]
    return [brought[fact] for fact in facts if fact in brought]


def _built_on(catalogue: Path, gone: list[Change], applied: Mapping[int, list[Change]]) -> list[int]:
    """The imports among `applied` that change, or name, what only `gone` brought."""
    kept = {(change.kind, change.new) for changes in applied.values() for change in changes}
    lost = {(change.kind, change.new) for change in gone} - kept
    needed = {
        number
        for number, changes in applied.items()
        if any((change.kind, change.old) in lost for change in changes)
    }
    left = overlaid(base(catalogue), (change for changes in applied.values() for change in changes))
    dangling = set(unmatched(left))
    needed |= {
        number for number, changes in applied.items() if any(change.new in dangling for change in changes)
    }
    return sorted(needed)


__all__ = [
    "ANY", "LISTS", "NEW", "SKIP", "Choices", "Import", "Novelty", "Opened", "Preview", "Question",
    "StoppedError", "answer", "apply", "choices_in", "history", "located", "look_at",
    "preview", "title_lines", "titles_at", "undo",
]  # fmt: skip
