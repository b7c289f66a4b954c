"""Controls of a form, alike to whoever fills or reads them: a line, a text, a choice, a suggestion, a tick.

Each has `typed` (emitted for what a person does, never for what a program shows), `left` (the keyboard went
elsewhere), `value`, `show_value` and `set_read_only`. None is changed by a wheel that only meant to scroll.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from PySide6.QtCore import QSize, Qt, SignalInstance
from PySide6.QtCore import Signal as QtSignal
from PySide6.QtGui import QFocusEvent, QFontMetrics, QWheelEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QPlainTextEdit, QSizePolicy

from fieldkit.i18n import _
from fieldkit.ui.theme import scaled


class Control(Protocol):
    """What a field of a form is edited in."""

    typed: SignalInstance
    left: SignalInstance

    def value(self) -> Any:
        """What stands in it; None for nothing."""

    def show_value(self, value: Any) -> None:
        """Show `value` without a word about it."""

    def set_read_only(self, yes: bool) -> None:
        """Whether it can only be read."""


class LineControl(QLineEdit):
    """One line of text."""

    typed = QtSignal()
    left = QtSignal()

    def __init__(self, placeholder: str = "", *, width: int = 0) -> None:
        super().__init__()
        self.setPlaceholderText(placeholder)
        if width:
            self.setMaximumWidth(scaled(width))
        self.textEdited.connect(self.typed)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit()

    def value(self) -> str | None:
        return self.text().strip() or None

    def show_value(self, value: Any) -> None:
        text = "" if value is None else str(value)
        if text != self.text():
            self.setText(text)
            self.setCursorPosition(0)

    def set_read_only(self, yes: bool) -> None:
        self.setReadOnly(yes)


class TextControl(QPlainTextEdit):
    """Several lines of text, `lines` of them in sight; Tab leaves it."""

    typed = QtSignal()
    left = QtSignal()

    def __init__(self, placeholder: str = "", *, lines: int = 3, grows: bool = False) -> None:
        super().__init__()
        self._lines = lines
        self.setPlaceholderText(placeholder)
        self.setTabChangesFocus(True)
        policy = QSizePolicy.Policy.Expanding if grows else QSizePolicy.Policy.Fixed
        self.setSizePolicy(QSizePolicy.Policy.Expanding, policy)
        self.textChanged.connect(self.typed)

    def sizeHint(self) -> QSize:
        height = QFontMetrics(self.font()).lineSpacing() * self._lines + scaled(22)
        return QSize(super().sizeHint().width(), height)

    def minimumSizeHint(self) -> QSize:
        return QSize(scaled(160), self.sizeHint().height())

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit()

    def value(self) -> str | None:
        text = self.toPlainText()
        return text if text.strip() else None

    def show_value(self, value: Any) -> None:
        text = "" if value is None else str(value)
        if text == self.toPlainText():
            return
        self.blockSignals(True)
        self.setPlainText(text)
        self.blockSignals(False)

    def set_read_only(self, yes: bool) -> None:
        self.setReadOnly(yes)


class ChoiceControl(QComboBox):
    """One of some values, told in words; the first choice is that it is not known."""

    typed = QtSignal()
    left = QtSignal()

    def __init__(self, choices: Mapping[Any, str], unknown: str = "") -> None:
        super().__init__()
        self.addItem(unknown or _("Inconnu"), None)
        for value, words in choices.items():
            self.addItem(words, value)
        _let_shrink(self)
        self.activated.connect(self._chosen)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit()

    def value(self) -> Any:
        return self.currentData()

    def show_value(self, value: Any) -> None:
        row = self.findData(value)
        if row < 0:
            self.addItem(str(value), value)
            row = self.count() - 1
        self.setCurrentIndex(row)

    def set_read_only(self, yes: bool) -> None:
        self.setEnabled(not yes)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def _chosen(self, _row: int) -> None:
        self.typed.emit()


class SuggestControl(QComboBox):
    """Free text with a few ready answers, such as "Aucun" for `none`; empty is not known."""

    typed = QtSignal()
    left = QtSignal()

    def __init__(self, ready: Mapping[str, str], placeholder: str = "") -> None:
        super().__init__()
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self._ready = dict(ready)
        self._seen: str | None = None
        line = QLineEdit()
        line.setStyleSheet("border: none; padding: 0; min-height: 0; background: transparent;")
        line.setPlaceholderText(placeholder or _("Inconnu"))
        self.setLineEdit(line)
        for words in self._ready.values():
            self.addItem(words)
        self.setCurrentIndex(-1)
        self.setCompleter(None)  # type: ignore[arg-type]  # Qt takes none
        _let_shrink(self)
        line.textEdited.connect(self._chosen)
        self.activated.connect(self._picked)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit()

    def value(self) -> str | None:
        text = self.currentText().strip()
        ready = {words.casefold(): value for value, words in self._ready.items()}
        return ready.get(text.casefold(), text) or None

    def show_value(self, value: Any) -> None:
        text = "" if value is None else self._ready.get(str(value), str(value))
        if text != self.currentText():
            self.setEditText(text)
        self._seen = self.value()

    def set_read_only(self, yes: bool) -> None:
        self.setEnabled(not yes)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def _chosen(self, _what: object) -> None:
        self._seen = self.value()
        self.typed.emit()

    def _picked(self, row: int) -> None:
        if self.value() != self._seen:  # Qt says so too when the keyboard leaves a ready answer as it is
            self._chosen(row)


class TickControl(QCheckBox):
    """Yes, or not yet."""

    typed = QtSignal()
    left = QtSignal()

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.clicked.connect(self._chosen)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit()

    def value(self) -> bool:
        return self.isChecked()

    def show_value(self, value: Any) -> None:
        self.setChecked(bool(value))

    def set_read_only(self, yes: bool) -> None:
        self.setEnabled(not yes)

    def _chosen(self, _checked: bool) -> None:
        self.typed.emit()


def _let_shrink(box: QComboBox) -> None:
    """Long choices are cut in the closed box rather than widen the page."""
    box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(6)
    box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
