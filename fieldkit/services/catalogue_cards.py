"""The card of one entry of the catalogue: all that is known of it, each fact with its source and date."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fieldkit.domain.catalogue import (
    Amendment,
    DeploymentFigure,
    Device,
    FormerEditor,
    Integration,
    Label,
    LabelHolder,
    MarketFigure,
    Milestone,
    Product,
    ProductKind,
    ProductVersion,
    Service,
    latest,
)
from fieldkit.services import catalogue_wording as wording
from fieldkit.services.catalogue_companies import company, group_tree, products_of
from fieldkit.services.catalogue_events import event
from fieldkit.services.catalogue_facts import Fact, cell, fact, figure, market_figure, series
from fieldkit.services.catalogue_timeline import timeline
from fieldkit.store.catalogue import find, names
from fieldkit.store.catalogue_book import is_vintage

if TYPE_CHECKING:
    from sqlite_utils import Database

_SECTIONS: Final = (
    "names",
    "about",
    "group",
    "products",
    "labels",
    "integration",
    "figures",
    "milestones",
    "contacts",
    "versions",
    "vintages",
    "devices",
    "timeline",
    "series",
)


def card(database: Database, entry_id: str) -> dict[str, Any]:
    """The card of an entry that exists; a section that its kind has no facts for is an empty list.

    `{id, kind, name}` and, each a list of facts (`{value, as_of, source, locator, …}`):

    - `names` (`kind`: current, later, former, alias, written, full, code), `about` (`field`),
      `group` (`relation, backwards, id, date, text, inferred`), `products` (`id, kind, former`);
    - `labels` (`id, profession, type, version, since, until`), `vintages` (the value is the year; `id` of the
      label, `holder` and its `holder_id`, `since`), for a label `holders` (`id, profession, since, until`);
    - `integration` (a cell, with `editor, editor_id, service, label, profession`), `milestones`;
    - `figures` (`topic, metric, qualifier, unit, as_written`);
    - `contacts` (`id, function, email, phone, personal`), `versions` (`date, note`), `devices` (for a reader,
      one per USB id: `usb, names, slots, interfaces, modes, libccid, note`).

    Not facts themselves: `timeline` (see `catalogue_timeline.timeline`), `series` (the figures over time, see
    `catalogue_facts.series`), and for an editor `group_tree` (see `catalogue_companies.group_tree`).
    """
    makers = {"editor": _editor, "product": _product, "service": _service, "label": _label}
    kind = entry_id.partition(":")[0]
    called = names(database)
    sections: dict[str, Any] = dict.fromkeys(_SECTIONS, ())
    sections.update(makers[kind](database, entry_id, called))
    sections["series"] = series(sections["figures"])
    shown: dict[str, Any] = {"id": entry_id, "kind": kind, "name": called[entry_id]}
    if kind == "editor":
        shown["group_tree"] = group_tree(database, entry_id, called)
    return shown | {name: list(facts) for name, facts in sections.items()}


def _editor(database: Database, editor_id: str, called: dict[str, str]) -> dict[str, Any]:
    said = find(database, Integration, holder=editor_id)
    made = [product.id for product, former in products_of(database, editor_id) if not former]
    return company(database, editor_id, called) | {
        "labels": _labels_of(database, editor_id, called),
        "vintages": _vintages(database, (editor_id, *made), called),
        "integration": _integration(said, called),
        "timeline": timeline(said, called),
        "figures": _market(database, editor_id),
    }


def _product(database: Database, product_id: str, called: dict[str, str]) -> dict[str, Any]:
    described = find(database, Product, id=product_id)
    product = latest(described)[product_id]
    said = find(database, Integration, holder=product_id)
    if product.editor:
        said += find(database, Integration, holder=product.editor)
    return {
        "names": [
            fact(product.name, product.origin, kind="current"),
            *(
                fact(item.name, item.origin, kind="written")
                for item in described
                if item.name != product.name
            ),
        ],
        "about": _described(described),
        "group": _makers(database, product, described, called),
        "labels": _labels_of(database, product_id, called),
        "vintages": _vintages(database, (product_id,), called),
        "versions": [
            fact(item.version, item.origin, date=item.date, note=item.note)
            for item in find(database, ProductVersion, product=product_id)
        ],
        "devices": [
            fact(
                item.usb or ", ".join(item.names),
                item.origin,
                usb=item.usb,
                names=list(item.names),
                slots=item.slots,
                interfaces=list(item.interfaces),
                modes=list(item.modes),
                libccid=item.libccid,
                note=item.note,
            )
            for item in find(database, Device, product=product_id)
        ],
        "integration": _integration(said, called),
        "timeline": timeline(said, called),
        "figures": _market(database, product_id),
    }


def _described(described: list[Product]) -> list[Fact]:
    """What each source says of a product, once where the next says the same."""
    found: dict[tuple[str, str], Fact] = {}
    for item in described:
        typed = wording.kind(item.kind) if item.kind is not ProductKind.OTHER else ""
        known = {
            "kind": item.kind_as_written or typed,
            "professions": item.professions_as_written or ", ".join(item.professions),
            "description": item.description,
        }
        for field, value in known.items():
            if value:
                found.setdefault((field, value), fact(value, item.origin, field=field))
    return list(found.values())


def _makers(
    database: Database, product: Product, described: list[Product], called: dict[str, str]
) -> list[Fact]:
    """Who makes a product, then who did, or who does after an older source."""
    said = [(item.editor, called[item.editor], item.origin) for item in described if item.editor]
    said.sort(key=lambda maker: maker[2].as_of, reverse=True)
    said += [
        (item.editor, called.get(item.editor, item.editor_as_written), item.origin)
        for item in find(database, FormerEditor, product=product.id)
    ]
    makers = []
    for editor, name, origin in said:
        relation = "editor" if editor == product.editor else "previous_editor"
        makers.append(fact(name, origin, relation=relation, id=editor, text=""))
    return makers


def _service(database: Database, service_id: str, called: dict[str, str]) -> dict[str, Any]:
    service = latest(find(database, Service, id=service_id))[service_id]
    written = {"current": service.label, "full": service.full_name, "code": service.code}
    known = {"kind": service.kind, "what_it_is": service.what_it_is, "audience": service.audience}
    amendments = find(database, Amendment, service=service_id)
    said = find(database, Integration, service=service_id)
    return {
        "names": [fact(value, service.origin, kind=kind) for kind, value in written.items() if value],
        "about": [
            *(fact(value, service.origin, field=field) for field, value in known.items() if value),
            *(fact(item.label, item.origin, field="amendment", number=item.number) for item in amendments),
        ],
        "labels": [
            fact(label.name, label.origin, id=label.id, type=str(label.type), version=label.version)
            for label in latest(find(database, Label, service=service_id)).values()
        ],
        "integration": _integration(said, called),
        "timeline": timeline(said, called, by_holder=True),
        "figures": [
            *(figure(item) for item in find(database, DeploymentFigure, service=service_id)),
            *(rate for item in amendments for rate in _rates(item)),
        ],
        "milestones": [
            fact(event(item.event), item.origin, date=item.date, date_as_written=item.date_as_written)
            for item in find(database, Milestone, service=service_id)
        ],
    }


def _label(database: Database, label_id: str, called: dict[str, str]) -> dict[str, Any]:
    label = latest(find(database, Label, id=label_id))[label_id]
    about = [fact(called[label.service], label.origin, field="service", id=label.service)]
    return {
        "names": [fact(label.name, label.origin, kind="current")],
        "about": about if label.service else [],
        "holders": [
            fact(
                called[held.holder],
                held.origin,
                id=held.holder,
                profession=held.profession,
                since=held.since,
                until=held.until,
            )
            for held in find(database, LabelHolder, label=label_id)
        ],
    }


def _labels_of(database: Database, holder_id: str, called: dict[str, str]) -> list[Fact]:
    labels = latest(find(database, Label))
    return [
        fact(
            called[held.label],
            held.origin,
            id=held.label,
            profession=held.profession,
            type=str(labels[held.label].type),
            version=labels[held.label].version,
            since=held.since,
            until=held.until,
        )
        for held in find(database, LabelHolder, holder=holder_id)
    ]


def _vintages(database: Database, holders: tuple[str, ...], called: dict[str, str]) -> list[Fact]:
    """The PRO-PS vintages of these, the newest first."""
    years = {label.id: label.version for label in find(database, Label) if is_vintage(label)}
    found = [
        fact(
            years[held.label],
            held.origin,
            id=held.label,
            holder=called[holder],
            holder_id=holder,
            since=held.since,
        )
        for holder in holders
        for held in find(database, LabelHolder, holder=holder)
        if held.label in years
    ]
    return sorted(found, key=lambda item: str(item["value"]), reverse=True)


def _integration(said: list[Integration], called: dict[str, str]) -> list[Fact]:
    return [
        cell(item)
        | {
            "editor": called[item.holder],
            "editor_id": item.holder,
            "service": item.service.partition(":")[2],
            "label": called[item.service],
            "profession": item.profession,
        }
        for item in said
    ]


def _market(database: Database, entity: str) -> list[Fact]:
    return [market_figure(item) for item in find(database, MarketFigure, entity=entity)]


def _rates(item: Amendment) -> list[Fact]:
    figures = {
        "potentiel de déploiement": item.potential_pct,
        "taux de déploiement": item.deployment_rate_pct,
    }
    return [
        fact(
            value, item.origin, topic=item.label, metric=metric, qualifier="", unit="%", as_written=str(value)
        )
        for metric, value in figures.items()
        if value is not None
    ]
