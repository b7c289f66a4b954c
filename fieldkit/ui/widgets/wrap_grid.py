"""Cards side by side, in as many columns as the width allows at the text size in use."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from fieldkit.ui.theme import GRID, scaled


class WrapGrid(QWidget):
    """Lays widgets out in columns at least `column` pixels wide at 100 % text."""

    def __init__(self, column: int) -> None:
        super().__init__()
        self._column = column
        self._columns = 0
        self._cells: list[QWidget] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(2 * GRID)

    def show_cells(self, cells: Sequence[QWidget]) -> None:
        """Show these widgets in this order; those shown before and not among them are dropped."""
        for gone in [cell for cell in self._cells if cell not in cells]:
            gone.hide()
            gone.deleteLater()
        self._cells = list(cells)
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        room = (self.width() + 2 * GRID) // (scaled(self._column) + 2 * GRID)
        columns = max(1, min(room, len(self._cells)))
        if columns == self._columns and self._grid.count() == len(self._cells):
            return
        for column in range(self._columns):
            self._grid.setColumnStretch(column, 0)
        self._columns = columns
        for number, cell in enumerate(self._cells):
            self._grid.addWidget(cell, number // columns, number % columns)
        for column in range(columns):
            self._grid.setColumnStretch(column, 1)
