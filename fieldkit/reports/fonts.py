"""The fonts of the report: they travel with the app, so that a report is the same on every machine."""

from __future__ import annotations

import struct
from functools import cache
from typing import TYPE_CHECKING, Final

from fieldkit.paths import resource

if TYPE_CHECKING:
    import typst

FILES: Final = ("Inter-roman.var.ttf", "DejaVuSans.ttf")
"""The text font first, then the one that stands in for what it lacks."""

_UNICODE: Final = (3, 10)
"""The character map that reaches beyond the first 65,536 characters (Windows platform, UCS-4)."""


@cache
def faces() -> typst.Fonts:
    """The fonts in the form the engine takes: ours, and none of the system's or of the engine's own."""
    import typst

    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[resource("report", "fonts")],
    )


@cache
def coverage() -> tuple[frozenset[int], ...]:
    """The code points each of `FILES` has a glyph for, in the same order."""
    return tuple(_code_points(resource("report", "fonts", name).read_bytes()) for name in FILES)


def _code_points(font: bytes) -> frozenset[int]:
    """What the `cmap` table of an OpenType font maps to a glyph, read from its format 12 subtable."""
    tables = {font[at : at + 4]: at for at in range(12, 12 + 16 * struct.unpack_from(">H", font, 4)[0], 16)}
    cmap = struct.unpack_from(">I", font, tables[b"cmap"] + 8)[0]
    encodings = (
        struct.unpack_from(">HHI", font, cmap + 4 + 8 * n)
        for n in range(struct.unpack_from(">H", font, cmap + 2)[0])
    )
    subtable = cmap + next(offset for *encoding, offset in encodings if tuple(encoding) == _UNICODE)
    groups = struct.unpack_from(">I", font, subtable + 12)[0]
    spans = (struct.unpack_from(">II", font, subtable + 16 + 12 * n) for n in range(groups))
    return frozenset(point for first, last in spans for point in range(first, last + 1))
