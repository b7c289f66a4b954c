"""A value in a table with, when it is a share, a bar that is as long as the share."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from fieldkit.ui import theme
from fieldkit.ui.models.figures import PART
from fieldkit.ui.theme import GRID
from fieldkit.ui.widgets.bars import draw_bar

Index = QModelIndex | QPersistentModelIndex

VALUE_WIDTH: Final = 148
"""The width of a column of values, in pixels at 100 % text."""

_MARGIN: Final = 11
"""Where the other columns begin their text."""

_WORDS: Final = 68
"""The room that a share is written in, in pixels at 100 % text."""


class PartDelegate(QStyledItemDelegate):
    """Draws the words of a value, and its bar at their right."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        palette, part = theme.colors(), index.data(PART)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, QColor(palette.accent_soft))
        room = option.rect.adjusted(_MARGIN, 0, -GRID, 0)
        painter.setFont(_strong(option.font))
        painter.setPen(QColor(palette.text))
        words = room if part is None else room.adjusted(0, 0, theme.scaled(_WORDS) - room.width(), 0)
        across = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(words, across | Qt.TextFlag.TextWordWrap, index.data())
        if part is not None:
            height = theme.scaled(8)
            top = room.center().y() - height / 2 + 0.5
            bar = QRectF(words.right() + GRID, top, room.right() - words.right() - GRID, height)
            if bar.width() > 2 * height:
                draw_bar(painter, bar, part, palette.accent)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        metrics = QFontMetrics(_strong(option.font))
        width = theme.scaled(VALUE_WIDTH) - 2 * GRID
        told = metrics.boundingRect(0, 0, width, 10_000, Qt.TextFlag.TextWordWrap, index.data())
        return QSize(theme.scaled(VALUE_WIDTH), told.height() + 2 * GRID)


def _strong(font: QFont) -> QFont:
    strong = QFont(font)
    strong.setWeight(QFont.Weight.DemiBold)
    return strong
