"""The one way to write field data: rows and their outbox entry, in the same transaction.

An outbox entry is the changeset as it will travel (`sync.md`): a list of ops. While the newest entry has
never been sent, typing on in the same field amends it, so that a long note is one change and not a thousand.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from sqlite_utils import Database

from fieldkit.domain import fieldwork
from fieldkit.domain.clock import Clock, Now, Stamp, id_at, new_id
from fieldkit.domain.fieldwork import Doc, Record
from fieldkit.domain.merge import ARCHIVED
from fieldkit.errors import KnownError
from fieldkit.i18n import _
from fieldkit.store.database import writing

SCHEMA: Final = 1
"""Version of the shape of ops, sent with each changeset."""

Op = dict[str, Any]

_STATE_OF_REGISTRY: Final = (
    "CASE WHEN rev > 0 THEN coalesce(server, "
    "json_object('doc', json(doc), 'stamps', json(stamps), 'archived', archived)) END"
)


@dataclass(frozen=True, slots=True)
class Changes:
    """What a user action changed: `(type, id)` of each record. Screens redraw from it."""

    records: frozenset[tuple[str, str]] = field(default_factory=frozenset)

    def touches(self, *types: str) -> bool:
        """Whether a record of one of `types` changed."""
        return any(kind in types for kind, _id in self.records)


class Changeset:
    """Writes that belong together; made by `changeset`, sent and answered whole."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self.ops: list[Op] = []
        self.changes = Changes()
        self.inverse_of: str | None = None
        """The outbox entry that this one undoes or does again; such a changeset stands on its own."""

    def create(self, record_type: str, scope: str, fields: Doc, *, record_id: str | None = None) -> str:
        """A new record; returns its identity. Fields without a value are left out: they are unknown."""
        doc = {k: v for k, v in fieldwork.checked(record_type, fields).items() if v is not None}
        self._refuse_frozen(record_type, doc)
        made = self._clock.tick()
        identity, stamp = record_id or id_at(made), str(made)
        write_record(
            self._database, Record(record_type, identity, scope, doc, dict.fromkeys(doc, stamp)), new=True
        )
        self._add({"t": record_type, "i": identity, "s": scope, "op": "create", "st": stamp, "d": doc})
        return identity

    def set(self, record_type: str, record_id: str, fields: Doc) -> None:
        """Write `fields` of one record; those that already have the value are left alone.

        Raises KnownError `record-missing`, `belongs-elsewhere` rather than give the record to another visit or
        practice, or the error of a field's check.
        """
        record = self._known(record_type, record_id)
        if not fieldwork.tells_afterwards(record_type, fields):
            self._refuse_frozen(record_type, record.doc)
        new = fieldwork.checked(record_type, fields)
        changed = {k: v for k, v in new.items() if record.doc.get(k) != v}
        if not changed:
            return
        if changed.keys() & {"practice", "visit"}:
            raise elsewhere()
        stamp = self._stamp_after(record.stamps.get(k) for k in changed)
        cells = {k: [record.doc.get(k), v, record.stamps.get(k)] for k, v in changed.items()}
        doc, stamps = dict(record.doc), dict(record.stamps)
        for name, value in changed.items():
            stamps[name] = stamp
            doc[name] = value
            if value is None:
                del doc[name]
        write_record(
            self._database, Record(record_type, record_id, record.scope, doc, stamps, record.archived)
        )
        op = {"t": record_type, "i": record_id, "s": record.scope, "op": "set", "st": stamp, "c": cells}
        self._add({**op, "v": {ARCHIVED: record.stamps[ARCHIVED]}} if record.archived else op)

    def create_again(self, record_type: str, record_id: str) -> None:
        """Send a record that only this laptop has once more, as it stands now. Raises KnownError `record-missing`."""
        record = self._known(record_type, record_id)
        self._refuse_frozen(record_type, record.doc)
        stamp = self._stamp_after(record.stamps.values())
        stamps = dict.fromkeys(record.doc, stamp)
        write_record(self._database, Record(record_type, record_id, record.scope, record.doc, stamps))
        op = {"t": record_type, "i": record_id, "s": record.scope, "op": "create", "st": stamp}
        self._add({**op, "d": dict(record.doc)})
        if record.archived:
            self.archive(record_type, record_id)

    def archive(self, record_type: str, record_id: str, *, back: bool = False) -> None:
        """Put a record away, or with `back` take it out again; nothing is ever deleted."""
        record = self._known(record_type, record_id)
        self._refuse_frozen(record_type, record.doc)
        seen = dict(record.stamps)
        stamp = self._stamp_after(seen.values())
        stamps = {**seen, ARCHIVED: stamp}
        write_record(
            self._database,
            Record(record_type, record_id, record.scope, record.doc, stamps, archived=not back),
        )
        op = "restore" if back else "archive"
        self._add({"t": record_type, "i": record_id, "s": record.scope, "op": op, "st": stamp, "v": seen})

    def _stamp_after(self, seen: Iterable[str | None]) -> str:
        """A new stamp, greater than those it replaces."""
        for stamp in filter(None, seen):
            self._clock.see(Stamp.parse(stamp))
        return str(self._clock.tick())

    def _known(self, record_type: str, record_id: str) -> Record:
        record = read_record(self._database, record_type, record_id)
        if record is None:
            raise missing(record_id)
        return record

    def _refuse_frozen(self, record_type: str, doc: Doc) -> None:
        visit: Doc | None = doc if record_type == "visit" else None
        if record_type in fieldwork.VISIT_PARTS:
            visit = self._known("visit", doc["visit"]).doc
        if visit is not None and visit.get("state") == "finalised":
            raise frozen()

    def _add(self, op: Op) -> None:
        self.ops.append(op)
        self.changes = Changes(self.changes.records | {(op["t"], op["i"])})


