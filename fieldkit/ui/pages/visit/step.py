"""What every step of a visit is to the visit that is open."""

from __future__ import annotations

from PySide6.QtWidgets import QAbstractButton, QVBoxLayout, QWidget

from fieldkit.ui.pages.visit.desk import Desk, Shown
from fieldkit.ui.theme import GRID


class Step(QWidget):
    """A column of cards; subclasses fill `self.column` and show the visit in it."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(2 * GRID)

    def show_visit(self, shown: Shown, *, fresh: bool) -> None:
        """Show the visit; `fresh` when it is another one than before, or can no longer be written in."""
        raise NotImplementedError

    def take_focus(self, field: str) -> None:  # noqa: ARG002  for the steps that have fields
        """Put the keyboard on `field`, or on the first thing to do for ""."""
        for made in self.findChildren(QAbstractButton):
            if made.isVisibleTo(self) and made.isEnabled():
                made.setFocus()
                return
