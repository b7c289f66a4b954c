"""The steps of a task that can be done in any order: one button each, with a number that is its key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QButtonGroup, QPushButton, QVBoxLayout, QWidget

from fieldkit.i18n import _
from fieldkit.ui.theme import GRID
from fieldkit.ui.widgets.flow import flowing

# The keys 1 to 9 without Shift on a French keyboard, where digits need it.
_FRENCH_DIGITS: Final = "&é\"'(-è_ç"


class StepBar(QWidget):
    """Says which step was asked for, by click, by Alt and its number, or with the arrows."""

    chosen = Signal(str)

    def __init__(self, steps: Mapping[str, str], name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(_("Étapes"))
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QPushButton] = {}
        for number, (step, title) in enumerate(steps.items(), start=1):
            self._buttons[step] = self._button(number, step, title)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(flowing(*self._buttons.values(), gap=GRID // 2))

    def show_current(self, step: str) -> None:
        """Mark the step in view."""
        self._buttons[step].setChecked(True)

    def show_gaps(self, gaps: Mapping[str, int]) -> None:
        """Say at each step how many things it still lacks."""
        for step, made in self._buttons.items():
            title = str(made.property("title"))
            lacks = gaps.get(step, 0)
            made.setText(f"{title}  ({lacks})" if lacks else title)
            key = _("Touche Alt+{n}").format(n=made.property("number"))
            missing = _("{n} information(s) à compléter").format(n=lacks) + ". " if lacks else ""
            made.setToolTip(missing + key)
            made.setAccessibleDescription(missing + key)

    def _button(self, number: int, step: str, title: str) -> QPushButton:
        words = f"{number}  {title}"
        made = QPushButton(words)
        made.setObjectName(f"step-{step}")
        made.setAccessibleName(title)
        made.setProperty("kind", "nav")
        made.setProperty("title", words)
        made.setProperty("number", number)
        made.setCheckable(True)
        made.setCursor(Qt.CursorShape.PointingHandCursor)
        made.clicked.connect(lambda _checked=False: self.chosen.emit(step))
        self._group.addButton(made)
        shortcut = QShortcut(self)
        shortcut.setKeys([QKeySequence(f"Alt+{number}"), QKeySequence(f"Alt+{_FRENCH_DIGITS[number - 1]}")])
        shortcut.activated.connect(lambda: self.chosen.emit(step))
        return made
