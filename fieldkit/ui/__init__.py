"""The window. The only rooms that import PySide6."""

from __future__ import annotations

import builtins
import sys

import PySide6.QtCore  # noqa: F401  puts its import hook in place


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


def import_plainly() -> None:
    """Take away PySide6's import hook, which reads the source of every module that is imported after it.

    It looks for uses of its `__feature__`, which we have none of. Measured: a tenth of the window's start.
    """
    builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)


keep_constants()
import_plainly()
