"""Reads QR codes and Data Matrix symbols in plain gray pixels, in this process: the first pass alone.

For pictures that come from outside there is `sight`, whose child process may hang or die instead of this one.
"""

from __future__ import annotations

from fieldkit.hardware.scanner.decoders.code import Code
from fieldkit.hardware.scanner.decoders.zxing import ZxingCpp

__all__ = ["Code", "decode"]


def decode(pixels: bytes | bytearray | memoryview, width: int, height: int) -> list[Code]:
    """Every QR code and Data Matrix in an 8-bit gray picture of `width` × `height` pixels, rows unpadded."""
    return list(ZxingCpp().look(memoryview(pixels).cast("B", (height, width))).codes)
