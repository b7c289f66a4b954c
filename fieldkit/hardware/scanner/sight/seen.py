"""What may leave the child process: our own test codes, and of any other code only that it is there.

A code that is not ours is possibly a patient's: its bytes are looked at here and dropped, never handed over.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, Literal

from fieldkit.hardware.scanner import testcode
from fieldkit.hardware.scanner.decoders.code import Code, Corners, Symbology
from fieldkit.hardware.scanner.testcode import TestCode

ENOUGH_PIXELS: Final = 2.5
"""Picture pixels per module from which every decoder reads (hardware.md §2)."""

MOST_PIXELS: Final = 100_000_000
"""Pixels of the largest picture that is opened: more than any phone's usual photo."""

CameraState = Literal["none", "busy", "refused", "black", "stopped"]


@dataclass(frozen=True, slots=True)
class Camera:
    """A camera of this computer, as its driver names it; `index` is what OpenCV opens."""

    index: int
    name: str


@dataclass(frozen=True, slots=True)
class Seen:
    """A code in a picture. `ours`, `kind` and `data` are text, kind and bytes of one of our test codes, None for
    any other code.

    `length` counts bytes; `outline` is in fractions of the picture's width and height; `sure` tells that it
    was seen twice, or in a still.
    """

    symbology: Symbology
    length: int
    decoder: str
    ours: str | None = None
    kind: str | None = None
    data: bytes | None = None
    outline: Corners = ()
    pixels_per_module: float | None = None
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Preview:
    """A small picture to show, RGB, rows unpadded; codes that are not ours are painted over."""

    width: int
    height: int
    pixels: bytes


@dataclass(frozen=True, slots=True)
class Sight:
    """One still, or one frame of a camera: what is seen in it, and how long the look took.

    `unread` are outlines of codes that were found but not read: blurred, or too far. `size` is (width, height) in
    pixels.
    """

    seen: tuple[Seen, ...] = ()
    unread: tuple[Corners, ...] = ()
    took_ms: float = 0.0
    size: tuple[int, int] = (0, 0)
    preview: Preview | None = None
    black: bool = False

    @property
    def sure(self) -> tuple[Seen, ...]:
        """The codes that count."""
        return tuple(code for code in self.seen if code.sure)


def own(code: Code) -> TestCode | None:
    """The test code that `code` carries, whole and alone; None for any other text."""
    text = code.text
    found = testcode.find(text) if text is not None else None
    return found if found is not None and found.text == text else None


def seen(code: Code, size: tuple[int, int]) -> Seen:
    """What may be known of `code`, found in a picture of `size` pixels."""
    told = Seen(
        code.symbology,
        len(code.data),
        code.decoder,
        outline=fractions(code.corners, size),
        pixels_per_module=code.pixels_per_module,
    )
    ours = own(code)
    if ours is None:
        return told
    return replace(told, ours=ours.text, kind=ours.kind, data=code.data)


def fractions(corners: Corners, size: tuple[int, int]) -> Corners:
    """A place in pixels as fractions of the picture's width and height."""
    width, height = size
    return tuple((x / width, y / height) for x, y in corners)
