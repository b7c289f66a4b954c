"""The directory at the size of the country: how soon it is imported, found in, and scrolled through.

`BENCH_DIRECTORY_ROWS` asks for another number of rows, to try it out.
"""

from __future__ import annotations

import itertools
import json
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fieldkit.domain.directory import Listed
from fieldkit.domain.folding import fold
from fieldkit.services import directory, profile
from tests.bench import annuaire_file
from tests.bench.annuaire_file import PLACE
from tests.bench.row import Row, against_limit, against_peer
from tests.e2e.screen import virtual_screen

ROOT = Path(__file__).resolve().parents[2]
ROWS = int(os.environ.get("BENCH_DIRECTORY_ROWS", "2250000"))
PEER_SHARE = 10
SEED = 20261125
SAMPLE = 120
ROUNDS = 3
"""Of each search the quickest counts: the others waited for what else the machine had to do."""
FRAME_MS = 16

SURNAME, FIRST, IDENTITY = '"Nom d\'exercice"', '"Prénom d\'exercice"', '"Identifiant PP"'
TOWN, POST, DEPARTMENT = (
    f'"Libellé commune {PLACE}"',
    f'"Code postal {PLACE}"',
    '"Code Département (structure)"',
)
TRADE, FINESS = '"Libellé profession"', '"Numéro FINESS site"'
SAME_INDEXES = f"""
    CREATE INDEX names ON t ({SURNAME}, {FIRST}, {IDENTITY});
    CREATE INDEX identity ON t ({IDENTITY});
    CREATE INDEX finess ON t ({FINESS}) WHERE {FINESS} <> '';
    CREATE INDEX first ON t ({FIRST}, {SURNAME}, {TOWN}, {TRADE}, {DEPARTMENT});
    CREATE INDEX town ON t ({TOWN}, {POST}, {SURNAME}, {FIRST}, {TRADE}, {DEPARTMENT});
    CREATE INDEX trade ON t ({TRADE}, "Libellé savoir-faire");
    CREATE INDEX department ON t ({DEPARTMENT}, {SURNAME}, {FIRST}, {TRADE});
"""
"""On the table of the shell, what ours can be found by."""


def rows(folder: Path) -> list[Row]:
    """Import against two peers on the same file, then searches and scrolling in what was imported."""
    file = annuaire_file.write(folder / "PS_LibreAcces_Personne_activite_202611250800.txt", ROWS).path
    place = folder / "directory-profile"
    answer, ours = _import(file, place)
    shell, utils = _shell(file, folder), _sqlite_utils(file, folder)
    path = profile.directory_path(place)
    short, long = _searches(path)
    scroll = _scroll(folder, place)
    file.unlink()
    return [
        against_peer(
            "directory: import (s), peer sqlite-utils insert (a tenth, times ten)", ours, utils, 0.2
        ),
        against_peer("directory: import (s), peer sqlite3 .import and the same indexes", ours, shell, 2.5),
        against_limit("directory: import, peak memory (MB)", answer["peak_mb"], 300),
        against_limit("directory: search p95, 3 letters or more (ms)", _p95(long), FRAME_MS),
        against_limit("directory: search p95, 1 or 2 letters (ms)", _p95(short), FRAME_MS),
        against_limit(
            f"directory: slowest of {len(short) + len(long)} searches (ms)", max(*short, *long), 100
        ),
        against_limit("directory: scrolling, repaint p95 (ms)", scroll["repaint_p95_ms"], FRAME_MS),
        against_limit("directory: scrolling, memory over an empty list (MB)", scroll["memory_mb"], 60),
    ]


def _import(file: Path, place: Path) -> tuple[dict[str, Any], float]:
    command = [
        sys.executable,
        "-m",
        "fieldkit",
        "directory",
        "import",
        str(file),
        "--json",
        "--profile",
        str(place),
    ]
    started = time.perf_counter()
    told = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False).stdout
    return json.loads(told), time.perf_counter() - started


def _sqlite_utils(file: Path, folder: Path) -> float:
    """What a tenth of the rows takes, ten times over: it takes as long for each, a quarter of an hour for all.

    The quote mark is one that the file does not hold: there, quotes are content.
    """
    made, part = folder / "utils.db", folder / "part.txt"
    with file.open("rb") as whole, part.open("wb") as some:
        some.writelines(itertools.islice(whole, 1 + ROWS // PEER_SHARE))
    command = [sys.executable, "-m", "sqlite_utils", "insert", str(made), "t", str(part)]
    command += ["--csv", "--delimiter", "|", "--quotechar", "\x1f", "--silent"]
    started = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    seconds = time.perf_counter() - started
    made.unlink()
    part.unlink()
    return seconds * PEER_SHARE


def _shell(file: Path, folder: Path) -> float:
    made = folder / "shell.db"
    script = f'.mode ascii\n.separator "|" "\\n"\n.import {file} t\n{SAME_INDEXES}'
    started = time.perf_counter()
    subprocess.run(["sqlite3", str(made)], input=script, text=True, check=True, stderr=subprocess.DEVNULL)
    seconds = time.perf_counter() - started
    made.unlink()
    return seconds


def _searches(path: Path) -> tuple[list[float], list[float]]:
    """How long searches take, in milliseconds: those of one or two letters, and the longer ones."""
    chance = random.Random(SEED)
    everyone = directory.listing(path)
    some = [directory.page(path, everyone, chance.randrange(len(everyone)), 1)[0] for _line in range(SAMPLE)]
    short: list[float] = []
    long: list[float] = []
    texts = {text for line in some for text in _typed(line, chance)}
    for text in sorted(texts, key=lambda _text: chance.random()):
        took = min(_timed(path, text) for _round in range(ROUNDS))
        letters = len(fold(text).replace(" ", ""))
        (short if letters < 3 else long).append(took)
    return short, long


def _timed(path: Path, text: str) -> float:
    started = time.perf_counter()
    directory.search(path, text)
    return (time.perf_counter() - started) * 1000


def _typed(line: Listed, chance: random.Random) -> Iterator[str]:
    """What somebody who looks for a line may type, letter by letter."""
    town, postcode, _department = line.town
    whole = chance.choice(
        [
            f"{line.surname} {line.first_name}",
            f"{line.first_name} {line.surname}",
            f"{line.surname} {town}",
            f"{line.surname} {line.first_name} {town}",
            f"{town} {line.surname}",
            f"{line.trade[0]} {town}",
            f"{line.first_name} {town}",
            f"{line.surname} {postcode}",
            line.trade[0],
            line.identity,
            line.finess or line.identity,
        ]
    )
    return (whole[:end] for end in range(1, len(whole) + 1) if fold(whole[:end]))


def _scroll(folder: Path, place: Path) -> dict[str, float]:
    """Scroll through the page of the window, in a process of its own."""
    with virtual_screen(folder / "xvfb-scroll.log") as screen:
        command = [sys.executable, "-m", "tests.bench.directory_scroll", str(place)]
        environment = {**screen.environment, "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"}
        told = subprocess.run(
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True
        )
    return dict(json.loads(told.stdout.splitlines()[-1]))


def _p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]
