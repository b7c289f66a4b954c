"""What was just removed, and the way back."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout

from fieldkit.i18n import _
from fieldkit.ui.theme import GRID
from fieldkit.ui.widgets.text import IconLabel, button, label


class UndoBanner(QFrame):
    """One line with a button; hidden until something can be undone."""

    def __init__(self, name: str = "undo") -> None:
        super().__init__()
        self.setObjectName(f"{name}Banner")
        self.setProperty("kind", "banner")
        self.setProperty("state", "info")
        self._undo: Callable[[], None] = lambda: None
        self._words = label("", "strong", wrap=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(2 * GRID, GRID // 2, GRID // 2, GRID // 2)
        row.setSpacing(GRID + GRID // 2)
        row.addWidget(IconLabel("info", "info", 20))
        row.addWidget(self._words, 1)
        self.button = button(_("&Annuler"), name, self._take_back)
        row.addWidget(self.button)
        close = button("", f"{name}Close", self.hide, kind="quiet", icon="close")
        close.setAccessibleName(_("Fermer ce message"))
        row.addWidget(close, 0, Qt.AlignmentFlag.AlignVCenter)
        self.hide()

    def offer(self, words: str, undo: Callable[[], None]) -> None:
        """Say what was done in `words`; "Annuler" calls `undo`."""
        from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent  # costs the first page 2 ms

        self._undo = undo
        self._words.setText(words)
        self.setAccessibleName(words)
        self.show()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, words))

    def _take_back(self) -> None:
        self.hide()
        self._undo()
