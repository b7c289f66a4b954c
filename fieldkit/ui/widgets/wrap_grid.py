"""Cards side by side, in as many columns as the width allows at the text size in use."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from fieldkit.ui.theme import GRID, scaled


class WrapGrid(QWidget):
    """Lays widgets out in columns at least `column` pixels wide at 100 % text, `gap` pixels apart."""

    def __init__(self, column: int, *, gap: int = 2 * GRID) -> None:
        super().__init__()
        self._column, self._gap = column, gap
        self._columns = 0
        self._cells: list[QWidget] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(gap)

    def show_cells(self, cells: Sequence[QWidget]) -> None:
        """Show these widgets in this order; those shown before and not among them are dropped."""
        for gone in [cell for cell in self._cells if cell not in cells]:
            gone.hide()
            gone.deleteLater()
        self._cells = list(cells)
        self._arrange()

    def minimumSizeHint(self) -> QSize:
        """As narrow as its widest widget: it has fewer columns then."""
        width = max((cell.minimumSizeHint().width() for cell in self._cells), default=0)
        return QSize(width, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        room = (self.width() + self._gap) // (scaled(self._column) + self._gap)
        rows = math.ceil(len(self._cells) / max(1, room))
        columns = math.ceil(len(self._cells) / rows) if rows else 1  # rows of about the same length
        if columns == self._columns and self._grid.count() == len(self._cells):
            return
        for column in range(self._columns):
            self._grid.setColumnStretch(column, 0)
        self._columns = columns
        for number, cell in enumerate(self._cells):
            self._grid.addWidget(cell, number // columns, number % columns)
        for column in range(columns):
            self._grid.setColumnStretch(column, 1)
