"""A table of facts to read and to take away: the keyboard goes through it, and it is copied whole."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFont, QFontMetrics, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from fieldkit.i18n import _
from fieldkit.ui.models.clipping import clipping
from fieldkit.ui.models.comparison import SOURCE
from fieldkit.ui.theme import GRID, scaled

_NAMES: Final = 220
"""The most width that the names of the rows take, in pixels at 100 % text."""


_LEAST: Final = 96
"""The least width of a column, in pixels at 100 % text: what does not fit is scrolled to."""


class FactTable(QTableView):
    """Shows `model`, whose vertical header names the rows if it is shown at all; Ctrl+C is `copy_all`.

    `down` is what the names of the rows are names of.
    """

    told = Signal(QModelIndex)
    """Emitted with the cell that the keyboard or the mouse goes to."""

    def __init__(self, model: QAbstractItemModel, name: str, title: str, *, down: str = "") -> None:
        super().__init__()
        self._down = down
        self.called = title
        """What a file of it is called."""
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.setModel(model)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setCornerButtonEnabled(False)
        self.setIconSize(QSize(scaled(16), scaled(16)))
        self.setMinimumHeight(scaled(220))
        for set_mode in (self.setHorizontalScrollMode, self.setVerticalScrollMode):
            set_mode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        self.horizontalHeader().setDefaultAlignment(left | Qt.TextFlag.TextWordWrap)
        self.horizontalHeader().setMinimumHeight(scaled(40))
        self.verticalHeader().setDefaultAlignment(left | Qt.TextFlag.TextWordWrap)
        self.verticalHeader().setMaximumWidth(scaled(_NAMES))
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setMinimumSectionSize(scaled(_LEAST))
        self._settle = QTimer(self, singleShot=True, interval=0)
        self._settle.timeout.connect(self._fit_rows)  # text that has less width needs more lines
        self.horizontalHeader().sectionResized.connect(lambda *_sizes: self._settle.start())
        model.modelReset.connect(self._settle.start)
        self.selectionModel().currentChanged.connect(lambda current, _before: self.told.emit(current))

    def cells(self) -> list[list[str]]:
        """What is shown, in words: the names of the columns, then every row, with its source."""
        model, across, up = self.model(), Qt.Orientation.Horizontal, Qt.Orientation.Vertical
        columns, lines = range(model.columnCount()), range(model.rowCount())
        rows = [[str(model.headerData(column, across)) for column in columns]]
        rows += [[str(model.index(row, column).data()) for column in columns] for row in lines]
        if not self.verticalHeader().isHidden():
            names = [self._down, *(str(model.headerData(row, up)) for row in lines)]
            rows = [[name, *cells] for name, cells in zip(names, rows, strict=True)]
        sources = [model.headerData(row, up, SOURCE) for row in lines]
        if any(sources):
            rows = [[*cells, told or ""] for cells, told in zip(rows, [_("Source"), *sources], strict=True)]
        return rows

    def copy_all(self) -> None:
        """Put all that is shown on the clipboard, with its sources."""
        QGuiApplication.clipboard().setMimeData(clipping(self.cells()))

    def _fit_rows(self) -> None:
        """Rows as high as the text of their cells, and their names, need."""
        self.resizeRowsToContents()
        header = self.verticalHeader()
        if header.isHidden():
            return
        font = QFont(self.font())
        font.setPixelSize(scaled(12.5))
        font.setWeight(QFont.Weight.DemiBold)
        metrics, width = QFontMetrics(font), min(header.width(), scaled(_NAMES)) - 3 * GRID
        for row in range(self.model().rowCount()):
            name = str(self.model().headerData(row, Qt.Orientation.Vertical))
            room = metrics.boundingRect(0, 0, width, 10_000, Qt.TextFlag.TextWordWrap, name)
            self.setRowHeight(row, max(self.rowHeight(row), room.height() + 2 * GRID))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_all()
            return
        super().keyPressEvent(event)
