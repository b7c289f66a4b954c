"""One entry of the catalogue, to read: text that can be selected, and links to follow with the keyboard."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import Any, Final

from PySide6.QtCore import QEvent, QRectF, Qt, QUrl, Signal
from PySide6.QtGui import QGuiApplication, QPainter, QPixmap, QResizeEvent, QTextOption
from PySide6.QtWidgets import QFrame, QTextBrowser

from fieldkit.i18n import _
from fieldkit.ui import icons
from fieldkit.ui.models.entry_figures import BAR_WIDTH, CHART_SIZE, entry_plots
from fieldkit.ui.models.entry_html import MOST, entry_html
from fieldkit.ui.models.entry_parts import ALL
from fieldkit.ui.theme import GRID, colors, scaled
from fieldkit.ui.widgets.bars import draw_bar
from fieldkit.ui.widgets.chart import draw_chart

_CHART_GAP: Final = 12


class EntryCard(QTextBrowser):
    """Shows the dictionary that `services.catalogue.show` returns."""

    followed = Signal(str)
    """Emitted with the id of the entry whose link was followed."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("entryCard")
        self.setAccessibleName(_("Fiche"))
        self.setOpenLinks(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.document().setDocumentMargin(2 * GRID)
        self.anchorClicked.connect(self._follow)
        self._card: Mapping[str, Any] | None = None
        self._across = 2
        self._most = MOST

    @property
    def entry(self) -> str:
        """The id of the entry shown; empty before the first."""
        return self._card["id"] if self._card else ""

    def forget(self) -> None:
        """What is shown may not be true any more: the same entry is worth reading again."""
        self._card = None

    def show_card(self, card: Mapping[str, Any]) -> None:
        """Show this entry, from its top."""
        self._card, self._most = card, MOST
        self.setAccessibleName(_("Fiche : {name}").format(name=card["name"]))
        self._render()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        room = self.viewport().width() - 4 * GRID
        across = max(1, room // scaled(CHART_SIZE[0] + _CHART_GAP))
        if across != self._across:
            self._across = across
            if self._card is not None:
                self._render()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._card is not None:
            self._render()

    def loadResource(self, kind: int, name: QUrl | str) -> Any:
        """The drawings of the card: `state:success`, `part:0.125` (of a bar), `chart:0`."""
        what, _colon, which = (name.toString() if isinstance(name, QUrl) else name).partition(":")
        if what == "state":
            return icons.pixmap(which, getattr(colors(), which), scaled(15))
        if what == "part":
            return _drawn(
                BAR_WIDTH,
                scaled(8),
                lambda painter, rect: draw_bar(painter, rect, float(which), colors().accent),
            )
        if what == "chart" and self._card is not None:
            plot, font = entry_plots(self._card)[int(which)], self.font()
            width, height = (scaled(side) for side in CHART_SIZE)
            return _drawn(
                width,
                height,
                lambda painter, rect: draw_chart(painter, rect, plot.series, plot.unit, font),
            )
        return super().loadResource(kind, name)

    def _follow(self, url: QUrl) -> None:
        if url.toString() == ALL:
            self._most = sys.maxsize
            place = self.verticalScrollBar().value()
            self._render()
            self.verticalScrollBar().setValue(place)
        elif url.hasFragment():
            self.scrollToAnchor(url.fragment())
        else:
            self.followed.emit(url.toString().removeprefix("entry:"))

    def _render(self) -> None:
        assert self._card is not None
        self.document().clear()  # what it has drawn before was in other colours
        self.document().setDefaultFont(self.font())
        self.setHtml(entry_html(self._card, charts_across=self._across, most=self._most))


def _drawn(width: int, height: int, draw: Callable[[QPainter, QRectF], None]) -> QPixmap:
    """What `draw` draws, sharp on the main screen; sizes in pixels."""
    screen = QGuiApplication.primaryScreen()
    ratio = screen.devicePixelRatio() if screen else 1.0
    image = QPixmap(round(width * ratio), round(height * ratio))
    image.setDevicePixelRatio(ratio)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    draw(painter, QRectF(0, 0, width, height))
    painter.end()
    return image
