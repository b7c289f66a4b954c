"""The end of the wait: the first page painted, its content asked for, and events flowing."""

from __future__ import annotations

import sys
import time

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

from fieldkit.ui.main_window import MainWindow


class FirstPage(QObject):
    """Prints the monotonic clock once events flow in the painted window, whose first page must be there."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__()
        assert window.page("dashboard").isVisible()
        QTimer.singleShot(0, self._tell)

    def _tell(self) -> None:
        print(time.monotonic(), flush=True)
        if "--close" in sys.argv:
            QApplication.quit()
