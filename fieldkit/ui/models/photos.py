"""Photos of a visit as a list of small pictures with their captions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from fieldkit.i18n import _
from fieldkit.ui import icons, theme
from fieldkit.ui.theme import GRID, scaled

Index = QModelIndex | QPersistentModelIndex

_WIDE, _HIGH = 168, 126
"""Room of a small picture, at 100 % text."""
_WORDS: Final = 24
_PICTURE: Final = Qt.ItemDataRole.UserRole + 1


class PhotoModel(QAbstractListModel):
    """The photos, oldest first, and the small pictures known of them, by digest."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._photos: list[Mapping[str, Any]] = []
        self._pictures: dict[str, QPixmap] = {}

    def show(self, photos: Sequence[Mapping[str, Any]]) -> None:
        """Show these photos instead."""
        if list(photos) == self._photos:
            return
        if [photo["id"] for photo in photos] == [photo["id"] for photo in self._photos]:
            self._photos = list(photos)
            self._tell()
            return
        self.beginResetModel()
        self._photos = list(photos)
        self.endResetModel()

    def show_pictures(self, pictures: Mapping[str, QPixmap]) -> None:
        """Show these small pictures too."""
        self._pictures.update(pictures)
        self._tell()

    @property
    def without_picture(self) -> list[str]:
        """Digests of photos whose small picture is not known."""
        return [photo["sha256"] for photo in self._photos if photo["sha256"] not in self._pictures]

    @property
    def photos(self) -> list[Mapping[str, Any]]:
        """All of them."""
        return list(self._photos)

    def photo(self, index: Index) -> Mapping[str, Any] | None:
        """The photo at `index`, if there is one."""
        return self._photos[index.row()] if index.isValid() and index.row() < len(self._photos) else None

    def row_of(self, photo_id: str) -> int:
        """The row of a photo; -1 where there is none."""
        return next((row for row, photo in enumerate(self._photos) if photo["id"] == photo_id), -1)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  Qt's own signature
        return 0 if parent.isValid() else len(self._photos)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        photo = self.photo(index)
        if photo is None:
            return None
        caption = photo.get("caption") or ""
        if role == Qt.ItemDataRole.DisplayRole:
            return caption or _("Sans légende")
        if role == Qt.ItemDataRole.AccessibleTextRole:
            title = _("Photo {n}").format(n=index.row() + 1)
            alone = _("{photo}, sans légende").format(photo=title)
            return _("{photo} : {caption}").format(photo=title, caption=caption) if caption else alone
        if role == Qt.ItemDataRole.ToolTipRole:
            return caption or None
        if role == _PICTURE:
            return self._pictures.get(photo["sha256"])
        return None

    def _tell(self) -> None:
        if self._photos:
            self.dataChanged.emit(self.index(0), self.index(len(self._photos) - 1))


class PhotoDelegate(QStyledItemDelegate):
    """Draws a small picture over the beginning of its caption."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        palette = theme.colors()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect: QRect = option.rect.adjusted(GRID // 2, GRID // 2, -GRID // 2, -GRID // 2)
        room = QRect(rect.topLeft(), QSize(rect.width(), scaled(_HIGH)))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(palette.unknown_soft))
        painter.drawRoundedRect(room, 7, 7)
        picture: QPixmap | None = index.data(_PICTURE)
        if picture is None:
            side = scaled(28)
            drawing = icons.pixmap("image", palette.muted, side)
            painter.drawPixmap(
                room.center().x() - side // 2, room.center().y() - side // 2, side, side, drawing
            )
        else:
            ratio = picture.devicePixelRatio()
            size = picture.size() / ratio
            corner = room.center() - QRect(room.topLeft(), size).center() + room.topLeft()
            painter.drawPixmap(corner, picture)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(palette.accent), 3))
            painter.drawRoundedRect(room.adjusted(1, 1, -1, -1), 7, 7)
        words = QRect(room.bottomLeft(), rect.bottomRight()).adjusted(2, 2, -2, 0)
        said = index.data(Qt.ItemDataRole.DisplayRole)
        caption = bool(index.data(Qt.ItemDataRole.ToolTipRole))
        painter.setPen(QColor(palette.text if caption else palette.muted))
        painter.setFont(option.font)
        short = QFontMetrics(option.font).elidedText(said, Qt.TextElideMode.ElideRight, words.width())
        painter.drawText(words, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, short)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: ARG002  Qt's
        return cell()


def cell() -> QSize:
    """The room of one photo in the list."""
    return QSize(scaled(_WIDE) + GRID, scaled(_HIGH) + scaled(_WORDS) + GRID)


def picture_size() -> QSize:
    """The most that a small picture may take."""
    return QSize(scaled(_WIDE), scaled(_HIGH))
