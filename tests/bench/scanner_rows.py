"""How soon a scanner's key is seen in the window, through a real X server."""

from __future__ import annotations

import statistics
import subprocess
import sys
from pathlib import Path

from fieldkit.hardware.scanner import testcode
from tests.bench.row import Row, against_limit
from tests.e2e.screen import virtual_screen

ROOT = Path(__file__).resolve().parents[2]
SCANS = 8
PAUSE_MS = 8
"""Between two keys, as a scanner of the usual speed makes them."""


def rows(folder: Path) -> list[Row]:
    """Eight scans of a 64-character code at 8 ms a key: from the server's event to the painted screen."""
    text = testcode.with_nonce("klnb", "long-64").text
    delays: list[float] = []
    profile = folder / "scanner"
    profile.mkdir()
    with virtual_screen(folder / "scanner-xvfb.log") as screen:
        command = [sys.executable, "-m", "tests.bench.scanner_window", str(profile)]
        process = subprocess.Popen(
            command, cwd=ROOT, env=screen.environment, stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        screen.focus(int(process.stdout.readline().split()[1]))
        for _scan in range(SCANS):
            screen.press("us", text, PAUSE_MS)
            pressed = sum(2 if character.isupper() or character in "_" else 1 for character in text)
            while pressed:
                delays.append(float(process.stdout.readline().split()[1]))
                pressed -= 1
        process.terminate()
        process.wait(60)
    return [against_limit("scanner: key to screen p95 (ms)", statistics.quantiles(delays, n=20)[-1], 16)]
