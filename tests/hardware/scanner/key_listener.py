"""A window that prints each key press as a JSON line; run by test_scanner_xserver.py on its own X server."""

from __future__ import annotations

import json
import sys

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget


class Listener(QWidget):
    """Takes raw key presses, without an input method."""

    def __init__(self) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def focusInEvent(self, event: QFocusEvent) -> None:
        tell({"focus": True})
        super().focusInEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        tell(
            {
                "text": event.text(),
                "native_scan_code": event.nativeScanCode(),
                "native_modifiers": event.nativeModifiers(),
                "t_ms": event.timestamp(),
            }
        )


def tell(message: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    app = QApplication([])
    window = Listener()
    window.show()
    tell({"window": int(window.winId())})
    app.exec()
