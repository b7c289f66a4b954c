"""Undo and redo in a visit: each is one more changeset, which writes back what an earlier one wrote over.

The outbox is the journal: its ops carry the values before and after. Nothing in it is ever taken back; the
table `inverse` says which entry is the inverse of which, so that what was undone can be done again, even
after a restart, until something else is written. What was written over since is told once, then left out.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Set
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlite_utils import Database

from fieldkit.domain.clock import Stamp
from fieldkit.domain.fieldwork import VISIT_PARTS, Record
from fieldkit.errors import KnownError
from fieldkit.i18n import _
from fieldkit.store import changes
from fieldkit.store.changes import Changes, Changeset, Op
from fieldkit.store.database import writing
from fieldkit.store.fieldwork import FieldStore

DEEPEST: Final = 300
"""How many of the newest entries of the outbox are looked through."""

_OVERTAKEN: Final = "undo-overtaken"
_OF_PRACTICE: Final = ("workstation", "equipment")
_TURNED: Final = {"create": "archive", "archive": "restore", "restore": "archive"}


@dataclass(frozen=True, slots=True)
class Entry:
    """A step: the changeset of the journal that ends it, what was done in words, and how."""

    id: str
    label: str
    ops: list[Op]
    begun: str = ""
    """The changeset that its ops begin in, where that is another one."""


@dataclass(frozen=True, slots=True)
class History:
    """What can be undone and done again in one visit, the next of each first; both may be empty."""

    undo: tuple[Entry, ...]
    redo: tuple[Entry, ...]


def of_visit(store: FieldStore, visit_id: str) -> History:
    """The history of a draft; empty for a finalised visit, which does not change any more."""
    visit = store.get("visit", visit_id)
    if visit["state"] != "draft":
        return History((), ())
    inverse_of = _inverses(store.database)
    overtaken = {entry_id for (entry_id,) in store.database.execute("SELECT id FROM overtaken")}
    practice = str(visit["practice"])
    own = _Own(store, visit_id, {practice, store.root_of("practice", practice).id})
    undo: list[Entry] = []
    redo: list[Entry] = []
    for entry in _journal(store.database):
        undone = inverse_of.get(entry.id)
        if not own.all_of(entry.ops) or not any(_does_something(op) for op in entry.ops):
            continue
        if any(op["op"] == "create" and op["t"] == "visit" for op in entry.ops):
            undo, redo = [], []  # before this there was no visit to come back to
        elif entry.id in overtaken:
            redo = []
        elif redo and undone == redo[-1].id:
            undo.append(replace(entry, label=redo.pop().label))
        elif undo and undone == undo[-1].id:
            redo.append(replace(entry, label=undo.pop().label))
        else:
            if undo and not redo and _goes_on(undo[-1], entry):
                begun = undo.pop()
                entry = Entry(entry.id, begun.label, begun.ops + entry.ops, begun.id)
            undo.append(entry)
            redo = []
    return History(tuple(reversed(undo)), tuple(reversed(redo)))


def invert(store: FieldStore, entry: Entry, label: str) -> Changes:
    """Write the inverse of an entry, as a changeset called `label`.

    Raises KnownError `undo-overtaken` where a value is no longer the one that the entry wrote; nothing is
    written then, and the entry is no step of the history any more.
    """
    try:
        with store.changeset(label) as c:
            for op in reversed(entry.ops):
                _invert(store, c, op)
            c.inverse_of = entry.id
    except KnownError as error:
        if error.code == _OVERTAKEN:
            _leave_out(store.database, entry)
        raise
    return c.changes


def _invert(store: FieldStore, c: Changeset, op: Op) -> None:
    record = store.get(op["t"], op["i"])
    if op["op"] == "set":
        cells: dict[str, list[Any]] = op["c"]
        if any(record[name] != cell[1] for name, cell in cells.items()):
            raise _overtaken()
        c.set(record.type, record.id, {name: cell[0] for name, cell in cells.items()})
        return
    back = _TURNED[op["op"]] == "restore"
    if record.archived != back or (not back and _written_elsewhere(record, op, store.device)):
        raise _overtaken()
    c.archive(record.type, record.id, back=back)


def _written_elsewhere(record: Record, op: Op, device: str) -> bool:
    """Whether another laptop wrote to the record after `op`: putting it away would hide that."""
    since = Stamp.parse(op["st"])
    stamps = map(Stamp.parse, record.stamps.values())
    return any(stamp.device != device and stamp > since for stamp in stamps)


def _leave_out(database: Database, entry: Entry) -> None:
    """Take an entry out of the history, with those that it undoes."""
    inverse_of = _inverses(database)
    chain = [entry.id]
    while chain[-1] in inverse_of:
        chain.append(inverse_of[chain[-1]])
    with writing(database):
        for entry_id in filter(None, (*chain, entry.begun)):
            database.execute("INSERT OR IGNORE INTO overtaken (id) VALUES (?)", [entry_id])


def _inverses(database: Database) -> dict[str, str]:
    return dict(map(tuple, database.execute("SELECT id, of FROM inverse")))


def _does_something(op: Op) -> bool:
    """Not so where letters were typed and taken away again, or where a whole visit was put away or back."""
    if op["op"] == "set":
        return any(cell[0] != cell[1] for cell in op["c"].values())
    return bool(op["op"] == "create" or op["t"] != "visit")


def _goes_on(before: Entry, entry: Entry) -> bool:
    """Whether an entry writes on in what the one before began: the first letters of a note make it."""
    first, then = before.ops[0], entry.ops[0]
    return (
        (len(before.ops), len(entry.ops)) == (1, 1)
        and (first["op"], then["op"]) == ("create", "set")
        and (first["t"], first["i"]) == (then["t"], then["i"])
        and all(name in first["d"] for name in then["c"])
    )


class _Own:
    """Tells the records of one visit: itself, its parts, its practice, and what stands there."""

    def __init__(self, store: FieldStore, visit_id: str, practices: Set[str]) -> None:
        self._store, self._visit, self._practices = store, visit_id, practices
        self._known: dict[tuple[str, str], bool] = {}

    def all_of(self, ops: Iterable[Op]) -> bool:
        """Whether every op writes to a record of the visit."""
        return all(self._has(op["t"], op["i"]) for op in ops)

    def _has(self, record_type: str, record_id: str) -> bool:
        key = record_type, record_id
        if key not in self._known:
            self._known[key] = self._look(*key)
        return self._known[key]

    def _look(self, record_type: str, record_id: str) -> bool:
        if record_type in ("visit", "practice"):
            return record_id == self._visit or record_id in self._practices
        record = changes.read_record(self._store.database, record_type, record_id)
        if record is None:
            return False
        if record_type in VISIT_PARTS:
            return bool(record["visit"] == self._visit)
        return record_type in _OF_PRACTICE and record["practice"] in self._practices


def _journal(database: Database) -> list[Entry]:
    """The newest entries, oldest first; what the registry refused was taken back already."""
    rows = database.execute(
        "SELECT id, label, ops FROM outbox WHERE state <> 'refused' ORDER BY seq DESC LIMIT ?", [DEEPEST]
    ).fetchall()
    return [Entry(entry_id, label, json.loads(ops)) for entry_id, label, ops in reversed(rows)]


def _overtaken() -> KnownError:
    return KnownError(
        _OVERTAKEN,
        _("Cette saisie a changé depuis, ici ou sur un autre poste : elle reste telle quelle."),
        _("Corrigez le champ lui-même."),
    )
