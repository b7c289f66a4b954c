"""The filters over a search: each a list of values, each value with how many entries it would leave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from fieldkit.i18n import N_, _
from fieldkit.ui.theme import GRID, scaled
from fieldkit.ui.widgets.choice import choice
from fieldkit.ui.widgets.text import button
from fieldkit.ui.widgets.wrap_grid import WrapGrid
from fieldkit.ui.words import french_date

FACETS: Final = {
    "kind": N_("Genre"),
    "profession": N_("Profession"),
    "service": N_("Service"),
    "mobility": N_("Mobilité"),
    "vintage": N_("PRO-PS"),
    "federation": N_("Fédération"),
    "as_of": N_("Connu au"),
}
"""The filters of `services.catalogue.search` by name, as they are called on the screen."""

_ROOMY: Final = 460
"""Width in pixels at 100 % text from which the filters are always in sight."""

_COUNTED: Final = {"as_of": "date"}
"""Filters whose facet has another name."""


class Facets(QWidget):
    """Emits `changed` when a person chooses; `chosen` is what to filter by.

    Where they would push the results out of sight, they wait behind a button.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.boxes: dict[str, QComboBox] = {}
        for name, title in FACETS.items():
            box = choice(f"filter{name.title().replace('_', '')}", _(title), {}, every=_(title))
            box.activated.connect(lambda _row: self.changed.emit())
            self.boxes[name] = box
        self._grid = WrapGrid(112, gap=GRID)
        self._grid.show_cells(list(self.boxes.values()))
        self.toggle = button(_("Filtrer…"), "filterToggle", self._arrange)
        self.toggle.setCheckable(True)
        self.toggle.hide()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(GRID)
        whole.addWidget(self.toggle)
        whole.addWidget(self._grid)

    def chosen(self) -> dict[str, Any]:
        """The filters that are set."""
        values = {name: box.currentData() for name, box in self.boxes.items()}
        return {name: value for name, value in values.items() if value is not None}

    def clear(self) -> bool:
        """Set none; whether one was set."""
        was_set = bool(self.chosen())
        for box in self.boxes.values():
            box.setCurrentIndex(0)
        if was_set:
            self.changed.emit()
        return was_set

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        narrow = self.width() < scaled(_ROOMY)
        self.toggle.setVisible(narrow)
        self._grid.setVisible(not narrow or self.toggle.isChecked())

    def show_counts(self, facets: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
        """Offer these values with their counts; what is chosen stays chosen, be its count zero."""
        for name, box in self.boxes.items():
            if not box.view().isVisible():  # nothing moves under the eyes of someone who is choosing
                _fill(box, facets.get(_COUNTED.get(name, name), ()))


def _fill(box: QComboBox, values: Sequence[Mapping[str, Any]]) -> None:
    chosen, words = box.currentData(), box.currentData() and box.currentText().rpartition(" (")[0]
    offered = {value["value"]: (french_date(value["label"]), value["count"]) for value in values}
    if chosen is not None and chosen not in offered:
        offered[chosen] = (words, 0)
    with QSignalBlocker(box):
        while box.count() > 1:
            box.removeItem(box.count() - 1)
        for value, (name, count) in offered.items():
            box.addItem(f"{name[:1].upper()}{name[1:]} ({count})", value)
        box.setCurrentIndex(max(0, box.findData(chosen)))
    view = box.view()
    view.setMinimumWidth(view.sizeHintForColumn(0) + 4 * GRID)  # the list may be wider than its box
    box.setEnabled(bool(offered))
