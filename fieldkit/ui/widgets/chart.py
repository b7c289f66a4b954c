"""A small chart of values over dates, drawn by us: each value is written at its point, each date under it.

It never stands alone: whoever shows it shows its table beside it. Series differ by the shape of their
points and the stroke of their lines as well as by colour.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from fieldkit.i18n import _
from fieldkit.ui import theme
from fieldkit.ui.models.series import Point, Series, in_words, moment, short_number, ticks
from fieldkit.ui.theme import GRID
from fieldkit.ui.widgets.flow import empty
from fieldkit.ui.widgets.text import label
from fieldkit.ui.widgets.wrap_grid import WrapGrid
from fieldkit.ui.words import french_date

MOST: Final = 4
"""How many series one chart can tell apart."""

_COLORS: Final = ("accent", "warning", "success", "info")
_STROKES: Final = (
    Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine, Qt.PenStyle.DotLine, Qt.PenStyle.DashDotLine
)  # fmt: skip


class Chart(QWidget):
    """Filled by `show_series`; with several series, a legend above tells them apart."""

    def __init__(self, name: str, title: str, *, height: int = 150) -> None:
        super().__init__()
        self.setObjectName(name)
        self._title = title
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        self._legend = QVBoxLayout()
        self._legend.setSpacing(0)
        self._plot = _Plot(height)
        column.addLayout(self._legend)
        column.addWidget(self._plot, 1)

    def show_series(self, series: Sequence[Series], unit: str = "") -> None:
        """Show these series, `MOST` of them at most, on one scale that starts at zero."""
        empty(self._legend)
        if len(series) > 1:
            keys = [_key(number, one.name) for number, one in enumerate(series)]
            grid = WrapGrid(200, gap=GRID // 2)
            grid.show_cells(keys)
            self._legend.addWidget(grid)
        self._plot.show_series(series, unit)
        self.setAccessibleName(_("Graphique : {title}").format(title=self._title))
        self.setAccessibleDescription(in_words(series))


class _Plot(QWidget):
    def __init__(self, height: int) -> None:
        super().__init__()
        self._height = height
        self._series: tuple[Series, ...] = ()
        self._unit = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_series(self, series: Sequence[Series], unit: str) -> None:
        self._series, self._unit = tuple(series), unit
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.scaled(260), theme.scaled(self._height))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.scaled(160), theme.scaled(self._height))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        draw_chart(painter, QRectF(self.rect()), self._series, self._unit, self.font())


class _Mark(QWidget):
    """The stroke and the shape of one series, as its points have them."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self._number = number
        self.setFixedSize(theme.scaled(26), theme.scaled(14))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = self.height() / 2
        painter.setPen(_pen(self._number))
        painter.drawLine(QPointF(1, middle), QPointF(self.width() - 1, middle))
        _draw_mark(painter, QPointF(self.width() / 2, middle), self._number)


def _key(number: int, name: str) -> QWidget:
    key = QWidget()
    row = QHBoxLayout(key)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(GRID // 2)
    row.addWidget(_Mark(number))
    row.addWidget(label(name[:1].upper() + name[1:], "caption", wrap=True), 1)
    return key


def draw_chart(painter: QPainter, rect: QRectF, series: Sequence[Series], unit: str, font: QFont) -> None:
    """Draw `series` into `rect`, in the colours and the text size in use."""
    points = [point for one in series for point in one.points]
    if not points:
        return
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    small = QFont(font)
    small.setPixelSize(theme.scaled(12.5))
    painter.setFont(small)
    metrics = QFontMetricsF(small)
    scale = ticks(max(point.value for point in points))
    words = [_tick(value, unit) for value in scale]
    gutter = max(metrics.horizontalAdvance(word) for word in words) + GRID
    side = max(metrics.horizontalAdvance(point.words) for point in points) / 2 + theme.scaled(6)
    line = metrics.height()
    plot = rect.adjusted(gutter, line + theme.scaled(8), 0, -line - GRID)
    _draw_scale(painter, plot, words, gutter)
    moments = sorted({point.date for point in points}, key=moment)
    first, last = moment(moments[0]), moment(moments[-1])
    inner = plot.adjusted(side, 0, -side, 0)

    def at(point: Point) -> QPointF:
        part = (moment(point.date) - first) / (last - first) if last > first else 0.5
        return QPointF(
            inner.left() + part * inner.width(), plot.bottom() - point.value / scale[-1] * plot.height()
        )

    _draw_dates(painter, rect, metrics, {date: at(Point(date, 0, "")).x() for date in moments})
    for number, one in enumerate(series):
        painter.setPen(_pen(number))
        painter.drawPolyline(QPolygonF([at(point) for point in one.points]))
    for number, one in enumerate(series):
        for point in one.points:
            _draw_mark(painter, at(point), number)
    _draw_values(painter, rect, metrics, [(at(point), point.words) for point in points])


def _tick(value: float, unit: str) -> str:
    return f"{short_number(value)} %" if unit == "%" else short_number(value)


def _pen(number: int) -> QPen:
    color = QColor(getattr(theme.colors(), _COLORS[number % MOST]))
    pen = QPen(color, max(2.0, theme.scaled(2)), _STROKES[number % MOST])
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return pen


def _draw_scale(painter: QPainter, plot: QRectF, words: Sequence[str], gutter: float) -> None:
    """Thin lines at round values, the words at their left; lines too close for their words are left out."""
    palette = theme.colors()
    step = plot.height() / (len(words) - 1)
    every = 1 if step >= painter.fontMetrics().height() else 2
    for number, word in enumerate(words):
        if number % every:
            continue
        y = round(plot.bottom() - number * step) + 0.5
        painter.setPen(QPen(QColor(palette.border), 1))
        painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
        painter.setPen(QColor(palette.muted))
        box = QRectF(plot.left() - gutter, y - step / 2 - 20, gutter - GRID, step + 40)
        painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, word)


