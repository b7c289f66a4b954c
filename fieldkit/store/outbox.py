"""The queue of changesets on their way to the registry, and what became of each.

An entry is `pending` until the registry answers, then `acked` or `refused`; refused ones are kept until a
person deals with them, acked ones as long as a registry restored from a backup may ask for them again.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any, Final

from sqlite_utils import Database

from fieldkit.domain.fieldwork import VISIT_PARTS
from fieldkit.store.aside import EMPTY
from fieldkit.store.changes import Op, canonical, digest

KEEP_DAYS: Final = 90

Key = tuple[str, str]
Answer = tuple[int, str, bool, str, Mapping[str, int]]
"""The registry's answer to a changeset: its seq and digest, whether refused, the outcome, heads of its scopes."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One changeset in the queue. `ops` are the bytes that travel; `outcome` is the registry's answer."""

    seq: int
    made_at: str
    schema: int
    label: str
    ops: str
    digest: str
    tried: int
    outcome: dict[str, Any] | None


def entries(database: Database, state: str, limit: int = -1) -> list[Entry]:
    """Entries in `state`, oldest first."""
    rows = database.execute(
        "SELECT seq, made_at, schema, label, ops, digest, tried, outcome FROM outbox "
        "WHERE state = ? ORDER BY seq LIMIT ?",
        [state, limit],
    )
    return [Entry(**{**row, "outcome": json.loads(row["outcome"] or "null")}) for row in map(dict, rows)]


def take(database: Database, limit: int, most_bytes: int) -> list[Entry]:
    """The next entries to send, marked as tried: from now on their bytes never change."""
    batch: list[Entry] = []
    size = 0
    for entry in entries(database, "pending", limit):
        size += len(entry.ops.encode())
        if batch and size > most_bytes:
            break
        batch.append(entry)
    seqs = [(entry.seq,) for entry in batch]
    database.conn.executemany("UPDATE outbox SET tried = tried + 1 WHERE seq = ?", seqs)
    return batch


def answer(database: Database, answers: Iterable[Answer]) -> None:
    """Keep what the registry answered, where the entry still is the one that was sent."""
    now = dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds")
    database.conn.executemany(
        "UPDATE outbox SET state = ?, outcome = ?, upto = ?, answered_at = ? "
        "WHERE seq = ? AND digest = ? AND state = 'pending'",
        [
            ("refused", outcome, None, now, seq, its_digest)
            if refused
            else ("acked", outcome, json.dumps(upto), now, seq, its_digest)
            for seq, its_digest, refused, outcome, upto in answers
        ],
    )


def land(database: Database) -> set[Key]:
    """Forget `upto` of acked entries that the applied cursors have passed; returns the records they touch."""
    cursors = dict(map(tuple, database.execute("SELECT scope, seq FROM cursor")))
    landed = [
        (seq, ops)
        for seq, upto, ops in database.execute("SELECT seq, upto, ops FROM outbox WHERE upto IS NOT NULL")
        if all(head <= cursors.get(scope, 0) for scope, head in json.loads(upto).items())
    ]
    database.conn.executemany("UPDATE outbox SET upto = NULL WHERE seq = ?", [(seq,) for seq, _ops in landed])
    return {(op["t"], op["i"]) for _seq, ops in landed for op in json.loads(ops)}


def touched(database: Database, seqs: Sequence[int]) -> set[Key]:
    """The records that these entries write."""
    marks = ", ".join("?" for _seq in seqs)
    rows = database.execute(f"SELECT ops FROM outbox WHERE seq IN ({marks})", list(seqs))
    return {(op["t"], op["i"]) for (ops,) in rows for op in json.loads(ops)}


def last_seq(database: Database) -> int:
    """The greatest seq ever given by this device."""
    row = database.execute("SELECT seq FROM sqlite_sequence WHERE name = 'outbox'").fetchone()
    return int(row[0]) if row else 0


def digest_of(database: Database, seq: int) -> str | None:
    """The digest of an entry, where it is kept."""
    row = database.execute("SELECT digest FROM outbox WHERE seq = ?", [seq]).fetchone()
    return str(row[0]) if row else None


def last_answered(database: Database) -> int:
    """The greatest seq that the registry has answered."""
    return int(database.execute("SELECT max(seq) FROM outbox WHERE state <> 'pending'").fetchone()[0] or 0)


def send_again(database: Database, first: int) -> bool:
    """Make every entry from `first` on pending again; False, and nothing done, where one is not kept any more."""
    kept = database.execute("SELECT count(*) FROM outbox WHERE seq >= ?", [first]).fetchone()[0]
    if kept != last_seq(database) - first + 1:
        return False
    database.execute("UPDATE outbox SET state = 'pending', upto = NULL WHERE seq >= ?", [first])
    _seal(database)
    return True


def renumber(database: Database, *, by_time: bool = False) -> None:
    """Number every kept entry from 1 and make it pending, for a device identity that the registry never saw.

    With `by_time` in the order in which they were written: some came from another laptop.
    """
    database.execute("UPDATE outbox SET seq = -seq")
    database.execute("DELETE FROM outbox WHERE ops = ? AND digest = ?", [EMPTY, digest(EMPTY)])
    order = "json_extract(ops, '$[0].st'), " if by_time else ""
    rows = database.execute(f"SELECT seq FROM outbox ORDER BY {order}seq DESC").fetchall()
    database.conn.executemany(
        "UPDATE outbox SET seq = ?, state = 'pending', upto = NULL WHERE seq = ?",
        [(n, row[0]) for n, row in enumerate(rows, start=1)],
    )
    database.execute("UPDATE sqlite_sequence SET seq = ? WHERE name = 'outbox'", [len(rows)])
    _seal(database)


def live_ops(database: Database) -> dict[Key, list[tuple[Op, bool]]]:
    """Ops that the registry's state of a record does not show, in order, by record; each with whether refused.

    Those that are aside are among them.
    """
    rows = database.execute(
        "SELECT ops, state = 'refused' FROM outbox WHERE state <> 'acked' OR upto IS NOT NULL ORDER BY seq"
    )
    found: dict[Key, list[tuple[Op, bool]]] = {}
    for ops, refused in rows:
        for op in json.loads(ops):
            found.setdefault((op["t"], op["i"]), []).append((op, bool(refused)))
    for (ops,) in database.execute("SELECT ops FROM aside").fetchall():
        for op in json.loads(ops):
            of_record = found.setdefault((op["t"], op["i"]), [])
            of_record.append((op, False))
            of_record.sort(key=lambda one: one[0]["st"])
    return found


def settle_refused(database: Database, seq: int) -> None:
    """A person has dealt with a refused entry: it is kept as any that was answered."""
    database.execute(
        "UPDATE outbox SET state = 'acked', upto = NULL WHERE seq = ? AND state = 'refused'", [seq]
    )


def purge(database: Database, now: dt.datetime) -> None:
    """Forget entries that were acked more than `KEEP_DAYS` ago."""
    limit = (now - dt.timedelta(days=KEEP_DAYS)).isoformat(timespec="milliseconds")
    database.execute("DELETE FROM outbox WHERE state = 'acked' AND upto IS NULL AND answered_at < ?", [limit])


def forget(database: Database, gone: Set[str]) -> None:
    """Take what was written to records that are erased for good out of every answered entry.

    Their digests stay, for under these the registry knows them, until they are sent again.
    """
    for seq, ops in database.execute("SELECT seq, ops FROM outbox WHERE state <> 'pending'").fetchall():
        every = json.loads(ops)
        kept = [op for op in every if op["i"] not in gone]
        if len(kept) < len(every):
            database.execute("UPDATE outbox SET ops = ? WHERE seq = ?", [canonical(kept), seq])


def _seal(database: Database) -> None:
    """Have every pending entry bear the digest of its bytes, also where something was taken out of them."""
    rows = database.execute("SELECT seq, ops, digest FROM outbox WHERE state = 'pending'").fetchall()
    database.conn.executemany(
        "UPDATE outbox SET digest = ? WHERE seq = ?",
        [(found, seq) for seq, ops, known in rows if (found := digest(ops)) != known],
    )


def visits_in(database: Database, state: str) -> set[str]:
    """Identities of visits with themselves or a part of theirs in an entry of `state`; one that is aside is pending."""
    marks = ", ".join("?" for _part in VISIT_PARTS)
    rows = database.execute(
        f"""
        WITH touched AS (
            SELECT DISTINCT op.value ->> '$.t' AS type, op.value ->> '$.i' AS id
            FROM (
                SELECT state, ops FROM outbox UNION ALL SELECT 'pending', ops FROM aside
            ) AS entry, json_each(entry.ops) AS op WHERE entry.state = ?
        )
        SELECT id FROM touched WHERE type = 'visit'
        UNION SELECT json_extract(doc, '$.visit') FROM record JOIN touched USING (type, id) WHERE type IN ({marks})
        """,
        [state, *VISIT_PARTS],
    )
    return {visit for (visit,) in rows if visit}


def counts(database: Database) -> dict[str, int]:
    """How many entries are `pending`, `acked` and `refused`."""
    rows: dict[str, Any] = dict(
        tuple(row) for row in database.execute("SELECT state, count(*) FROM outbox GROUP BY state")
    )
    return {state: int(rows.get(state, 0)) for state in ("pending", "acked", "refused")}
