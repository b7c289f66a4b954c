"""zxing-cpp, the decoder; settings and figures in hardware.md §2 "Decoders"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import zxingcpp

from fieldkit.hardware.scanner.decoders.code import Code, Corners, Look, Symbology
from fieldkit.hardware.scanner.decoders.eci import declared_text

if TYPE_CHECKING:
    from fieldkit.hardware.scanner.decoders.seam import Gray

BOTH: Final[frozenset[Symbology]] = frozenset({"qr", "datamatrix"})

# QRCode would let Micro QR through as well; what is found is reported by its family all the same.
_ASKED: Final = {
    "qr": zxingcpp.BarcodeFormat.QRCodeModel2,
    "datamatrix": zxingcpp.BarcodeFormat.DataMatrix,
}
_FOUND: Final[dict[Any, Symbology]] = {
    zxingcpp.BarcodeFormat.QRCode: "qr",
    zxingcpp.BarcodeFormat.DataMatrix: "datamatrix",
}
_IN_A_QR: Final = 17
"""Modules of the side of a QR code: 17 and 4 for each version (ISO/IEC 18004)."""


class ZxingCpp:
    """The first pass over every picture, and the reader behind the rescue passes.

    The text mode only changes `.text`, never what is read nor `.bytes`: HexECI shows whether the symbol
    declares an encoding, which Plain keeps to itself.
    """

    def __init__(self, symbologies: frozenset[Symbology] = BOTH, name: str = "zxing-cpp") -> None:
        self.name = name
        self.symbologies = symbologies
        self._formats = tuple(_ASKED[symbology] for symbology in sorted(symbologies))

    def look(self, gray: Gray | memoryview) -> Look:
        found = zxingcpp.read_barcodes(
            gray,
            formats=self._formats,
            text_mode=zxingcpp.TextMode.HexECI,
            try_rotate=True,
            return_errors=True,
        )
        return Look(
            tuple(self._code(barcode) for barcode in found if barcode.valid),
            # A bad check of a Data Matrix is as often a texture as a symbol; that of a QR code rarely is.
            tuple(_corners(b) for b in found if not b.valid and _FOUND.get(b.symbology) == "qr"),
        )

    def _code(self, barcode: Any) -> Code:
        symbology = _FOUND[barcode.symbology]
        return Code(
            symbology,
            barcode.bytes,
            self.name,
            declared_text(bytes.fromhex(barcode.text)),
            _corners(barcode),
            _modules(symbology, str(barcode.extra.get("Version", ""))),
        )


def _corners(barcode: Any) -> Corners:
    place = barcode.position
    points = (place.top_left, place.top_right, place.bottom_right, place.bottom_left)
    return tuple((float(point.x), float(point.y)) for point in points)


def _modules(symbology: Symbology, version: str) -> tuple[int, int] | None:
    """(columns, rows) from zxing-cpp's word for the size: `7` for a QR code, `20x20` (rows first) otherwise."""
    numbers = version.split("x")
    if not all(number.isdecimal() for number in numbers):
        return None
    if symbology == "qr":
        side = _IN_A_QR + 4 * int(numbers[0])
        return side, side
    return (int(numbers[1]), int(numbers[0])) if len(numbers) == 2 else None
