"""The facts of a catalogue by the entry they belong to, to make its index."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any, Final

from fieldkit.domain.catalogue import (
    PRO_PS,
    Catalogue,
    Device,
    Editor,
    Label,
    LabelHolder,
    LabelType,
    Product,
    ProductVersion,
    latest,
)
from fieldkit.domain.comparison import stance

FORMER: Final = ("renamed_to", "merged_into", "has_alias")
"""The links whose other end is a former or later name of the same editor."""


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


def is_vintage(label: Label) -> bool:
    """Whether a label is a PRO-PS vintage; its version is then the year."""
    return label.type is LabelType.VINTAGE and label.service == PRO_PS


class Book:
    """What each entry has: every mapping is by identifier, and keeps the order of the sources."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.editors = latest(catalogue.editors)
        self.products = latest(catalogue.products)
        self.services = latest(catalogue.services)
        self.labels = latest(catalogue.labels)
        self.names = {editor.id: editor.name for editor in self.editors.values()}
        self.names.update((product.id, product.name) for product in self.products.values())
        self.described: defaultdict[str, list[Any]] = defaultdict(list)
        self.misspellings: defaultdict[str, list[str]] = defaultdict(list)
        self.links: defaultdict[str, list[Link]] = defaultdict(list)
        self.facets: defaultdict[str, set[Facet]] = defaultdict(set)
        self.professions: defaultdict[str, dict[str, None]] = defaultdict(dict)
        self.roles: defaultdict[str, dict[str, None]] = defaultdict(dict)
        self.federations: defaultdict[str, dict[str, None]] = defaultdict(dict)
        self.makers: defaultdict[str, dict[str, None]] = defaultdict(dict)
        self.versions: defaultdict[str, list[ProductVersion]] = defaultdict(list)
        self.devices: defaultdict[str, list[Device]] = defaultdict(list)
        self.holders: defaultdict[str, list[LabelHolder]] = defaultdict(list)
        self.vintages: defaultdict[str, set[str]] = defaultdict(set)
        self._companies(catalogue)
        self._made(catalogue)
        self._offered(catalogue)

    def names_written(self, entry: Editor | Product) -> tuple[str, ...]:
        """The names that its descriptions give an entry, its present name left out."""
        named = (
            name for item in self.described[entry.id] for name in (item.name, *getattr(item, "aliases", ()))
        )
        return tuple(name for name in dict.fromkeys(named) if name != entry.name)

    def _companies(self, catalogue: Catalogue) -> None:
        for editor in catalogue.editors:
            self.described[editor.id].append(editor)
            self.misspellings[editor.id].extend(editor.misspellings)
        for link in catalogue.links:
            end = link.date or link.origin.as_of
            self.links[link.from_editor].append(Link(link.relation, False, link.to_name, end))
            self.links[link.to_editor].append(Link(link.relation, True, self.names[link.from_editor], end))
        for mention in catalogue.mentions:
            self.roles[mention.editor][mention.role] = None
            if mention.profession:
                self.professions[mention.editor][mention.profession] = None
            self.facets[mention.editor].add(Facet(mention.profession, "", mention.origin.as_of))
        for membership in catalogue.memberships:
            self.federations[membership.editor][membership.federation] = None

    def _made(self, catalogue: Catalogue) -> None:
        for product in catalogue.products:
            self.described[product.id].append(product)
            if product.editor:
                self.makers[product.id][self.names[product.editor]] = None
        for former in catalogue.former_editors:
            self.makers[former.product][former.editor_as_written] = None
        for version in catalogue.product_versions:
            self.versions[version.product].append(version)
        for device in catalogue.devices:
            self.devices[device.product].append(device)

    def _offered(self, catalogue: Catalogue) -> None:
        for fact in catalogue.integrations:
            facet = Facet(fact.profession, fact.service, fact.origin.as_of)
            self.facets[fact.service].add(facet)
            if stance(fact):
                self.facets[fact.holder].add(facet)
        for holder in catalogue.label_holders:
            label = self.labels[holder.label]
            facet = Facet(holder.profession, label.service, holder.origin.as_of)
            self.holders[label.id].append(holder)
            self.facets[label.id].add(facet)
            self.facets[holder.holder].add(facet)
            if is_vintage(label):
                self.vintages[holder.holder].add(label.version)