@contextmanager
def changeset(database: Database, device: str, label: str, now: Now | None = None) -> Iterator[Changeset]:
    """Open a changeset: all of it reaches the disk with its outbox entry when the block ends, or nothing.

    `label` says in a few words what the user did; it is shown in the queue and holds no content.
    """
    with writing(database):
        last = read_kv(database, "hlc")
        clock = Clock(device, Stamp.parse(last) if last else None, *([now] if now else []))
        changes = Changeset(database, clock)
        yield changes
        if changes.ops:
            _enqueue(database, label, changes.ops, changes.inverse_of)
            write_kv(database, "hlc", str(clock.last))


def canonical(ops: list[Op]) -> str:
    """The one text form of ops, from which their digest is made."""
    return json.dumps(ops, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(ops: str) -> str:
    """The digest of the canonical text of ops: 32 hexadecimal digits of blake2b."""
    return hashlib.blake2b(ops.encode(), digest_size=16).hexdigest()


def read_record(database: Database, record_type: str, record_id: str) -> Record | None:
    """One record as it stands, archived or not; None where there is none."""
    row = database.execute(
        "SELECT type, id, scope, doc, stamps, archived FROM record WHERE type = ? AND id = ?",
        [record_type, record_id],
    ).fetchone()
    return as_record(row) if row else None


def as_record(row: Any) -> Record:
    """A row `type, id, scope, doc, stamps, archived` as a value."""
    record_type, record_id, scope, doc, stamps, archived = row
    return Record(record_type, record_id, scope, json.loads(doc), json.loads(stamps), bool(archived))


def write_record(database: Database, record: Record, *, new: bool = False) -> None:
    """Write one row inside the caller's changeset; the registry's state of it is kept beside."""
    values = [
        record.scope,
        json.dumps(record.doc, ensure_ascii=False),
        json.dumps(record.stamps),
        int(record.archived),
        record.type,
        record.id,
    ]
    if new:
        database.execute(
            "INSERT INTO record (scope, doc, stamps, archived, type, id) VALUES (?, ?, ?, ?, ?, ?)", values
        )
    else:
        database.execute(
            f"UPDATE record SET server = {_STATE_OF_REGISTRY}, "
            "scope = ?, doc = ?, stamps = ?, archived = ? WHERE type = ? AND id = ?",
            values,
        )


def read_kv(database: Database, key: str) -> str | None:
    """One value of `sync_kv` (device, hlc, epoch, registry address…)."""
    row = database.execute("SELECT value FROM sync_kv WHERE key = ?", [key]).fetchone()
    return None if row is None else str(row[0])


def write_kv(database: Database, key: str, value: str) -> None:
    """Set one value of `sync_kv`."""
    database.execute("INSERT OR REPLACE INTO sync_kv (key, value) VALUES (?, ?)", [key, value])


def frozen() -> KnownError:
    """The error of a write to a finalised visit."""
    return KnownError(
        "visit-finalised",
        _("Cette visite est finalisée : elle ne change plus."),
        _("Corrigez-la dans une nouvelle édition, à l'étape « Compte rendu »."),
    )


def elsewhere() -> KnownError:
    """The error of a write that would reach over to another practice or visit."""
    return KnownError(
        "belongs-elsewhere",
        _("Ceci appartient à un autre cabinet ou à une autre visite, et y reste."),
        _("Vérifiez l'identifiant, ou saisissez-le de nouveau là où il doit être."),
    )


def missing(record_id: str) -> KnownError:
    """The error of an identity that nothing has."""
    return KnownError(
        "record-missing",
        _("Rien ne porte l'identifiant {id}.").format(id=record_id),
        _("Vérifiez-le, par exemple avec « fieldkit visit list »."),
    )


def _enqueue(database: Database, label: str, ops: list[Op], inverse_of: str | None) -> None:
    amended = None if inverse_of else _amend(database, label, ops)
    if amended is not None:
        seq, ops = amended
        text = canonical(ops)
        database.execute("UPDATE outbox SET ops = ?, digest = ? WHERE seq = ?", [text, digest(text), seq])
        return
    text, identity = canonical(ops), new_id()
    made_at = dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds")
    database.execute(
        "INSERT INTO outbox (id, made_at, schema, label, ops, digest) VALUES (?, ?, ?, ?, ?, ?)",
        [identity, made_at, SCHEMA, label, text, digest(text)],
    )
    if inverse_of:
        database.execute("INSERT INTO inverse (id, of) VALUES (?, ?)", [identity, inverse_of])


def _amend(database: Database, label: str, ops: list[Op]) -> tuple[int, list[Op]] | None:
    """The newest entry rewritten with `ops`, where both set the same fields of one record and it never left."""
    last = database.execute(
        "SELECT seq, label, ops FROM outbox WHERE state = 'pending' AND tried = 0 "
        "AND seq = (SELECT max(seq) FROM outbox) AND id NOT IN (SELECT id FROM inverse)"
    ).fetchone()
    if last is None or last[1] != label or len(ops) != 1 or ops[0]["op"] != "set":
        return None
    before = json.loads(last[2])
    if len(before) != 1 or any(before[0].get(k) != ops[0].get(k) for k in ("t", "i", "s", "op")):
        return None
    old, new = before[0]["c"], ops[0]["c"]
    if old.keys() != new.keys():
        return None
    cells = {name: [old[name][0], new[name][1], old[name][2]] for name in new}
    return int(last[0]), [{**ops[0], "c": cells}]
