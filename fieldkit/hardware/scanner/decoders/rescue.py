"""Second looks at a picture in which the first found nothing: prepared by OpenCV, twice as large, QR codes only.

Alone each is worse than the first pass where there is noise: only ever second (hardware.md §2).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import cv2

from fieldkit.hardware.scanner.decoders.code import Corners, Look, Symbology
from fieldkit.hardware.scanner.decoders.zxing import ZxingCpp

if TYPE_CHECKING:
    from fieldkit.hardware.scanner.decoders.seam import Gray

_QR: Final[frozenset[Symbology]] = frozenset({"qr"})


class Rescue:
    """zxing-cpp on a picture that `prepare` has gone over and that is then drawn twice as large."""

    symbologies = _QR

    def __init__(self, name: str, prepare: Callable[[Gray], Gray]) -> None:
        self.name = name
        self._prepare = prepare
        self._reader = ZxingCpp(_QR, name)

    def look(self, gray: Gray) -> Look:
        return enlarged(self._reader.look(twice(self._prepare(gray))), 0.5)


def sharpened() -> Rescue:
    """Against blur: an unsharp mask."""
    return Rescue("zxing-cpp+sharpened", _sharpen)


def equalised() -> Rescue:
    """Against glare and shadow: contrast made even, tile by tile."""
    even = cv2.createCLAHE(3.0, (8, 8))
    return Rescue("zxing-cpp+equalised", lambda gray: _gray(even.apply(gray)))


def twice(gray: Gray) -> Gray:
    """The picture at twice its width and height."""
    return _gray(cv2.resize(gray, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC))


def enlarged(look: Look, factor: float) -> Look:
    """The same look at a picture `factor` times as large."""
    if factor == 1:
        return look

    def times(corners: Corners) -> Corners:
        return tuple((x * factor, y * factor) for x, y in corners)

    codes = tuple(replace(code, corners=times(code.corners)) for code in look.codes)
    return Look(codes, tuple(times(place) for place in look.unread))


def _sharpen(gray: Gray) -> Gray:
    return _gray(cv2.addWeighted(gray, 2.5, cv2.GaussianBlur(gray, (0, 0), 2), -1.5, 0))


def _gray(pixels: object) -> Gray:
    """OpenCV promises any array; of 8-bit gray it makes 8-bit gray."""
    return pixels  # type: ignore[return-value]  # as said above
