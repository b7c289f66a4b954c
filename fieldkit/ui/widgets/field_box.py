"""A field of a form: its name above it, what stands in it, and under it what is wrong with that."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from fieldkit.errors import KnownError
from fieldkit.i18n import _
from fieldkit.ui.theme import GRID
from fieldkit.ui.widgets.controls import Control
from fieldkit.ui.widgets.flow import Flow
from fieldkit.ui.widgets.text import IconLabel, button, label


class FieldBox(QWidget):
    """One field; `control` is found as `name` and speaks through this box."""

    typed = Signal()
    """A person changed what stands in the field."""
    left = Signal()
    """The keyboard went elsewhere."""
    confirmed = Signal()
    """A person says that what stands in the field is still so: see `ask_confirmation`."""

    def __init__(self, title: str, control: Control, name: str, hint: str = "") -> None:
        super().__init__()
        assert isinstance(control, QWidget)
        self.title = title.replace("&", "")
        self.control: Any = control
        control.setObjectName(name)
        control.setAccessibleName(self.title)
        control.setAccessibleDescription(hint)
        self._hint_text = hint
        self._doubt: DoubtLine | None = None
        heading = label(title, "strong", wrap=True)
        heading.setTextFormat(Qt.TextFormat.AutoText)
        heading.setBuddy(control)
        self._hint = label(hint, "caption", wrap=True)
        self._error = ErrorLine(f"{name}Error")
        self._column = column = QVBoxLayout(self)
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

    def ask_confirmation(self, words: str, *, offer: bool = True) -> None:
        """Say under the field that it comes from another day, with a button that confirms it where `offer`; "" is
        for a field that needs no confirmation."""
        if self._doubt is None:
            if not words:
                return
            self._doubt = DoubtLine(self.title, f"{self.control.objectName()}Confirm")
            self._doubt.confirm.clicked.connect(self.confirmed)
            self._column.insertWidget(2, self._doubt)
        self._doubt.say(words, offer=offer)
        if not self.error():
            self._describe()

    @property
    def stops(self) -> list[QWidget]:
        """What takes the keyboard in the box, in order."""
        return [self.control, *([self._doubt.confirm] if self._doubt else [])]

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
        self._describe()

    def error(self) -> str:
        """What is said to be wrong; "" when nothing is."""
        return "" if self._error.isHidden() else self._error.text()

    def _describe(self) -> None:
        doubt = self._doubt.text() if self._doubt and not self._doubt.isHidden() else ""
        self.control.setAccessibleDescription(" ".join(part for part in (doubt, self._hint_text) if part))


class DoubtLine(QWidget):
    """What is to be confirmed about a field, and the button to do it."""

    def __init__(self, title: str, name: str) -> None:
        super().__init__()
        self.confirm = button(_("Confirmer"), name, lambda: None, kind="quiet", icon="success")
        self.confirm.setAccessibleName(_("Confirmer : {field}").format(field=title))
        self._words = label("", "caption", state="warning")
        layout = Flow()
        self.setLayout(layout)
        layout.addWidget(self._words)
        layout.addWidget(self.confirm)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def say(self, words: str, *, offer: bool) -> None:
        """Show `words`, hidden for ""."""
        self._words.setText(words)
        self.confirm.setVisible(offer)
        self.setVisible(bool(words))

    def text(self) -> str:
        """The words shown last."""
        return self._words.text()


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
