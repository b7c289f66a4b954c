"""What a person does at the bench with a scanner."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QWidget,
)

from fieldkit.hardware.scanner.usb import UsbScanner
from fieldkit.ui.widgets.plain_field import PlainField
from fieldkit.ui.widgets.scanner_bench import ScannerBench
from tests.ui.conftest import until
from tests.ui.test_scanner_page import strokes

SECRET = "PATIENT-QW-0123456789-AZ"
PIECES = [SECRET[n : n + 5] for n in range(len(SECRET) - 4)]
MUTE = UsbScanner("Zebra (Symbol)", "DS2208", "05E0:1900", "snapi")


def scan(
    bench: ScannerBench, scanner: str = "fr", computer: str = "fr", text: str = "", end: str = "\r"
) -> None:
    """One scan into the zone, judged."""
    count = readings(bench)
    for event in strokes(text or bench.code_card.code.text, scanner, computer, end=end):
        QApplication.sendEvent(bench.keyboard.capture, event)
    until(lambda: readings(bench) > count)


def readings(bench: ScannerBench) -> int:
    return len(bench.trial.shots) + bench.trial.others


def type_into(field: PlainField, text: str) -> None:
    """A scan into the field, as the computer makes text of it; the end is Enter, Tab or nothing."""
    keys = {"\r": Qt.Key.Key_Return, "\t": Qt.Key.Key_Tab}
    for n, character in enumerate(text):
        event = QKeyEvent(QEvent.Type.KeyPress, keys.get(character, Qt.Key.Key_unknown),
                          Qt.KeyboardModifier.NoModifier, 0, 0, 0, character)  # fmt: skip
        event.setTimestamp(1000 + 8 * n)
        QApplication.sendEvent(field, event)


def press(bench: ScannerBench, name: str) -> None:
    button = bench.findChild(QPushButton, name)
    assert button is not None
    button.click()


def choose(box: QComboBox, value: object) -> None:
    box.setCurrentIndex(box.findData(value))
    box.activated.emit(box.currentIndex())


def words(root: QWidget) -> str:
    """Whatever `root` shows or says, to eyes and to screen readers, and what its fields hold, shown or not."""
    found = []
    for widget in [root, *root.findChildren(QWidget)]:
        found += [widget.accessibleName(), widget.accessibleDescription(), widget.toolTip()]
        if isinstance(widget, (QLabel, QPushButton)):
            found.append(widget.text())
        if isinstance(widget, QLineEdit):
            found += [widget.text(), widget.displayText(), widget.placeholderText(), widget.selectedText()]
        if isinstance(widget, QPlainTextEdit):
            found.append(widget.toPlainText())
        if isinstance(widget, (QAbstractItemView, QComboBox)):
            model = widget.model()
            found += [str(model.index(row, 0).data()) for row in range(model.rowCount())]
    return "\n".join(found)
