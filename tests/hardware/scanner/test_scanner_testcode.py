"""The format of the test code, and its symbols read back."""

from __future__ import annotations

import re
import struct
import zlib
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.hardware.scanner import layouts, testcode
from fieldkit.hardware.scanner.decode import Code, decode
from fieldkit.hardware.scanner.hypotheses import Settings
from fieldkit.hardware.scanner.symbol import Symbology, symbol

nonces = st.text(testcode.STABLE_LETTERS, min_size=4, max_size=4)
SYMBOLOGIES: tuple[Symbology, ...] = ("qr", "datamatrix")


def test_the_code_is_framed_as_documented() -> None:
    code = testcode.with_nonce("bdfh")
    assert re.fullmatch(r"FK1;azqwm'!\"<09-_\.=\(bdfh;cb;[b-x]{5};1KF", code.text)
    assert len(code.text) == 37


@pytest.mark.parametrize("layout_id", ["us", "fr", "fr-mac", "be", "ch-fr", "de", "gb", "es", "it", "pt"])
@pytest.mark.parametrize("scanner", ["us", "fr", "de"])
def test_letters_of_nonce_length_and_checksum_stay_in_place(scanner: str, layout_id: str) -> None:
    settings = Settings(layouts.load(scanner), layouts.load(layout_id), caps=False)
    assert settings.render(testcode.STABLE_LETTERS) == testcode.STABLE_LETTERS
    assert settings.render("FK") == "FK"


@given(nonces, st.sampled_from(testcode.KINDS))
def test_a_code_is_found_again(nonce: str, kind: testcode.Kind) -> None:
    code = testcode.with_nonce(nonce, kind)
    assert testcode.find(code.text) == testcode.find(f"]Q1{code.text}\r") == code
    assert code.kept == nonce.startswith("p")


@pytest.mark.parametrize(
    ("kind", "pattern"),
    [
        ("accents", r"FK2;bdfhéèàçùœÉ€°§;[b-x]{2};[b-x]{5};2KF"),
        ("control", r"FK3;bdfhb\x1dc\x1ed\x04e;[b-x]{2};[b-x]{5};3KF"),
        ("long-64", r"FK4;bdfh[A-Za-z0-9_-]{60};ef;[b-x]{5};4KF"),
        ("long-256", r"FK5;bdfh[A-Za-z0-9_-]{252};[b-x]{2};[b-x]{5};5KF"),
        ("long-512", r"FK6;bdfh[A-Za-z0-9_-]{508};[b-x]{3};[b-x]{5};6KF"),
        ("long-1024", r"FK7;bdfh[A-Za-z0-9_-]{1020};[b-x]{3};[b-x]{5};7KF"),
    ],
)
def test_the_other_codes_are_framed_as_documented(kind: testcode.Kind, pattern: str) -> None:
    assert re.fullmatch(pattern, testcode.with_nonce("bdfh", kind).text)


@pytest.mark.parametrize("kind", testcode.KINDS)
def test_codes_of_a_screen_are_told_from_those_made_to_be_kept(kind: testcode.Kind) -> None:
    assert all(not testcode.new(kind).kept for _ in range(60))
    assert all(testcode.new(kind, kept=True).kept for _ in range(20))


@given(nonces, st.sampled_from(testcode.KINDS), st.integers(24, 1040))
def test_a_code_cut_after_its_nonce_still_tells_which_it_was(
    nonce: str, kind: testcode.Kind, length: int
) -> None:
    code = testcode.with_nonce(nonce, kind)
    assert testcode.claimed(code.text[:length]) == code


@given(st.text(max_size=80))
def test_any_text_may_be_looked_at(text: str) -> None:
    assert testcode.find(text) is None


@given(nonces, st.integers(0, 36), st.characters(codec="ascii"))
def test_a_changed_code_is_not_found(nonce: str, place: int, character: str) -> None:
    text = testcode.with_nonce(nonce).text
    changed = text[:place] + character + text[place + 1 :]
    assert (testcode.find(changed) is None) == (changed != text)


def test_codes_differ() -> None:
    assert len({testcode.new().text for _ in range(50)}) > 45


@pytest.mark.parametrize("symbology", SYMBOLOGIES)
@given(nonce=nonces, scale=st.integers(3, 6))
def test_a_symbol_is_read_back_byte_for_byte(symbology: Symbology, nonce: str, scale: int) -> None:
    text = testcode.with_nonce(nonce).text
    pixels, side = symbol(text, symbology).gray(scale)
    assert decode(pixels, side, side) == [Code(symbology, text.encode())]


@pytest.mark.parametrize("symbology", SYMBOLOGIES)
@pytest.mark.parametrize("kind", testcode.KINDS)
@pytest.mark.parametrize("eci", [False, True])
def test_every_kind_is_read_back_byte_for_byte(symbology: Symbology, kind: testcode.Kind, eci: bool) -> None:
    text = testcode.with_nonce("bdfh", kind).text
    drawn = symbol(text, symbology, eci=eci)
    pixels, side = drawn.gray(4)
    assert [code.data for code in decode(pixels, side, side)] == [text.encode()]
    assert all(len(row) == drawn.size for row in drawn.modules)


@pytest.mark.parametrize("symbology", SYMBOLOGIES)
def test_a_symbol_on_its_side_is_read(symbology: Symbology) -> None:
    pixels, side = symbol("FK1", symbology).gray(6)
    turned = bytes(pixels[x * side + y] for y in range(side) for x in reversed(range(side)))
    assert [code.text for code in decode(turned, side, side)] == ["FK1"]


def test_a_picture_without_a_code_gives_none() -> None:
    assert decode(bytes(range(256)) * 40, 128, 80) == []


@pytest.mark.parametrize(("data", "text"), [(b"\xc3\xa9", "é"), (b"\xe9\x80", "é€"), (b"\x81\xff", None)])
def test_text_is_utf8_else_cp1252_else_unknown(data: bytes, text: str | None) -> None:
    assert Code("qr", data).text == text


@pytest.mark.parametrize("symbology", SYMBOLOGIES)
def test_the_png_holds_the_same_pixels(symbology: Symbology) -> None:
    drawn = symbol("FK1", symbology)
    png = drawn.png(scale=5)
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", png[16:24])
    start = png.index(b"IDAT") + 4
    lines = zlib.decompress(png[start : png.index(b"IEND") - 8])
    pixels = b"".join(lines[y * (width + 1) + 1 : (y + 1) * (width + 1)] for y in range(height))
    assert (pixels, width) == drawn.gray(5)
    assert width == height == drawn.size * 5


@pytest.mark.parametrize("symbology", SYMBOLOGIES)
def test_the_svg_draws_each_dark_module_once(symbology: Symbology) -> None:
    drawn = symbol("FK1", symbology)
    root = ElementTree.fromstring(drawn.svg(millimetres=30))
    assert (root.get("width"), root.get("viewBox")) == ("30mm", f"0 0 {drawn.size} {drawn.size}")
    path = root[-1].get("d") or ""
    squares = {(int(x), int(y)) for x, y in re.findall(r"M(\d+) (\d+)h1v1h-1z", path)}
    assert squares == {(x, y) for y, row in enumerate(drawn.modules) for x, dark in enumerate(row) if dark}


def test_the_quiet_zone_is_white() -> None:
    drawn = symbol("FK1", "qr")
    assert not any(any(row) for row in drawn.modules[:4])
    assert not any(any(row[-4:]) for row in drawn.modules)
