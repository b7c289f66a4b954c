"""The card of one entry of the catalogue: all that is known of it, each fact with its source and date."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fieldkit.domain.catalogue import (
    Amendment,
    DeploymentFigure,
    Editor,
    EditorLink,
    EditorMention,
    Equipment,
    FormerEditor,
    Integration,
    Label,
    LabelHolder,
    MarketFigure,
    Membership,
    Milestone,
    Product,
    Provenance,
    Service,
    Status,
)
from fieldkit.services import catalogue_wording as wording
from fieldkit.services.catalogue_events import event
from fieldkit.store.catalogue import find, names
from fieldkit.store.catalogue_book import FORMER

if TYPE_CHECKING:
    from sqlite_utils import Database

Fact = dict[str, Any]
"""`{value, as_of, source, locator}` and what else the fact has."""


_BARE: Final = ("value", "as_of", "source", "locator")


def fact(value: object, origin: Provenance, **more: object) -> Fact:
    """One fact as `cli.md` prints it."""
    source = wording.source(origin.source)
    return {"value": value, "as_of": origin.as_of, "source": source, "locator": origin.locator, **more}


def cell(said: Integration) -> Fact:
    """What a source says of an editor and a service. `value` is null where the source lost it."""
    return fact(
        None if said.status is Status.UNKNOWN else said.value,
        said.origin,
        status=str(said.status),
        prose_value=said.prose_value or None,
        prose_basis=said.prose_basis or None,
    )


def card(database: Database, entry_id: str) -> dict[str, Any]:
    """The card of an entry that exists; a section that its kind has no facts for is an empty list."""
    makers = {"editor": _editor, "product": _product, "service": _service, "label": _label}
    kind = entry_id.partition(":")[0]
    called = names(database)
    sections: dict[str, Any] = dict.fromkeys(
        ("names", "about", "group", "products", "labels", "integration", "figures", "milestones"), ()
    )
    sections.update(makers[kind](database, entry_id, called))
    shown = {"id": entry_id, "kind": kind, "name": called[entry_id]}
    return shown | {name: list(facts) for name, facts in sections.items()}


def _editor(database: Database, editor_id: str, called: dict[str, str]) -> dict[str, Any]:
    (editor,) = find(database, Editor, id=editor_id)
    mentions = find(database, EditorMention, editor=editor_id)
    links = _links(database, editor_id, called)
    return {
        "names": _editor_names(editor, mentions, links),
        "about": [
            *_roles(mentions),
            *(
                fact(called[member.federation], member.origin, field="federation", id=member.federation)
                for member in find(database, Membership, editor=editor_id)
            ),
            *(
                fact(item.item, item.origin, field="equipment", status=item.status)
                for item in find(database, Equipment, maker=editor_id)
            ),
        ],
        "group": [link for link in links if link["id"]],
        "products": [
            fact(product.name, product.origin, id=product.id, kind=product.kind_as_written, former=former)
            for product, former in _products_of(database, editor)
        ],
        "labels": _labels_of(database, editor_id, called),
        "integration": _integration(find(database, Integration, holder=editor_id), called),
        "figures": _market(database, editor_id),
    }


def _product(database: Database, product_id: str, called: dict[str, str]) -> dict[str, Any]:
    (product,) = find(database, Product, id=product_id)
    known = {
        "kind": product.kind_as_written,
        "professions": product.professions_as_written,
        "description": product.description,
    }
    makers = []
    if product.editor:
        makers.append(
            fact(called[product.editor], product.origin, relation="editor", id=product.editor, text="")
        )
    makers += [
        fact(
            called[item.editor] if item.editor else item.editor_as_written,
            item.origin,
            relation="previous_editor",
            id=item.editor,
            text="",
        )
        for item in find(database, FormerEditor, product=product_id)
    ]
    of_editor = find(database, Integration, holder=product.editor) if product.editor else []
    return {
        "names": [fact(product.name, product.origin, kind="current")],
        "about": [fact(value, product.origin, field=field) for field, value in known.items() if value],
        "group": makers,
        "labels": _labels_of(database, product_id, called),
        "integration": _integration(of_editor, called),
        "figures": _market(database, product_id),
    }


def _service(database: Database, service_id: str, called: dict[str, str]) -> dict[str, Any]:
    (service,) = find(database, Service, id=service_id)
    written = {"current": service.label, "full": service.full_name, "code": service.code}
    known = {"kind": service.kind, "what_it_is": service.what_it_is, "audience": service.audience}
    amendments = find(database, Amendment, service=service_id)
    return {
        "names": [fact(value, service.origin, kind=kind) for kind, value in written.items() if value],
        "about": [
            *(fact(value, service.origin, field=field) for field, value in known.items() if value),
            *(fact(item.label, item.origin, field="amendment", number=item.number) for item in amendments),
        ],
        "labels": [
            fact(label.name, label.origin, id=label.id) for label in find(database, Label, service=service_id)
        ],
        "integration": _integration(find(database, Integration, service=service_id), called),
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
    (label,) = find(database, Label, id=label_id)
    return {
        "names": [fact(label.name, label.origin, kind="current")],
        "about": [fact(called[label.service], label.origin, field="service", id=label.service)],
        "holders": [
            fact(called[held.holder], held.origin, id=held.holder, profession=held.profession)
            for held in find(database, LabelHolder, label=label_id)
        ],
    }


def figure(item: DeploymentFigure) -> Fact:
    """A national indicator; `as_written` is how its source prints the number."""
    return fact(
        item.value,
        item.origin,
        topic=item.topic,
        metric=item.metric,
        qualifier=item.qualifier,
        unit=wording.unit(item.unit),
        as_written=item.value_as_written,
    )


def _links(database: Database, editor_id: str, called: dict[str, str]) -> list[Fact]:
    """Every link of an editor, from both ends; `inferred` marks our own reading of the sources."""
    forwards = (
        (link, link.to_editor, link.to_name, False)
        for link in find(database, EditorLink, from_editor=editor_id)
    )
    backwards = (
        (link, link.from_editor, called[link.from_editor], True)
        for link in find(database, EditorLink, to_editor=editor_id)
    )
    return [
        fact(
            name,
            link.origin,
            relation=link.relation,
            backwards=back,
            id=other,
            text=wording.link(link.relation, name, backwards=back),
            inferred=link.basis.startswith("inferred"),
        )
        for link, other, name, back in (*forwards, *backwards)
    ]


def _editor_names(editor: Editor, mentions: list[EditorMention], links: list[Fact]) -> list[Fact]:
    """Its name, those it had or took, and how each source writes it; defects of a source left out."""
    found = [fact(editor.name, editor.origin, kind="current")]
    for link in links:
        if link["relation"] in FORMER:
            kind = "alias" if not link["id"] else "former" if link["backwards"] else "later"
            found.append({name: link[name] for name in _BARE} | {"kind": kind})
    written = {(item.name_as_written, item.origin.as_of, item.origin.source): item for item in mentions}
    return found + [
        fact(item.name_as_written, item.origin, kind="written")
        for item in written.values()
        if item.name_as_written not in (editor.name, *editor.misspellings)
    ]


def _roles(mentions: list[EditorMention]) -> list[Fact]:
    found = {(item.role, item.profession, item.origin.as_of): item for item in mentions}
    return [
        fact(wording.role(item.role), item.origin, field="role", profession=item.profession)
        for item in found.values()
    ]


def _products_of(database: Database, editor: Editor) -> list[tuple[Product, bool]]:
    """The products of an editor; `former` are those that another makes now."""
    own = [(product, False) for product in find(database, Product, editor=editor.id)]
    left = [
        (product, True)
        for item in find(database, FormerEditor, editor=editor.id)
        for product in find(database, Product, id=item.product)
    ]
    return own + left


def _labels_of(database: Database, holder_id: str, called: dict[str, str]) -> list[Fact]:
    return [
        fact(called[held.label], held.origin, id=held.label, profession=held.profession)
        for held in find(database, LabelHolder, holder=holder_id)
    ]


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
    return [
        fact(
            item.value,
            item.origin,
            topic=item.scope,
            metric=wording.metric(item.metric),
            qualifier=item.qualifier,
            unit=wording.unit(item.unit),
            as_written=item.value_as_written,
        )
        for item in find(database, MarketFigure, entity=entity)
    ]


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
