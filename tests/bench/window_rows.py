"""How long from the start of the process to a window that is painted and takes input, and what it weighs idle."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from pathlib import Path

import psutil

from tests.bench.row import Row, against_limit, against_peer
from tests.e2e.screen import Screen, virtual_screen

ROOT = Path(__file__).resolve().parents[2]
ROUNDS = 9
IDLE_S = 5.0


def rows(folder: Path) -> list[Row]:
    """Start time against a bare PySide6 window with a table, and resident memory when idle."""
    passphrase = folder / "passphrase"
    passphrase.write_text("banc")
    place = ["--profile", str(folder / "profile"), "--passphrase-file", str(passphrase)]
    ours = ["tests.bench.window_ours", *place]
    bare = ["tests.bench.window_bare"]
    with virtual_screen(folder / "xvfb.log") as screen:
        _start(screen, ours)  # the first start makes the profile; the second is every other day's
        _start(screen, bare)
        times = [(_start(screen, ours), _start(screen, bare)) for _round in range(ROUNDS)]
        memory = _idle_memory(screen, ours)
    mine, theirs = (statistics.median(column) for column in zip(*times, strict=True))
    return [
        against_peer("window: process start to usable (ms), peer a bare PySide6 table", mine, theirs, 1.6),
        against_limit("window: resident memory when idle (MB)", memory, 200),
    ]


def _start(screen: Screen, command: list[str]) -> float:
    """Milliseconds from the start of the process until it says that its window is painted and takes input."""
    start = time.monotonic()
    with _launch(screen, [*command, "--close"]) as process:
        assert process.stdout is not None
        ready = process.stdout.readline().strip()
        process.wait(60)
    return (float(ready) - start) * 1000


def _idle_memory(screen: Screen, command: list[str]) -> float:
    with _launch(screen, command) as process:
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(IDLE_S)  # idle is what is measured
        megabytes = psutil.Process(process.pid).memory_info().rss / 2**20
        process.terminate()
        process.wait(60)
    return float(megabytes)


def _launch(screen: Screen, command: list[str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", *command],
        cwd=ROOT,
        env=screen.environment,
        stdout=subprocess.PIPE,
        text=True,
    )
