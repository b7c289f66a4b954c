"""The pages of a report, as they will be on paper."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QKeySequence, QPainter, QPaintEvent, QPixmap, QResizeEvent, QShortcut
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from fieldkit.i18n import _
from fieldkit.ui.theme import GRID
from fieldkit.ui.widgets.flow import flowing
from fieldkit.ui.widgets.text import button, label

PPI: Final = 144
"""Pixels per inch of the pages that are looked at: sharp up to one and a half times their size."""
_ZOOMS: Final = (0.5, 0.75, 1.0, 1.25, 1.5, 2.0)
"""Widths of a page, as shares of the room there is."""
_WHOLE: Final = 2
_MOST: Final = 1_000
"""The most that a page takes in pixels at 100 % of zoom."""
_SHARE: Final = 0.94


class ReportPreview(QDialog):
    """Stands over the window; what is done with the report is asked of those who opened it."""

    def __init__(
        self,
        parent: QWidget,
        pages: Sequence[QImage],
        title: str,
        acts: Sequence[tuple[str, str, str, Callable[[], None]]],
    ) -> None:
        """`acts` are buttons: words, name, drawing, and what to do once this is closed."""
        super().__init__(parent)
        self.setObjectName("reportPreview")
        self.setProperty("kind", "page")
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self._zoom = _WHOLE
        total = len(pages)
        self.pages = [PageView(page, _("Page {n} sur {total}").format(n=n, total=total))
                      for n, page in enumerate(pages, start=1)]  # fmt: skip
        made = [button(words, name, partial(self._leave, act), icon=icon) for words, name, icon, act in acts]
        self._smaller = button("−", "zoomOut", lambda: self._zoom_by(-1), hint="Ctrl+-")
        self._larger = button("+", "zoomIn", lambda: self._zoom_by(1), hint="Ctrl++")
        self._smaller.setAccessibleName(_("Plus petit"))
        self._larger.setAccessibleName(_("Plus grand"))
        self._percent = label("", "muted")
        close = button(_("&Fermer"), "previewClose", self.reject, hint=_("Touche Échap"))
        self.area = self._scrolling()
        top = QHBoxLayout()
        top.addWidget(flowing(*made, self._smaller, self._percent, self._larger), 1)
        top.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        column.addLayout(top)
        column.addWidget(self.area, 1)
        for keys, by in (("Ctrl++", 1), ("Ctrl+=", 1), ("Ctrl+-", -1)):
            QShortcut(QKeySequence(keys), self, partial(self._zoom_by, by))
        self.resize(parent.window().size() * _SHARE)
        self._zoom_by(0)
        self.area.setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._zoom_by(0)

    def _leave(self, act: Callable[[], None]) -> None:
        self.accept()
        act()

    def _zoom_by(self, by: int) -> None:
        self._zoom = min(max(self._zoom + by, 0), len(_ZOOMS) - 1)
        room = min(self.width() - 10 * GRID, _MOST)
        for page in self.pages:
            page.show_width(round(room * _ZOOMS[self._zoom]))
        self._percent.setText(f"{round(100 * _ZOOMS[self._zoom])} %")
        self._smaller.setEnabled(self._zoom > 0)
        self._larger.setEnabled(self._zoom < len(_ZOOMS) - 1)

    def _scrolling(self) -> QScrollArea:
        inside = QWidget()
        inside.setProperty("kind", "page")
        column = QVBoxLayout(inside)
        column.setSpacing(2 * GRID)
        for page in self.pages:
            column.addWidget(page, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        area = QScrollArea()
        area.setObjectName("previewScroll")
        area.setAccessibleName(_("Pages du compte rendu"))
        area.setAccessibleDescription(_("Images : un lecteur d'écran lit le PDF enregistré, qui est balisé."))
        area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setWidget(inside)
        return area


class PageView(QWidget):
    """One page, drawn in the width that it is given."""

    def __init__(self, page: QImage, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._page = page
        self._drawn = QPixmap()

    def show_width(self, width: int) -> None:
        """Take this width, in pixels of the window."""
        height = round(width * self._page.height() / max(self._page.width(), 1))
        self.setFixedSize(QSize(width, height))

    def paintEvent(self, _event: QPaintEvent) -> None:
        ratio = self.devicePixelRatioF()
        wanted = self.size() * ratio
        if self._drawn.size() != wanted:
            smooth = Qt.TransformationMode.SmoothTransformation
            self._drawn = QPixmap.fromImage(
                self._page.scaled(wanted, Qt.AspectRatioMode.IgnoreAspectRatio, smooth)
            )
            self._drawn.setDevicePixelRatio(ratio)
        QPainter(self).drawPixmap(0, 0, self._drawn)
