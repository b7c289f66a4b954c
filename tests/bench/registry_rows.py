"""How fast the registry takes and gives over HTTP on loopback, on SQLite and on PostgreSQL."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import httpx
import msgspec
import zstandard

from tests.bench.row import Row, against_limit
from tests.registry.caller import Caller
from tests.registry.live import live_registry, sqlite_url
from tests.registry.postgres import is_installed, postgres

CHANGESETS = 500
RECORDS = 10
ROUNDS = 50


def rows(folder: Path) -> list[Row]:
    """Pushes and pulls of 5,000 records, a session with nothing new, and a batch of changes of one field."""
    found = list(_on(sqlite_url(folder), "SQLite", 8_000))
    if is_installed():
        with postgres() as url:
            found += _on(url, "PostgreSQL", 5_000)
    return found


def _on(url: str, name: str, pushed: int) -> Iterable[Row]:
    with live_registry(url) as registry, Caller(registry.url, registry.token("anne", "dept:72")) as anne:
        made = [
            [anne.create(name="Cabinet", city="Laval") for _ in range(RECORDS)] for _ in range(CHANGESETS)
        ]
        lines = [{"seq": seq, "v": 1, "ops": ops} for seq, ops in enumerate(made, start=1)]
        push = _per_record(lambda: anne.post("/push", lines)) * 1_000
        yield against_limit(f"registry on {name}: push, ms for 1,000 records", push, 1e6 / pushed)
        wanted = [{"cursors": {"dept:72": 0}}]
        pull = _per_record(lambda: anne.post("/pull", wanted)) * 1_000
        yield against_limit(f"registry on {name}: pull, ms for 1,000 records", pull, 1e6 / 30_000)
        known = [{"cursors": {"dept:72": CHANGESETS * RECORDS}}]
        quiet = min(_ms(lambda: anne.post("/session", known)) for _ in range(ROUNDS))
        yield against_limit(f"registry on {name}: nothing to do, ms", quiet, 15)
        size = len(anne.post("/session", known).content)
        yield against_limit(f"registry on {name}: nothing to do, bytes", size, 2_048)
        some = [op for ops in made for op in ops][:1_000]
        edits = [anne.set(op, city=("Laval", f"Le Mans {n}", op["st"])) for n, op in enumerate(some)]
        batch = [{"seq": CHANGESETS + n, "v": 1, "ops": [op]} for n, op in enumerate(edits, start=1)]
        packed = zstandard.compress(b"".join(msgspec.json.encode(line) + b"\n" for line in batch))
        yield against_limit(
            f"registry on {name}: bytes for a change of one field", len(packed) / len(batch), 40
        )


def _per_record(call: Callable[[], httpx.Response]) -> float:
    """Milliseconds for one of the records."""

    def checked() -> Any:
        answer = call()
        assert answer.status_code == 200, answer.text

    return _ms(checked) / (CHANGESETS * RECORDS)


def _ms(call: Callable[[], Any]) -> float:
    began = time.perf_counter()
    call()
    return (time.perf_counter() - began) * 1_000
