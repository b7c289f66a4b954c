"""What can be found in the catalogue, under which words: an entry per editor, product, service and label."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from fieldkit.domain.catalogue import Catalogue, Product, Provenance
from fieldkit.store.catalogue_book import FORMER, Book, Facet, Link, is_vintage

KINDS: Final = ("editor", "product", "service", "label")
"""The kinds of entry; of two that match a text equally well, the earlier kind comes first."""

_FEW: Final = 4

_TOLD: Final = (*FORMER, "acquired_by", "part_of", "acquisition_announced_by")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the index. `other_names` find it like a name, `about` like a description.

    `aliases` are the other names that may be shown: those that are no defect of a source. `text`, `roles`
    and `links` say in the list of results what it is. `mobility` is `yes`, `no` or empty for not stated;
    `vintages` are years, `federations` identifiers.
    """

    id: str
    kind: str
    name: str
    origin: Provenance
    since: str
    text: str
    type: str = ""
    other_names: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    for_practices: bool = False
    facets: frozenset[Facet] = frozenset()
    mobility: str = ""
    vintages: frozenset[str] = frozenset()
    federations: frozenset[str] = frozenset()


def entries(catalogue: Catalogue) -> Iterator[Entry]:
    """Every entry of `catalogue`, each once, as its newest description has it."""
    book = Book(catalogue)
    yield from _editors(catalogue, book)
    yield from _products(book)
    yield from _services(book)
    yield from _labels(book)


def _editors(catalogue: Catalogue, book: Book) -> Iterator[Entry]:
    products: defaultdict[str, list[Product]] = defaultdict(list)
    for product in book.products.values():
        products[product.editor].append(product)
    people: defaultdict[str, list[str]] = defaultdict(list)
    for contact in catalogue.contacts:
        people[contact.company].extend((contact.name, contact.function))
    for editor in book.editors.values():
        links = book.links[editor.id]
        made = products[editor.id]
        written = book.names_written(editor)
        renamed = [link.name for link in links if link.relation in FORMER]
        shown = dict.fromkeys((*written, *renamed))
        mobile = "editor_mobility" in book.roles[editor.id] or any(item.mobility for item in made)
        yield Entry(
            id=editor.id,
            kind="editor",
            name=editor.name,
            other_names=tuple(dict.fromkeys((*shown, *book.misspellings[editor.id]))),
            aliases=tuple(shown),
            about=(
                *(product.name for product in made),
                *(book.names[federation] for federation in book.federations[editor.id]),
                *(link.name for link in links),
                *book.professions[editor.id],
                *people[editor.id],
            ),
            text=", ".join(book.professions[editor.id]),
            roles=tuple(book.roles[editor.id]),
            links=tuple(link for link in links if link.relation in _TOLD and link.name not in written),
            since=min(item.first_as_of for item in book.described[editor.id]),
            origin=editor.origin,
            facets=frozenset(book.facets[editor.id]),
            mobility="yes" if mobile else "",
            vintages=frozenset().union(*(book.vintages[item] for item in (editor.id, *(p.id for p in made)))),
            federations=frozenset(book.federations[editor.id]),
        )


def _products(book: Book) -> Iterator[Entry]:
    for product in book.products.values():
        editor = book.names.get(product.editor, "") or product.editor_as_written
        described = book.described[product.id]
        own = {Facet(name, "", item.origin.as_of) for item in described for name in item.professions}
        others = book.names_written(product)
        yield Entry(
            id=product.id,
            kind="product",
            name=product.name,
            other_names=others,
            aliases=others,
            about=(
                editor,
                *book.makers[product.id],
                *(
                    words
                    for item in described
                    for words in (item.kind_as_written, item.professions_as_written, item.description)
                ),
                *(version.version for version in book.versions[product.id]),
                *(word for device in book.devices[product.id] for word in (device.usb, *device.names)),
            ),
            text=" · ".join(filter(None, (product.kind_as_written, editor))),
            type=product.kind,
            for_practices=product.for_practices,
            since=min(item.origin.as_of for item in described),
            origin=product.origin,
            facets=frozenset(own | book.facets[product.id]),
            mobility={True: "yes", False: "no", None: ""}[product.mobility],
            vintages=frozenset(book.vintages[product.id]),
            federations=frozenset(book.federations[product.editor]),
        )


def _services(book: Book) -> Iterator[Entry]:
    for service in book.services.values():
        yield Entry(
            id=service.id,
            kind="service",
            name=service.label,
            other_names=(service.code, *filter(None, (service.full_name,))),
            about=(service.kind, service.what_it_is, service.audience),
            text=service.full_name or service.what_it_is or service.kind,
            since=service.opening_date or service.origin.as_of,
            origin=service.origin,
            facets=frozenset(book.facets[service.id]),
        )


def _labels(book: Book) -> Iterator[Entry]:
    for label in book.labels.values():
        holders = book.holders[label.id]
        names = list(dict.fromkeys(book.names[holder.holder] for holder in holders))
        yield Entry(
            id=label.id,
            kind="label",
            name=label.name,
            about=(book.services[label.service].label if label.service else "", *names),
            text=", ".join(names[:_FEW]) + ("…" if len(names) > _FEW else ""),
            since=min((holder.origin.as_of for holder in holders), default=label.origin.as_of),
            origin=label.origin,
            facets=frozenset(book.facets[label.id]),
            vintages=frozenset((label.version,) if is_vintage(label) else ()),
        )
