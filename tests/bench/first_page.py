"""The end of the wait: the first page painted, its content asked for, and events flowing."""

from __future__ import annotations

import sys
import time

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication

from fieldkit.ui.main_window import MainWindow


class FirstPage(QObject):
    """Prints the monotonic clock once the first page has been painted."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__()
        window.begin()
        self._page = window.page("dashboard")
        self._page.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, self._tell)
        return False

    def _tell(self) -> None:
        print(time.monotonic(), flush=True)
        if "--close" in sys.argv:
            QApplication.quit()
