"""A small bar chart that is also its own table: for each line a drawing, a word, a bar and a number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from fieldkit.ui import theme
from fieldkit.ui.theme import GRID
from fieldkit.ui.widgets.text import IconLabel, label


@dataclass(frozen=True, slots=True)
class Line:
    """One line: `icon` and `state` as for a badge; an empty icon draws none."""

    icon: str
    state: str
    text: str
    count: int


class Bars(QWidget):
    """The chart; `show_lines` fills it."""

    def __init__(self, name: str, title: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self._title = title
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(GRID)
        self._grid.setVerticalSpacing(GRID)
        self._grid.setColumnStretch(1, 2)
        self._grid.setColumnStretch(2, 3)

    def show_lines(self, lines: Sequence[Line], whole: int = 0) -> None:
        """Show these lines as parts of `whole`, else of the greatest count."""
        while (item := self._grid.takeAt(0)) is not None:
            if (gone := item.widget()) is not None:
                gone.deleteLater()
        most = whole or max((line.count for line in lines), default=0)
        for row, line in enumerate(lines):
            if line.icon:
                self._grid.addWidget(IconLabel(line.icon, line.state, 18), row, 0)
            self._grid.addWidget(label(line.text, wrap=True), row, 1)
            self._grid.addWidget(_Bar(line.state, line.count / most if most else 0.0), row, 2)
            number = label(str(line.count), "strong")
            number.setAlignment(Qt.AlignmentFlag.AlignRight)
            self._grid.addWidget(number, row, 3)
        told = ", ".join(f"{line.text} : {line.count}" for line in lines)
        self.setAccessibleName(f"{self._title}. {told}")


class _Bar(QWidget):
    def __init__(self, state: str, part: float) -> None:
        super().__init__()
        self._state, self._part = state, part
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(theme.scaled(80), theme.scaled(10))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw_bar(painter, QRectF(self.rect()), self._part, getattr(theme.colors(), self._state))


def draw_bar(painter: QPainter, rect: QRectF, part: float, color: str) -> None:
    """Draw a bar that fills `part` (0 to 1) of `rect` in `color`, on a quiet ground that is the whole."""
    radius = rect.height() / 2
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme.colors().unknown_soft))
    painter.drawRoundedRect(rect, radius, radius)
    if part:
        painter.setBrush(QColor(color))
        filled = QRectF(rect)
        filled.setWidth(max(rect.height(), rect.width() * part))
        painter.drawRoundedRect(filled, radius, radius)
