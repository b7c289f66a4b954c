"""For the person who runs the registry: a look at its records and its own books, and a new epoch."""

from __future__ import annotations

import json
from typing import Any, Final

from sqlalchemy import Connection, Table, select, update

from fieldkit.domain.fieldwork import TYPES
from fieldkit.errors import KnownError
from fieldkit.i18n import _
from fieldkit.registry import audit as journal
from fieldkit.registry import database
from fieldkit.registry.tables import (
    audit,
    blob,
    device,
    grant,
    meta,
    person,
    quarantine,
    record,
    scope,
    token,
    upload,
    version,
)

_BOOKS: Final[dict[str, Table]] = {
    "scope": scope,
    "device": device,
    "quarantine": quarantine,
    "token": token,
    "audit": audit,
    "person": person,
    "grant": grant,
    "version": version,
    "blob": blob,
    "upload": upload,
}


def show(db: Connection, kind: str, identity: str | None = None) -> dict[str, Any]:
    """`{type, items: [...]}`: records of a type (their fields flat), or rows of a book of the registry.

    With `identity` only what has it. The audit tells too whether it is `intact`.
    Raises KnownError `show-unknown` or `record-missing`.
    """
    if kind in TYPES:
        items = _records(db, kind, identity)
    elif kind in _BOOKS:
        items = _rows(db, _BOOKS[kind], identity)
    else:
        raise KnownError(
            "show-unknown",
            _("Le registre n'a rien de ce nom."),
            _("Choisissez parmi : {names}.").format(names=", ".join([*TYPES, *_BOOKS])),
        )
    if identity is not None and not items:
        raise KnownError(
            "record-missing",
            _("Rien ne porte l'identifiant {id}.").format(id=identity),
            _("« fieldkit registry show {kind} », sans identifiant, les donne tous.").format(kind=kind),
        )
    answer = {"type": kind, "items": items}
    return {**answer, "intact": journal.intact(db)} if kind == "audit" else answer


def new_epoch(db: Connection) -> str:
    """Give the database another identity, after a restore: laptops start anew and refill it."""
    epoch = database.new_epoch()
    db.execute(update(meta).values(epoch=epoch))
    journal.note(db, "keeper", "new-epoch", epoch=epoch)
    return epoch


def _records(db: Connection, kind: str, identity: str | None) -> list[dict[str, Any]]:
    query = select(record).where(record.c.type == kind).order_by(record.c.scope, record.c.id)
    if identity is not None:
        query = query.where(record.c.id == identity)
    return [
        {
            **{"id": row.id, "scope": row.scope, "rev": row.rev, "archived": row.archived},
            **{"fields": json.loads(row.doc), "stamps": json.loads(row.stamps)},
        }
        for row in db.execute(query)
    ]


def _rows(db: Connection, table: Table, identity: str | None) -> list[dict[str, Any]]:
    query = select(table).order_by(*table.primary_key.columns)
    if identity is not None:
        key = table.c.id if table is version else next(iter(table.primary_key.columns))
        query = query.where(key == identity)
    return [dict(row) for row in db.execute(query).mappings()]
