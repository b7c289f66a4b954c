"""The window lives as long as one wants, whatever PySide6 does to Python's constants."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import fieldkit.ui
from PySide6.QtCore import QObject, Signal

class Talker(QObject):
    said = Signal(object)

talker = Talker()
for n in range(50_000):
    talker.said.emit(n)
    talker.setObjectName("x")
    talker.parent()
    talker.signalsBlocked()
"""


def test_many_calls_leave_the_process_alive() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
