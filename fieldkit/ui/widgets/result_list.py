"""A list of things found, and the keys that go through it while the keyboard stays in the search field."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListView

from fieldkit.ui.models.hits import HitDelegate, HitModel

_STEPS: Final = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 5, Qt.Key.Key_PageUp: -5}


class ResultList(QListView):
    """Shows `model`; `steer` is given the keys of the field."""

    def __init__(self, model: HitModel, name: str, title: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.setModel(model)
        self.setItemDelegate(HitDelegate(self))
        self.setMouseTracking(True)
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def steer(self, key: Qt.Key) -> bool:
        """Go as far as an arrow or a page key says, to the first line from none; False for another key."""
        if key not in _STEPS:
            return False
        current, last = self.currentIndex(), self.model().rowCount() - 1
        row = current.row() + _STEPS[key] if current.isValid() else 0
        self.setCurrentIndex(self.model().index(min(max(row, 0), last), 0))
        return True
