"""Undo and redo in a visit: each is one more changeset, which writes back what an earlier one wrote over.

The outbox is the journal: its ops carry the values before and after. Nothing in it is ever taken back; the
table `inverse` says which entry is the inverse of which, so that what was undone can be done again, even
after a restart, until something else is written.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from sqlite_utils import Database

from fieldkit.domain.fieldwork import VISIT_PARTS
from fieldkit.errors import KnownError
from fieldkit.i18n import _
from fieldkit.store import changes
from fieldkit.store.changes import Changes, Changeset, Op
from fieldkit.store.fieldwork import FieldStore

DEEPEST: Final = 300
"""How many of the newest entries of the outbox are looked through."""

_OF_PRACTICE: Final = ("workstation", "equipment")
_TURNED: Final = {"create": "archive", "archive": "restore", "restore": "archive"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One changeset of the journal: its identity in the outbox, what was done in words, and how."""

    id: str
    label: str
    ops: list[Op]


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
    inverse_of = dict(map(tuple, store.database.execute("SELECT id, of FROM inverse")))
    own = _Own(store, visit_id, str(visit["practice"]))
    undo: list[Entry] = []
    redo: list[Entry] = []
    for entry in _journal(store.database):
        if not own.all_of(entry.ops):
            continue
        if any(op["op"] == "create" and op["t"] == "visit" for op in entry.ops):
            undo, redo = [], []  # before this there was no visit to come back to
        elif redo and inverse_of.get(entry.id) == redo[-1].id:
            redo.pop()
            undo.append(entry)
        elif undo and inverse_of.get(entry.id) == undo[-1].id:
            redo.append(Entry(entry.id, undo.pop().label, entry.ops))
        else:
            undo.append(entry)
            redo = []
    return History(tuple(reversed(undo)), tuple(reversed(redo)))


def invert(store: FieldStore, entry: Entry, label: str) -> Changes:
    """Write the inverse of an entry, as a changeset called `label`.

    Raises KnownError `undo-overtaken` where a value is no longer the one that the entry wrote; nothing is
    written then.
    """
    with store.changeset(label) as c:
        for op in reversed(entry.ops):
            _invert(store, c, op)
        c.inverse_of = entry.id
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
    if record.archived != back:
        raise _overtaken()
    c.archive(record.type, record.id, back=back)


class _Own:
    """Tells the records of one visit: itself, its parts, its practice, and what stands there."""

    def __init__(self, store: FieldStore, visit_id: str, practice: str) -> None:
        self._store, self._visit, self._practice = store, visit_id, practice
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
            return record_id in (self._visit, self._practice)
        record = changes.read_record(self._store.database, record_type, record_id)
        if record is None:
            return False
        if record_type in VISIT_PARTS:
            return bool(record["visit"] == self._visit)
        return record_type in _OF_PRACTICE and bool(record["practice"] == self._practice)


def _journal(database: Database) -> list[Entry]:
    """The newest entries, oldest first; what the registry refused was taken back already."""
    rows = database.execute(
        "SELECT id, label, ops FROM outbox WHERE state <> 'refused' ORDER BY seq DESC LIMIT ?", [DEEPEST]
    ).fetchall()
    return [Entry(entry_id, label, json.loads(ops)) for entry_id, label, ops in reversed(rows)]


def _overtaken() -> KnownError:
    return KnownError(
        "undo-overtaken",
        _("Cette saisie a changé depuis, ici ou sur un autre poste : elle n'est pas annulée."),
        _("Corrigez le champ lui-même."),
    )
