"""The journal of what was done to the registry: a chain of hashes, in which nothing can be changed unseen."""

from __future__ import annotations

import hashlib
import json
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


def intact(db: Connection) -> bool:
    """Whether every row still has the hash it was written with."""
    before = ""
    for n, row in enumerate(db.execute(select(audit).order_by(audit.c.n)).mappings(), start=1):
        values = {key: value for key, value in row.items() if key != "hash"}
        if row["n"] != n or row["hash"] != _hash(before, values):
            return False
        before = row["hash"]
    return True


def _hash(before: str, row: dict[str, Any]) -> str:
    return hashlib.sha256((before + json.dumps(row, sort_keys=True)).encode()).hexdigest()
