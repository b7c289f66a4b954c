"""The queue of changesets on their way to the registry, and what became of each."""

from __future__ import annotations

import json
from typing import Any

from sqlite_utils import Database


def visits_in(database: Database, state: str) -> set[str]:
    """Identities of the visits that an entry of `state` writes; the last of a visit is its finalising."""
    found: set[str] = set()
    for (ops,) in database.execute("SELECT ops FROM outbox WHERE state = ?", [state]):
        for op in json.loads(ops):
            if op["t"] == "visit":
                found.add(op["i"])
    return found


def counts(database: Database) -> dict[str, int]:
    """How many entries are `pending`, `acked` and `refused`."""
    rows: dict[str, Any] = dict(
        tuple(row) for row in database.execute("SELECT state, count(*) FROM outbox GROUP BY state")
    )
    return {state: int(rows.get(state, 0)) for state in ("pending", "acked", "refused")}
