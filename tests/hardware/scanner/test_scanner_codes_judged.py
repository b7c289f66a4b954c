"""Verdicts on codes B, C and D, on codes made to be kept, and on scanners that send Alt numbers."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.hardware.scanner import advice, layouts, testcode
from fieldkit.hardware.scanner.altcodes import ALT, KEYPAD, composed
from fieldkit.hardware.scanner.aspects import aspects
from fieldkit.hardware.scanner.diagnose import diagnose
from fieldkit.hardware.scanner.diagnosis import Diagnosis
from fieldkit.hardware.scanner.informative import accents, accents_in_bytes, controls
from fieldkit.hardware.scanner.keyboard import Modifiers, Stroke
from fieldkit.hardware.scanner.layouts import load
from fieldkit.hardware.scanner.simulated import scan
from tests.examples import examples

A = testcode.with_nonce("klnb")
LONG: tuple[testcode.Kind, ...] = ("long-64", "long-256", "long-512", "long-1024")
OTHERS: tuple[testcode.Kind, ...] = ("accents", "control", "long-64")
US, FR = load("us"), load("fr")


def states(diagnosis: Diagnosis) -> dict[str, str]:
    return {aspect.id: aspect.state for aspect in aspects(diagnosis)}


def pair(diagnosis: Diagnosis) -> tuple[str, str]:
    assert diagnosis.settings is not None
    return diagnosis.settings.scanner.id, diagnosis.settings.computer.id


@pytest.mark.parametrize("kind", testcode.KINDS)
@pytest.mark.parametrize(("scanner", "computer"), [("fr", "fr"), ("us", "fr"), ("us", "be"), ("de", "fr")])
def test_each_code_by_strokes_and_by_text(kind: testcode.Kind, scanner: str, computer: str) -> None:
    text = testcode.with_nonce("klnb", kind).text
    strokes = scan(text, load(scanner), load(computer))
    received = "".join(stroke.text for stroke in strokes)
    for found in (diagnose(text, strokes=strokes), diagnose(text, received=received)):
        assert found.code == "current"
        assert found.verdict == ("ok" if scanner == computer else "layout")
        assert "lost" not in found.faults
        assert states(found)["layout"] == (
            "fix" if scanner != computer else "good" if kind == "layout" else "untested"
        )


@pytest.mark.parametrize("kind", OTHERS)
def test_layouts_are_never_called_good_by_another_code_than_a(kind: testcode.Kind) -> None:
    text = testcode.with_nonce("klnb", kind).text
    for scanner, computer in product(layouts.every(), repeat=2):
        found = diagnose(text, strokes=scan(text, scanner, computer))
        assert states(found).get("layout") != "good", (scanner.id, computer.id)


@pytest.mark.parametrize("kind", testcode.KINDS)
@pytest.mark.parametrize(("nonce", "seen"), [("pbdf", "kept"), ("bbdf", "stale")])
def test_another_of_our_codes_is_known_by_its_nonce(kind: testcode.Kind, nonce: str, seen: str) -> None:
    other = testcode.with_nonce(nonce, kind)
    for computer in ("fr", "fr-mac", "be", "us"):
        strokes = scan(other.text, US, load(computer))
        received = "".join(stroke.text for stroke in strokes)
        for found in (diagnose(A.text, strokes=strokes), diagnose(A.text, received=received)):
            assert (found.code, found.test) == (seen, other), (computer, received)
            assert (found.verdict == "unreadable") == (seen == "stale")
            assert found.faults == (() if computer == "us" else ("layout",))


def test_a_sheet_says_which_it_was() -> None:
    sheet = testcode.with_nonce("pbdf")
    found = diagnose(A.text, strokes=scan(sheet.text, FR, FR))
    assert "pbdf" in next(aspect.detail for aspect in aspects(found) if aspect.id == "code")


@examples(15, 200)
@given(st.sampled_from(LONG), st.data())
def test_a_key_lost_doubled_or_swapped_in_a_long_code(kind: testcode.Kind, data: st.DataObject) -> None:
    code = testcode.with_nonce("pknb", kind)
    strokes = scan(code.text, FR, FR)
    place = data.draw(st.integers(8, len(strokes) - 12))
    lost = diagnose(A.text, strokes=strokes[:place] + strokes[place + 1 :])
    assert (lost.code, lost.verdict, lost.length) == ("kept", "lost", len(code.text) - 1)
    twice = diagnose(A.text, strokes=strokes[: place + 1] + strokes[place:])
    assert (twice.verdict, twice.way and twice.way.doubled) == ("lost", 1)


@pytest.mark.parametrize("kind", LONG)
@pytest.mark.parametrize("every", [7, 11, 50])
def test_every_nth_key_dropped(kind: testcode.Kind, every: int) -> None:
    code = testcode.with_nonce("klnb", kind)
    kept = [stroke for n, stroke in enumerate(scan(code.text, US, FR)) if n < 8 or n % every]
    for found in (
        diagnose(code.text, strokes=kept),
        diagnose(code.text, received="".join(stroke.text for stroke in kept)),
    ):
        assert found.faults[:2] == ("layout", "lost")
        assert pair(found) == ("us", "fr")


@pytest.mark.parametrize("kind", LONG)
@pytest.mark.parametrize("part", [0.3, 0.6, 0.95])
def test_a_long_code_cut_short(kind: testcode.Kind, part: float) -> None:
    code = testcode.with_nonce("pknb", kind)
    length = int(len(code.text) * part)
    strokes = scan(code.text, FR, FR, end="")[:length]
    received = "".join(stroke.text for stroke in strokes)
    for found in (diagnose(A.text, strokes=strokes), diagnose(A.text, received=received)):
        assert (found.verdict, found.length) == ("truncated", length)
        assert str(len(code.text)) in advice.summary(found)


@pytest.mark.parametrize("kind", LONG)
def test_only_the_length_that_was_tested_is_stated(kind: testcode.Kind) -> None:
    code = testcode.with_nonce("klnb", kind)
    words = advice.summary(diagnose(code.text, strokes=scan(code.text, FR, FR)))
    assert f"{code.tested_length} caractères testés" in words


@pytest.mark.parametrize("length", [64, 300, 1042, 3000])
@pytest.mark.parametrize("kind", testcode.KINDS)
def test_an_opaque_code_is_foreign_whatever_is_expected(kind: testcode.Kind, length: int) -> None:
    payload = (testcode.with_nonce("bbbb", "long-1024").text[8:1020] * 3)[:length]
    code = testcode.with_nonce("klnb", kind)
    for found in (
        diagnose(code.text, received=payload),
        diagnose(code.text, strokes=scan(payload, US, FR)),
    ):
        assert (found.code, found.test, found.prefix) == ("foreign", None, "")


@pytest.mark.parametrize(
    ("got", "charset"),
    [
        ("éèàçùœÉ€°§", "intact"),
        ("éèàçù°§", "partial"),
        ("", "none"),
        ("Ã©Ã¨Ã\xa0Ã§Ã¹Å“Ã‰â‚¬Â°Â§", "utf8-as-latin"),
        ("????", "other"),
        ("ÚÞÓþ¨£╔Ç░º", "dos"),
    ],
)
def test_what_became_of_the_accents(got: str, charset: str) -> None:
    assert accents(got).charset == charset


@pytest.mark.parametrize(
    ("page", "charset"),
    [("utf-8", "intact"), ("cp1252", "intact"), ("iso8859-15", "intact"), ("latin-1", "partial")],
)
def test_bytes_tell_the_character_set(page: str, charset: str) -> None:
    found, named = accents_in_bytes(testcode.ACCENTS.encode(page, "replace"))
    assert (found.charset, named) == (charset, page)


def test_accents_are_told_and_change_no_verdict() -> None:
    code = testcode.with_nonce("klnb", "accents")
    found = diagnose(code.text, strokes=scan(code.text, FR, FR), system="windows")
    assert (found.verdict, found.accents and found.accents.missing) == ("ok", "œÉ")
    assert states(found)["charset"] == "fix"
    none = diagnose(code.text, strokes=scan(code.text, US, US))
    assert (none.verdict, none.accents and none.accents.charset) == ("ok", "none")


@pytest.mark.parametrize(
    ("got", "fates"),
    [
        ("b\x1dc\x1ed\x04e", ("kept", "kept", "kept")),
        ("bcde", ("dropped", "dropped", "dropped")),
        ("b]cd\x04e", ("changed", "dropped", "kept")),
        ("nothing", ()),
    ],
)
def test_what_became_of_control_characters(got: str, fates: tuple[str, ...]) -> None:
    assert tuple(fate for _name, fate in controls(got)) == fates


def test_control_characters_sent_as_ctrl_keys() -> None:
    code = testcode.with_nonce("klnb", "control")
    strokes = []
    for stroke in scan(code.text, US, US):
        strokes.append(stroke)
        if len(strokes) == code.text.index("\x1d"):
            strokes.append(Stroke("\x1d", 27, Modifiers.CONTROL, stroke.t_ms))
    found = diagnose(code.text, strokes=strokes)
    assert (found.verdict, found.controls[0], found.controls[1]) == ("ok", ("GS", "kept"), ("RS", "dropped"))


def alt_numbers(text: str, *, zero: bool, windows: bool) -> list[Stroke]:
    """Key presses of a scanner in Alt mode, and what Windows adds."""
    digit_keys = {digit: place for place, digit in KEYPAD.items()}
    strokes: list[Stroke] = []
    for character in text:
        number = character.encode("cp1252" if zero else "cp850")[0]
        strokes.append(Stroke("", ALT, Modifiers.NONE, len(strokes) * 4.0))
        strokes += [
            Stroke("", digit_keys[digit], Modifiers.ALT, (len(strokes) + n) * 4.0)
            for n, digit in enumerate(f"0{number}" if zero else str(number))
        ]
        if windows:
            strokes.append(Stroke(character, None, Modifiers.NONE, len(strokes) * 4.0))
    return [*strokes, Stroke("\r", 28, Modifiers.NONE, len(strokes) * 4.0)]


@pytest.mark.parametrize("zero", [False, True])
@pytest.mark.parametrize("windows", [False, True])
def test_alt_numbers_are_read_and_are_a_fault_except_on_windows(zero: bool, windows: bool) -> None:
    strokes = alt_numbers(A.text, zero=zero, windows=windows)
    found = diagnose(A.text, strokes=strokes, system="windows" if windows else "linux")
    assert (found.code, found.alt, found.suffix) == ("current", True, "CR")
    assert found.verdict == ("ok" if windows else "alt")
    assert states(found)["alt"] == ("good" if windows else "fix")


def test_alt_numbers_of_accents() -> None:
    made = composed(alt_numbers("éèàçùÉ°§", zero=True, windows=False))
    assert made is not None
    assert "".join(stroke.text for stroke in made) == "éèàçùÉ°§\r"


def test_somebody_who_types_one_alt_number_is_no_scanner() -> None:
    assert composed(alt_numbers("É", zero=True, windows=False)) is None


@given(st.lists(st.builds(Stroke, st.text(max_size=1), st.sampled_from([56, 71, 82, 30, None]),
                          st.sampled_from([Modifiers.ALT, Modifiers.NONE])), max_size=60))  # fmt: skip
def test_any_strokes_may_be_looked_at(strokes: list[Stroke]) -> None:
    assert diagnose(A.text, strokes=strokes).verdict == "unreadable"
