"""Photo files as phones, screens and mischief make them."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image

from fieldkit.photos.clean import Picture


def scene(width: int = 64, height: int = 48) -> Image.Image:
    """A picture whose corners differ: red, green, blue and white."""
    image = Image.new("RGB", (width, height), "gray")
    half_w, half_h = width // 2, height // 2
    corners = {(0, 0): "red", (half_w, 0): "lime", (0, half_h): "blue", (half_w, half_h): "white"}
    for (x, y), color in corners.items():
        image.paste(Image.new("RGB", (half_w, half_h), color), (x, y))
    return image


def saved(image: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    """The file of a picture."""
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def photo(**options: Any) -> bytes:
    """A small JPEG."""
    return saved(scene(), **options)


def color_at(picture: Picture, x: int, y: int) -> tuple[int, ...]:
    """Red, green and blue of one pixel."""
    start = 3 * (y * picture.width + x)
    return tuple(picture.rgb[start : start + 3])


def near(color: tuple[int, ...], wanted: tuple[int, int, int]) -> bool:
    """Whether a colour is that one, as near as a JPEG keeps it."""
    return all(abs(a - b) < 40 for a, b in zip(color, wanted, strict=True))


def segments(jpeg: bytes) -> list[tuple[int, bytes]]:
    """The segments of a JPEG up to its pixels: (marker, content)."""
    found: list[tuple[int, bytes]] = []
    at = 2
    while jpeg[at + 1] != 0xDA:
        length = int.from_bytes(jpeg[at + 2 : at + 4])
        found.append((jpeg[at + 1], jpeg[at + 4 : at + 2 + length]))
        at += 2 + length
    return found
