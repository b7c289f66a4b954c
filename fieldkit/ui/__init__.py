"""The window. The only rooms that import PySide6."""

from __future__ import annotations

import sys


def keep_true() -> None:
    """Make Python's `True` outlive PySide6 6.12, whose `Signal.emit` gives away a reference it does not own.

    Measured: on Python 3.11 each emit takes one from `True`, and the process aborts ("bool_dealloc") after
    some 600 of them. From 3.12 on `True` is immortal and nothing has to be done.
    """
    if sys.version_info < (3, 12):
        import ctypes

        ctypes.c_ssize_t.from_address(id(True)).value += 1 << 40


keep_true()
