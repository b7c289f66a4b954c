"""What `sync.md` promises, checked from outside: on the registry, on laptops' disks, and on all that was written.

Nothing of the merge is used. Each written text is made of words that occur once, one a line, so that each can be
followed to where it ended. A promise that is broken is told by its name.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Engine, select

from fieldkit.registry import admin
from fieldkit.registry.blobs import Shelf
from fieldkit.registry.database import reading
from fieldkit.registry.tables import blob, erased, metadata, record
from fieldkit.store import attachments, outbox
from fieldkit.store.fieldwork import FieldStore

SAVED: Final = "a change is on the disk with its outbox entry"
ONCE: Final = "a changeset takes effect exactly once"
NO_LOSS: Final = "no accepted value disappears"
SAME: Final = "every laptop shows the registry's state"
KEPT: Final = "a refused changeset is kept and shown"
REFILLED: Final = "what a laptop has sent is on the registry"
NEVER_REFUSED: Final = "sync is not refused"
GREATEST: Final = "the greatest stamp wins"
ERASED: Final = "what is erased is nowhere"
SOUND: Final = "the databases are sound"

Op = dict[str, Any]


class BrokenError(AssertionError):
    """A promise that was not kept."""

    def __init__(self, promise: str, *details: object) -> None:
        super().__init__(f"{promise}: {' '.join(map(str, details))}")
        self.promise = promise


def hold(promise: str, kept: object, *details: object) -> None:
    """Raise BrokenError unless the promise was `kept`."""
    if not kept:
        raise BrokenError(promise, *details)


def key(op: Op) -> str:
    """The one text of an op, as the laptop and as the registry keep it."""
    return json.dumps({name: value for name, value in op.items() if value != {}}, sort_keys=True)


def words(value: Any) -> set[str]:
    """The words that a value is made of."""
    return {line for line in value.split("\n") if line.startswith("w")} if isinstance(value, str) else set()


def cells(op: Op) -> Iterator[tuple[str, set[str], set[str]]]:
    """Of each field that an op writes: its name, the words that its writer saw there, and those they left there."""
    for name, value in op.get("d", {}).items():
        yield name, set(), words(value)
    for name, (old, new, _seen) in op.get("c", {}).items():
        yield name, words(old), words(new)


@dataclass(frozen=True)
class Facts:
    """What a registry holds."""

    engine: Engine
    folder: Path
    records: Mapping[str, Mapping[str, Any]]
    """By identity; those that are erased have no stamps."""
    history: Sequence[tuple[str, str, Op]]
    """Every write: record, device, op."""
    quarantine: Mapping[str, str]
    """Ops of refused changesets, by the identity of their quarantine."""
    erased: frozenset[str]
    blobs: frozenset[str]
    """Digests of the photos whose bytes it has."""
    intact: bool
    """Whether the chain of the audit holds."""


def facts(engine: Engine, folder: Path) -> Facts:
    """Look at a registry."""
    with reading(engine) as db:
        types = set(db.scalars(select(record.c.type)))
        return Facts(
            engine,
            folder,
            {row["id"]: {**row, "type": kind} for kind in types for row in admin.show(db, kind)["items"]},
            [(row["id"], row["device"], json.loads(row["op"])) for row in admin.show(db, "version")["items"]],
            {row["id"]: row["ops"] for row in admin.show(db, "quarantine")["items"]},
            frozenset(db.scalars(select(erased.c.id))),
            frozenset(db.scalars(select(blob.c.sha256))),
            admin.show(db, "audit")["intact"],
        )


def exactly_once(there: Facts) -> None:
    """Each op is in the history of its record once."""
    counted = Counter(key(op) for _record, _device, op in there.history)
    hold(ONCE, not counted or max(counted.values()) == 1, counted.most_common(1))
    hold(SOUND, there.intact, "audit")


def taken(there: Facts) -> set[str]:
    """The keys of all ops that the registry holds, or keeps aside."""
    aside = (op for ops in there.quarantine.values() for op in json.loads(ops or "[]"))
    return {key(op) for op in chain((op for _record, _device, op in there.history), aside)}


def nothing_is_missing(there: Facts, written: Iterable[Op]) -> None:
    """Every op that was `written` is on the registry: in force, or kept aside with the reason."""
    known = taken(there)
    for op in written:
        # A conflict that is settled while a restored registry does not have it is made anew with its two values.
        if op["i"] not in there.erased and op["t"] != "conflict":
            hold(REFILLED, key(op) in known, op)


def no_value_disappeared(there: Facts, order: Sequence[Op]) -> None:
    """Each word that was accepted is in its field, in a conflict about it, or was seen by who wrote over it.

    `order` are all ops in the order in which they were made, whether accepted or not.
    """
    accepted = {key(op) for _record, _device, op in there.history}
    told: dict[tuple[str, str], set[str]] = {}
    for conflict in (r["fields"] for r in there.records.values() if r["type"] == "conflict" and r["fields"]):
        about = told.setdefault((conflict["target_id"], conflict["field"]), set())
        about.update(words(conflict.get("ours")), words(conflict.get("theirs")))
    seen: dict[tuple[str, str], set[str]] = {}
    for op in reversed(order):
        if key(op) not in accepted or op["i"] in there.erased:
            continue
        for name, before, after in cells(op):
            place = (op["i"], name)
            shown = words(there.records[op["i"]]["fields"].get(name))
            lost = (after - before) - shown - told.get(place, set()) - seen.get(place, set())
            hold(NO_LOSS, not lost, lost, op)
            seen.setdefault(place, set()).update(before - after)


def greatest_wins(there: Facts) -> None:
    """Of two values that met, the one that was written last stands."""
    for about in (r["fields"] for r in there.records.values() if r["type"] == "conflict" and r["fields"]):
        if about["field"] != "archived":
            hold(GREATEST, about["when"]["ours"] > about["when"]["theirs"], about)


def shows_the_same(there: Facts, store: FieldStore, user: str, *scopes: str) -> None:
    """A laptop that has synced shows what the registry holds, and nothing else but what was refused or is its alone."""
    names = {scope: scope for scope in scopes} | {f"user:{user}": "user:me"}
    wanted = {
        identity: (r["type"], names[r["scope"]], r["fields"], r["stamps"], r["archived"], r["rev"])
        for identity, r in there.records.items()
        if r["scope"] in names and r["stamps"]
    }
    rows = store.database.execute("SELECT id, type, scope, doc, stamps, archived, rev FROM record").fetchall()
    shown = {
        identity: (kind, scope, json.loads(doc), json.loads(stamps), bool(archived), rev)
        for identity, kind, scope, doc, stamps, archived, rev in map(tuple, rows)
    }
    known = {identity for identity, _device, _op in there.history} | there.erased
    alone = {identity for identity, row in shown.items() if row[5] == 0 and identity not in known}
    for identity in wanted.keys() | (shown.keys() - alone):
        hold(SAME, shown.get(identity) == wanted.get(identity), shown.get(identity), wanted.get(identity))
    hold(REFILLED, outbox.counts(store.database)["pending"] == 0, "still in the queue")


def refused_is_kept(there: Facts, store: FieldStore) -> None:
    """What was refused is with the registry, and with its author together with the reason."""
    aside = {key(op) for ops in there.quarantine.values() for op in json.loads(ops or "[]")}
    for entry in outbox.entries(store.database, "refused"):
        outcome = entry.outcome or {}
        # A copied disk may know it by the name that it had before the registry was restored and told again.
        known = outcome.get("quarantine") in there.quarantine or {*map(key, json.loads(entry.ops))} <= aside
        hold(KEPT, known, entry)
        hold(KEPT, outcome.get("problem", {}).get("title"), entry)


def photos_have_travelled(there: Facts, store: FieldStore) -> None:
    """Every photo that is in a visit is whole, on the laptop and on the registry, wherever its bytes can come from."""
    for sha256 in there.blobs:
        hold(NO_LOSS, _digest(Shelf(there.folder).blob(sha256).read_bytes()) == sha256, "registry", sha256)
    for photo in store.of("photo"):
        sha256 = photo["sha256"]
        content = attachments.read(store.database, sha256)
        hold(NO_LOSS, content is None or _digest(content) == sha256, "laptop", sha256)
        if {
            photo.id,
            photo["visit"],
        } <= there.records.keys():  # else it is this laptop's alone, or in no visit
            hold(SAME, (content is not None) == (sha256 in there.blobs), sha256)
    hold(REFILLED, not attachments.Shelf(store.database, bytes).to_send(), "photos wait")


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def erased_is_nowhere(there: Facts, stores: Iterable[FieldStore], order: Iterable[Op]) -> None:
    """No word that was written to an erased record, and no photo of it, is left on the registry or on a laptop."""
    gone = [op for op in order if op["i"] in there.erased]
    secrets = {word for op in gone for _name, _before, after in cells(op) for word in after}
    secrets |= {op["d"]["sha256"] for op in gone if "sha256" in op.get("d", {})}
    with reading(there.engine) as db:
        rows = [str(row) for table in metadata.sorted_tables for row in db.execute(table.select())]
    for store in stores:
        rows += [str(tuple(row)) for row in store.database.execute("SELECT doc, server FROM record")]
        rows += [str(tuple(row)) for row in store.database.execute("SELECT ops, outcome FROM outbox")]
        rows += [str(tuple(row)) for row in store.database.execute("SELECT ops FROM aside")]
        rows += [str(tuple(row)) for row in store.database.execute("SELECT doc FROM pull_stage")]
        rows += [str(tuple(row)) for row in store.database.execute("SELECT sha256 FROM blob")]
    left = secrets & set(re.findall(r"w\d+|[0-9a-f]{64}", "\n".join(rows)))
    hold(ERASED, not left, left)


def is_sound(store: FieldStore) -> None:
    """SQLite finds nothing wrong with a laptop's file."""
    found = [row[0] for row in store.database.execute("PRAGMA integrity_check")]
    hold(SOUND, found == ["ok"], found)
    found = [tuple(row) for row in store.database.execute("PRAGMA cipher_integrity_check")]
    hold(SOUND, not found, found)
