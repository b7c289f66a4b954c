"""Pages on paper, by the system's own printers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtGui import QImage, QPageSize, QPainter

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter

PPI: Final = 300
"""Pixels per inch of the pages that are printed."""


def printer_for(title: str) -> QPrinter:
    """The system's usual printer, set to whole A4 pages; `title` is what its queue shows."""
    from PySide6.QtPrintSupport import QPrinter

    made = QPrinter(QPrinter.PrinterMode.HighResolution)
    made.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    made.setFullPage(True)
    made.setDocName(title)
    return made


def paint(pages: Sequence[bytes], printer: QPrinter) -> bool:
    """Send `pages` (PNG) to `printer`, those of its range; may run on a worker. False where it takes nothing."""
    first, last = printer.fromPage() or 1, printer.toPage() or len(pages)
    painter = QPainter()
    if not painter.begin(printer):
        return False
    for number, page in enumerate(pages[first - 1 : last]):
        if number and not printer.newPage():
            painter.end()
            return False
        painter.drawImage(painter.viewport(), QImage.fromData(page))
    return painter.end()
