"""Marks drawn into a photo: an arrow, a box, and the mosaic that takes the place of what must not be read."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from typing import Final

from PIL import Image, ImageDraw, ImageStat

from fieldkit.domain.marks import Mark

_COLOR: Final = (206, 5, 0)
_HALO: Final = (255, 255, 255)
_STROKES_PER_SIDE: Final = 240
_FINE: Final = 4
"""Marks are drawn that many times larger, then made smaller: smooth edges."""
_TILES: Final = 5
"""Tiles of a mosaic along its shorter side."""
_TINT_STEP: Final = 16
_TINT_RANGE: Final = 28

Box = tuple[int, int, int, int]


def draw(image: Image.Image, marks: Sequence[Mark]) -> Image.Image:
    """`image` (RGB) with `marks` drawn in, one over the other; it is itself left alone."""
    drawn = image.copy()
    for mark in marks:
        if mark.kind == "blur":
            _cover(drawn, mark)
        else:
            _stroke(drawn, mark)
    return drawn


def _cover(image: Image.Image, mark: Mark) -> None:
    """Put a mosaic over the area of `mark`.

    Its tiles are drawn by lot around the mean colour, and from nothing else: the averages of a true mosaic, or
    of a blur, can be turned back into the letters that were there.
    """
    area = _within(image, mark.area)
    if area is None:
        return
    left, top, right, bottom = area
    width, height = right - left, bottom - top
    means = ImageStat.Stat(image.crop(area)).mean
    tint = [int(mean) // _TINT_STEP * _TINT_STEP + _TINT_STEP // 2 for mean in means]
    tile = max(1, min(width, height) // _TILES)
    columns, rows = max(1, width // tile), max(1, height // tile)
    lot = random.Random(f"{area}")  # noqa: S311  a look, not a secret
    tiles = bytearray()
    for _tile in range(columns * rows):
        shade = lot.randint(-_TINT_RANGE, _TINT_RANGE)
        tiles += bytes(min(255, max(0, channel + shade)) for channel in tint)
    mosaic = Image.frombytes("RGB", (columns, rows), bytes(tiles))
    image.paste(mosaic.resize((width, height), Image.Resampling.NEAREST), area)


def _stroke(image: Image.Image, mark: Mark) -> None:
    """Draw a box or an arrow, in red with a white edge that shows on any ground."""
    stroke = max(3, max(image.size) // _STROKES_PER_SIDE)
    left, top, right, bottom = mark.area
    reach = 8 * stroke
    area = _within(image, (left - reach, top - reach, right + reach, bottom + reach))
    if area is None:
        return
    place = (area[2] - area[0]) * _FINE, (area[3] - area[1]) * _FINE
    for width, color in ((2 * stroke, _HALO), (stroke, _COLOR)):
        mask = Image.new("L", place)
        pen = ImageDraw.Draw(mask)
        points = [
            ((x - area[0]) * _FINE, (y - area[1]) * _FINE)
            for x, y in ((mark.x1, mark.y1), (mark.x2, mark.y2))
        ]
        if mark.kind == "box":
            _draw_box(pen, points, width * _FINE)
        else:
            _draw_arrow(pen, points, stroke * _FINE, width * _FINE)
        image.paste(color, area, mask.resize((area[2] - area[0], area[3] - area[1]), Image.Resampling.BOX))


def _draw_box(pen: ImageDraw.ImageDraw, points: Sequence[tuple[int, int]], width: int) -> None:
    (x1, y1), (x2, y2) = points
    half = width // 2
    corners = (min(x1, x2) - half, min(y1, y2) - half, max(x1, x2) + half, max(y1, y2) + half)
    pen.rounded_rectangle(corners, radius=width, outline=255, width=width)


def _draw_arrow(pen: ImageDraw.ImageDraw, points: Sequence[tuple[int, int]], stroke: int, width: int) -> None:
    """A shaft and a filled head, whose tip is the second point; the halo of `width` goes round `stroke`."""
    (x1, y1), (x2, y2) = points
    angle = math.atan2(y2 - y1, x2 - x1)
    along, across = (math.cos(angle), math.sin(angle)), (-math.sin(angle), math.cos(angle))
    length, half = 5 * stroke, 2.5 * stroke
    edge = (width - stroke) / 2
    neck = x2 - along[0] * length, y2 - along[1] * length
    if math.hypot(x2 - x1, y2 - y1) > length:
        pen.line((x1, y1, *neck), fill=255, width=width)
        pen.circle((x1, y1), width / 2, fill=255)
    tip = x2 + along[0] * 2 * edge, y2 + along[1] * 2 * edge
    back = neck[0] - along[0] * edge, neck[1] - along[1] * edge
    side = half + 2 * edge
    wings = [(back[0] + sign * across[0] * side, back[1] + sign * across[1] * side) for sign in (1, -1)]
    pen.polygon([tip, *wings], fill=255)


def _within(image: Image.Image, area: Box) -> Box | None:
    """The part of `area` that is on the photo; None where there is none."""
    left, top = max(0, area[0]), max(0, area[1])
    right, bottom = min(image.width, area[2]), min(image.height, area[3])
    return (left, top, right, bottom) if left < right and top < bottom else None
