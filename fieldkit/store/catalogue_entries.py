"""What can be found in the catalogue, under which words: an entry per editor, product, service and label."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from fieldkit.domain.catalogue import Catalogue, LabelHolder, Provenance
from fieldkit.domain.comparison import stance
from fieldkit.domain.professions import categories_in

KINDS: Final = ("editor", "product", "service", "label")
"""The kinds of entry; of two that match a text equally well, the earlier kind comes first."""

FORMER: Final = ("renamed_to", "merged_into", "has_alias")
"""The links whose other end is a former or later name of the same editor."""

_FEW: Final = 4

_TOLD: Final = (*FORMER, "acquired_by", "part_of", "acquisition_announced_by")


@dataclass(frozen=True, slots=True)
class Link:
    """One link as seen from an entry: `backwards` where the entry is the one that is linked to."""

    relation: str
    backwards: bool
    name: str
    as_of: str


@dataclass(frozen=True, slots=True)
class Facet:
    """An entry has to do with a profession, a service (by identifier), or both together, by a date."""

    profession: str
    service: str
    as_of: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the index. `other_names` find it like a name, `about` like a description.

    `text`, `roles` and `links` say in the list of results what it is.
    """

    id: str
    kind: str
    name: str
    other_names: tuple[str, ...]
    about: tuple[str, ...]
    text: str
    roles: tuple[str, ...]
    links: tuple[Link, ...]
    for_practices: bool
    since: str
    origin: Provenance
    facets: frozenset[Facet]


def entries(catalogue: Catalogue) -> Iterator[Entry]:
    """Every entry of `catalogue`."""
    book = _Book(catalogue)
    yield from _editors(catalogue, book)
    yield from _products(catalogue, book)
    yield from _services(catalogue, book)
    yield from _labels(catalogue, book)


class _Book:
    """The facts of a catalogue by the entry they belong to."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.names = {editor.id: editor.name for editor in catalogue.editors}
        self.names.update((product.id, product.name) for product in catalogue.products)
        self.labels = {service.id: service.label for service in catalogue.services}
        self.links: defaultdict[str, list[Link]] = defaultdict(list)
        self.facets: defaultdict[str, set[Facet]] = defaultdict(set)
        self.professions: defaultdict[str, dict[str, None]] = defaultdict(dict)
        self.roles: defaultdict[str, dict[str, None]] = defaultdict(dict)
        self.holders: defaultdict[str, list[LabelHolder]] = defaultdict(list)
        for link in catalogue.links:
            end = link.origin.as_of
            self.links[link.from_editor].append(Link(link.relation, False, link.to_name, end))
            self.links[link.to_editor].append(Link(link.relation, True, self.names[link.from_editor], end))
        for mention in catalogue.mentions:
            self.roles[mention.editor][mention.role] = None
            if mention.profession:
                self.professions[mention.editor][mention.profession] = None
            self.facets[mention.editor].add(Facet(mention.profession, "", mention.origin.as_of))
        for fact in catalogue.integrations:
            facet = Facet(fact.profession, fact.service, fact.origin.as_of)
            self.facets[fact.service].add(facet)
            if stance(fact):
                self.facets[fact.editor].add(facet)
        labelled = {label.id: label.service for label in catalogue.labels}
        for holder in catalogue.label_holders:
            facet = Facet(holder.profession, labelled[holder.label], holder.origin.as_of)
            self.holders[holder.label].append(holder)
            self.facets[holder.label].add(facet)
            self.facets[holder.holder].add(facet)


def _editors(catalogue: Catalogue, book: _Book) -> Iterator[Entry]:
    products: defaultdict[str, list[str]] = defaultdict(list)
    federations: defaultdict[str, list[str]] = defaultdict(list)
    for product in catalogue.products:
        products[product.editor].append(product.name)
    for membership in catalogue.memberships:
        federations[membership.editor].append(book.names[membership.federation])
    for editor in catalogue.editors:
        links = book.links[editor.id]
        renamed = [link.name for link in links if link.relation in FORMER]
        yield Entry(
            id=editor.id,
            kind="editor",
            name=editor.name,
            other_names=(*editor.aliases, *editor.misspellings, *renamed),
            about=(
                *products[editor.id],
                *federations[editor.id],
                *(link.name for link in links),
                *book.professions[editor.id],
            ),
            text=", ".join(book.professions[editor.id]),
            roles=tuple(book.roles[editor.id]),
            links=tuple(link for link in links if link.relation in _TOLD and link.name not in editor.aliases),
            for_practices=False,
            since=editor.first_as_of,
            origin=editor.origin,
            facets=frozenset(book.facets[editor.id]),
        )


def _products(catalogue: Catalogue, book: _Book) -> Iterator[Entry]:
    for product in catalogue.products:
        editor = book.names.get(product.editor, "")
        own = {Facet(name, "", product.origin.as_of) for name in categories_in(product.professions)}
        yield Entry(
            id=product.id,
            kind="product",
            name=product.name,
            other_names=(),
            about=(editor, product.previous_editor, product.kind, product.professions, product.description),
            text=" · ".join(filter(None, (product.kind, editor))),
            roles=(),
            links=(),
            for_practices=product.for_practices,
            since=product.origin.as_of,
            origin=product.origin,
            facets=frozenset(own | book.facets[product.id]),
        )


def _services(catalogue: Catalogue, book: _Book) -> Iterator[Entry]:
    for service in catalogue.services:
        yield Entry(
            id=service.id,
            kind="service",
            name=service.label,
            other_names=(service.code, *filter(None, (service.full_name,))),
            about=(service.kind, service.what_it_is, service.audience),
            text=service.full_name or service.what_it_is or service.kind,
            roles=(),
            links=(),
            for_practices=False,
            since=service.opening_date or service.origin.as_of,
            origin=service.origin,
            facets=frozenset(book.facets[service.id]),
        )


def _labels(catalogue: Catalogue, book: _Book) -> Iterator[Entry]:
    for label in catalogue.labels:
        holders = book.holders[label.id]
        names = list(dict.fromkeys(book.names[holder.holder] for holder in holders))
        yield Entry(
            id=label.id,
            kind="label",
            name=label.name,
            other_names=(),
            about=(book.labels[label.service], *names),
            text=", ".join(names[:_FEW]) + ("…" if len(names) > _FEW else ""),
            roles=(),
            links=(),
            for_practices=False,
            since=min(holder.origin.as_of for holder in holders),
            origin=label.origin,
            facets=frozenset(book.facets[label.id]),
        )
