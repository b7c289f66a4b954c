"""Things found, as a list: a drawing of the kind, the name, and a quiet second line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from fieldkit.ui import icons, theme
from fieldkit.ui.theme import GRID

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found: its kind in a word, its name, a second line, and the page and record that show it."""

    icon: str
    kind: str
    name: str
    detail: str
    page: str
    target: str


class HitModel(QAbstractListModel):
    """A list of hits."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._hits: list[Hit] = []

    def show(self, hits: Sequence[Hit]) -> None:
        """Show these hits instead."""
        self.beginResetModel()
        self._hits = list(hits)
        self.endResetModel()

    def hit(self, index: Index) -> Hit | None:
        """The hit at `index`, if there is one."""
        return self._hits[index.row()] if index.isValid() and index.row() < len(self._hits) else None

    def row_of(self, target: str) -> int:
        """The row that shows the record `target`; -1 when none does."""
        return next((row for row, hit in enumerate(self._hits) if hit.target == target), -1)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  Qt's own signature
        return 0 if parent.isValid() else len(self._hits)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        hit = self.hit(index)
        if hit is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return hit.name
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return f"{hit.name}, {hit.kind}, {hit.detail}"
        if role == Qt.ItemDataRole.UserRole:
            return hit
        return None


class HitDelegate(QStyledItemDelegate):
    """Draws a hit on two lines."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        hit = index.data(Qt.ItemDataRole.UserRole)
        palette = theme.colors()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect: QRect = option.rect.adjusted(2, 1, -2, -1)
        state = option.state
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        if chosen or state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(palette.accent_soft if chosen else palette.hover))
            painter.drawRoundedRect(rect, 7, 7)
        size = theme.scaled(20)
        top = rect.center().y() - size // 2
        drawing = icons.pixmap(hit.icon, palette.accent if chosen else palette.muted, size)
        painter.drawPixmap(rect.left() + GRID, top, size, size, drawing)
        words = rect.adjusted(size + 2 * GRID + GRID // 2, GRID - 2, -GRID, 2 - GRID)
        strong, small = _fonts(option.font)
        _write(painter, words, hit.name, strong, palette.text, Qt.AlignmentFlag.AlignTop)
        second = f"{hit.kind} · {hit.detail}" if hit.detail else hit.kind
        _write(painter, words, second, small, palette.muted, Qt.AlignmentFlag.AlignBottom)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: ARG002  Qt's
        strong, small = _fonts(option.font)
        height = QFontMetrics(strong).height() + QFontMetrics(small).height() + 2 * GRID
        return QSize(theme.scaled(160), height)


def _fonts(base: QFont) -> tuple[QFont, QFont]:
    strong, small = QFont(base), QFont(base)
    strong.setWeight(QFont.Weight.DemiBold)
    small.setPixelSize(theme.scaled(12.5))
    return strong, small


def _write(
    painter: QPainter, rect: QRect, text: str, font: QFont, color: str, align: Qt.AlignmentFlag
) -> None:
    painter.setFont(font)
    painter.setPen(QColor(color))
    short = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
    painter.drawText(rect, align | Qt.AlignmentFlag.AlignLeft, short)
