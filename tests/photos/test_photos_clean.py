"""Whatever a photo file holds, only its pixels come out; what is no photo is refused in words."""

from __future__ import annotations

import io
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import ExifTags, Image, ImageCms
from PIL.PngImagePlugin import PngInfo

from fieldkit.errors import KnownError
from fieldkit.photos import clean
from fieldkit.photos.clean import LONGEST, SMALL
from tests.photos.pictures import color_at, near, photo, saved, scene, segments

RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)
SECRET = "SECRET-DUPONT"

words = st.text(st.characters(min_codepoint=32, max_codepoint=0x2FF), min_size=1, max_size=30)
places = st.tuples(st.integers(0, 89), st.integers(0, 59), st.integers(0, 59))


def error_of(data: bytes) -> KnownError:
    with pytest.raises(KnownError) as caught:
        clean.read(data)
    assert caught.value.hint
    return caught.value


@given(author=words, note=words, xmp=words, comment=words, place=places, orientation=st.integers(1, 8))
@example(SECRET, SECRET, SECRET, SECRET, (48, 0, 12), 6)
def test_no_metadata_comes_out_whatever_goes_in(
    author: str, note: str, xmp: str, comment: str, place: tuple[int, int, int], orientation: int
) -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Artist] = f"{SECRET}{author}"
    exif[ExifTags.Base.Orientation] = orientation
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.UserComment] = f"{SECRET}{note}".encode()
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = place
    packet = f"<x:xmpmeta>{SECRET}{xmp}</x:xmpmeta>".encode()
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    data = photo(
        exif=exif, xmp=packet, comment=f"{SECRET}{comment}".encode(), icc_profile=profile, dpi=(314, 271)
    )
    assert SECRET.encode() in data
    kept = clean.encode(clean.read(data))
    for jpeg in (kept.jpeg, kept.small):
        assert SECRET.encode() not in jpeg
        # APP0 is the JFIF header of every such file; tables, frame and nothing else.
        assert {marker for marker, _content in segments(jpeg)} <= {0xE0, 0xDB, 0xC0, 0xC4}
        assert segments(jpeg)[0] == (0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0")
        with Image.open(io.BytesIO(jpeg)) as image:
            assert not image.getexif()


@given(note=words)
def test_nor_that_of_a_screen_capture(note: str) -> None:
    info = PngInfo()
    info.add_text("Title", SECRET)
    info.add_itxt("Comment", f"{SECRET}{note}")
    kept = clean.encode(clean.read(saved(scene(), "PNG", pnginfo=info)))
    assert SECRET.encode() not in kept.jpeg


@pytest.mark.parametrize(
    ("orientation", "first"),
    [(1, RED), (2, GREEN), (3, WHITE), (4, BLUE), (5, RED), (6, BLUE), (7, WHITE), (8, GREEN)],
)
def test_a_photo_taken_sideways_stands_upright(orientation: int, first: tuple[int, int, int]) -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    picture = clean.read(photo(exif=exif, quality=95))
    assert (picture.width, picture.height) == ((64, 48) if orientation < 5 else (48, 64))
    assert near(color_at(picture, 4, 4), first)


@pytest.mark.parametrize(("size", "kept"), [
    ((4000, 3000), (2048, 1536)), ((1200, 4096), (600, 2048)), ((2048, 10), (2048, 10)), ((30, 20), (30, 20)),
    ((1, 9000), (1, 2048)),
])  # fmt: skip
def test_the_longest_side_is_kept_within_bounds_and_nothing_is_made_larger(
    size: tuple[int, int], kept: tuple[int, int]
) -> None:
    picture = clean.read(saved(Image.new("RGB", size, "teal")))
    assert (picture.width, picture.height) == kept
    made = clean.encode(picture)
    with Image.open(io.BytesIO(made.jpeg)) as image:
        assert image.size == kept == (made.width, made.height)
    with Image.open(io.BytesIO(made.small)) as image:
        assert max(image.size) == min(SMALL, max(kept))


def test_the_same_photo_gives_the_same_bytes_and_the_same_name() -> None:
    first, second = (clean.encode(clean.read(photo(quality=80))) for _time in range(2))
    assert first == second
    assert len(first.sha256) == 64


@pytest.mark.parametrize(
    ("image", "kind"),
    [
        (scene().convert("L"), "JPEG"),
        (scene().convert("CMYK"), "JPEG"),
        (scene().convert("P"), "PNG"),
        (scene().convert("RGBA"), "PNG"),
        (scene().convert("LA"), "PNG"),
        (scene().convert("1"), "PNG"),
        (Image.new("I;16", (64, 48), 40_000), "PNG"),
        (scene(), "WEBP"),
        (scene(), "BMP"),
    ],
)
def test_every_kind_of_pixel_is_read(image: Image.Image, kind: str) -> None:
    picture = clean.read(saved(image, kind))
    assert (picture.width, picture.height) == (64, 48)
    assert len(picture.rgb) == 3 * 64 * 48


def test_a_picture_of_nothing_but_noise_is_kept() -> None:
    noise = random.Random(1).randbytes(300 * 300 * 3)
    kept = clean.encode(clean.Picture(300, 300, noise))
    assert len(kept.jpeg) > 300 * 300, "more than one byte a pixel"
    assert clean.read(kept.jpeg).width == 300


def test_sixteen_bits_of_grey_keep_their_grey() -> None:
    assert color_at(clean.read(saved(Image.new("I;16", (8, 8), 40_000), "PNG")), 3, 3) == (156, 156, 156)


def test_what_is_transparent_lies_on_white() -> None:
    glass = Image.new("RGBA", (10, 10), (200, 0, 0, 0))
    assert color_at(clean.read(saved(glass, "PNG")), 5, 5) == WHITE


def test_a_profile_of_its_own_colours_is_obeyed_and_a_damaged_one_is_not() -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    for profile in (b"not a profile", lab):
        assert near(color_at(clean.read(photo(icc_profile=profile, quality=95)), 4, 4), RED)
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert near(color_at(clean.read(photo(icc_profile=srgb, quality=95)), 4, 4), RED)


def test_damaged_exif_does_not_keep_a_photo_out() -> None:
    assert clean.read(photo(exif=b"Exif\0\0MM\0*\xff\xff\xff\xff")).width == 64


def test_a_photo_of_two_hundred_megapixels_is_taken() -> None:
    picture = clean.read(saved(Image.new("L", (16_384, 12_288), 200)))
    assert (picture.width, picture.height) == (2048, 1536)


def bomb(side: int) -> bytes:
    """A PNG that says it is `side` pixels square, in a few bytes."""
    data = bytearray(saved(Image.new("1", (8, 8)), "PNG"))
    data[16:24] = side.to_bytes(4) * 2
    import zlib

    data[29:33] = zlib.crc32(data[12:29]).to_bytes(4)
    return bytes(data)


@pytest.mark.parametrize("data", [bomb(30_000), bomb(12_000), saved(Image.new("L", (10_000, 7_000)), progressive=True)],
                         ids=["huge", "too large to decode", "progressive"])  # fmt: skip
def test_what_would_fill_the_memory_is_refused_unopened(data: bytes) -> None:
    assert error_of(data).code == "picture-too-large"


def test_too_many_bytes_are_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clean, "MOST_BYTES", 100)
    large = tmp_path / "large.jpg"
    large.write_bytes(photo())
    with pytest.raises(KnownError) as caught:
        clean.read_file(large)
    assert caught.value.code == "picture-too-large"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "picture-empty"),
        ("Liste des cabinets à voir".encode(), "not-a-picture"),
        (b"%PDF-1.7", "not-a-picture"),
        (saved(scene(), "GIF"), "not-a-picture"),
        (photo()[:400], "picture-damaged"),
        (photo()[:12], "picture-damaged"),
        (saved(scene(), "PNG")[:60], "picture-damaged"),
        (b"\0\0\0\x18ftypheic\0\0\0\0", "picture-heic"),
        (b"\0\0\0\x1cftypavif\0\0\0\0", "picture-heic"),
    ],
    ids=["empty", "text", "pdf", "gif", "cut", "beginning", "cut png", "heic", "avif"],
)
def test_what_is_no_photo_is_refused_in_words(data: bytes, code: str) -> None:
    assert error_of(data).code == code


@pytest.mark.parametrize("name", ["missing.jpg", "folder.jpg"])
def test_a_file_that_cannot_be_read_is_said_without_its_name(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder.jpg").mkdir()
    with pytest.raises(KnownError) as caught:
        clean.read_file(tmp_path / name)
    assert caught.value.code == "picture-unreadable"
    assert name not in caught.value.message + caught.value.hint


GOOD = {kind: saved(scene(), kind) for kind in ("JPEG", "PNG", "WEBP", "BMP")}


@given(kind=st.sampled_from(sorted(GOOD)), data=st.data())
def test_a_damaged_file_is_a_photo_or_a_refusal_never_a_fault(kind: str, data: Any) -> None:
    file = bytearray(GOOD[kind])
    for _blow in range(data.draw(st.integers(1, 8))):
        file[data.draw(st.integers(0, len(file) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(file)))
    try:
        picture = clean.read(bytes(file[:cut]))
    except KnownError:
        return
    assert max(picture.width, picture.height) <= LONGEST
    assert len(picture.rgb) == 3 * picture.width * picture.height
