"""The card of a company: its names, roles, group, products, and the people to call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fieldkit.domain.catalogue import (
    Branch,
    Contact,
    Editor,
    EditorLink,
    EditorMention,
    Equipment,
    FormerEditor,
    Membership,
    Product,
    group,
    latest,
)
from fieldkit.services import catalogue_wording as wording
from fieldkit.services.catalogue_facts import BARE, Fact, fact
from fieldkit.store.catalogue import find
from fieldkit.store.catalogue_book import FORMER

if TYPE_CHECKING:
    from sqlite_utils import Database


def company(database: Database, editor_id: str, called: dict[str, str]) -> dict[str, Any]:
    """The sections that only a company has."""
    described = find(database, Editor, id=editor_id)
    mentions = find(database, EditorMention, editor=editor_id)
    links = _links(database, editor_id, called)
    return {
        "names": _names(described, mentions, links),
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
            fact(
                product.name,
                product.origin,
                id=product.id,
                kind=product.kind_as_written or wording.kind(product.kind),
                former=former,
            )
            for product, former in products_of(database, editor_id)
        ],
        "contacts": [
            fact(
                item.name,
                item.origin,
                id=item.id,
                function=item.function,
                email=item.email,
                phone=item.phone,
                personal=item.personal,
            )
            for item in find(database, Contact, company=editor_id)
        ],
    }


def group_tree(database: Database, editor_id: str, called: dict[str, str]) -> dict[str, list[Fact]]:
    """`{owners, owned}`: each `[{value, id, relation, date, text, …source…, beyond: […]}]`.

    `beyond` goes on in the same direction: owners of an owner, what is owned by the owned. `date` is the day
    of the event, empty for a state that its source describes at `as_of`.
    """
    whole = group(find(database, EditorLink), editor_id)
    return {
        "owners": [_branch(branch, called) for branch in whole.owners],
        "owned": [_branch(branch, called) for branch in whole.owned],
    }


def products_of(database: Database, editor_id: str) -> list[tuple[Product, bool]]:
    """The products of an editor as the newest source has them; True for those that another makes now."""
    said = find(database, Product, editor=editor_id)
    ids = dict.fromkeys(
        (
            *(item.id for item in said),
            *(item.product for item in find(database, FormerEditor, editor=editor_id)),
        )
    )
    found = [latest(find(database, Product, id=product))[product] for product in ids]
    return sorted(((item, item.editor != editor_id) for item in found), key=lambda pair: pair[1])


def _branch(branch: Branch, called: dict[str, str]) -> Fact:
    link = branch.link
    name = called[branch.editor] if branch.editor else link.to_name
    upwards = link.relation != "groups"
    return fact(
        name,
        link.origin,
        id=branch.editor,
        relation=link.relation,
        date=link.date,
        text=wording.link(link.relation, name, backwards=branch.owner is not upwards),
        beyond=[_branch(further, called) for further in branch.beyond],
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
            date=link.date,
            text=wording.link(link.relation, name, backwards=back),
            inferred=link.basis.startswith("inferred"),
        )
        for link, other, name, back in (*forwards, *backwards)
    ]


def _names(described: list[Editor], mentions: list[EditorMention], links: list[Fact]) -> list[Fact]:
    """Its name, those it had or took, and how each source writes it; defects of a source left out."""
    (present,) = latest(described).values()
    found = [fact(present.name, present.origin, kind="current")]
    for link in links:
        if link["relation"] in FORMER:
            kind = "alias" if not link["id"] else "former" if link["backwards"] else "later"
            found.append({name: link[name] for name in BARE} | {"kind": kind})
    written = [(item.name_as_written, item.origin) for item in mentions]
    written += [(item.name, item.origin) for item in described]
    defects = {name for item in described for name in item.misspellings}
    once = {(name, origin.as_of, origin.source): origin for name, origin in written}
    return found + [
        fact(name, origin, kind="written")
        for (name, _as_of, _source), origin in once.items()
        if name not in (present.name, *defects)
    ]


def _roles(mentions: list[EditorMention]) -> list[Fact]:
    found = {(item.role, item.profession, item.origin.as_of): item for item in mentions}
    return [
        fact(wording.role(item.role), item.origin, field="role", profession=item.profession)
        for item in found.values()
    ]
