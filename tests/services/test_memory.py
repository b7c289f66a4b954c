"""What a process says of its memory is its own."""

from __future__ import annotations

import subprocess
import sys

from fieldkit.services.memory import peak_mb


def test_what_whoever_started_it_has_taken_is_not_counted() -> None:
    taken = bytearray(b"x" * (200 << 20))
    told = "from fieldkit.services.memory import peak_mb; print(peak_mb())"
    child = float(subprocess.check_output([sys.executable, "-c", told]))
    assert peak_mb() > len(taken) >> 20
    assert 1 < child < 100
