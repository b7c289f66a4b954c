"""Changesets that a person took out of the queue: kept and shown as before, not sent until they are taken back.

Seqs are without gaps, so an empty changeset keeps the place of each. What builds on one that is aside goes with it:
the registry would get a note without its visit, or take a value for one that nobody had seen.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any, Final

from sqlite_utils import Database

from fieldkit.domain.clock import new_id
from fieldkit.domain.fieldwork import LINKS
from fieldkit.errors import KnownError
from fieldkit.i18n import _
from fieldkit.store.changes import Op, canonical, digest

EMPTY: Final = "[]"
"""The ops of a changeset that only keeps a place."""


@dataclass(frozen=True, slots=True)
class Aside:
    """One changeset that is aside; the fields are those of `outbox.Entry`."""

    id: str
    made_at: str
    label: str
    ops: str


def entries(database: Database) -> list[Aside]:
    """All of them, in the order in which they were made."""
    rows = database.execute(
        "SELECT id, made_at, label, ops FROM aside ORDER BY json_extract(ops, '$[0].st'), n"
    )
    return [Aside(*row) for row in rows]


def put(database: Database, seq: int) -> int:
    """Take a waiting changeset out of the queue, and what builds on it. Returns how many went.

    Raises KnownError `not-waiting`.
    """
    rows = database.execute(
        "SELECT seq, ops FROM outbox WHERE state = 'pending' AND seq >= ? AND ops <> ? ORDER BY seq",
        [seq, EMPTY],
    ).fetchall()
    if not rows or rows[0][0] != seq:
        raise _not_waiting()
    (_seq, first), *later = rows
    return _move(database, [seq, *_builders(json.loads(first), later)])


def follow(database: Database) -> int:
    """Take out of the queue what builds on a changeset that is aside. Returns how many went."""
    gone = [op for one in entries(database) for op in json.loads(one.ops)]
    if not gone:
        return 0
    rows = database.execute(
        "SELECT seq, ops FROM outbox WHERE state = 'pending' AND ops <> ? ORDER BY seq", [EMPTY]
    ).fetchall()
    return _move(database, _builders(gone, rows))


def take_back(database: Database, identity: str) -> int:
    """Put a changeset back into the queue, with those that it builds on or that build on it. Returns how many.

    Raises KnownError `not-waiting`.
    """
    follow(database)  # what was written meanwhile comes after it
    kept = {one.id: json.loads(one.ops) for one in entries(database)}
    if identity not in kept:
        raise _not_waiting()
    chosen = {identity}
    grown = 0
    while grown != len(chosen):
        grown = len(chosen)
        for name, ops in kept.items():
            others = [kept[one] for one in chosen]
            if any(builds_on(ops, one) or builds_on(one, ops) for one in others):
                chosen.add(name)
    for name in filter(chosen.__contains__, kept):
        database.execute(
            "INSERT INTO outbox (id, made_at, schema, label, ops, digest, tried) "
            "SELECT id, made_at, schema, label, ops, digest, 1 FROM aside WHERE id = ?",
            [name],
        )
        database.execute("DELETE FROM aside WHERE id = ?", [name])
    return len(chosen)


def forget(database: Database, gone: Set[str]) -> None:
    """Take what was written to records that are erased for good out of every one."""
    for one in entries(database):
        every = json.loads(one.ops)
        kept = [op for op in every if op["i"] not in gone]
        if not kept:
            database.execute("DELETE FROM aside WHERE id = ?", [one.id])
        elif len(kept) < len(every):
            ops = canonical(kept)
            database.execute("UPDATE aside SET ops = ?, digest = ? WHERE id = ?", [ops, digest(ops), one.id])


def builds_on(later: Sequence[Op], earlier: Sequence[Op]) -> bool:
    """Whether a changeset means something only after another: it writes what that wrote, or belongs to what it made."""
    made = {op["i"] for op in earlier if op["op"] == "create"}
    written: dict[str, list[Op]] = {}
    for op in earlier:
        written.setdefault(op["i"], []).append(op)
    for op in later:
        if made & _links(op):
            return True
        if any(_overlap(op, other) for other in written.get(op["i"], ())):
            return True
    return False


def _overlap(op: Op, other: Op) -> bool:
    """Whether two ops on one record touch the same; to create it or to put it away touches all of it."""
    if "set" == op["op"] == other["op"]:
        return not op["c"].keys().isdisjoint(other["c"])
    return True


def _links(op: Op) -> set[str]:
    values: Mapping[str, Any] = {
        **op.get("d", {}),
        **{name: cell[1] for name, cell in op.get("c", {}).items()},
    }
    return {value for name in LINKS if isinstance(value := values.get(name), str)}


def _builders(gone: list[Op], rows: Sequence[Any]) -> list[int]:
    """Of changesets in order, the seqs of those that build on `gone`, or on one of these."""
    found = []
    for seq, text in rows:
        ops = json.loads(text)
        if builds_on(ops, gone):
            found.append(seq)
            gone = [*gone, *ops]
    return found


def _move(database: Database, seqs: Sequence[int]) -> int:
    for seq in seqs:
        database.execute(
            "INSERT INTO aside (id, made_at, schema, label, ops, digest) "
            "SELECT id, made_at, schema, label, ops, digest FROM outbox WHERE seq = ?",
            [seq],
        )
        database.execute(
            "UPDATE outbox SET id = ?, label = '', ops = ?, digest = ? WHERE seq = ?",
            [new_id(), EMPTY, digest(EMPTY), seq],
        )
    return len(seqs)


def _not_waiting() -> KnownError:
    return KnownError(
        "not-waiting",
        _("Ce changement n'attend plus : il est parti, ou il a été mis de côté."),
        _("Regardez de nouveau la page Synchro."),
    )
