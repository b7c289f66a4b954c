"""A field of a form: its name above it, what stands in it, and under it what is wrong with that."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fieldkit.errors import KnownError
from fieldkit.i18n import _
from fieldkit.ui.theme import GRID
from fieldkit.ui.widgets.controls import Control
from fieldkit.ui.widgets.text import IconLabel, label


class FieldBox(QWidget):
    """One field; `control` is found as `name` and speaks through this box."""

    typed = Signal()
    """A person changed what stands in the field."""
    left = Signal()
    """The keyboard went elsewhere."""

    def __init__(self, title: str, control: Control, name: str, hint: str = "") -> None:
        super().__init__()
        assert isinstance(control, QWidget)
        self.title = title.replace("&", "")
        self.control: Any = control
        control.setObjectName(name)
        control.setAccessibleName(self.title)
        control.setAccessibleDescription(hint)
        self._hint_text = hint
        heading = label(title, "strong")
        heading.setTextFormat(Qt.TextFormat.AutoText)
        heading.setBuddy(control)
        self._hint = label(hint, "caption", wrap=True)
        self._error = ErrorLine(f"{name}Error")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID // 2)
        column.addWidget(heading)
        column.addWidget(control, 1)
        column.addWidget(self._hint)
        column.addWidget(self._error)
        self._hint.setVisible(bool(hint))
        column.addStretch(0)
        control.typed.connect(self.typed)
        control.left.connect(self.left)
        self.setFocusProxy(control)

    def value(self) -> Any:
        """What stands in the field, None for nothing. Raises KnownError where it cannot be read."""
        return self.control.value()

    def show_value(self, value: Any) -> None:
        """Show `value`."""
        self.control.show_value(value)

    def show_hint(self, hint: str) -> None:
        """Say something else, quietly, under the field."""
        self._hint_text = hint
        self._hint.setText(hint)
        self._hint.setVisible(bool(hint) and self._error.isHidden())

    def set_read_only(self, yes: bool) -> None:
        """Whether the field can only be read."""
        self.control.set_read_only(yes)

    def has_keyboard(self) -> bool:
        """Whether a person is typing in it."""
        return bool(self.control.hasFocus())

    def say_error(self, error: KnownError) -> None:
        """Tell, under the field and to screen readers, why what stands in it is not kept."""
        self._error.say(f"{error.message} {error.hint}".strip())
        self._hint.hide()
        self.control.setAccessibleDescription(_("Non enregistré. {why}").format(why=self._error.text()))

    def clear_error(self) -> None:
        """Nothing is wrong any more."""
        if self._error.isHidden():
            return
        self._error.hide()
        self._hint.setVisible(bool(self._hint_text))
        self.control.setAccessibleDescription(self._hint_text)

    def error(self) -> str:
        """What is said to be wrong; "" when nothing is."""
        return "" if self._error.isHidden() else self._error.text()


class ErrorLine(QWidget):
    """Words in the colour of errors, with the drawing of one; hidden until there is something to say."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID // 2)
        self._words = label("", "caption", state="error", wrap=True)
        row.addWidget(IconLabel("error", "error", 16), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._words, 1)
        self.hide()

    def say(self, words: str) -> None:
        """Show `words`, and tell screen readers."""
        self._words.setText(words)
        self.setAccessibleName(words)
        self.show()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, words))

    def text(self) -> str:
        """The words shown last."""
        return self._words.text()
