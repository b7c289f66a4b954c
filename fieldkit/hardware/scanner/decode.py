"""Reads QR codes and Data Matrix symbols in gray pictures. Bytes are exact; text is what they mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import zxingcpp

# QRCode would let Micro QR through as well; what is found is reported by its family all the same.
_FORMATS: Final = (zxingcpp.BarcodeFormat.QRCodeModel2, zxingcpp.BarcodeFormat.DataMatrix)
_SYMBOLOGIES: Final = {
    zxingcpp.BarcodeFormat.QRCode: "qr",
    zxingcpp.BarcodeFormat.DataMatrix: "datamatrix",
}


@dataclass(frozen=True, slots=True)
class Code:
    """One symbol that was read. `data` is what it carries, byte for byte."""

    symbology: str
    data: bytes
    decoder: str = "zxing-cpp"

    @property
    def text(self) -> str | None:
        """The bytes as UTF-8, else Windows-1252; None where they are neither."""
        for encoding in ("utf-8", "cp1252"):
            try:
                return self.data.decode(encoding)
            except UnicodeDecodeError:
                continue
        return None


def decode(pixels: bytes | bytearray | memoryview, width: int, height: int) -> list[Code]:
    """Every QR code and Data Matrix in an 8-bit gray picture of `width` × `height` pixels, rows unpadded."""
    found = zxingcpp.read_barcodes(
        memoryview(pixels).cast("B", (height, width)),
        formats=_FORMATS,
        text_mode=zxingcpp.TextMode.Plain,
        try_rotate=True,
    )
    return [Code(_SYMBOLOGIES[barcode.symbology], barcode.bytes) for barcode in found]
