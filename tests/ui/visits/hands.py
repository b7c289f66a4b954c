"""What a person does at the page: find a control by name, type, look."""

from __future__ import annotations

from typing import Any, TypeVar

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

W = TypeVar("W", bound=QWidget)


def settle() -> None:
    """Let what was put into a layout come into sight: Qt shows it one turn of its loop after it is added."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.MetaCall.value)


def find(page: QWidget, name: str, kind: type[W]) -> W:
    """The control called `name`, which must be in sight."""
    settle()
    found = page.findChild(kind, name)
    assert found is not None, name
    assert found.isVisible(), f"{name} is hidden"
    return found


def type_in(page: QWidget, name: str, text: str) -> Any:
    """Put the keyboard in the field `name` and type `text` after what stands there."""
    control = find(page, name, QWidget)
    control.setFocus()
    for modifier in (Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.NoModifier):
        QTest.keyClick(control, Qt.Key.Key_End, modifier)
    _strokes(control, text)
    return control


def retype(page: QWidget, name: str, text: str) -> Any:
    """Type `text` in the place of what stands in the field."""
    control = find(page, name, QWidget)
    control.setFocus()
    QTest.keyClick(control, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(control, Qt.Key.Key_Delete)
    _strokes(control, text)
    return control


def press(page: QWidget, name: str) -> None:
    """Press the button `name` with the space bar."""
    made = find(page, name, QAbstractButton)
    made.setFocus()
    QTest.keyClick(made, Qt.Key.Key_Space)


def texts(page: QWidget) -> str:
    """Every label in sight, in one text."""
    settle()
    return "\n".join(made.text() for made in page.findChildren(QLabel) if made.isVisible())


def type_here(text: str) -> QWidget:
    """Type `text` where the keyboard is."""
    control = QApplication.focusWidget()
    assert control is not None, "nothing has the keyboard"
    _strokes(control, text)
    return control


def key_here(key: Qt.Key) -> None:
    """Press `key` where the keyboard is."""
    control = QApplication.focusWidget()
    assert control is not None, "nothing has the keyboard"
    QTest.keyClick(control, key)


def take_suggestion(qtbot: QtBot, name: str) -> None:
    """Wait for the list `name` to drop down, and take the first thing in it."""
    qtbot.waitUntil(lambda: QApplication.activePopupWidget() is not None)
    popup = QApplication.activePopupWidget()
    assert popup is not None
    assert popup.objectName() == name
    QTest.keyClick(popup, Qt.Key.Key_Down)
    QTest.keyClick(popup, Qt.Key.Key_Return)


def _strokes(control: QWidget, text: str) -> None:
    for letter in text:
        if letter.isascii():
            QTest.keyClicks(control, letter)
        else:
            press_ = QKeyEvent(QEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, letter)
            QApplication.sendEvent(control, press_)
