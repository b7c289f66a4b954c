"""The field that gets a scan as billing software would: dead keys joined, Enter and Tab obeyed.

What arrives is hidden until it is known to be a test code of ours; anything else is wiped there and then.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit

from fieldkit.hardware.scanner.timing import measure_times
from fieldkit.i18n import _

_END_OF_SCAN_MS: Final = 500


class PlainField(QLineEdit):
    """An ordinary field, but for its discretion."""

    focused = Signal(bool)
    """Emitted with whether it has the keyboard."""
    received = Signal(str, object)
    """Emitted with the text of one scan, its end included, and its `Timing` or None; the field is empty then."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("receivedText")
        self.setProperty("role", "mono")
        self.setAccessibleName(_("Ce que le logiciel de facturation recevrait"))
        self._times: list[float] = []
        self._shows = False
        self._silence = QTimer(self, singleShot=True, interval=_END_OF_SCAN_MS)
        self._silence.timeout.connect(lambda: self._finish(""))
        self.textEdited.connect(self._note)
        self.returnPressed.connect(lambda: self._finish("\r"))
        self.wipe()

    def wipe(self) -> None:
        """Hold nothing, undo included, and hide what comes next."""
        self._silence.stop()
        self._times = []
        self._shows = False
        self.setText("")  # unlike clear(), it leaves nothing to undo
        self.setEchoMode(QLineEdit.EchoMode.NoEcho)
        self.setPlaceholderText(_("Scannez ici, ou dans la zone ci-dessus"))

    def show_ours(self, text: str) -> None:
        """Show what a program receives of a test code of ours."""
        self.wipe()
        self._shows = True
        self.setEchoMode(QLineEdit.EchoMode.Normal)
        self.setText(text)
        self.setCursorPosition(0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.text() and self._shows:
            self.wipe()
        if event.text() and not event.isAutoRepeat():
            self._times.append(float(event.timestamp()))
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focused.emit(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.focused.emit(False)
        if self.text() and not self._shows:
            self._finish("\t" if event.reason() == Qt.FocusReason.TabFocusReason else "")

    def _note(self, _text: str) -> None:
        if self._shows:  # changed by other means than a key: pasted, dropped
            self._shows = False
            self.setEchoMode(QLineEdit.EchoMode.NoEcho)
        self._silence.start()

    def _finish(self, end: str) -> None:
        text, times = self.text(), self._times
        shown = self._shows
        if shown or not text:
            return
        self.wipe()
        self.received.emit(text + end, measure_times(times))
