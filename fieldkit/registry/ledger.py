"""The records that one changeset touches: read once, merged in memory, written together."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, Row, bindparam, delete, func, insert, select, update

from fieldkit.domain import fieldwork
from fieldkit.domain.clock import Stamp, derived_id, now_ms
from fieldkit.domain.fieldwork import Record
from fieldkit.domain.merge import ARCHIVED, REGISTRY, Cell, Clash, Edit, clamp, merge
from fieldkit.errors import KnownError
from fieldkit.i18n import _
from fieldkit.registry import erasure, rules
from fieldkit.registry.database import pieces
from fieldkit.registry.tables import device, person, record, scope, version
from fieldkit.sync.protocol import SUM_SPACE, Op, record_sum

_UPDATE: Final = (
    update(record)
    .where(record.c.scope == bindparam("new_scope"), record.c.id == bindparam("new_id"))
    .values(
        {
            name: bindparam(f"new_{name}")
            for name in ("type", "rev", "seq", "doc", "stamps", "archived", "sum")
        }
    )
)


@dataclass(slots=True)
class _Scope:
    """A row of `scope`, as this changeset leaves it."""

    head: int
    n: int
    sum: int


class Ledger:
    """Opened with the scopes to write in, which it locks; nothing is written before `save`."""

    def __init__(self, db: Connection, device_id: str, last: Stamp | None, scopes: Iterable[str]) -> None:
        self._db = db
        self._device = device_id
        self._seq = 0
        self.last = last
        """The greatest stamp of the device."""
        locked = select(scope).where(scope.c.id.in_(set(scopes))).order_by(scope.c.id).with_for_update()
        self._scopes: dict[str, _Scope] = {
            row.id: _Scope(row.head, row.n, row.sum) for row in db.execute(locked)
        }
        self._records: dict[tuple[str, str], tuple[Record, int] | None] = {}
        self._sums: dict[tuple[str, str], int] = {}
        """Sums of records as the database has them."""
        self._touched: dict[tuple[str, str], int] = {}
        """Records to write, with the revision they have in the database (0: none)."""
        self._versions: list[dict[str, Any]] = []
        self._erased: set[tuple[str, str]] = set()
        """Records that had a history, which goes with them."""
        self._conflicts: list[str] = []
        self._undo: list[Callable[[], Any]] = []
        """What takes back what the changeset under way has done, last step last."""

    def load(self, ops: Iterable[tuple[str, Op]]) -> None:
        """Read at once what these ops of these scopes will ask for."""
        wanted: dict[str, set[str]] = {}
        for scope_id, op in ops:
            visit = op.d.get("visit")
            wanted.setdefault(scope_id, set()).update({op.i, visit} if isinstance(visit, str) else {op.i})
        for scope_id, names in wanted.items():
            for some in pieces(names):
                self._records |= dict.fromkeys(((scope_id, name) for name in some), None)
                rows = self._db.execute(
                    select(record).where(record.c.scope == scope_id, record.c.id.in_(some))
                )
                for row in rows:
                    self._hold(row)

    @contextmanager
    def changeset(self, seq: int) -> Iterator[list[str]]:
        """One changeset of the device: what its block wrote is taken back where it raises KnownError.

        Gives the list that its conflicts will be in.
        """
        self._seq, self._undo, self._conflicts = seq, [], []
        versions, last = len(self._versions), self.last
        try:
            yield self._conflicts
        except KnownError:
            for take_back in reversed(self._undo):
                take_back()
            del self._versions[versions:]
            self.last = last
            raise

    def write(self, op: Op, scope_id: str) -> None:
        """Merge one op. Raises KnownError where its record may not be written."""
        known = self._known(scope_id, op.i)
        if known is None and op.t == "conflict":
            return  # settled on a registry since restored, which makes it anew if the two values meet again
        before, rev = known or (Record(op.t, op.i, scope_id, {}), 0)
        if before.type != op.t:
            raise KnownError("wrong-type", _("Cet identifiant est celui d'une fiche d'un autre type."))
        self._refuse_frozen(op, before)
        self.last = clamp(Stamp.parse(op.st), self._device, self.last, now_ms())
        after, clashes = merge(before, _edit(op, self.last))
        self._put(after, rev, op)
        for clash in clashes:
            self._add_conflict(after, clash)

    def erase(self, op: Op, scope_id: str) -> None:
        """Leave of the record of `op` only that it is erased, and tell that again: a laptop still writes to it."""
        known = self._known(scope_id, op.i)
        if known and known[0].stamps:  # it came before what tells that it is to be erased
            self._erased.add((scope_id, op.i))
            self._undo.append(partial(self._erased.discard, (scope_id, op.i)))
        self._hold_new(Record(op.t, op.i, scope_id, {}, {}, archived=True), known[1] if known else 0)

    def save(self, gone: Iterable[str] = ()) -> dict[str, int]:
        """Write everything, and that the records `gone` are erased. Returns the new head of each scope."""
        erasure.remember(self._db, gone)
        rows: dict[bool, list[dict[str, Any]]] = {True: [], False: []}
        for key, stored_rev in self._touched.items():
            rows[stored_rev == 0].append(self._row(key))
        if rows[True]:
            self._db.execute(insert(record), rows[True])
        if rows[False]:
            self._db.execute(_UPDATE, [{f"new_{name}": v for name, v in row.items()} for row in rows[False]])
        for scope_id, name in self._erased:
            self._db.execute(delete(version).where(version.c.scope == scope_id, version.c.id == name))
        versions = [row for row in self._versions if (row["scope"], row["id"]) not in self._erased]
        if versions:
            self._db.execute(insert(version), versions)
        for scope_id, state in self._scopes.items():
            values = {"head": state.head, "n": state.n, "sum": state.sum % SUM_SPACE}
            self._db.execute(update(scope).where(scope.c.id == scope_id).values(**values))
        return {scope_id: state.head for scope_id, state in self._scopes.items()}

    def _known(self, scope_id: str, record_id: str) -> tuple[Record, int] | None:
        key = (scope_id, record_id)
        if key not in self._records:
            where = (record.c.scope == scope_id, record.c.id == record_id)
            row = self._db.execute(select(record).where(*where)).one_or_none()
            self._records[key] = None
            if row is not None:
                self._hold(row)
        return self._records[key]

    def _hold(self, row: Row[Any]) -> None:
        key = (row.scope, row.id)
        found = Record(row.type, row.id, row.scope, json.loads(row.doc), json.loads(row.stamps), row.archived)
        self._records[key] = (found, row.rev)
        self._sums[key] = row.sum

    def _hold_new(self, after: Record, rev: int) -> None:
        """Hold a record as it will be; `rev` is the revision it had."""
        key = (after.scope, after.id)
        if key in self._records:
            self._undo.append(partial(self._records.__setitem__, key, self._records[key]))
        else:
            self._undo.append(partial(self._records.pop, key))
        if key not in self._touched:
            self._undo.append(partial(self._touched.pop, key))
        self._touched.setdefault(key, rev)
        self._records[key] = (after, rev + 1)

    def _refuse_frozen(self, op: Op, before: Record) -> None:
        if op.op == "set" and fieldwork.tells_afterwards(op.t, op.c):
            return
        if op.t == "visit":
            rules.refuse_frozen(before.doc)
        elif op.t in fieldwork.VISIT_PARTS:
            moved_to = op.c["visit"][1] if "visit" in op.c else op.d.get("visit")
            for visit_id in {str(name) for name in (before.doc.get("visit"), moved_to) if name is not None}:
                visit = self._known(before.scope, visit_id)
                rules.refuse_frozen(visit[0].doc if visit else {})

    def _put(self, after: Record, rev: int, op: Op) -> None:
        self._hold_new(after, rev)
        self._versions.append(
            {
                **{"scope": after.scope, "id": after.id, "rev": rev + 1, "at": now_ms()},
                **{"device": self._device, "changeset": self._seq, "op": msgspec.json.encode(op).decode()},
            }
        )

    def _add_conflict(self, target: Record, clash: Clash) -> None:
        doc = {
            **{"target_type": target.type, "target_id": target.id, "field": clash.field, "kind": clash.kind},
            **{"base": clash.base, "ours": clash.ours, "theirs": clash.theirs},
            "who": {"ours": self._writer(clash.ours_at), "theirs": self._writer(clash.theirs_at)},
            "when": {"ours": clash.ours_at, "theirs": clash.theirs_at},
            "settled": True if clash.kind == "soft" else None,
        }
        doc = {name: value for name, value in doc.items() if value is not None}
        made_at = Stamp.parse(clash.ours_at)
        named = derived_id(made_at.ms, " ".join([target.id, clash.field, clash.ours_at, clash.theirs_at]))
        stamp = str(Stamp(made_at.ms, made_at.counter, REGISTRY))
        conflict = Record("conflict", named, target.scope, doc, dict.fromkeys(doc, stamp))
        self._put(conflict, 0, Op("conflict", conflict.id, target.scope, "create", stamp, doc))
        self._conflicts.append(conflict.id)

    def _writer(self, stamp: str) -> str:
        """What people call the user of the device that made a stamp; empty for a text that the registry merged."""
        known = select(func.coalesce(func.nullif(person.c.name, ""), device.c.sub))
        known = known.select_from(device.outerjoin(person, person.c.sub == device.c.sub))
        return self._db.scalar(known.where(device.c.id == Stamp.parse(stamp).device)) or ""

    def _row(self, key: tuple[str, str]) -> dict[str, Any]:
        known = self._records[key]
        assert known is not None
        after, rev = known
        erased = after.archived and not after.stamps
        whole = (after.type, after.id, rev, after.doc, after.stamps, after.archived)
        total = 0 if erased else record_sum(*whole)
        state = self._scopes[after.scope]
        state.head += 1
        state.n += not (self._touched[key] or erased)
        state.sum += total - self._sums.get(key, 0)
        return {
            **{"scope": after.scope, "id": after.id, "type": after.type, "rev": rev},
            **{"seq": state.head, "sum": total},
            "doc": msgspec.json.encode(after.doc).decode(),
            "stamps": msgspec.json.encode(after.stamps).decode(),
            "archived": after.archived,
        }


def _edit(op: Op, stamp: Stamp) -> Edit:
    if op.op == "set":
        return Edit(stamp, {name: Cell(*cell) for name, cell in op.c.items()}, op.v)
    if op.op == "create":
        return Edit(stamp, {name: Cell(None, value, None) for name, value in op.d.items()})
    put_away = op.op == "archive"
    return Edit(stamp, {ARCHIVED: Cell(not put_away, put_away, op.v.get(ARCHIVED))}, op.v)
