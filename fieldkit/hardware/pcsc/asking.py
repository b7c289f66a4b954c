"""Asks a reader's driver for its attributes from a child process: a driver that crashes or hangs takes only that."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec

from fieldkit.hardware.pcsc.attributes import Reading

CHILD: Final = "reader-attributes"
"""The hidden command whose process asks; it gets the reader's name on its standard input."""
PATIENCE: Final = 5.0
"""Seconds given to a driver, the start of the child included."""

_PACKAGE: Final = Path(__file__).resolve().parents[2]
_NO_WINDOW: Final[int] = getattr(subprocess, "CREATE_NO_WINDOW", 0)


def ask(name: str, *, patience: float = PATIENCE, command: Sequence[str] = ()) -> Reading:
    """What the driver of `name`, a name as PC/SC gives it, tells. Never raises; `command` stands for the child."""
    frozen = getattr(sys, "frozen", False)
    try:
        done = subprocess.run(
            command or [sys.executable, *([] if frozen else ["-m", _PACKAGE.name]), CHILD],
            input=name.encode(),
            capture_output=True,
            timeout=patience,
            check=False,
            cwd=None if frozen else _PACKAGE.parent,
            creationflags=_NO_WINDOW,
        )
    except subprocess.TimeoutExpired:
        return Reading("timed-out")
    except OSError as error:
        return Reading("crashed", code=error.errno or 0)
    if done.returncode != 0:
        return Reading("crashed", code=done.returncode)
    try:
        return msgspec.json.decode(done.stdout, type=Reading)
    except msgspec.DecodeError:
        return Reading("crashed")


def answer(reading: Reading) -> str:
    """What the child prints."""
    return msgspec.json.encode(reading).decode()
