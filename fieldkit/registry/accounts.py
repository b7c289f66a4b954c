"""Erasing an account: tokens, rights, own scope and every mention by name, of a delegate who asks for it.

What they wrote for a department belongs to the department and stays, under a pseudonym. The journal (`audit`) keeps
their identifier, for it tells who did what to the registry; it is not rewritten.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Row, Table, delete, select, update

from fieldkit.domain.clock import Stamp
from fieldkit.errors import KnownError
from fieldkit.i18n import _
from fieldkit.registry import audit, erasure
from fieldkit.registry.blobs import Shelf
from fieldkit.registry.erasure import Target
from fieldkit.registry.tables import (
    blob,
    device,
    erased,
    grant,
    link,
    person,
    quarantine,
    record,
    scope,
    token,
    upload,
    version,
)
from fieldkit.sync.protocol import SUM_SPACE, record_sum

KIND: Final = "account"
_BOOKS: Final[tuple[Table, ...]] = (device, grant, person, token, quarantine, blob, link, upload)
_OWN: Final[tuple[Table, ...]] = (grant, person, token)
"""Books in which a row is about a person and nothing else."""


def target(user: str) -> Target:
    """An account as the file of what is erased names it: by a digest."""
    return Target("person", hashlib.sha256(user.encode()).hexdigest()[:32], KIND)


def is_erased(db: Connection, user: str) -> bool:
    """Whether this account was erased."""
    return db.scalar(select(erased.c.id).where(erased.c.id == target(user).id)) is not None


def readmit(db: Connection, user: str) -> bool:
    """Let whoever was erased in again, as somebody new. False where they never were."""
    return db.execute(delete(erased).where(erased.c.id == target(user).id)).rowcount > 0


def counted(db: Connection, user: str) -> dict[str, int]:
    """How many rows each book has of a user. Raises KnownError `user-missing` where none has any."""
    found = {table.name: len(db.execute(_rows(table, user)).all()) for table in _BOOKS}
    found = {name.rstrip("_"): n for name, n in found.items() if n}
    if not found:
        raise KnownError(
            "user-missing",
            _("Le registre ne connaît pas cette personne."),
            _("« fieldkit registry show device » et « show person » donnent les identifiants."),
        )
    return found


def of_digests(db: Connection, digests: Iterable[str]) -> list[str]:
    """The users whom these digests of `target` stand for, among those that the database knows."""
    wanted = set(digests)
    known = (
        {user for table in _BOOKS for user in db.scalars(select(table.c.sub).distinct())} if wanted else set()
    )
    return sorted(user for user in known if target(user).id in wanted)


def erase(db: Connection, shelf: Shelf, user: str) -> list[Path]:
    """Erase an account, wherever the database has it. Returns files to remove once that is committed."""
    own = f"user:{user}"
    those = [
        Target(*row)
        for row in db.execute(select(record.c.scope, record.c.id, record.c.type).where(record.c.scope == own))
    ]
    files = erasure.erase(db, shelf, those)
    for table in (version, record, link, grant):
        db.execute(delete(table).where(table.c.scope == own))
    db.execute(delete(scope).where(scope.c.id == own))
    erasure.remember(db, [target(user).id])
    pseudonym = "erased-" + secrets.token_hex(8)
    _unname_conflicts(db, set(db.scalars(select(device.c.id).where(device.c.sub == user))), user, pseudonym)
    for table in _OWN:
        db.execute(delete(table).where(table.c.sub == user))
    files += [shelf.upload(row.id) for row in db.execute(_rows(upload, user))]
    db.execute(delete(upload).where(upload.c.sub == user))
    db.execute(update(device).where(device.c.sub == user).values(sub=pseudonym, name=""))
    db.execute(update(quarantine).where(quarantine.c.sub == user).values(sub=pseudonym, ops=""))
    for table in (blob, link):
        db.execute(update(table).where(table.c.sub == user).values(sub=pseudonym))
    audit.note(db, "keeper", "account-erased", account=pseudonym)
    return files


def _unname_conflicts(db: Connection, devices: set[str], user: str, pseudonym: str) -> None:
    """Have conflicts tell the pseudonym where they told who wrote a value; laptops pull them anew."""
    for row in db.execute(select(record).where(record.c.type == "conflict", record.c.stamps != "{}")).all():
        doc = json.loads(row.doc)
        who, when = doc.get("who"), doc.get("when")
        if not isinstance(who, dict) or not isinstance(when, dict):
            continue
        sides = {side for side, told in who.items() if told == user or _device(when.get(side)) in devices}
        if sides:
            doc["who"] = who | dict.fromkeys(sides, pseudonym)
            _rewrite(db, row, doc)
            _rewrite_history(db, row, doc["who"])


def _device(stamp: object) -> str:
    try:
        return Stamp.parse(str(stamp)).device
    except ValueError:
        return ""


def _rewrite(db: Connection, row: Row[Any], doc: dict[str, Any]) -> None:
    state = db.execute(select(scope).where(scope.c.id == row.scope).with_for_update()).one()
    total = record_sum(row.type, row.id, row.rev + 1, doc, json.loads(row.stamps), row.archived)
    new = {
        "doc": json.dumps(doc, ensure_ascii=False),
        "rev": row.rev + 1,
        "seq": state.head + 1,
        "sum": total,
    }
    db.execute(update(record).where(record.c.scope == row.scope, record.c.id == row.id).values(**new))
    values = {"head": state.head + 1, "sum": (state.sum - row.sum + total) % SUM_SPACE}
    db.execute(update(scope).where(scope.c.id == row.scope).values(**values))


def _rewrite_history(db: Connection, row: Row[Any], who: dict[str, str]) -> None:
    here = (version.c.scope == row.scope, version.c.id == row.id)
    for past in db.execute(select(version).where(*here)).all():
        op = json.loads(past.op)
        if "who" in op.get("d", {}):
            op["d"]["who"] = who
            told = json.dumps(op, ensure_ascii=False)
            db.execute(update(version).where(*here, version.c.rev == past.rev).values(op=told))


def _rows(table: Table, user: str) -> Any:
    return select(table).where(table.c.sub == user)
