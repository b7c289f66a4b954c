"""zbar, the second opinion on stills, through pyzbar and only where zbar keeps bytes as they are.

Before 0.23 there is no binary mode: zbar guesses Shift-JIS or Big5 before UTF-8, and the library in pyzbar's
Windows wheel (0.10, of 2015) ends the process on a symbol in several parts. There it is left out.
"""

from __future__ import annotations

from ctypes import byref, c_char_p, c_uint, c_void_p, cast, string_at
from typing import TYPE_CHECKING, Any, Final

from fieldkit.hardware.scanner.decoders.code import Code, Corners, Look, Symbology

if TYPE_CHECKING:
    from fieldkit.hardware.scanner.decoders.seam import Gray

_BINARY: Final = 4
"""ZBAR_CFG_BINARY, which pyzbar does not know by name."""
_ON: Final = 1
_OLDEST: Final = (0, 23)


class ZBar:
    """QR codes as zbar reads them. Raises ImportError where zbar is missing or too old: see `second_opinion`."""

    name = "zbar"
    symbologies: frozenset[Symbology] = frozenset({"qr"})

    def __init__(self) -> None:
        from pyzbar import pyzbar, wrapper  # loads the system's library, which may not be there

        if zbar_version(wrapper) < _OLDEST:
            raise ImportError("zbar is too old to be trusted with bytes")
        self._zbar, self._wrapper = pyzbar, wrapper

    def look(self, gray: Gray) -> Look:
        try:
            return Look(tuple(self._codes(gray)))
        except (ValueError, self._zbar.PyZbarError):  # a symbol in several parts; a picture of no pixels
            return Look()

    def _codes(self, gray: Gray) -> list[Code]:
        zbar, low = self._zbar, self._wrapper
        pixels, (height, width) = gray.tobytes(), gray.shape
        # pyzbar.decode() cannot be told of the binary mode; the rest is what it does.
        with zbar._image_scanner() as scanner, zbar._image() as image:
            for symbol in low.ZBarSymbol:
                wanted = symbol is low.ZBarSymbol.QRCODE
                low.zbar_image_scanner_set_config(scanner, symbol, low.ZBarConfig.CFG_ENABLE, int(wanted))
            low.zbar_image_scanner_set_config(scanner, low.ZBarSymbol.QRCODE, _BINARY, _ON)
            low.zbar_image_set_format(image, zbar._FOURCC["L800"])
            low.zbar_image_set_size(image, width, height)
            low.zbar_image_set_data(image, cast(c_char_p(pixels), c_void_p), len(pixels), None)
            low.zbar_scan_image(scanner, image)
            symbols = zbar._symbols_for_image(image)
            # One part of a code in several is another type, and no payload.
            return [self._code(symbol) for symbol in symbols if symbol.contents.type == low.ZBarSymbol.QRCODE]

    def _code(self, symbol: Any) -> Code:
        low = self._wrapper
        data = string_at(low.zbar_symbol_get_data(symbol), low.zbar_symbol_get_data_length(symbol))
        return Code("qr", data, self.name, corners=self._corners(symbol))

    def _corners(self, symbol: Any) -> Corners:
        low = self._wrapper
        points = [
            (float(low.zbar_symbol_get_loc_x(symbol, n)), float(low.zbar_symbol_get_loc_y(symbol, n)))
            for n in range(low.zbar_symbol_get_loc_size(symbol))
        ]
        # zbar goes round the other way.
        return (points[0], *reversed(points[1:])) if len(points) == 4 else ()


def zbar_version(wrapper: Any) -> tuple[int, int]:
    """(major, minor) of the library behind pyzbar; since 0.23 the function also fills in a patch number."""
    major, minor, patch = c_uint(), c_uint(), c_uint()
    ask = wrapper.LIBZBAR.zbar_version
    ask(byref(major), byref(minor), byref(patch))
    return major.value, minor.value


def second_opinion() -> ZBar | None:
    """zbar where it can be trusted on this computer, else None."""
    try:
        return ZBar()
    except (ImportError, OSError, AttributeError):  # AttributeError: a library without all that pyzbar asks
        return None
