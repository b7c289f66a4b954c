"""The journal of what was done to the registry: a chain of hashes, in which nothing can be changed unseen."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select

from fieldkit.domain.clock import now_ms
from fieldkit.registry.tables import audit, meta


def note(db: Connection, who: str, what: str, **detail: Any) -> None:
    """Add a row, in the caller's transaction. `detail` holds identities and counts, never content."""
    db.execute(select(meta.c.id).with_for_update())  # one writer at a time, so that the chain has no forks
    last = db.execute(select(audit.c.n, audit.c.hash).order_by(audit.c.n.desc()).limit(1)).one_or_none()
    n, before = (last.n, last.hash) if last else (0, "")
    row = {"n": n + 1, "at": now_ms(), "who": who, "what": what, "detail": json.dumps(detail, sort_keys=True)}
    db.execute(insert(audit).values(**row, hash=_hash(before, row)))


@dataclass(frozen=True, slots=True)
class Checked:
    """What became of the journal: how many rows stand, the hash of the last one, and the first that is wrong."""

    rows: int
    head: str
    broken: int | None
    found: bool
    """Whether the hash that was asked for is among them."""


def check(db: Connection, known: str = "") -> Checked:
    """Go through the whole chain. `known` is a hash noted down earlier: rows cut off at the end would show there."""
    before, n, found = "", 0, not known
    for row in db.execute(select(audit).order_by(audit.c.n)).mappings():
        values = {key: value for key, value in row.items() if key != "hash"}
        if row["n"] != n + 1 or row["hash"] != _hash(before, values):
            return Checked(n, before, n + 1, found)
        before, n = row["hash"], n + 1
        found = found or before == known
    return Checked(n, before, None, found)


def intact(db: Connection) -> bool:
    """Whether every row still has the hash it was written with."""
    return check(db).broken is None


def _hash(before: str, row: dict[str, Any]) -> str:
    return hashlib.sha256((before + json.dumps(row, sort_keys=True)).encode()).hexdigest()
