"""Picture files as they come: any size within limits, and a clear refusal of the rest."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldkit.hardware.scanner import testcode
from fieldkit.hardware.scanner.decoders.zxing import ZxingCpp
from fieldkit.hardware.scanner.sight import pictures, words
from fieldkit.hardware.scanner.sight.child import Refusal
from fieldkit.hardware.scanner.sight.eye import Eye
from fieldkit.hardware.scanner.sight.pictures import RefusedError
from fieldkit.hardware.scanner.sight.seen import Sight
from tests.hardware.scanner import films

OURS = testcode.with_nonce("bcdf").text


def png(width: int, height: int, *, bits: int = 1, kind: int = 0) -> bytes:
    """A PNG of zeros: a few kilobytes, however many pixels it unfolds into."""
    channels = {0: 1, 2: 3, 6: 4}[kind]
    line = b"\0" * (1 + (width * bits * channels + 7) // 8)
    packer = zlib.compressobj(9)
    data = b"".join(packer.compress(line) for _row in range(height)) + packer.flush()

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", width, height, bits, kind, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def encoded(kind: str) -> bytes:
    """A photo of one of our codes."""
    done, data = cv2.imencode(kind, cv2.cvtColor(films.scene(OURS), cv2.COLOR_GRAY2BGR))
    assert done
    return data.tobytes()


def reason(data: bytes) -> str:
    """Why a picture is refused."""
    with pytest.raises(RefusedError) as failure:
        pictures.pixels(data)
    return failure.value.reason


@pytest.mark.parametrize("kind", [".jpg", ".png", ".webp", ".bmp", ".tif", ".jp2", ".avif", ".gif"])
def test_pictures_of_many_kinds_are_read(kind: str) -> None:
    picture = pictures.pixels(encoded(kind))
    gray = np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), np.uint8)
    assert [code.text for code in ZxingCpp().look(gray).codes] == [OURS]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "empty"),
        (b"this is a text, whatever it is called", "not-a-picture"),
        (encoded(".jpg")[:20_000], "damaged"),
        (encoded(".jpg")[:-3000], "damaged"),
        (encoded(".png")[:20_000], "damaged"),
        (encoded(".webp")[:5_000], "damaged"),
        (b"\xff\xd8\xff\xe0" + b"\0" * 500, "damaged"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "heic"),
        (b"\0" * (pictures.MOST_BYTES + 1), "too-heavy"),
    ],
    ids=["empty", "text", "half a JPEG", "a JPEG without its end", "half a PNG", "half a WebP", "a JPEG's head", "HEIC",
         "heavy"],
)  # fmt: skip
def test_what_is_not_a_whole_picture_is_refused(data: bytes, expected: str) -> None:
    assert reason(data) == expected


@pytest.mark.parametrize("size", [(40_000, 40_000), (20_000, 10_000)], ids=["zip bomb", "200 megapixels"])
def test_pictures_with_too_many_pixels_are_refused_before_they_unfold(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    path = tmp_path / "large.png"
    path.write_bytes(png(*size))
    assert path.stat().st_size < 1_000_000
    with Eye() as eye:
        assert eye.look(path) == Refusal("too-large")


def test_a_picture_just_within_the_limit_is_looked_at(tmp_path: Path) -> None:
    path = tmp_path / "fits.png"
    path.write_bytes(png(8_000, 6_000))
    with Eye() as eye:
        sight = eye.look(path)
    assert isinstance(sight, Sight)
    assert sight.size == (8_000, 6_000)
    assert sight.preview is not None
    assert max(sight.preview.width, sight.preview.height) <= 2048


def test_a_picture_is_turned_as_its_exif_says_and_leaves_it_behind() -> None:
    plain = encoded(".jpg")
    tiff = struct.pack("<2sHIHHHII", b"II", 42, 8, 1, 0x0112, 3, 1, 6) + struct.pack("<I", 0)
    exif = b"Exif\0\0" + tiff
    turned = plain[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + plain[2:]
    assert pictures.pixels(plain).shape == (720, 1280, 3)
    assert pictures.pixels(turned).shape == (1280, 720, 3)


def test_files_that_cannot_be_read_are_refused(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="missing"):
        pictures.read(tmp_path / "none.jpg")
    with pytest.raises(RefusedError, match="unreadable-file"):
        pictures.read(tmp_path)


@given(st.binary(max_size=400))
@settings(max_examples=300)
def test_any_bytes_are_a_picture_or_refused(data: bytes) -> None:
    for head in (b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"BM", b"GIF89a", b"II*\0"):
        try:
            shape = pictures.pixels(head + data).shape
        except RefusedError:
            continue
        assert shape[2] == 3


def test_every_refusal_says_what_to_do() -> None:
    from typing import get_args

    for one in get_args(pictures.Reason):
        error = words.refusal(one)
        assert error.code
        assert error.hint


def test_opencv_is_told_of_the_limit_before_it_is_loaded() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import sys; from fieldkit.hardware.scanner.sight import child, eye; "
         "print([name for name in ('cv2', 'numpy', 'zxingcpp', 'pyzbar') if name in sys.modules])"],
        capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": str(Path.cwd())},
    )  # fmt: skip
    assert done.stdout.strip() == "[]"
