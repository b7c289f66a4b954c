"""How fast the catalogue answers while a delegate types, and how soon it is there at the first start."""

from __future__ import annotations

import itertools
import random
import statistics
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any

from fieldkit.domain.folding import fold
from fieldkit.paths import resource
from fieldkit.services import catalogue
from fieldkit.services.catalogue_file import fingerprint, load
from fieldkit.store import catalogue as store
from fieldkit.store import imports
from fieldkit.store.database import open_plain
from tests.bench import made_catalogue
from tests.bench.row import Row, against_limit, against_peer

QUERIES = 500
ROUNDS = 5
LETTERS = "abcdefghijklmnopqrstuvwxyz"

RAW = """
    SELECT kind, id, name, text, roles, links, source, as_of
    FROM entry_text JOIN entry ON number = entry_text.rowid
    WHERE entry_text MATCH ? ORDER BY rank LIMIT 20
"""


def rows(folder: Path) -> list[Row]:
    """The first load of the real tables; then, on a catalogue of the size of the GIE's base: 500 queries, names
    typed letter by letter, each beside the same FTS5 query raw; names with a mistake; and all facets.
    """
    path = folder / "catalogue" / "catalogue.db"
    first = _timed(lambda: load(path, resource("catalogue")).close())
    large = folder / "catalogue" / "large.db"
    # Of the real files, or it would be made anew.
    mark = fingerprint(resource("catalogue"), resource("devices"), imports.beside(large))
    made = made_catalogue.make()
    built = _timed(lambda: store.build(large, mark, made))
    raw = open_plain(large, read_only=True).conn.cursor()
    names = _names(large)
    ours: list[float] = []
    peer: list[float] = []
    mistaken: list[float] = []
    counted: list[float] = []
    for _round in range(ROUNDS):
        for typed in _typed(names):
            match = " ".join(f'"{word}"*' for word in fold(typed).split())
            ours.append(_timed(partial(catalogue.search, large, typed)))
            peer.append(_timed(partial(_fetch, raw, match)))
        mistaken += [_timed(partial(catalogue.search, large, typed)) for typed in _with_a_mistake(names)]
        counted += [
            _timed(partial(catalogue.search, large, typed, facets=True))
            for typed in itertools.islice(_typed(names), 50)
        ]
    mine, theirs = _p95(ours), _p95(peer)
    return [
        against_peer("catalogue: search p95 (ms), peer the same FTS5 query raw", mine, theirs, 1.5),
        against_limit("catalogue: search p95 (ms)", mine, 5),
        against_limit("catalogue: search of a name with a mistake p95 (ms)", _p95(mistaken), 16),
        against_limit("catalogue: search and all facets p95 (ms)", _p95(counted), 50),
        against_limit("catalogue: ready at first start (ms)", first, 1000),
        against_limit("catalogue: made anew at 19,038 labellisations (ms)", built, 10_000),
    ]


def _names(path: Path) -> list[str]:
    """Every name in the same order at every run, so that each round asks the same."""
    names = [row["name"] for row in catalogue.search(path, "", limit=100_000)["results"]]
    random.Random(made_catalogue.SEED).shuffle(names)
    return names


def _typed(names: Iterable[str]) -> Iterable[str]:
    """500 queries: names letter by letter."""
    beginnings = (name[:end] for name in names for end in range(1, len(name) + 1))
    return itertools.islice(filter(fold, beginnings), QUERIES)


def _with_a_mistake(names: Iterable[str]) -> list[str]:
    chance = random.Random(made_catalogue.SEED)
    long = (fold(name) for name in names if len(fold(name)) >= 5)
    wrong = []
    for name in itertools.islice(long, 100):
        place = chance.randrange(len(name))
        wrong.append(name[:place] + chance.choice(LETTERS) + name[place + 1 :])
    return wrong


def _fetch(raw: Any, match: str) -> None:
    raw.execute(RAW, [match]).fetchall()


def _timed(action: Callable[[], object]) -> float:
    started = time.perf_counter()
    action()
    return (time.perf_counter() - started) * 1000


def _p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]
