"""Small pictures side by side, a few rows of them in sight."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QListView

from fieldkit.i18n import _
from fieldkit.ui.models.photos import PhotoDelegate, cell
from fieldkit.ui.theme import GRID

_ROWS_IN_SIGHT: Final = 2


class PhotoList(QListView):
    """Shows a `PhotoModel`; arrow keys choose, Enter opens."""

    removed = Signal()
    """The key that takes out was pressed."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("photoList")
        self.setAccessibleName(_("Photos"))
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setSpacing(0)
        self.setItemDelegate(PhotoDelegate(self))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete:
            self.removed.emit()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    def fit(self) -> None:
        """Take the height of the rows that are in sight."""
        model = self.model()
        count = model.rowCount() if model else 0
        room = cell()
        columns = max(1, (self.width() - 2 * GRID) // room.width())
        rows = min(-(-count // columns), _ROWS_IN_SIGHT)
        self.setFixedHeight(rows * room.height() + 2)
