"""Draws a text as a QR code or a Data Matrix: modules for the window, SVG and PNG for paper and phone."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from math import isqrt
from typing import Final, Literal

Symbology = Literal["qr", "datamatrix"]

_FORMATS: Final = {"qr": "QRCodeModel2", "datamatrix": "DataMatrix"}
_QUIET: Final = {"qr": 4, "datamatrix": 2}
"""Quiet zone in modules: 4 as ISO/IEC 18004 asks for QR; 2 for Data Matrix, one more than it needs."""


@dataclass(frozen=True, slots=True)
class Symbol:
    """The modules of a symbol, row by row, True for dark, quiet zone included."""

    symbology: Symbology
    modules: tuple[tuple[bool, ...], ...]

    @property
    def size(self) -> int:
        """Width and height in modules."""
        return len(self.modules)

    def svg(self, millimetres: float) -> str:
        """A square SVG picture of that side, black on white."""
        path = "".join(
            f"M{x} {y}h1v1h-1z" for y, row in enumerate(self.modules) for x, dark in enumerate(row) if dark
        )
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{millimetres:g}mm" height="{millimetres:g}mm" '
            f'viewBox="0 0 {self.size} {self.size}" shape-rendering="crispEdges">'
            f'<path fill="#fff" d="M0 0h{self.size}v{self.size}h-{self.size}z"/>'
            f'<path fill="#000" d="{path}"/></svg>'
        )

    def gray(self, scale: int) -> tuple[bytes, int]:
        """8-bit gray pixels, row by row, and the side in pixels; a module is `scale` pixels wide."""
        rows = (b"".join(b"\0" * scale if dark else b"\xff" * scale for dark in row) for row in self.modules)
        return b"".join(row * scale for row in rows), self.size * scale

    def png(self, scale: int = 8) -> bytes:
        """A gray PNG picture; a module is `scale` pixels wide."""
        pixels, side = self.gray(scale)
        lines = b"".join(b"\0" + pixels[y * side : (y + 1) * side] for y in range(side))
        header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
        chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(lines, 9)), (b"IEND", b""))
        return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in chunks)


def symbol(text: str, symbology: Symbology, *, eci: bool = False) -> Symbol:
    """`text` as a symbol, in UTF-8: QR with error correction M, or a square Data Matrix ECC 200.

    With `eci` the symbol says that it is UTF-8; without, a scanner has to guess, as with most codes met.
    """
    import zxingcpp  # not before something is drawn: the page is there without it

    options: dict[str, object] = {"ec_level": "M"} if symbology == "qr" else {"force_square": True}
    if eci:
        options["eci"] = "UTF-8"
    # Left to itself the writer takes another character set for what ASCII lacks, and adds its ECI.
    content = text if text.isascii() else text.encode()
    barcode = zxingcpp.create_barcode(
        content, getattr(zxingcpp.BarcodeFormat, _FORMATS[symbology]), **options
    )
    pixels = bytes(memoryview(barcode.to_image(scale=1, add_quiet_zones=False)))
    width = isqrt(len(pixels))
    core = [[pixel == 0 for pixel in pixels[y * width : (y + 1) * width]] for y in range(width)]
    quiet = _QUIET[symbology]
    blank = [False] * (len(core) + 2 * quiet)
    side = [False] * quiet
    rows = [blank] * quiet + [side + row + side for row in core] + [blank] * quiet
    return Symbol(symbology, tuple(tuple(row) for row in rows))


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
