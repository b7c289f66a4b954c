"""A test code on the screen, at the size it would have on a phone or on paper."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from fieldkit.i18n import _

if TYPE_CHECKING:
    from fieldkit.hardware.scanner.symbol import Symbol

_MM_PER_INCH: Final = 25.4
_PLAUSIBLE_DPI: Final = (60.0, 400.0)
_FALLBACK_DPI: Final = 96.0
_FEWEST_PIXELS: Final = 2


class CodeView(QWidget):
    """Dark modules on white in either theme; every module the same whole number of device pixels."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("testCode")
        self.setAccessibleName(_("Code de test à scanner"))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._symbol: Symbol | None = None
        self._millimetres = 40.0
        self._scale = 1.0

    def show_symbol(self, symbol: Symbol | None, millimetres: float, scale: float = 1.0) -> None:
        """Paint `symbol`, `millimetres` wide, quiet zone included; None paints a blank.

        `scale` is how much wider a millimetre comes out than the screen says.
        """
        self._symbol, self._millimetres, self._scale = symbol, millimetres, scale
        self.updateGeometry()
        self.update()

    @property
    def width_mm(self) -> float:
        """How wide the symbol really is: whole pixels, and no fewer than two a module, may make it wider."""
        pixels = self.module_pixels * self._symbol.size if self._symbol else 0
        return pixels / self.devicePixelRatioF() / self._dpi() * _MM_PER_INCH

    @property
    def module_pixels(self) -> int:
        """Device pixels for the side of one module: as near to the asked size as whole pixels allow."""
        if self._symbol is None:
            return _FEWEST_PIXELS
        wanted = self._millimetres / _MM_PER_INCH * self._dpi() * self.devicePixelRatioF()
        return max(_FEWEST_PIXELS, round(wanted / self._symbol.size))

    def sizeHint(self) -> QSize:
        if self._symbol is None:
            side = round(self._millimetres / _MM_PER_INCH * self._dpi())
        else:
            side = round(self.module_pixels * self._symbol.size / self.devicePixelRatioF())
        return QSize(side, side)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), Qt.GlobalColor.white)
        if self._symbol is None:
            return
        side = self.module_pixels / self.devicePixelRatioF()
        for y, row in enumerate(self._symbol.modules):
            for x, dark in enumerate(row):
                if dark:
                    painter.fillRect(QRectF(x * side, y * side, side, side), Qt.GlobalColor.black)

    def _dpi(self) -> float:
        told = self.screen().physicalDotsPerInch()
        low, high = _PLAUSIBLE_DPI
        return (told if low <= told <= high else _FALLBACK_DPI) / self._scale
