"""The app's window, timed: prints the monotonic clock once it is painted and takes input."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from fieldkit.ui import app


def tell(_window: object) -> None:
    """Once the events that painting left are through."""
    QTimer.singleShot(0, _say)


def _say() -> None:
    print(time.monotonic(), flush=True)
    if "--close" in sys.argv:
        QApplication.quit()


sys.exit(app.main(Path(sys.argv[1]), Path(sys.argv[2]), on_painted=tell))
