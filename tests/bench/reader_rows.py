"""Card readers beside `pcsc_scan` on the same real pcscd: how soon an insertion is told, and what waiting costs."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import psutil

from fieldkit.hardware.pcsc.cards import identify
from tests.bench.row import Row, against_limit, beside_peer
from tests.hardware.pcsc.test_cards import HEALTH, OTHERS
from tests.hardware.virtual_pcscd import VirtualPcscd, virtual_pcscd

ROOT: Final = Path(__file__).resolve().parents[2]
OURS: Final = (sys.executable, "-m", "fieldkit", "--json", "readers", "--watch", "3600")
PEER: Final = ("stdbuf", "-oL", "pcsc_scan", "-n")
INSERTIONS, IDLE_S, PATIENCE, REPEATS = 30, 20.0, 20.0, 200
ATR: Final = bytes.fromhex("3BAC00402A001225006480000310009000")


def rows(folder: Path) -> list[Row]:
    """Insertions seen by both, idle cost of both, and the time to identify each known answer."""
    with virtual_pcscd(folder) as pcscd, _following(OURS) as ours, _following(PEER) as peer:
        gaps = _gaps(pcscd, ours, peer)
        mine, theirs = _idle(ours, peer)
    return [
        against_limit(
            "readers: insertion told after pcsc_scan tells it, median (ms)", statistics.median(gaps), 10
        ),
        beside_peer("readers: idle (% of a core), peer pcsc_scan", mine, theirs, 1),
        against_limit("readers: slowest identification of a known card (ms)", _identification(), 1),
    ]


class _Follower:
    """A program that prints as it sees; when each line came, by our clock."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.lines: list[tuple[float, str]] = []
        self._told = threading.Condition()
        threading.Thread(target=self._read, daemon=True).start()

    def next_with(self, words: str, after: int) -> float:
        """When the first line with `words` came, among those after the first `after` lines."""
        found: list[float] = []

        def there() -> bool:
            found[:] = [moment for moment, line in self.lines[after:] if words in line]
            return bool(found)

        with self._told:
            assert self._told.wait_for(there, PATIENCE), f"{words!r} was not told: {self.lines[after:]}"
        return found[0]

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            with self._told:
                self.lines.append((time.perf_counter(), line))
                self._told.notify_all()


@contextmanager
def _following(command: tuple[str, ...]) -> Iterator[_Follower]:
    environment = os.environ | {"TERM": "dumb"}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield _Follower(process)
        finally:
            process.terminate()


def _gaps(pcscd: VirtualPcscd, ours: _Follower, peer: _Follower) -> list[float]:
    """Milliseconds from the peer's word of an insertion to ours; below zero where we were first."""
    ours.next_with("reader-added", 0)
    peer.next_with("Card removed", 0)
    card, gaps = pcscd.card(0), []
    for _round in range(INSERTIONS):
        seen = len(ours.lines), len(peer.lines)
        card.insert(ATR)
        gaps.append(
            (ours.next_with("card-inserted", seen[0]) - peer.next_with("Card inserted", seen[1])) * 1000
        )
        card.remove()
        ours.next_with("card-removed", seen[0])
    return gaps


def _idle(*followers: _Follower) -> list[float]:
    """Per cent of a core that each takes while nothing happens."""
    processes = [psutil.Process(follower.process.pid) for follower in followers]
    before = [sum(process.cpu_times()[:2]) for process in processes]
    time.sleep(IDLE_S)  # idle is what is measured
    after = [sum(process.cpu_times()[:2]) for process in processes]
    return [(end - start) / IDLE_S * 100 for start, end in zip(before, after, strict=True)]


def _identification() -> float:
    """The slowest of all known answers, each the median of many times."""
    return max(_time_of(bytes.fromhex(atr)) for atr, *_ in (*HEALTH, *OTHERS))


def _time_of(atr: bytes) -> float:
    times = []
    for _round in range(REPEATS):
        start = time.perf_counter()
        identify(atr)
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)
