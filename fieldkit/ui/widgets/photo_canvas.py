"""A photo, and the place where marks are drawn on it: by dragging, or with the arrow keys and the space bar."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from fieldkit.domain.marks import Kind, Mark
from fieldkit.i18n import _
from fieldkit.ui import theme
from fieldkit.ui.theme import GRID, scaled

_LEAST: Final = 6
"""Pixels of the window under which a drag is a slip of the hand."""
_FINE, _USUAL, _COARSE = 1, 12, 60
"""Pixels of the window that an arrow key moves by: with Shift, alone, with Ctrl."""
_ARROWS: Final = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
_CROSS: Final = 12


class PhotoCanvas(QWidget):
    """Shows a photo as large as it fits; `drawn` tells each mark that a person makes on it."""

    drawn = Signal(object)
    """A `Mark`, in pixels of the photo."""
    told = Signal(str)
    """What the keyboard can do now, in words."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("photoCanvas")
        self.setAccessibleName(_("Photo"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(scaled(200), scaled(120))
        self._image = QImage()
        self._fitted = QPixmap()
        self._tool: Kind | None = None
        self._start: QPointF | None = None
        self._at = QPointF()
        self._by_keys = False

    def show_image(self, image: QImage) -> None:
        """Show this photo; a mark under way goes on where the size is the same."""
        if image.size() != self._image.size():
            self._start, self._at = None, QPointF(image.width() / 2, image.height() / 2)
        self._image, self._fitted = image, QPixmap()
        self.update()

    def choose(self, tool: Kind | None) -> None:
        """Draw marks of this kind from now on; None only shows."""
        self._tool, self._start = tool, None
        self.setCursor(Qt.CursorShape.CrossCursor if tool else Qt.CursorShape.ArrowCursor)
        self._tell()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(scaled(720), scaled(480))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._takes(event):
            super().keyPressEvent(event)
            return
        key = Qt.Key(event.key())
        if key in _ARROWS:
            self._move(*_ARROWS[key], event.modifiers())
        elif key == Qt.Key.Key_Escape:
            self._start = None
        elif self._start is None:
            self._start = QPointF(self._at)
        else:
            self._place()
        self._by_keys = True
        self._tell()
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus()
        if self._tool is not None and event.button() == Qt.MouseButton.LeftButton:
            self._by_keys = False
            self._start = self._at = self._on_photo(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._start is not None and not self._by_keys:
            self._at = self._on_photo(event.position())
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._start is not None and not self._by_keys:
            self._at = self._on_photo(event.position())
            self._place()
            self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._by_keys = event.reason() != Qt.FocusReason.MouseFocusReason
        self._tell()
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.told.emit("")
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.colors().unknown_soft))
        if not self._image.isNull():
            place = self._place_of_photo()
            painter.drawPixmap(place.topLeft(), self._fit(place.size()))
            if self._tool is not None:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                self._paint_under_way(painter)
        if self.hasFocus():
            painter.setPen(QPen(QColor(theme.colors().accent), 2))
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))

    def _takes(self, event: QKeyEvent) -> bool:
        if self._tool is None or self._image.isNull():
            return False
        key = event.key()
        if key == Qt.Key.Key_Escape:
            return self._start is not None
        return key in _ARROWS or key in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)

    def _move(self, right: int, down: int, modifiers: Qt.KeyboardModifier) -> None:
        step = _USUAL
        if modifiers & Qt.KeyboardModifier.ShiftModifier:
            step = _FINE
        elif modifiers & Qt.KeyboardModifier.ControlModifier:
            step = _COARSE
        by = step / self._scale()
        self._at = self._inside(self._at + QPointF(right * by, down * by))

    def _place(self) -> None:
        """End the mark under way, unless it is too small to be meant."""
        start, self._start = self._start, None
        if start is None or self._tool is None:
            return
        width, height = abs(self._at.x() - start.x()), abs(self._at.y() - start.y())
        least = _LEAST / self._scale()
        enough = max(width, height) >= least if self._tool == "arrow" else min(width, height) >= least
        if enough:
            corners = (start.x(), start.y(), self._at.x(), self._at.y())
            self.drawn.emit(Mark(self._tool, *(round(value) for value in corners)))

    def _tell(self) -> None:
        if self._tool is None:
            words = ""
        elif self._start is None:
            words = _("Tirez avec la souris, ou : flèches pour se placer, Espace pour commencer.")
        else:
            words = _(
                "Flèches pour étendre (Maj : au plus fin, Ctrl : plus vite), Espace pour poser, Échap pour laisser."
            )
        self.told.emit(words)
        self.setAccessibleDescription(words)

    def _paint_under_way(self, painter: QPainter) -> None:
        at = self._in_window(self._at)
        pens = [QPen(QColor("white"), 4), QPen(QColor(theme.LIGHT.error), 2, Qt.PenStyle.DashLine)]
        for pen in pens:
            painter.setPen(pen)
            if self._start is not None:
                start = self._in_window(self._start)
                if self._tool == "arrow":
                    painter.drawLine(start, at)
                else:
                    painter.drawRect(QRectF(start, at))
            if self._by_keys and self.hasFocus():
                reach = scaled(_CROSS)
                painter.drawLine(at - QPointF(reach, 0), at + QPointF(reach, 0))
                painter.drawLine(at - QPointF(0, reach), at + QPointF(0, reach))

    def _fit(self, size: QSize) -> QPixmap:
        ratio = self.devicePixelRatioF()
        wanted = size * ratio
        if self._fitted.size() != wanted:
            smooth = self._image.scaled(
                wanted, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
            )
            self._fitted = QPixmap.fromImage(smooth)
            self._fitted.setDevicePixelRatio(ratio)
        return self._fitted

    def _place_of_photo(self) -> QRect:
        room = self.size() - QSize(GRID, GRID)
        size = self._image.size().scaled(room, Qt.AspectRatioMode.KeepAspectRatio)
        corner = QPoint((self.width() - size.width()) // 2, (self.height() - size.height()) // 2)
        return QRect(corner, size)

    def _scale(self) -> float:
        """Pixels of the window for one of the photo."""
        return max(self._place_of_photo().width(), 1) / self._image.width()

    def _in_window(self, point: QPointF) -> QPointF:
        return QPointF(self._place_of_photo().topLeft()) + point * self._scale()

    def _on_photo(self, point: QPointF) -> QPointF:
        return self._inside((point - QPointF(self._place_of_photo().topLeft())) / self._scale())

    def _inside(self, point: QPointF) -> QPointF:
        x = min(max(point.x(), 0.0), float(self._image.width()))
        y = min(max(point.y(), 0.0), float(self._image.height()))
        return QPointF(x, y)
