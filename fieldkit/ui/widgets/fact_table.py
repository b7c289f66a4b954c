"""A table of facts to read and to take away: the keyboard goes through it, and it is copied whole."""

from __future__ import annotations

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from fieldkit.ui.models.clipping import clipping
from fieldkit.ui.theme import scaled


class FactTable(QTableView):
    """Shows `model`, whose vertical header names the rows if it is shown at all; Ctrl+C is `copy_all`."""

    told = Signal(QModelIndex)
    """Emitted with the cell that the keyboard or the mouse goes to."""

    def __init__(self, model: QAbstractItemModel, name: str, title: str) -> None:
        super().__init__()
        self.sources = ""
        """Where the facts come from, which goes with every copy."""
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
        self.verticalHeader().setDefaultAlignment(left)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.selectionModel().currentChanged.connect(lambda current, _before: self.told.emit(current))

    def cells(self) -> list[list[str]]:
        """What is shown, in words: the names of the columns, then every row."""
        model, across = self.model(), Qt.Orientation.Horizontal
        columns = range(model.columnCount())
        named = not self.verticalHeader().isHidden()
        rows = [[str(model.headerData(column, across)) for column in columns]]
        rows += [
            [str(model.index(row, column).data()) for column in columns] for row in range(model.rowCount())
        ]
        if named:
            names = [str(model.headerData(row, Qt.Orientation.Vertical)) for row in range(model.rowCount())]
            rows = [[name, *cells] for name, cells in zip(["", *names], rows, strict=True)]
        return rows

    def copy_all(self) -> None:
        """Put all that is shown on the clipboard, with its sources."""
        QGuiApplication.clipboard().setMimeData(clipping(self.cells(), self.sources))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_all()
            return
        super().keyPressEvent(event)
