"""Cards, badges, banners and empty pages: how a page groups things and says how they are."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from fieldkit.errors import KnownError
from fieldkit.i18n import _
from fieldkit.ui.theme import GRID
from fieldkit.ui.widgets.text import IconLabel, button, label, restyle

STATES: Final = ("success", "warning", "error", "info", "unknown")
"""Ways a thing can be; each has a colour and a drawing of the same name."""


class Card(QFrame):
    """A framed group with an optional title; fill `self.body`."""

    def __init__(self, title: str = "", name: str = "") -> None:
        super().__init__()
        self.setProperty("kind", "card")
        self.setObjectName(name)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        self.body.setSpacing(GRID)
        self.header = QHBoxLayout()
        self.header.setSpacing(GRID)
        if title:
            self.setAccessibleName(title)
            self.title = label(title, "section")
            self.header.addWidget(self.title, 1)
            self.body.addLayout(self.header)


class Badge(QFrame):
    """A state in a word, a drawing and a colour."""

    def __init__(self, state: str, text: str) -> None:
        super().__init__()
        self.setProperty("kind", "badge")
        self.setProperty("state", state)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(GRID, GRID // 4, GRID + GRID // 4, GRID // 4)
        row.setSpacing(GRID // 2)
        self._icon = IconLabel(state, state, 16)
        self._text = label(text, "strong", state=state)
        row.addWidget(self._icon)
        row.addWidget(self._text)

    def show_state(self, state: str, text: str) -> None:
        """Show another state."""
        self._icon.show_icon(state, state)
        self._text.setText(text)
        restyle(self._text, "state", state)
        restyle(self, "state", state)

    def text(self) -> str:
        """The word shown."""
        return self._text.text()


class Banner(QFrame):
    """One line that says what happened and what to do; hidden until there is something to say."""

    def __init__(self, name: str = "banner", *, closable: bool = True) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setProperty("kind", "banner")
        row = QHBoxLayout(self)
        row.setContentsMargins(2 * GRID, GRID + GRID // 2, GRID, GRID + GRID // 2)
        row.setSpacing(GRID + GRID // 2)
        self._icon = IconLabel("info", "info", 22)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(GRID // 4)
        self.message = label("", "strong", wrap=True)
        self.hint = label("", wrap=True, selectable=True)
        self.hint.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        words.addWidget(self.message)
        words.addWidget(self.hint)
        row.addLayout(words, 1)
        if closable:
            close = button("", f"{name}Close", self.hide, kind="quiet", icon="close")
            close.setAccessibleName(_("Fermer ce message"))
            row.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        self.hide()

    def say(self, state: str, message: str, hint: str = "") -> None:
        """Show `message` and `hint` in one of `STATES`, and tell screen readers."""
        self._icon.show_icon(state, state)
        self.message.setText(message)
        self.hint.setText(hint)
        self.hint.setVisible(bool(hint))
        restyle(self, "state", state)
        self.setAccessibleName(f"{message} {hint}".strip())
        self.show()
        from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent  # slow to import, seldom needed

        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, self.accessibleName()))

    def say_error(self, error: Exception) -> None:
        """Show what a user can act on as such, and anything else as a fault of ours."""
        if isinstance(error, KnownError):
            self.say("error", error.message, error.hint)
            return
        self.say(
            "error",
            _("Une erreur imprévue s'est produite : c'est un défaut de Fieldkit, pas de votre fait."),
            _("Ce qui était enregistré le reste. Si cela se répète, signalez-le avec un diagnostic."),
        )


class EmptyState(QWidget):
    """What an empty page says: a drawing, what it is for, and what to do first."""

    def __init__(
        self, icon: str, title: str, text: str, action: QWidget | None = None, name: str = ""
    ) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(title)
        column = QVBoxLayout(self)
        column.setContentsMargins(3 * GRID, 4 * GRID, 3 * GRID, 4 * GRID)
        column.setSpacing(GRID)
        column.addStretch(1)
        column.addWidget(IconLabel(icon, "muted", 40), 0, Qt.AlignmentFlag.AlignHCenter)
        heading = label(title, "section", wrap=True)
        heading.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(heading)
        words = label(text, "muted", wrap=True)
        words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(words)
        if action is not None:
            column.addSpacing(GRID)
            column.addWidget(action, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(2)
