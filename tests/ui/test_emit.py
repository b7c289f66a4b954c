"""Signals may be emitted for as long as the window is open."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import fieldkit.ui
from PySide6.QtCore import QObject, Signal

class Talker(QObject):
    said = Signal(object)

talker = Talker()
for n in range(20_000):
    talker.said.emit(n)
"""


def test_many_signals_leave_the_process_alive() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
