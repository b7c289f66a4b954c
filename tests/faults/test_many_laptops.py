"""Many laptops, each a process, on the same practices: all are killed, so is the registry, and the network is bad.

In the end all show the same, nothing is lost, and the conflicts are those that an independent checker works out.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

import pytest
import stamina

from tests.faults import children
from tests.faults.children import PATIENCE, Server
from tests.faults.delegates import write_on
from tests.sync import checker, promises
from tests.sync.chaos import Chaos, chaos
from tests.sync.laptop import Laptop
from tests.sync.promises import Op, hold, key

USERS = ("anne", "bruno", "chloe", "david", "emma")


@pytest.fixture(autouse=True)
def _no_waiting() -> Iterator[None]:
    with stamina.set_testing(True, attempts=2):
        yield


@dataclass
class Told:
    """What became of them."""

    changesets: int = 0
    kills: int = 0
    restarts: int = 0
    met: int = 0
    conflicts: int = 0
    seconds: float = 0


@dataclass
class Fleet:
    """Laptops of delegates of one department, each at work in a process."""

    folder: Path
    changes: int
    chance: random.Random
    laptops: list[Laptop] = field(default_factory=list)
    at_work: dict[Connection, tuple[Any, int]] = field(default_factory=dict)
    saved: list[int] = field(default_factory=list)
    """For each laptop, the last change that it said to be on its disk."""

    def add(self, user: str, url: str, token: str) -> None:
        """One more laptop."""
        self.laptops.append(Laptop(self.folder, f"{user}{len(self.laptops)}", url, token))
        self.saved.append(0)

    def go(self, number: int) -> None:
        """Put a laptop to work, or back to it."""
        laptop = self.laptops[number]
        seed = self.chance.randrange(1 << 30)
        process, near = children.start(write_on, laptop.file, number, self.changes, seed)
        self.at_work[near] = (process, number)

    def work(self, kills: int, server: Server, restarts: int) -> None:
        """Let all work until they are done, and kill some of them, and the registry, at any moment."""
        total = len(self.laptops) * self.changes
        moments = sorted(self.chance.sample(range(1, total), kills + restarts))
        which = self.chance.sample([True] * kills + [False] * restarts, kills + restarts)
        heard = 0
        while self.at_work:
            ready = wait(list(self.at_work), PATIENCE)
            assert ready, "nobody does anything any more"
            for near in ready:
                assert isinstance(near, Connection)
                process, number = self.at_work[near]
                try:
                    self.saved[number] = near.recv()
                    heard += 1
                except EOFError:
                    self._ended(near)
                    continue
                if moments and heard >= moments[0]:
                    moments.pop(0)
                    if which.pop():
                        process.kill()
                    else:
                        server.kill()
                        server.start()

    def _ended(self, near: Connection) -> None:
        process, number = self.at_work.pop(near)
        near.close()
        process.join(PATIENCE)
        killed = process.exitcode != 0
        process.close()
        if killed:
            self.go(number)


def lived_through(folder: Path, count: int, changes: int, kills: int, restarts: int) -> Told:
    """Let `count` laptops make `changes` each on five shared practices, and check every promise."""
    began, told = time.monotonic(), Told(count * changes, kills, restarts)
    fleet = Fleet(folder, changes, random.Random(count))
    with children.server(folder / "registry") as server, chaos(server.url, count, share=20) as network:
        try:
            for number in range(count):
                user = USERS[number % len(USERS)]
                fleet.add(user, network.url, server.token(user, "dept:72"))
            _begin(fleet, network)
            for number in range(count):
                fleet.go(number)
            fleet.work(kills, server, restarts)
            told.met = sum(network.met.values()) - network.met["pass"]
            network.share = 0
            _check(fleet, server, told)
        finally:
            for process, _number in fleet.at_work.values():
                process.kill()
            for laptop in fleet.laptops:
                laptop.store.close()
    told.seconds = time.monotonic() - began
    return told


def _begin(fleet: Fleet, network: Chaos) -> None:
    share, network.share = network.share, 0
    for n in range(5):
        fleet.laptops[0].practice(name=f"w{n}1", city=f"w{n}2", profession=f"w{n}3", comment="a\nb\nc\nd\ne")
    for laptop in fleet.laptops:
        laptop.sync()
        laptop.store.close()
    network.share = share


def _check(fleet: Fleet, server: Server, told: Told) -> None:
    written: list[Op] = []
    for laptop, saved in zip(fleet.laptops, fleet.saved, strict=True):
        laptop.reopen()
        promises.is_sound(laptop.store)
        rows = laptop.store.database.execute("SELECT seq, ops FROM outbox ORDER BY seq").fetchall()
        hold(promises.SAVED, [row[0] for row in rows] == list(range(1, fleet.changes + 1)))
        hold(promises.SAVED, saved == fleet.changes, saved)
        written += [op for row in rows for op in json.loads(row[1])]
    for laptop in [*fleet.laptops] * 2:
        laptop.sync()
    there = server.facts()
    promises.exactly_once(there)
    promises.nothing_is_missing(there, written)
    promises.no_value_disappeared(there, sorted(written, key=lambda op: str(op["st"])))
    promises.greatest_wins(there)
    for number, laptop in enumerate(fleet.laptops):
        promises.shows_the_same(there, laptop.store, USERS[number % len(USERS)], "dept:72")
    values, conflicts = checker.worked_out(there)
    found = checker.told(there)
    assert found - conflicts == {}, "conflicts that there should not be"
    assert conflicts - found == {}, "conflicts that should be there"
    assert values == {i: r["fields"] for i, r in there.records.items() if r["type"] == "practice"}
    assert len({key(op) for op in written}) == len(written)
    assert sum(not laptop.sync()["pulled"] for laptop in fleet.laptops) == len(fleet.laptops)
    told.conflicts = found.total()


def test_a_few_laptops(tmp_path: Path) -> None:
    told = lived_through(tmp_path, count=4, changes=15, kills=3, restarts=1)
    assert told.conflicts > 0
    assert told.met > 0


@pytest.mark.soak
def test_fifty_laptops(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = lived_through(tmp_path, count=50, changes=200, kills=40, restarts=8)
    with capsys.disabled():
        print(f"\n50 laptops: {told}")
