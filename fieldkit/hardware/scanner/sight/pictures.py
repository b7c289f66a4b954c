"""Bytes of a picture file as pixels, within limits. Runs in the child process: what comes in is not to be trusted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

import cv2
import numpy as np

from fieldkit.hardware.scanner.sight.seen import MOST_PIXELS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8]
    """8-bit blue, green, red: (rows, columns, 3)."""

MOST_BYTES: Final = 64 * 1024 * 1024

Reason = Literal[
    "missing", "unreadable-file", "empty", "too-heavy", "too-large", "heic", "damaged", "not-a-picture"
]

_HEIC: Final = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")
_KNOWN: Final = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"BM", b"RIFF", b"II*\0", b"MM\0*", b"\0\0\0\x0cjP  ")


class RefusedError(Exception):
    """A picture that is not looked at, and why: a word that `words` turns into sentences, never content."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


def read(path: Path) -> bytes:
    """The bytes of a picture file. Raises RefusedError."""
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        raise RefusedError("missing") from None
    except OSError:  # a folder, no right to read, a drive that went away
        raise RefusedError("unreadable-file") from None
    return data


def pixels(data: bytes) -> Pixels:
    """The picture, turned upright as its EXIF says; its EXIF is not kept. Raises RefusedError."""
    if not data:
        raise RefusedError("empty")
    if len(data) > MOST_BYTES:
        raise RefusedError("too-heavy")
    if data[4:8] == b"ftyp" and data[8:12] in _HEIC:
        raise RefusedError("heic")
    try:
        made = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    except cv2.error as error:
        # The name of the limit is all that tells this from other faults.
        raise RefusedError("too-large" if "MAX_IMAGE" in str(error) else "damaged") from None
    if made is None:
        raise RefusedError("damaged" if data.startswith(_KNOWN) else "not-a-picture")
    if made.shape[0] * made.shape[1] > MOST_PIXELS:
        raise RefusedError("too-large")
    return made  # type: ignore[return-value]  # OpenCV promises any array
