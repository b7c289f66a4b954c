"""Sync with one of its rules left out: each breaks one promise, in a story that the real code comes through."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from weakref import WeakKeyDictionary

import pytest
from sqlalchemy import Connection, delete, select, update

from fieldkit.domain.fieldwork import Record
from fieldkit.domain.merge import Clash, Edit, merge
from fieldkit.registry import ledger, push
from fieldkit.registry.tables import applied, device
from fieldkit.registry.tokens import Holder
from fieldkit.store import outbox
from fieldkit.store.database import writing
from fieldkit.store.replica import Replica, Row
from fieldkit.sync.mending import Mending
from fieldkit.sync.protocol import Changeset, Outcome
from tests.sync import promises
from tests.sync.world import World

CITY: Final = 0
_take_all, _stage, _apply, _answer = push.take_all, Replica.stage, Replica.apply, outbox.answer


@dataclass(frozen=True)
class Mutant:
    """What is left out, the story that shows it, and the promise that it breaks."""

    name: str
    leave_out: Callable[[pytest.MonkeyPatch], None]
    story: Callable[[World], None]
    broken: str


def _no_dedup(db: Connection, who: Holder, device_id: str, changesets: Sequence[Changeset]) -> list[Outcome]:
    digests = [hashlib.blake2b(one.ops, digest_size=16).hexdigest() for one in changesets]
    db.execute(delete(applied).where(applied.c.digest.in_(digests)))
    known = (device.c.id == device_id, device.c.last_seq >= changesets[0].seq)
    db.execute(update(device).where(*known).values(last_seq=changesets[0].seq - 1))
    return _take_all(db, who, device_id, changesets)


def _no_gap_check(
    db: Connection, who: Holder, device_id: str, changesets: Sequence[Changeset]
) -> list[Outcome]:
    last = db.scalar(select(device.c.last_seq).where(device.c.id == device_id)) or 0
    before = max(last, changesets[0].seq - 1)
    db.execute(update(device).where(device.c.id == device_id).values(last_seq=before))
    return _take_all(db, who, device_id, changesets)


def _cursor_without_rows(patch: pytest.MonkeyPatch) -> None:
    """And without the daily look at the sums, which finds what this loses, and mends it."""
    patch.setattr(Mending, "run", lambda _self: None)
    waiting: WeakKeyDictionary[Replica, list[Row]] = WeakKeyDictionary()

    def stage(
        self: Replica, rows: Iterable[Row], since: Mapping[str, int], reached: Mapping[str, int]
    ) -> None:
        waiting.setdefault(self, []).extend(rows)
        _stage(self, (), since, reached)
        with writing(self._database):
            self._database.execute("UPDATE cursor SET seq = staged")

    def apply(self: Replica) -> int:
        _stage(self, waiting.pop(self, []), cursors := self.link().cursors, cursors)
        return _apply(self)

    patch.setattr(Replica, "stage", stage)
    patch.setattr(Replica, "apply", apply)


def _arrival_order_wins(record: Record, edit: Edit) -> tuple[Record, list[Clash]]:
    merged, clashes = merge(record, edit)
    doc, stamps, told = dict(merged.doc), dict(merged.stamps), []
    for clash in clashes:
        if clash.theirs_at == str(edit.stamp) and clash.field in edit.cells:
            doc[clash.field], stamps[clash.field] = clash.theirs, clash.theirs_at
            values, times = (clash.theirs, clash.ours), (clash.theirs_at, clash.ours_at)
            clash = replace(clash, ours=values[0], theirs=values[1], ours_at=times[0], theirs_at=times[1])
        told.append(clash)
    return replace(merged, doc=doc, stamps=stamps), told


def _acked_are_forgotten(database: Any, answers: Iterable[outbox.Answer]) -> None:
    _answer(database, answers)
    database.execute("DELETE FROM outbox WHERE state = 'acked'")


def _answer_lost(world: World) -> None:
    world.create(0)
    world.cut(0, "/push", answered=True)


def _restored_on_the_line(world: World) -> None:
    world.create(0)
    world.exchange(0)
    world.back_up()
    world.edit(0, 0, CITY)
    world.exchange(0)
    world.edit(0, 0, CITY)
    world.restore_meanwhile(0)


def _killed_while_pulling(world: World) -> None:
    world.create(0)
    world.exchange(0)  # which also compares the copies, as is done once a day: nothing mends what follows
    for call in range(1, 11):
        world.create(1)
        world.exchange(1)
        world.kill(0, call)


def _monday_sent_on_friday(world: World) -> None:
    world.create(0)
    for who in (0, 1):
        world.exchange(who)
    world.turn_clock(0, -4)
    world.edit(0, 0, CITY)
    world.edit(1, 0, CITY)
    world.exchange(1)
    world.exchange(0)


def _refused(world: World) -> None:
    world.create_elsewhere(0)
    world.create(0)
    world.exchange(0)


def _restored(world: World) -> None:
    world.exchange(0)
    world.back_up()
    world.create(0)
    world.exchange(0)
    world.restore()


def _kept_nowhere(*_args: object) -> Outcome:
    return Outcome(_args[3].seq, "refused", quarantine="nowhere")  # type: ignore[attr-defined]


MUTANTS: Final = (
    Mutant("no dedup", lambda p: p.setattr(push, "take_all", _no_dedup), _answer_lost, promises.ONCE),
    Mutant(
        "no gap check",
        lambda p: p.setattr(push, "take_all", _no_gap_check),
        _restored_on_the_line,
        promises.REFILLED,
    ),
    Mutant("cursor without rows", _cursor_without_rows, _killed_while_pulling, promises.SAME),
    Mutant(
        "arrival-order wins",
        lambda p: p.setattr(ledger, "merge", _arrival_order_wins),
        _monday_sent_on_friday,
        promises.GREATEST,
    ),
    Mutant(
        "no conflict rows",
        lambda p: p.setattr(ledger.Ledger, "_add_conflict", lambda *_args: None),
        _monday_sent_on_friday,
        promises.NO_LOSS,
    ),
    Mutant("no quarantine", lambda p: p.setattr(push, "_refused", _kept_nowhere), _refused, promises.KEPT),
    Mutant(
        "acked are forgotten",
        lambda p: p.setattr(outbox, "answer", _acked_are_forgotten),
        _restored,
        promises.REFILLED,
    ),
)
