"""The zone that takes the keys of a scanner as they come: raw, timed, and only while it has the keyboard."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QGuiApplication, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout

from fieldkit.hardware.scanner.keyboard import Modifiers, Stroke, position
from fieldkit.hardware.scanner.keyboard import modifiers as native_modifiers
from fieldkit.i18n import _, ngettext
from fieldkit.ui.theme import GRID, scaled
from fieldkit.ui.widgets.text import IconLabel, label, restyle

END_OF_SCAN_MS: Final = 500
"""Silence after which a scan is over; longer than the slowest pause a scanner makes between two keys."""

AFTER_ENTER_MS: Final = 250
"""The same after Enter, which ends most scans; a line feed may still follow."""


class KeyCapture(QFrame):
    """A focused zone. It keeps the strokes of one scan until they are handed over, and shows their number only.

    Dead keys arrive raw because input methods are off; shortcuts are left aside while it listens. Escape
    gives the keyboard back. It never grabs the keyboard: Alt+Tab keeps working, and losing the focus is told.
    """

    scanned = Signal(object)
    """Emitted with the list of strokes of one scan, Enter included."""
    paused = Signal(bool)
    """Emitted with whether the zone has lost the keyboard."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("keyCapture")
        self.setProperty("kind", "capture")
        self.setAccessibleName(_("Zone de test du lecteur"))
        self.setAccessibleDescription(_("Reçoit les touches du lecteur ; Échap pour en sortir"))
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumHeight(scaled(112))
        self._strokes: list[Stroke] = []
        self._silence = QTimer(self, singleShot=True, interval=END_OF_SCAN_MS)
        self._silence.timeout.connect(self._finish)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        self._icon = IconLabel("pause", "muted", 28)
        self._words = label("", "strong", wrap=True)
        self._words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        column.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self._words)
        column.addStretch(1)
        self._say(listening=False)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and not self._strokes:
            super().focusNextPrevChild(True)
            return
        self._strokes.append(as_stroke(event))
        ended = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        self._silence.start(AFTER_ENTER_MS if ended else END_OF_SCAN_MS)
        count = ngettext("{n} touche reçue…", "{n} touches reçues…", len(self._strokes))
        self._words.setText(count.format(n=len(self._strokes)))

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        event.accept()

    def focusNextPrevChild(self, _forward: bool) -> bool:
        return False

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        self.setFocus(Qt.FocusReason.MouseFocusReason)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._say(listening=True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._finish()
        self._say(listening=False)

    def _finish(self) -> None:
        self._silence.stop()
        strokes, self._strokes = self._strokes, []
        self._say(listening=self.hasFocus())
        if strokes:
            self.scanned.emit(strokes)

    def _say(self, *, listening: bool) -> None:
        restyle(self, "listening", listening)
        self._icon.show_icon("scanner" if listening else "pause", "accent" if listening else "muted")
        ready = _("Prêt : scannez le code de test")
        waiting = _("En pause : cliquez ici, ou appuyez sur Alt+Z, avant de scanner")
        self._words.setText(ready if listening else waiting)
        self.paused.emit(not listening)


def as_stroke(event: QKeyEvent) -> Stroke:
    """A key event as the diagnosis wants it; the time is that of the event, not of its handling."""
    platform = QGuiApplication.platformName()
    held = event.modifiers()
    modifiers = Modifiers.NONE
    if held & Qt.KeyboardModifier.ShiftModifier:
        modifiers |= Modifiers.SHIFT
    if held & Qt.KeyboardModifier.GroupSwitchModifier:
        modifiers |= Modifiers.ALTGR
    if held & Qt.KeyboardModifier.ControlModifier:
        modifiers |= Modifiers.CONTROL
    if held & Qt.KeyboardModifier.AltModifier:
        modifiers |= Modifiers.ALT
    # Only these bits tell Caps Lock, and AltGr on Windows, which Qt takes for Ctrl and Alt.
    modifiers |= native_modifiers(event.nativeModifiers(), platform)
    return Stroke(
        event.text(), position(event.nativeScanCode(), platform), modifiers, float(event.timestamp())
    )
