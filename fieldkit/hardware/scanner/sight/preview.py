"""The small picture that is shown, in which a code that is not ours is painted over before it leaves this process."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from fieldkit.hardware.scanner.sight.seen import Preview

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fieldkit.hardware.scanner.decoders.code import Corners
    from fieldkit.hardware.scanner.sight.pictures import Pixels

WIDEST: Final = 960
_COVER: Final = (96, 96, 96)
_MARGIN: Final = 1.25
"""A cover is that much larger than the code: its corners are where the decoder guessed them."""
_LASTS: Final = 12
"""Frames for which a place stays covered after a code was last seen there: it may be there and unread."""


class Covers:
    """Places to paint over, remembered from frame to frame. Outlines are fractions of the picture."""

    def __init__(self) -> None:
        self._places: list[tuple[Corners, int]] = []

    def cover(self, outlines: Iterable[Corners]) -> None:
        """Count one frame, in which these places hold a code that must not be shown."""
        fresh = [(outline, _LASTS) for outline in outlines if len(outline) >= 3]
        self._places = [(place, left - 1) for place, left in self._places if left > 1] + fresh

    def preview(self, picture: Pixels) -> Preview:
        """The picture at the size it is shown, covered."""
        height, width = picture.shape[:2]
        scale = min(1.0, WIDEST / max(width, height))
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA) if scale < 1 else picture.copy()
        for place, _left in self._places:
            cv2.fillConvexPoly(small, _grown(place, size), _COVER)
        return Preview(*size, cv2.cvtColor(small, cv2.COLOR_BGR2RGB).tobytes())


def _grown(place: Corners, size: tuple[int, int]) -> NDArray[np.int32]:
    points = np.array(place) * size
    middle = points.mean(axis=0)
    hull = cv2.convexHull(((points - middle) * _MARGIN + middle).astype(np.float32))
    return np.asarray(hull.round(), np.int32)
