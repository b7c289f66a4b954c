"""What a file of others adds to a catalogue or changes in it, and the catalogue with that laid over it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final

from fieldkit.domain.catalogue.flat import kinds
from fieldkit.domain.catalogue.whole import Catalogue, unmatched

_IDENTITY: Final = {
    "editors": ("id",),
    "mentions": ("editor", "name_as_written", "role", "profession"),
    "links": ("from_editor", "relation", "to_name"),
    "memberships": ("federation", "editor"),
    "contacts": ("id",),
    "products": ("id",),
    "product_versions": ("product", "version"),
    "former_editors": ("product", "editor", "editor_as_written"),
    "devices": ("product", "maker", "model", "usb"),
    "services": ("id",),
    "labels": ("id",),
    "label_holders": ("label", "holder", "profession"),
    "integrations": ("holder", "service", "profession", "table_id"),
    "integration_tables": ("table_id",),
    "milestones": ("service", "date", "event"),
    "amendments": ("kind", "number", "label"),
    "addenda": ("version",),
    "market_figures": ("scope", "entity_type", "entity", "metric", "unit"),
    "deployment_figures": ("topic", "metric", "unit"),
    "criteria": ("component", "status", "criterion"),
    "equipment": ("maker", "maker_as_written", "item", "kind"),
    "segments": ("segment", "model", "item"),
    "glossary": ("acronym", "expansion"),
    "timeline": ("date", "topic", "event"),
}
"""The fields that tell what a fact is about; the others are what it says of it."""

_STATES: Final = frozenset(
    {"editors", "links", "memberships", "contacts", "products", "product_versions", "former_editors"}
    | {"devices", "services", "labels", "label_holders"}
)
"""Kinds that say how things are: the next issue of a list says the same again, and that is no new fact.
All others are figures and answers of their date, of which every date has its own."""


class Novelty(StrEnum):
    """How a fact stands to what is known."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Change:
    """A fact that an import brings to the list `kind`, in the place of `old` where it changes one."""

    kind: str
    new: Any
    old: Any = None


class Known:
    """A catalogue, to compare facts with.

    Facts of one source about one thing are compared: what another source says stays beside them. A list of
    others (`exact` False) is compared by what it says, wherever it says it; our own export to the letter.
    """

    def __init__(self, catalogue: Catalogue, *, exact: bool = False) -> None:
        self._exact = exact
        self._facts: dict[str, dict[Any, None]] = {
            kind: dict.fromkeys(getattr(catalogue, kind)) for kind in kinds()
        }
        self._about: defaultdict[tuple[Any, ...], list[Any]] = defaultdict(list)
        for kind, facts in self._facts.items():
            for fact in facts:
                self._about[self.about(kind, fact)].append(fact)

    def about(self, kind: str, fact: Any) -> tuple[Any, ...]:
        """What tells the fact from others: two that share it change or repeat each other."""
        dated = self._exact or kind not in _STATES
        when = fact.origin.as_of if dated else ""
        return kind, fact.origin.source, when, *(getattr(fact, name) for name in _IDENTITY[kind])

    def has(self, kind: str, fact: Any) -> bool:
        """Whether this very fact is known."""
        return fact in self._facts[kind]

    def compare(
        self, kind: str, fact: Any, stated: Collection[Any] = frozenset()
    ) -> tuple[Novelty, Any | None]:
        """How `fact` stands, and the known one that it repeats or changes; never one `stated` beside it."""
        if self.has(kind, fact):
            return Novelty.UNCHANGED, fact
        others = [other for other in self._about[self.about(kind, fact)] if other not in stated]
        same = [other for other in others if replace(fact, origin=other.origin) == other]
        if same and not self._exact:
            return Novelty.UNCHANGED, same[-1]
        if not others:
            return Novelty.ADDED, None
        return Novelty.CHANGED, max(others, key=lambda other: other.origin.as_of)


def layered(base: Catalogue, changes: Iterable[Change]) -> Catalogue:
    """`base` with `changes` laid over it, without the facts that this leaves dangling."""
    return whole(overlaid(base, changes))


def overlaid(base: Catalogue, changes: Iterable[Change]) -> Catalogue:
    """`base` with `changes` laid over it in their order; one of a fact that `base` no longer has adds its own."""
    lists: dict[str, dict[Any, None]] = {kind: dict.fromkeys(getattr(base, kind)) for kind in kinds()}
    for change in changes:
        facts = lists[change.kind]
        facts.pop(change.old, None)
        facts[change.new] = None
    return _with_lists(base, lists)


def whole(catalogue: Catalogue) -> Catalogue:
    """`catalogue` without the facts that name an entry it does not have."""
    while dangling := set(unmatched(catalogue)):
        catalogue = _with_lists(
            catalogue,
            {kind: [fact for fact in getattr(catalogue, kind) if fact not in dangling] for kind in kinds()},
        )
    return catalogue


def _with_lists(catalogue: Catalogue, lists: Mapping[str, Iterable[Any]]) -> Catalogue:
    held: dict[str, Any] = {kind: tuple(facts) for kind, facts in lists.items()}
    return replace(catalogue, **held)
