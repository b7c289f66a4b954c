"""The window with the scanner's page in view; prints how long each key took to be seen, in milliseconds.

The time of a key is the X server's own; it is over when the zone that counts keys has been painted again.
"""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

if TYPE_CHECKING:
    from fieldkit.ui.widgets.key_capture import KeyCapture

_WRAP_MS = 2**32


class Watch(QObject):
    """Notes the time of each key, and tells it when the zone is next painted."""

    def __init__(self, zone: KeyCapture) -> None:
        super().__init__(zone)
        self._zone = zone
        self._waiting: list[int] = []
        app = QApplication.instance()
        assert app is not None
        app.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._zone and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            self._waiting.append(event.timestamp())
        if event.type() == QEvent.Type.Paint and watched.parent() is self._zone and self._waiting:
            QTimer.singleShot(0, self._tell)  # once this round of painting is done
        return False

    def _tell(self) -> None:
        now = time.monotonic_ns() // 1_000_000
        for pressed in self._waiting:
            print(f"key {(now - pressed) % _WRAP_MS}", flush=True)
        self._waiting = []


def main(folder: str) -> int:
    from pathlib import Path

    from fieldkit.settings import Settings
    from fieldkit.ui import theme
    from fieldkit.ui.main_window import MainWindow
    from fieldkit.ui.pages.base import Context
    from fieldkit.ui.runner import Runner

    app = QApplication([])
    theme.apply(app, "light", 100)
    window = MainWindow(Context(Path(folder), Runner(), Settings(theme="light")))
    window.resize(1280, 720)
    window.show()
    window.begin()
    window.open_page("scanner")
    zone = window.page("scanner").bench.keyboard.capture  # type: ignore[attr-defined]
    watch = Watch(zone)
    exposed = QTimer(watch, interval=20)

    def tell_once() -> None:
        handle = window.windowHandle()
        if handle is not None and handle.isExposed():
            exposed.stop()
            zone.setFocus()
            print(f"window {int(window.winId())}", flush=True)

    exposed.timeout.connect(tell_once)
    exposed.start()
    code = app.exec()
    window.context.close()
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