def _draw_dates(painter: QPainter, rect: QRectF, metrics: QFontMetricsF, places: dict[str, float]) -> None:
    """Dates under their points, from the latest on; one that would touch its neighbour is left out."""
    painter.setPen(QColor(theme.colors().muted))
    free = rect.right() + GRID
    for date, x in reversed(places.items()):
        word = french_date(date)
        width = metrics.horizontalAdvance(word)
        left = min(max(x - width / 2, rect.left()), rect.right() - width)
        if left + width + GRID <= free:
            painter.drawText(QPointF(left, rect.bottom() - metrics.descent()), word)
            free = left


def _draw_values(
    painter: QPainter, rect: QRectF, metrics: QFontMetricsF, told: Sequence[tuple[QPointF, str]]
) -> None:
    """Values above their points, or below where another stands; the table has those that find no room."""
    strong = QFont(painter.font())
    strong.setWeight(QFont.Weight.DemiBold)
    gap, height, mark = theme.scaled(7), metrics.height(), theme.scaled(5)
    taken = [QRectF(place.x() - mark, place.y() - mark, 2 * mark, 2 * mark) for place, _word in told]
    for place, word in sorted(told, key=lambda one: one[0].y()):
        width = QFontMetricsF(strong).horizontalAdvance(word)
        left = min(max(place.x() - width / 2, rect.left()), rect.right() - width)
        above = QRectF(left, place.y() - gap - height, width, height)
        below = QRectF(left, place.y() + gap, width, height)
        for box in (above, below):
            inside = box.top() >= rect.top() and box.bottom() <= rect.bottom() - height
            if inside and not any(box.intersects(other) for other in taken):
                _write(painter, QPointF(left, box.bottom() - metrics.descent()), word, strong)
                taken.append(box)
                break


def _write(painter: QPainter, place: QPointF, word: str, font: QFont) -> None:
    """A word that keeps the lines behind it off its letters."""
    palette, outline = theme.colors(), QPainterPath()
    outline.addText(place, font, word)
    painter.strokePath(outline, QPen(QColor(palette.card), theme.scaled(4)))
    painter.fillPath(outline, QColor(palette.text))


def _draw_mark(painter: QPainter, place: QPointF, number: int) -> None:
    palette, size = theme.colors(), theme.scaled(4.5)
    painter.setPen(QPen(QColor(palette.card), max(1.5, theme.scaled(1.5))))
    painter.setBrush(QColor(getattr(palette, _COLORS[number % MOST])))
    _SHAPES[number % MOST](painter, place, size)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _circle(painter: QPainter, place: QPointF, size: float) -> None:
    painter.drawEllipse(place, size, size)


def _square(painter: QPainter, place: QPointF, size: float) -> None:
    painter.drawRect(QRectF(place.x() - size, place.y() - size, 2 * size, 2 * size))


def _diamond(painter: QPainter, place: QPointF, size: float) -> None:
    around = ((0, -1.35), (1.35, 0), (0, 1.35), (-1.35, 0))
    painter.drawPolygon(QPolygonF([place + QPointF(x * size, y * size) for x, y in around]))


def _triangle(painter: QPainter, place: QPointF, size: float) -> None:
    around = ((0, -1.3), (1.25, 1), (-1.25, 1))
    painter.drawPolygon(QPolygonF([place + QPointF(x * size, y * size) for x, y in around]))


_SHAPES: Final[tuple[Callable[[QPainter, QPointF, float], None], ...]] = (
    _circle,
    _square,
    _diamond,
    _triangle,
)
