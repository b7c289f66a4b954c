"""No random picture, and no random bytes, crash a decoder or keep it busy for ever."""

from __future__ import annotations

import secrets
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
FEW, MANY = 6_000, 100_000
FASTEST_PACE = 50
"""Cases a second that even a busy machine does; ten times as many are usual."""


def run(count: int, seed: int) -> str:
    """The last thing the child said; it is ended where it takes far too long."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.hardware.scanner.fuzzing", str(count), str(seed)],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=60 + count / FASTEST_PACE,
    )  # fmt: skip
    said = done.stdout.split()[-1] if done.stdout else "nothing"
    return (
        said
        if done.returncode == 0
        else f"case {said} of seed {seed} ended it: {done.returncode} {done.stderr}"
    )


def test_a_few_thousand_random_things_do_no_harm() -> None:
    assert run(FEW, 2026) == "done"


@pytest.mark.soak
def test_a_hundred_thousand_random_things_do_no_harm() -> None:
    assert run(MANY, secrets.randbelow(2**31)) == "done"
