"""The order in which decoders look at a picture: one way for stills, one for live frames (hardware.md §2)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import cycle
from typing import TYPE_CHECKING, Final

import cv2

from fieldkit.hardware.scanner.decoders.code import Code, Look
from fieldkit.hardware.scanner.decoders.rescue import enlarged, equalised, sharpened, twice
from fieldkit.hardware.scanner.decoders.zbar import second_opinion
from fieldkit.hardware.scanner.decoders.zxing import BOTH, ZxingCpp

if TYPE_CHECKING:
    from fieldkit.hardware.scanner.decoders.code import Symbology
    from fieldkit.hardware.scanner.decoders.seam import Decoder, Gray

LONGEST_SIDE: Final = 2048
"""Pixels of the longest side of a picture that second looks are given: they draw it twice as large."""
LONGEST_FIRST: Final = 6000
"""The same for the first look, so that it ends in time on a photo of a hundred million pixels."""
SHORT: Final = 8
"""Bytes under which a payload counts only when it is seen twice: a false reading is a short one."""


class StillChain:
    """Both symbologies, then every other decoder in turn until one finds something.

    `before` is called ahead of each, with its name.
    """

    name = "chain"
    symbologies: frozenset[Symbology] = BOTH

    def __init__(self, before: Callable[[str], object] = lambda _name: None) -> None:
        self._before = before
        self._first = ZxingCpp()
        zbar = second_opinion()
        self._others: list[Decoder] = [sharpened(), equalised(), *([zbar] if zbar else [])]

    def look(self, gray: Gray) -> Look:
        self._before(self._first.name)
        fitted, scale = fit(gray, LONGEST_FIRST)
        first = enlarged(self._first.look(fitted), 1 / scale)
        if first.codes:
            return Look(tuple(self._trusted(first.codes, gray)), first.unread)
        fitted, scale = fit(gray)
        for decoder in self._others:
            self._before(decoder.name)
            codes = tuple(self._trusted(decoder.look(fitted).codes, fitted))
            if codes:
                return enlarged(Look(codes), 1 / scale)
        return first

    def _trusted(self, codes: tuple[Code, ...], gray: Gray) -> Iterator[Code]:
        """All codes of a sure length, and the short ones that a second look at `gray` sees as well."""
        again: tuple[Code, ...] | None = None
        for code in codes:
            if len(code.data) < SHORT:
                if again is None:
                    again = self._first.look(twice(fit(gray)[0])).codes
                if code not in again:
                    continue
            yield code


class LiveChain:
    """One frame at a time, within the time of a frame: QR codes; where there is none, Data Matrix; where there is
    none, one second look, of each kind in turn. Beside a QR code, Data Matrix on one frame of five.

    Short payloads are not held back here: a live code counts only when seen twice, whatever its length.
    """

    name = "live"
    symbologies: frozenset[Symbology] = BOTH

    def __init__(self) -> None:
        self._qr, self._datamatrix = ZxingCpp(frozenset({"qr"})), ZxingCpp(frozenset({"datamatrix"}))
        seconds: tuple[Decoder, ...] = (sharpened(), equalised())
        self._seconds = cycle(seconds)
        self._both = cycle((True, False, False, False, False))

    def look(self, gray: Gray) -> Look:
        first = self._qr.look(gray)
        codes = first.codes
        if not codes or next(self._both):
            codes += self._datamatrix.look(gray).codes
        if not codes:
            fitted, scale = fit(gray)
            codes = enlarged(next(self._seconds).look(fitted), 1 / scale).codes
        return Look(codes, first.unread)


def fit(gray: Gray, longest: int = LONGEST_SIDE) -> tuple[Gray, float]:
    """The picture with its longest side at most `longest` pixels, and what it was multiplied by."""
    scale = min(1.0, longest / max(gray.shape[:2]))
    if scale == 1.0:
        return gray, 1.0
    size = [max(1, round(side * scale)) for side in (gray.shape[1], gray.shape[0])]
    small = cv2.resize(gray, size, interpolation=cv2.INTER_AREA)
    return small, scale  # type: ignore[return-value]  # of 8-bit gray OpenCV makes 8-bit gray
