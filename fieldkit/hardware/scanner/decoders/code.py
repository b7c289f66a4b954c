"""What a decoder gives: a symbol that was read, byte for byte, and where it stood in the picture."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import dist
from typing import Final, Literal

Symbology = Literal["qr", "datamatrix"]
Point = tuple[float, float]
Corners = tuple[Point, ...]
"""Four corners in pixels, clockwise from the symbol's own top left; empty where a decoder gives none."""

_FALLBACKS: Final = ("utf-8", "cp1252")


@dataclass(frozen=True, slots=True)
class Code:
    """One symbol that was read. `data` is what it carries, byte for byte.

    `declared` is its text where the symbol itself names its encodings (ECI); `modules` is (columns, rows).
    Two readings of the same symbol are equal whatever the picture they come from.
    """

    symbology: Symbology
    data: bytes
    decoder: str = field(default="zxing-cpp", compare=False)
    declared: str | None = field(default=None, compare=False)
    corners: Corners = field(default=(), compare=False)
    modules: tuple[int, int] | None = field(default=None, compare=False)

    @property
    def text(self) -> str | None:
        """As the symbol declares it, else the bytes as UTF-8, else as Windows-1252; None where none fits."""
        if self.declared is not None:
            return self.declared
        for encoding in _FALLBACKS:
            try:
                return self.data.decode(encoding)
            except UnicodeDecodeError:
                continue
        return None

    @property
    def pixels_per_module(self) -> float | None:
        """Picture pixels for the side of a module along the shorter-seen side; None where it is not known."""
        if self.modules is None or len(self.corners) != 4:
            return None
        top_left, top_right, bottom_right, bottom_left = self.corners
        columns, rows = self.modules
        across = min(dist(top_left, top_right), dist(bottom_left, bottom_right)) / columns
        down = min(dist(top_left, bottom_left), dist(top_right, bottom_right)) / rows
        return min(across, down)


@dataclass(frozen=True, slots=True)
class Look:
    """What one look at a picture gives: symbols that were read, and the places of those seen but not read."""

    codes: tuple[Code, ...] = ()
    unread: tuple[Corners, ...] = ()
