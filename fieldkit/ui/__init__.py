"""The window. The only rooms that import PySide6."""

from __future__ import annotations

import sys


def keep_constants() -> None:
    """Make `None`, `True` and `False` outlive PySide6 6.12 on Python 3.11, as they do by themselves from 3.12 on.

    Its functions hand these three out without a reference of their own. Measured: every call that returns
    nothing takes one from `None` and every emitted signal one from `True`, until the process aborts with
    "none_dealloc" or "bool_dealloc"; for `True` that is after some 600 signals.
    """
    if sys.version_info < (3, 12):
        import ctypes

        for constant in (None, True, False):
            ctypes.c_ssize_t.from_address(id(constant)).value += 1 << 40


keep_constants()
