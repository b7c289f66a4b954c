"""What a laptop costs as laptops grow: simulated devices on one registry, spread over the departments of France.

A day of a laptop is five changes sent one by one and all that its colleagues of the department sent. Devices are
simulated: they call as laptops do, and keep no file. The registry is a process of its own, on SQLite.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

import httpx
import msgspec
import zstandard

from fieldkit.domain.clock import Stamp, new_id, now_ms
from fieldkit.registry import tokens
from fieldkit.registry.database import connect, write
from fieldkit.sync.protocol import BASE, DEVICE, SCHEMA
from tests.bench import plot
from tests.bench.row import Row, against_peer
from tests.e2e.service import registry
from tests.registry.caller import lines_of

SIZES: Final = (1, 10, 100, 1_000)
_DEPARTMENTS: Final = [f"dept:{number:02}" for number in range(1, 96) if number != 20]
_CHANGES: Final = 5
_AT_ONCE: Final = 4
_DAYS: Final = 200
"""Days that are measured, at least: a laptop alone has as many, one after the other."""


@dataclass
class Device:
    """A laptop as the registry sees it."""

    number: int
    token: str
    seq: int = 0
    cursor: int = 0

    @property
    def scope(self) -> str:
        """Its department."""
        return _DEPARTMENTS[self.number % len(_DEPARTMENTS)]

    def call(self, http: httpx.Client, path: str, lines: Sequence[Any]) -> list[Any]:
        """POST lines; the lines of the answer."""
        headers = {"Authorization": f"Bearer {self.token}", DEVICE: f"{self.number + 1:016x}", SCHEMA: "1"}
        body = zstandard.compress(b"".join(msgspec.json.encode(line) + b"\n" for line in lines))
        answer = http.post(BASE + path, content=body, headers={**headers, "Content-Encoding": "zstd"})
        assert answer.status_code == 200, answer.text
        return lines_of(answer)

    def register(self, http: httpx.Client) -> None:
        """Make it known."""
        card = {"device_id": f"{self.number + 1:016x}", "name": "", "app": "bench", "schema": 1}
        self.call(http, "/devices", [card])

    def day(self, http: httpx.Client) -> int:
        """Synchronise; how many records came."""
        self.call(http, "/session", [{"cursors": {self.scope: self.cursor}}])
        sent = []
        for _change in range(_CHANGES):
            self.seq += 1
            stamp = str(Stamp(now_ms(), self.seq, f"{self.number + 1:016x}"))
            op = {"t": "practice", "i": new_id(), "s": self.scope, "op": "create", "st": stamp}
            sent.append({"seq": self.seq, "v": 1, "ops": [{**op, "d": {"name": "Cabinet", "city": "Laval"}}]})
        outcomes = self.call(http, "/push", sent)
        assert {outcome["status"] for outcome in outcomes} == {"ok"}, outcomes
        *records, trailer = self.call(http, "/pull", [{"cursors": {self.scope: self.cursor}, "limit": 5_000}])
        self.cursor = trailer["next"]
        return len(records)


def rows(folder: Path, out: Path, sizes: Sequence[int] = SIZES) -> list[Row]:
    """The cost of a laptop's day among many, beside that of one alone; the curve is drawn to `out`."""
    costs = {size: _cost(folder / f"laptops-{size}", size) for size in sizes}
    plot.write(
        out,
        "What a day of one laptop costs the registry, as laptops grow",
        "laptops (simulated devices, 94 departments)",
        "ms for each laptop's day",
        {"session, 5 changes, pull": costs},
    )
    alone = costs[sizes[0]]
    return [
        against_peer(f"registry: a laptop's day among {size:,}, ms (peer: alone)", costs[size], alone, 2)
        for size in sizes[1:]
    ]


def _cost(folder: Path, size: int) -> float:
    folder.mkdir(parents=True)
    engine = connect(f"sqlite:///{folder / 'registry.db'}")
    devices = [Device(number, write(engine, partial(_token, number=number))) for number in range(size)]
    engine.dispose()
    with (
        registry(folder, folder / "registry.log") as url,
        httpx.Client(base_url=url, verify=False, timeout=60) as http,
        ThreadPoolExecutor(_AT_ONCE) as pool,
    ):
        list(pool.map(lambda device: device.register(http), devices))
        days = max(1, _DAYS // size)
        began = time.perf_counter()
        for _day in range(days):
            list(pool.map(lambda device: device.day(http), devices))
        return (time.perf_counter() - began) * 1_000 / days / size


def _token(db: Any, number: int) -> str:
    scope = _DEPARTMENTS[number % len(_DEPARTMENTS)]
    return tokens.create(db, f"user{number}", [scope], None, tokens.WRITER)
