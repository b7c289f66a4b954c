"""Sixteen writers and a reader without pause: nothing is missed. With a cursor over a sequence, as is usual, it is."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import msgspec
import pytest
from sqlalchemy import Connection, Engine, create_engine, insert, select, text

from fieldkit.domain.clock import Stamp, new_id
from fieldkit.registry import ledger, push
from fieldkit.registry.database import write
from fieldkit.registry.ledger import Ledger
from fieldkit.registry.pull import pull
from fieldkit.registry.tables import device, record
from fieldkit.registry.tokens import WRITER, Holder
from fieldkit.sync.protocol import Changeset, Pulled, PullRequest
from tests.registry.live import LiveRegistry

WRITERS = 16
WHO = Holder("anne", {"dept:72": WRITER})

Read = Callable[[Connection, int], tuple[set[str], int]]


@pytest.fixture
def engine(on_postgresql: LiveRegistry, postgres_url: str) -> Iterator[Engine]:
    """A connection for every writer and the reader."""
    on_postgresql.token("anne", "dept:72")
    engine = create_engine(postgres_url, pool_size=WRITERS + 1)
    with engine.begin() as db:
        for n in range(WRITERS):
            about = {"name": "", "app": "", "last_seq": 0, "seen_at": 0}
            db.execute(insert(device).values(id=f"{n:016x}", sub="anne", **about))
        db.execute(text("CREATE SEQUENCE IF NOT EXISTS usual_seq"))
    yield engine
    engine.dispose()
    on_postgresql.clear()


class OverSequence(Ledger):
    """The mutant: numbers from a sequence of the database, which nobody holds until the commit."""

    def __init__(self, db: Connection, device_id: str, last: Stamp | None, scopes: Iterable[str]) -> None:
        super().__init__(db, device_id, last, ())
        self._scopes = {name: ledger._Scope(0, 0, 0) for name in scopes}

    def _row(self, key: tuple[str, str]) -> dict[str, Any]:
        row = super()._row(key)
        return {**row, "seq": self._db.scalar(text("SELECT nextval('usual_seq')"))}


def by_pull(db: Connection, cursor: int) -> tuple[set[str], int]:
    """Read on as the registry's pull does."""
    *records, trailer = pull(db, WHO, PullRequest({"dept:72": cursor}))
    seen = {one.i for one in records if isinstance(one, Pulled)}
    return seen, int(msgspec.to_builtins(trailer)["next"])


def by_greatest(db: Connection, cursor: int) -> tuple[set[str], int]:
    """Read on from the greatest number seen, as is usual."""
    rows = db.execute(
        select(record.c.id, record.c.seq).where(record.c.scope == "dept:72", record.c.seq > cursor)
    ).all()
    return {row.id for row in rows}, max((row.seq for row in rows), default=cursor)


def written(engine: Engine, number: int, each: int) -> set[str]:
    """Push `each` changesets of one record from one device, as fast as it goes."""
    name = f"{number:016x}"
    made = [new_id() for _ in range(each)]
    for seq, identity in enumerate(made, start=1):
        stamp = str(Stamp(1_790_000_000_000 + seq, 0, name))
        op = {"t": "practice", "i": identity, "s": "dept:72", "op": "create", "st": stamp, "d": {"name": "x"}}
        changeset = Changeset(seq, 1, msgspec.Raw(msgspec.json.encode([op])))
        assert write(engine, lambda db, c=changeset: push.take(db, WHO, name, c)).status == "ok"  # type: ignore[misc]
    return set(made)


def missed(engine: Engine, read: Read, each: int) -> int:
    """How many records a reader never saw that reads all the time while all write, and once more at the end."""
    done = threading.Event()

    def watch() -> set[str]:
        seen: set[str] = set()
        cursor, last = 0, False
        while not last:
            last = done.is_set()
            with engine.connect() as db:
                more, cursor = read(db, cursor)
            seen |= more
        return seen

    with ThreadPoolExecutor(WRITERS + 1) as pool:
        reader = pool.submit(watch)
        try:
            futures = [pool.submit(written, engine, n, each) for n in range(WRITERS)]
            made = union(future.result(300) for future in futures)
        finally:
            done.set()
        assert len(made) == WRITERS * each
        return len(made - reader.result(60))


def union(sets: Iterable[set[str]]) -> set[str]:
    return set().union(*sets)


@pytest.mark.parametrize("read", [by_pull, by_greatest])
def test_nothing_is_missed_over_a_counter_that_is_held(engine: Engine, read: Read) -> None:
    assert missed(engine, read, each=20) == 0


@pytest.mark.soak
def test_nothing_of_2400_is_missed(engine: Engine) -> None:
    assert missed(engine, by_pull, each=150) == 0


def test_records_are_missed_over_a_sequence(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """The writer that got the first number is held up until the reader is past it, as it may be any day."""
    numbers: list[int] = []
    passed = threading.Event()

    class HeldUp(OverSequence):
        def _row(self, key: tuple[str, str]) -> dict[str, Any]:
            row = super()._row(key)
            numbers.append(row["seq"])
            if row["seq"] == min(numbers):
                passed.wait(60)
            return row

    def watched(db: Connection, cursor: int) -> tuple[set[str], int]:
        seen, cursor = by_greatest(db, cursor)
        if cursor > min(numbers, default=cursor):
            passed.set()
        return seen, cursor

    monkeypatch.setattr(push, "Ledger", HeldUp)
    assert missed(engine, watched, each=20) > 0
