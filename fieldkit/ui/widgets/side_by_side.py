"""Two parts beside each other, or one above the other when the window is too narrow for the text size."""

from __future__ import annotations

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from fieldkit.ui.theme import GRID, scaled


class SideBySide(QWidget):
    """`left` takes `share` of the width where both fit in `width` pixels at 100 % text."""

    def __init__(self, left: QWidget, right: QWidget, *, width: int, share: tuple[int, int]) -> None:
        super().__init__()
        self._width = width
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(2 * GRID)
        self._box.addWidget(left, share[0])
        self._box.addWidget(right, share[1])

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        fits = self.width() >= scaled(self._width)
        self._box.setDirection(QBoxLayout.Direction.LeftToRight if fits else QBoxLayout.Direction.TopToBottom)
