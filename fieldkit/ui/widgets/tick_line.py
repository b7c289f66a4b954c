"""A tick box whose words go on below when the line is full, with a second, quiet line."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from fieldkit.ui.theme import GRID
from fieldkit.ui.widgets.text import label


class TickLine(QWidget):
    """`box` is found as `name`; a click on the words ticks it too."""

    ticked = Signal(bool)
    """A person ticked it, or took the tick away."""

    def __init__(self, words: str, detail: str, name: str, *, checked: bool = False) -> None:
        super().__init__()
        self.box = QCheckBox()
        self.box.setObjectName(name)
        self.box.setAccessibleName(words)
        self.box.setAccessibleDescription(detail)
        self.box.setChecked(checked)
        self.box.clicked.connect(self.ticked)
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(label(words, wrap=True))
        if detail:
            column.addWidget(label(detail, "caption", wrap=True))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID)
        row.addWidget(self.box, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(column, 1)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.box.setFocus(Qt.FocusReason.MouseFocusReason)
            self.box.click()
