"""One contract for every decoder behind the seam, and the order they come in."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import cv2
import numpy as np
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldkit.hardware.scanner.decoders import chain, rescue, zbar
from fieldkit.hardware.scanner.decoders.chain import LiveChain, StillChain, fit
from fieldkit.hardware.scanner.decoders.code import Code, Look
from fieldkit.hardware.scanner.decoders.eci import declared_text
from fieldkit.hardware.scanner.decoders.seam import Decoder
from fieldkit.hardware.scanner.decoders.zxing import BOTH, ZxingCpp
from tests.bench.phone_frames import Gray
from tests.hardware.scanner import films

MAKERS: dict[str, Callable[[], Decoder]] = {
    "zxing-cpp": ZxingCpp,
    "sharpened": rescue.sharpened,
    "equalised": rescue.equalised,
    "zbar": zbar.ZBar,
    "still": StillChain,
    "live": LiveChain,
}
PAYLOADS = {
    "ascii": b"FK1;azqwm'!\"<09-_.=(bcdf;cb;bcdfg;1KF",
    "utf-8": "André Œuvré, 12 €".encode(),
    "latin-1": "André Œuvré".replace("Œ", "O").encode("latin-1"),
    "binary": bytes(range(256)),
    "zeros": b"\0\0\0\0abc\0\0\0",
    "japanese": "ﾃﾞｻﾞｲﾝQR".encode("shift_jis"),
}


@pytest.fixture(params=MAKERS)
def decoder(request: pytest.FixtureRequest) -> Decoder:
    """Each decoder in turn."""
    return MAKERS[request.param]()


def drawn(data: bytes | str, symbology: str = "qr", scale: int = 5, **options: object) -> Gray:
    """A symbol with these bytes, as it would be printed."""
    kind = {"qr": zxingcpp.BarcodeFormat.QRCodeModel2, "datamatrix": zxingcpp.BarcodeFormat.DataMatrix}
    made = zxingcpp.create_barcode(data, kind[symbology], **options)
    pixels = np.array(made.to_image(scale=scale, add_quiet_zones=True), np.uint8)
    return np.asarray(cv2.copyMakeBorder(pixels, 40, 40, 40, 40, cv2.BORDER_CONSTANT, value=255), np.uint8)


@pytest.mark.parametrize("name", PAYLOADS)
def test_bytes_are_exact(decoder: Decoder, name: str) -> None:
    for symbology in sorted(decoder.symbologies):
        [code] = decoder.look(drawn(PAYLOADS[name], symbology)).codes
        assert (code.symbology, code.data) == (symbology, PAYLOADS[name])


def test_the_place_is_that_of_the_code(decoder: Decoder) -> None:
    picture = films.scene("FK1;a place to be found", at=0.25, side=260)
    [code] = decoder.look(picture).codes
    assert len(code.corners) == 4
    for x, y in code.corners:
        assert 150 < x < 490
        assert 200 < y < 520


@pytest.mark.parametrize("turn", [0, 37, 90, 200])
def test_a_code_is_read_however_it_is_turned(decoder: Decoder, turn: int) -> None:
    [code] = decoder.look(films.scene("a code that is turned", turn=turn)).codes
    assert code.data == b"a code that is turned"


def test_two_codes_are_both_read(decoder: Decoder) -> None:
    picture = np.hstack([drawn("the one on the left"), drawn("the one on the right")])
    read = {code.data for code in decoder.look(picture).codes}
    assert read == {b"the one on the left", b"the one on the right"}


def test_nothing_is_read_where_there_is_nothing(decoder: Decoder) -> None:
    noise = np.random.default_rng(5).integers(0, 256, (240, 320), np.uint8)
    for picture in (films.desk(), noise, np.zeros((1, 1), np.uint8), np.full((3, 500), 255, np.uint8)):
        assert decoder.look(picture).codes == ()


def test_pixels_per_module_come_from_the_size_in_the_picture() -> None:
    [code] = ZxingCpp().look(drawn("FK1", scale=6)).codes
    assert code.modules == (21, 21)
    assert code.pixels_per_module == pytest.approx(6, abs=0.3)
    [matrix] = ZxingCpp().look(drawn("FK1;FK1;FK1", "datamatrix", scale=6)).codes
    assert matrix.pixels_per_module == pytest.approx(6, abs=0.5)
    assert Code("qr", b"FK1").pixels_per_module is None


def test_a_rescue_tells_the_size_in_the_picture_it_was_given() -> None:
    [code] = rescue.sharpened().look(drawn("FK1", scale=6)).codes
    assert code.pixels_per_module == pytest.approx(6, abs=0.3)


@pytest.mark.parametrize(("eci", "text"), [("UTF-8", "é€"), ("ISO-8859-15", "é€"), ("Cp1252", "é€")])
def test_a_declared_encoding_is_followed(eci: str, text: str) -> None:
    [code] = ZxingCpp().look(drawn(f"{text} with a back\\slash", eci=eci)).codes
    assert code.text == f"{text} with a back\\slash"


@given(st.text(min_size=1, max_size=40))
@settings(max_examples=60)
def test_any_text_comes_back_from_its_utf_8(text: str) -> None:
    [code] = ZxingCpp().look(drawn(text.encode())).codes
    assert (code.data, code.text) == (text.encode(), text)


@given(st.binary(min_size=1, max_size=60))
@settings(max_examples=60)
def test_any_bytes_come_back(data: bytes) -> None:
    [code] = ZxingCpp().look(drawn(data)).codes
    assert code.data == data


@given(st.binary(max_size=60))
def test_any_transmission_has_a_text_or_none(transmitted: bytes) -> None:
    text = declared_text(transmitted)
    assert text is None or isinstance(text, str)


@given(st.text(max_size=30), st.text(max_size=30))
def test_two_declared_encodings_follow_each_other(one: str, two: str) -> None:
    def sent(data: bytes) -> bytes:
        return data.replace(b"\\", b"\\\\")

    whole = b"]Q2\\000026" + sent(one.encode()) + b"\\000025" + sent(two.encode("utf-16-be"))
    assert declared_text(whole) == one + two


@pytest.mark.parametrize(
    "transmitted",
    [b"]Q1plain", b"]Q2\\000899\x80", b"]Q2\\000026\xff", b"]Q2x\\000026y", b"]Q2\\999999a", b""],
)
def test_what_is_not_declared_or_does_not_fit_has_no_declared_text(transmitted: bytes) -> None:
    assert declared_text(transmitted) is None


def test_bytes_that_are_no_text_stay_bytes() -> None:
    assert Code("qr", b"\x81\x8d").text is None


def test_a_second_look_finds_what_the_first_does_not() -> None:
    picture = films.blurred(films.scene("a picture out of focus", side=420), 7)
    assert ZxingCpp().look(picture).codes == ()
    [code] = StillChain().look(picture).codes
    assert code.decoder != "zxing-cpp"
    live = LiveChain()
    assert any(live.look(picture).codes for _frame in range(2))


def test_a_short_payload_counts_only_when_a_second_look_sees_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert [code.data for code in StillChain().look(drawn("FK")).codes] == [b"FK"]

    class Once:
        name, symbologies = "once", BOTH

        def __init__(self) -> None:
            self.looks = 0

        def look(self, _gray: Gray) -> Look:
            self.looks += 1
            return Look((Code("qr", b"ghost"), Code("qr", b"long enough"))) if self.looks == 1 else Look()

    monkeypatch.setattr(chain, "ZxingCpp", Once)
    assert [code.data for code in StillChain().look(drawn("FK")).codes] == [b"long enough"]


def test_a_code_found_but_not_read_is_told() -> None:
    picture = drawn("a code that is damaged in its middle", scale=6)
    middle = picture.shape[0] // 2
    picture = picture.copy()
    picture[middle - 30 : middle + 45, middle - 30 : middle + 45] = 128
    look = StillChain().look(picture)
    assert look.codes == ()
    assert look.unread


def test_live_frames_have_both_symbologies_even_side_by_side() -> None:
    picture = np.hstack(
        [drawn("a QR code"), cv2.resize(drawn("a Data Matrix", "datamatrix"), drawn("a QR code").shape)]
    )
    live = LiveChain()
    read = {code.symbology for _frame in range(3) for code in live.look(picture).codes}
    assert read == {"qr", "datamatrix"}


def test_large_pictures_are_made_smaller_for_second_looks_only() -> None:
    assert fit(np.zeros((3000, 6000), np.uint8))[0].shape == (1024, 2048)
    same = np.zeros((100, 200), np.uint8)
    assert fit(same)[0] is same
    picture = films.blurred(films.scene("a large one", side=420), 5)
    big = np.asarray(cv2.resize(picture, (2560, 1440), interpolation=cv2.INTER_CUBIC), np.uint8)
    [code] = StillChain().look(big).codes
    assert all(600 < x < 2000 for x, _y in code.corners)


@pytest.mark.parametrize(("version", "there"), [((0, 10), False), ((0, 22), False), ((0, 23), True)])
def test_zbar_is_used_only_where_it_keeps_bytes(
    monkeypatch: pytest.MonkeyPatch, version: tuple[int, int], there: bool
) -> None:
    monkeypatch.setattr(zbar, "zbar_version", lambda _wrapper: version)
    assert (zbar.second_opinion() is not None) == there


def test_without_zbar_there_is_no_second_opinion(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> None:
        raise ImportError("Unable to find zbar shared library")

    monkeypatch.setattr(zbar, "ZBar", missing)
    assert zbar.second_opinion() is None
    assert StillChain().look(drawn("without zbar")).codes


def test_what_zbar_raises_is_not_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    second = zbar.ZBar()

    def fails(_gray: Gray) -> list[Code]:
        raise ValueError("4294967295 is not a valid ZBarOrientation")

    monkeypatch.setattr(second, "_codes", fails)
    assert second.look(drawn("FK1")) == Look()


def test_the_version_of_zbar_is_asked_with_room_for_its_patch_number() -> None:
    def answers(major: object, minor: object, _patch: object) -> int:
        major._obj.value, minor._obj.value = 0, 23  # type: ignore[attr-defined]
        return 0

    assert zbar.zbar_version(SimpleNamespace(LIBZBAR=SimpleNamespace(zbar_version=answers))) == (0, 23)
