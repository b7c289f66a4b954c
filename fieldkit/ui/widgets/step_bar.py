"""The steps of a task that can be done in any order: one button each, with a number that is its key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QButtonGroup, QVBoxLayout, QWidget

from fieldkit.i18n import _, ngettext
from fieldkit.ui.theme import GRID
from fieldkit.ui.widgets.flow import flowing
from fieldkit.ui.widgets.pick_button import PickButton

# The keys 1 to 9 without Shift on a French keyboard, where digits need it.
_FRENCH_DIGITS: Final = "&é\"'(-è_ç"


class StepBar(QWidget):
    """Says which step was asked for, by click, by Alt and its number, or with the arrows."""

    chosen = Signal(str)

    def __init__(self, steps: Mapping[str, str], name: str, about: str = "") -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(about or _("Étapes"))
        self._group = QButtonGroup(self)
        self._buttons: dict[str, PickButton] = {}
        for number, (step, title) in enumerate(steps.items(), start=1):
            self._buttons[step] = self._button(number, step, title)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(flowing(*self._buttons.values(), gap=GRID // 4))

    def show_current(self, step: str) -> None:
        """Mark the step in view."""
        self._buttons[step].setChecked(True)

    def show_gaps(self, gaps: Mapping[str, int]) -> None:
        """Mark the steps that lack something, and say how much in their tool tips."""
        for step, made in self._buttons.items():
            title = str(made.property("title"))
            lacks = gaps.get(step, 0)
            made.setText(f"{title} •" if lacks else title)
            key = _("Touche Alt+{n}").format(n=made.property("number"))
            several = ngettext("{n} information à compléter", "{n} informations à compléter", lacks)
            missing = several.format(n=lacks) + ". " if lacks else ""
            made.setToolTip(missing + key)
            made.setAccessibleDescription(missing + key)

    def _button(self, number: int, step: str, title: str) -> PickButton:
        words = f"{number} {title}"
        made = PickButton(words, f"step-{step}", "nav")
        made.setAccessibleName(title)
        made.setProperty("title", words)
        made.setProperty("number", number)
        made.clicked.connect(lambda _checked=False: self.chosen.emit(step))
        self._group.addButton(made)
        shortcut = QShortcut(self)
        shortcut.setKeys([QKeySequence(f"Alt+{number}"), QKeySequence(f"Alt+{_FRENCH_DIGITS[number - 1]}")])
        shortcut.activated.connect(lambda: self.chosen.emit(step))
        return made
