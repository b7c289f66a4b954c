"""All facts together, and how those of several files become one catalogue."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, fields, replace
from typing import Any, Final, Protocol, TypeVar

from fieldkit.domain.catalogue.companies import Contact, Editor, EditorLink, EditorMention, Membership
from fieldkit.domain.catalogue.devices import Device
from fieldkit.domain.catalogue.figures import (
    COHORT,
    Criterion,
    DeploymentFigure,
    Equipment,
    GlossaryEntry,
    MarketFigure,
    ServiceSegment,
    TimelineEvent,
)
from fieldkit.domain.catalogue.labels import Label, LabelHolder
from fieldkit.domain.catalogue.products import FormerEditor, Product, ProductKind, ProductVersion
from fieldkit.domain.catalogue.services import (
    Addendum,
    Amendment,
    Integration,
    IntegrationTable,
    Milestone,
    Service,
)
from fieldkit.domain.catalogue.sources import Provenance


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All facts, in the order of their sources; `as_of` is the date of the reference base of companies.

    Several facts may describe one entry (the same `id`), each with its own source: all are kept.
    """

    as_of: str
    editors: tuple[Editor, ...] = ()
    mentions: tuple[EditorMention, ...] = ()
    links: tuple[EditorLink, ...] = ()
    memberships: tuple[Membership, ...] = ()
    contacts: tuple[Contact, ...] = ()
    products: tuple[Product, ...] = ()
    product_versions: tuple[ProductVersion, ...] = ()
    former_editors: tuple[FormerEditor, ...] = ()
    devices: tuple[Device, ...] = ()
    services: tuple[Service, ...] = ()
    labels: tuple[Label, ...] = ()
    label_holders: tuple[LabelHolder, ...] = ()
    integrations: tuple[Integration, ...] = ()
    integration_tables: tuple[IntegrationTable, ...] = ()
    milestones: tuple[Milestone, ...] = ()
    amendments: tuple[Amendment, ...] = ()
    addenda: tuple[Addendum, ...] = ()
    market_figures: tuple[MarketFigure, ...] = ()
    deployment_figures: tuple[DeploymentFigure, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    equipment: tuple[Equipment, ...] = ()
    segments: tuple[ServiceSegment, ...] = ()
    glossary: tuple[GlossaryEntry, ...] = ()
    timeline: tuple[TimelineEvent, ...] = ()


class _Described(Protocol):
    """A fact that describes an entry."""

    @property
    def id(self) -> str: ...
    @property
    def origin(self) -> Provenance: ...


Entry = TypeVar("Entry", bound=_Described)

_ENTRIES: Final = ("editors", "products", "services", "labels")

_REFERENCES: Final = {
    "mentions": ("editor",),
    "links": ("from_editor", "to_editor"),
    "memberships": ("federation", "editor"),
    "contacts": ("company",),
    "products": ("editor",),
    "product_versions": ("product",),
    "former_editors": ("product", "editor"),
    "devices": ("product",),
    "labels": ("service",),
    "label_holders": ("label", "holder"),
    "integrations": ("holder", "service"),
    "milestones": ("service",),
    "amendments": ("service",),
    "deployment_figures": ("service",),
    "equipment": ("maker",),
}
"""Which fields of which facts name an entry; an empty one names none."""

_EMPTY: Final = ("", (), None, ProductKind.OTHER)
"""What says nothing."""


def latest(described: Iterable[Entry]) -> dict[str, Entry]:
    """The present description of each entry: the newest; of two of one date, the earlier in the list.

    What the newest leaves empty is as the next newest has it.
    """
    several: dict[str, list[Entry]] = {}
    for fact in described:
        several.setdefault(fact.id, []).append(fact)
    return {entry: _completed(facts) for entry, facts in several.items()}


def merged(base: Catalogue, extra: Catalogue) -> Catalogue:
    """Every fact of both, those of `base` first; the date stays that of `base`.

    `extra` may describe entries that `base` has (both descriptions are kept) and new ones. Raises ValueError
    where a fact names an entry that neither has: ask `unmatched` first.
    """
    whole = _joined(base, extra)
    strange = next(unmatched(whole), None)
    if strange is not None:
        raise ValueError(f"a fact names an entry that does not exist: {strange}")
    return whole


def unmatched(catalogue: Catalogue, base: Catalogue | None = None) -> Iterator[Any]:
    """The facts of `catalogue` that name an entry which neither it nor `base` has."""
    known = {
        fact.id for whole in (catalogue, base) if whole for kind in _ENTRIES for fact in getattr(whole, kind)
    }
    known.add("")
    for kind, names in _REFERENCES.items():
        for fact in getattr(catalogue, kind):
            if any(getattr(fact, name) not in known for name in names):
                yield fact
    for figure in catalogue.market_figures:
        if figure.entity_type != COHORT and figure.entity not in known:
            yield figure


def without_contacts(catalogue: Catalogue, erased: Collection[str]) -> Catalogue:
    """`catalogue` without the contacts of these identifiers."""
    kept = tuple(contact for contact in catalogue.contacts if contact.id not in erased)
    return replace(catalogue, contacts=kept)


def _completed(described: list[Entry]) -> Entry:
    if len(described) == 1:
        return described[0]
    newest, *older = sorted(described, key=lambda fact: fact.origin.as_of, reverse=True)
    filled: dict[str, Any] = {}
    for item in fields(newest):  # type: ignore[arg-type]  # every entry is a dataclass
        if getattr(newest, item.name) in _EMPTY:
            told = (value for fact in older if (value := getattr(fact, item.name)) not in _EMPTY)
            filled[item.name] = next(told, getattr(newest, item.name))
    return replace(newest, **filled)  # type: ignore[type-var]  # and so it is here


def _joined(base: Catalogue, extra: Catalogue) -> Catalogue:
    kinds = [item.name for item in fields(base) if item.name != "as_of"]
    return replace(base, **{kind: getattr(base, kind) + getattr(extra, kind) for kind in kinds})
