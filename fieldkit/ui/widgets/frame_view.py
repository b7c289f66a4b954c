"""The picture of a camera or a photo, with an outline around each code that is seen in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from fieldkit.i18n import _
from fieldkit.ui import icons, theme
from fieldkit.ui.theme import GRID, scaled

if TYPE_CHECKING:
    from fieldkit.hardware.scanner.decoders.code import Corners
    from fieldkit.services.pictures import Sight

_SHAPE: Final = 16 / 9
_PEN: Final = 4


class FrameView(QWidget):
    """Paints the latest sight; codes of ours are outlined, others are covered already, unread ones are dashed."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("frameView")
        self.setAccessibleName(_("Image de la caméra ou de la photo"))
        self.setMinimumSize(scaled(240), scaled(136))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._image: QImage | None = None
        self._pixels = b""  # the image is painted from them
        self._outlines: list[tuple[Corners, str]] = []
        self.awaits_drop = False

    def sizeHint(self) -> QSize:
        width = scaled(420)
        return QSize(width, round(width / _SHAPE))

    @property
    def shows(self) -> bool:
        """Whether there is a picture."""
        return self._image is not None

    def show_sight(self, sight: Sight) -> None:
        """Paint this one from now on."""
        preview = sight.preview
        if preview is None:
            return self.clear()
        self._pixels = preview.pixels
        self._image = QImage(
            self._pixels, preview.width, preview.height, 3 * preview.width, QImage.Format.Format_RGB888
        )
        self._outlines = [(code.outline, "success" if code.kind else "info") for code in sight.seen]
        self._outlines += [(place, "warning") for place in sight.unread]
        return self.update()

    def clear(self) -> None:
        """Forget the picture."""
        self._image, self._pixels, self._outlines = None, b"", []
        self.update()

    def await_drop(self, yes: bool) -> None:
        """Show that what is held over it may be let go."""
        self.awaits_drop = yes
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        colors = theme.colors()
        frame = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.setPen(QPen(QColor(colors.accent if self.awaits_drop else colors.border), 2))
        painter.setBrush(QColor(colors.accent_soft if self.awaits_drop else colors.unknown_soft))
        painter.drawRoundedRect(frame, GRID, GRID)
        if self._image is None:
            self._paint_nothing(painter)
        else:
            self._paint_picture(painter, self._image)

    def _paint_nothing(self, painter: QPainter) -> None:
        size = scaled(40)
        drawing = icons.pixmap("image" if self.awaits_drop else "camera", theme.colors().muted, size)
        words = _("Lâchez l'image ici") if self.awaits_drop else _("Pas encore d'image")
        middle = self.rect().center()
        painter.drawPixmap(middle.x() - size // 2, middle.y() - size, drawing)
        painter.setPen(QColor(theme.colors().muted))
        below = self.rect().adjusted(0, self.height() // 2 + GRID, 0, 0)
        painter.drawText(below, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, words)

    def _paint_picture(self, painter: QPainter, image: QImage) -> None:
        size = image.size().scaled(
            self.rect().adjusted(4, 4, -4, -4).size(), Qt.AspectRatioMode.KeepAspectRatio
        )
        place = QRectF(
            (self.width() - size.width()) / 2,
            (self.height() - size.height()) / 2,
            size.width(),
            size.height(),
        )
        painter.drawImage(place, image)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for outline, state in self._outlines:
            points = [
                QPointF(place.x() + x * place.width(), place.y() + y * place.height()) for x, y in outline
            ]
            style = Qt.PenStyle.DashLine if state == "warning" else Qt.PenStyle.SolidLine
            # White under the colour: it stands out on any picture.
            for color, width in ((QColor("white"), _PEN + 3), (QColor(getattr(theme.LIGHT, state)), _PEN)):
                painter.setPen(QPen(color, width, style, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
                painter.drawPolygon(QPolygonF(points))
