"""How fast the catalogue answers while a delegate types, and how soon it is there at the first start."""

from __future__ import annotations

import itertools
import random
import statistics
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from fieldkit.domain.folding import fold
from fieldkit.paths import resource
from fieldkit.services import catalogue
from fieldkit.services.catalogue_file import load
from fieldkit.store.database import open_plain
from tests.bench.row import Row, against_limit, against_peer

QUERIES = 500
ROUNDS = 5
SEED = 20240108

RAW = """
    SELECT kind, id, name, text, roles, links, source, as_of
    FROM entry_text JOIN entry ON number = entry_text.rowid
    WHERE entry_text MATCH ? ORDER BY rank LIMIT 20
"""


def rows(folder: Path) -> list[Row]:
    """The first load; then 500 queries, names typed letter by letter, each beside the same FTS5 query raw."""
    path = folder / "catalogue" / "catalogue.db"
    started = time.perf_counter()
    load(path, resource("catalogue")).close()
    first = (time.perf_counter() - started) * 1000
    raw = open_plain(path, read_only=True).conn.cursor()
    ours: list[float] = []
    peer: list[float] = []
    for _round in range(ROUNDS):
        for typed in _typed(path):
            match = " ".join(f'"{word}"*' for word in fold(typed).split())
            ours.append(_timed(partial(catalogue.search, path, typed)))
            peer.append(_timed(partial(_fetch, raw, match)))
    mine, theirs = _p95(ours), _p95(peer)
    return [
        against_peer("catalogue: search p95 (ms), peer the same FTS5 query raw", mine, theirs, 1.5),
        against_limit("catalogue: search p95 (ms)", mine, 5),
        against_limit("catalogue: ready at first start (ms)", first, 1000),
    ]


def _typed(path: Path) -> list[str]:
    """The same names in the same order at every run, each letter by letter."""
    names = [row["name"] for row in catalogue.search(path, "", limit=10_000)["results"]]
    random.Random(SEED).shuffle(names)
    beginnings = (name[:end] for name in names for end in range(1, len(name) + 1))
    return list(itertools.islice(filter(fold, beginnings), QUERIES))


def _fetch(raw: Any, match: str) -> None:
    raw.execute(RAW, [match]).fetchall()


def _timed(action: Callable[[], object]) -> float:
    started = time.perf_counter()
    action()
    return (time.perf_counter() - started) * 1000


def _p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]
