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
ROUNDS = 25
IDLE_S = 5.0
OURS, BARE = "tests.bench.window_ours", "tests.bench.window_bare"


def rows(folder: Path) -> list[Row]:
    """Start time against a bare PySide6 window with a table, and resident memory when idle."""
    with virtual_screen(folder / "xvfb.log") as screen:
        environment = _environment(screen, folder)
        for _warm_up in range(2):  # the first start makes the profile; every other day's start finds one
            _start(environment, OURS)
            _start(environment, BARE)
        times = [(_start(environment, OURS), _start(environment, BARE)) for _round in range(ROUNDS)]
        memory = _idle_memory(environment)
    mine, theirs = (statistics.median(column) for column in zip(*times, strict=True))
    return [
        against_peer("window: process start to usable (ms), peer a bare PySide6 table", mine, theirs, 1.6),
        against_limit("window: resident memory when idle (MB)", memory, 200),
    ]


def _environment(screen: Screen, folder: Path) -> dict[str, str]:
    """That of a user: Python may keep what it compiled, as it does for an installed program."""
    passphrase = folder / "passphrase"
    passphrase.write_text("banc")
    kept = {k: v for k, v in screen.environment.items() if not k.startswith(("PYTHON", "FIELDKIT"))}
    own = {"FIELDKIT_PROFILE": str(folder / "profile"), "FIELDKIT_PASSPHRASE_FILE": str(passphrase)}
    return {**kept, **own, "PYTHONPYCACHEPREFIX": str(folder / "compiled")}


def _start(environment: dict[str, str], program: str) -> float:
    """Milliseconds from the start of the process until it says that its window is painted and takes input."""
    start = time.monotonic()
    with _launch(environment, program, "--close") as process:
        assert process.stdout is not None
        ready = process.stdout.readline().strip()
        process.wait(60)
    return (float(ready) - start) * 1000


def _idle_memory(environment: dict[str, str]) -> float:
    with _launch(environment, OURS) as process:
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(IDLE_S)  # idle is what is measured
        megabytes = psutil.Process(process.pid).memory_info().rss / 2**20
        process.terminate()
        process.wait(60)
    return float(megabytes)


def _launch(environment: dict[str, str], *program: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", *program], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    )
