"""What a guided test has counted so far, slot by slot, as it goes."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from fieldkit.i18n import N_, _
from fieldkit.services.guided import SlotTally, Tally, words
from fieldkit.ui.theme import GRID
from fieldkit.ui.widgets.text import label
from fieldkit.ui.widgets.wrap_grid import WrapGrid

_WIDTH: Final = 300
_FACTS: Final = (
    N_("Cartes vues"),
    N_("Insertions"),
    N_("Réponses de la carte"),
    N_("Délai de réponse"),
    N_("Cartes sans réponse"),
    N_("Retraits non demandés"),
    N_("Réponses différentes"),
)


class Measures(WrapGrid):
    """One column of facts for each slot under test."""

    def __init__(self, tally: Tally) -> None:
        super().__init__(_WIDTH)
        self._slots = {place: _SlotFacts(words.place_text(place, tally.subject)) for place in tally.slots}
        self.show_cells(list(self._slots.values()))
        self.show_tally(tally)

    def show_tally(self, tally: Tally) -> None:
        """Show what is counted now."""
        for place, slot in tally.slots.items():
            self._slots[place].show_slot(slot)


class _SlotFacts(QWidget):
    def __init__(self, title: str) -> None:
        super().__init__()
        self._title = title
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(2 * GRID)
        grid.setVerticalSpacing(GRID // 4)
        grid.setColumnStretch(0, 3)
        grid.setColumnStretch(1, 2)
        grid.addWidget(label(title, "strong"), 0, 0, 1, 2)
        self._values: list[QLabel] = []
        for row, fact in enumerate(_FACTS, start=1):
            value = label("", wrap=True)
            value.setAccessibleName(_(fact))
            grid.addWidget(label(_(fact), "caption", wrap=True), row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(value, row, 1)
            self._values.append(value)

    def show_slot(self, slot: SlotTally) -> None:
        told = (
            words.cards_text(slot) or _("aucune"),
            str(slot.insertions),
            str(slot.answered),
            words.times_text(slot) or _("pas encore"),
            str(slot.mute),
            str(slot.cuts),
            str(slot.changes + slot.damaged),
        )
        for value, text in zip(self._values, told, strict=True):
            value.setText(text)
        self.setAccessibleName(f"{self._title} : {slot.insertions}, {slot.answered}")
