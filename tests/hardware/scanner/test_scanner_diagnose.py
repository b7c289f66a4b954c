"""Verdicts: the measured fixtures, every fault, and codes that are not ours."""

from __future__ import annotations

from dataclasses import replace
from itertools import accumulate
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.hardware.scanner import advice, aspects, layouts, testcode
from fieldkit.hardware.scanner.diagnose import diagnose
from fieldkit.hardware.scanner.diagnosis import Diagnosis
from fieldkit.hardware.scanner.keyboard import Modifiers, Stroke
from fieldkit.hardware.scanner.layouts import load
from fieldkit.hardware.scanner.simulated import scan

# hardware.md §2, "Fixtures for A"
EXPECTED = "FK1;azqwm'!\"<09-_.=(;20;bcdfg;1KF"
FIXTURES = [
    ("FK&mqwaz,ù1%.àç)°:=9méàmbcdfgm&KF", "layout", "us", "fr", False),
    ("fk1MQWAZ?%&ù;09°)/+çM20MBCDFGM1kf", "layout", "us", "fr", True),
    ("FK&mqwaz,ù1%.àç)°:-9méàmbcdfgm&KF", "layout", "us", "fr-mac", False),
    ("FK1;azqwm'=\"@09§!.-(;20;bcdfg;1KF", "layout", "fr", "fr-mac", False),
    ("FK!,qwaz;4/3\\)(68<=5,@),bcdfg,!KF", "layout", "fr", "us", False),
    ("fk&.AZQWM4§3<àç68;+5.éà.BCDFG.&kf", "caps", "fr", "fr", True),
    (EXPECTED, "ok", "fr", "fr", False),
]
CODE = testcode.with_nonce("klnb").text
US, FR = load("us"), load("fr")
PLACES = st.integers(4, len(CODE) - 6)


def settings_of(diagnosis: Diagnosis) -> tuple[str, str, bool]:
    assert diagnosis.settings is not None
    return diagnosis.settings.scanner.id, diagnosis.settings.computer.id, diagnosis.settings.caps


@pytest.mark.parametrize(("received", "verdict", "scanner", "computer", "caps"), FIXTURES)
def test_measured_fixtures(received: str, verdict: str, scanner: str, computer: str, caps: bool) -> None:
    diagnosis = diagnose(EXPECTED, received=received)
    assert diagnosis.verdict == verdict
    assert settings_of(diagnosis) == (scanner, computer, caps)
    assert diagnosis.confidence > 0.75
    assert bool(advice.remedy(diagnosis)) == (verdict != "ok")


@pytest.mark.parametrize(
    ("expected", "received", "verdict"),
    [
        ("004HQ3NIDBVD", "àà'HA\"NIDBVD", "layout"),
        ("004HQ3NIDBVD", "004hq3nidbvd", "caps"),
    ],
)
def test_readings_reported_in_public_issues(expected: str, received: str, verdict: str) -> None:
    assert diagnose(expected, received=received).verdict == verdict  # domain.md §1.7, Q1 and Q2


def test_the_famous_false_fix_is_seen() -> None:
    diagnosis = diagnose(CODE, strokes=scan(CODE, US, FR, caps=True))
    assert diagnosis.faults == ("layout", "caps")
    assert settings_of(diagnosis) == ("us", "fr", True)


@pytest.mark.parametrize("digits", ["0123456789", "20 30", "1"])
def test_digits_alone_are_never_good(digits: str) -> None:
    diagnosis = diagnose(digits, received=digits)
    assert (diagnosis.verdict, diagnosis.confidence) == ("unreadable", 0.0)
    assert "chiffres" in advice.summary(diagnosis)
    assert "code de test" in advice.remedy(diagnosis)
    states = {aspect.id: aspect.state for aspect in aspects.aspects(diagnosis)}
    assert (states["layout"], states["caps"]) == ("untested", "untested")


@pytest.mark.parametrize(
    ("end", "verdict", "suffix"),
    [("", "ok", ""), ("\r", "ok", "CR"), ("\n", "ok", "LF"), ("\r\n", "ok", "CRLF"), ("\t", "suffix", "TAB")],
)
def test_suffix_of_a_bare_text(end: str, verdict: str, suffix: str) -> None:
    diagnosis = diagnose(CODE, received=CODE + end)
    assert (diagnosis.verdict, diagnosis.suffix) == (verdict, suffix)


@pytest.mark.parametrize(
    ("end", "verdict", "suffix"),
    [("", "suffix", ""), ("\r", "ok", "CR"), ("\t", "suffix", "TAB"), ("\r\r", "suffix", "CRCR")],
)
def test_suffix_of_strokes(end: str, verdict: str, suffix: str) -> None:
    diagnosis = diagnose(CODE, strokes=scan(CODE, FR, FR, end=end))
    assert (diagnosis.verdict, diagnosis.suffix) == (verdict, suffix)


@pytest.mark.parametrize(("ends", "suffix"), [("\n", "LF"), ("\r\n", "CRLF")])
def test_line_feed_comes_as_control_j(ends: str, suffix: str) -> None:
    keys = {"\r": 28, "\n": 36}
    strokes = scan(CODE, FR, FR, end="") + [Stroke(end, keys[end], Modifiers.CONTROL, 400.0) for end in ends]
    diagnosis = diagnose(CODE, strokes=strokes)
    assert (diagnosis.verdict, diagnosis.suffix) == ("suffix", suffix)


@pytest.mark.parametrize("computer", ["fr", "us"])
def test_aim_prefix_by_strokes_and_by_text(computer: str) -> None:
    strokes = scan(f"]Q1{CODE}", US, load(computer))
    text = "".join(stroke.text for stroke in strokes)
    for diagnosis in (diagnose(CODE, strokes=strokes), diagnose(CODE, received=text)):
        assert diagnosis.prefix == "]Q1"
        assert diagnosis.verdict == ("prefix" if computer == "us" else "layout")
        assert "prefix" in diagnosis.faults


def test_other_characters_after_the_code_are_a_suffix() -> None:
    diagnosis = diagnose(CODE, received=f"{CODE}#!\t")
    assert (diagnosis.verdict, diagnosis.suffix) == ("suffix", "#!TAB")


@given(PLACES, st.sampled_from([("fr", "fr"), ("us", "fr"), ("us", "fr-mac"), ("de", "ch-fr")]))
def test_a_dropped_key(place: int, pair: tuple[str, str]) -> None:
    strokes = scan(CODE, load(pair[0]), load(pair[1]))
    diagnosis = diagnose(CODE, strokes=strokes[:place] + strokes[place + 1 :])
    assert "lost" in diagnosis.faults
    assert pair in {answer[:2] for answer in answers(diagnosis)}
    assert diagnosis.way is not None
    assert diagnosis.way.lost == 1


@given(PLACES)
def test_a_doubled_key(place: int) -> None:
    strokes = scan(CODE, FR, FR)
    diagnosis = diagnose(CODE, strokes=strokes[: place + 1] + strokes[place:])
    assert diagnosis.verdict == "lost"
    assert diagnosis.way is not None
    assert diagnosis.way.doubled == 1


@given(PLACES)
def test_two_swapped_keys(place: int) -> None:
    strokes = scan(CODE, FR, FR)
    strokes[place], strokes[place + 1] = strokes[place + 1], strokes[place]
    diagnosis = diagnose(CODE, strokes=strokes)
    assert diagnosis.verdict == "lost"
    assert diagnosis.way is not None
    assert diagnosis.way.swapped == 1


@given(st.integers(8, len(CODE) - 1))
def test_a_code_cut_short(place: int) -> None:
    for diagnosis in (
        diagnose(CODE, received=CODE[:place]),
        diagnose(CODE, strokes=scan(CODE[:place], FR, FR)),
    ):
        assert diagnosis.verdict == "truncated"
        assert (diagnosis.length, diagnosis.expected_length) == (place, len(CODE))
        [length] = [aspect for aspect in aspects.aspects(diagnosis) if aspect.id == "length"]
        assert (length.state, length.detail) == ("fix", f"{place} sur {len(CODE)}")


@given(st.integers(1, 25))
def test_a_code_whose_start_went_elsewhere(place: int) -> None:
    diagnosis = diagnose(CODE, received=CODE[place:])
    assert diagnosis.verdict == "lost"
    assert diagnosis.way is not None
    assert diagnosis.way.late == place


@given(PLACES)
def test_dropped_characters_in_bare_text(place: int) -> None:
    text = CODE[:place] + CODE[place + 1 :]
    assert diagnose(CODE, received=text).verdict == "lost"


def test_a_shift_that_came_too_late() -> None:
    strokes = scan(CODE, FR, FR)
    late = replace(strokes[2], text="&", modifiers=Modifiers.NONE)
    diagnosis = diagnose(CODE, strokes=[*strokes[:2], late, *strokes[3:]])
    assert diagnosis.verdict == "lost"
    assert diagnosis.way is not None
    assert diagnosis.way.changed == 1


def test_an_unknown_computer_layout_is_not_called_good() -> None:
    odd = [
        replace(stroke, text={"b": "x", "c": "j"}.get(stroke.text, stroke.text))
        for stroke in scan(CODE, FR, FR)
    ]
    assert "c" in CODE or "b" in CODE
    diagnosis = diagnose(CODE, strokes=odd)
    assert diagnosis.verdict == "layout"
    assert "ne connaît pas" in advice.summary(diagnosis)


@pytest.mark.parametrize("computer", ["fr", "us", "be", "fr-mac"])
def test_an_old_picture_is_recognised(computer: str) -> None:
    old = testcode.with_nonce("bdfh").text
    strokes = scan(old, US, load(computer))
    for diagnosis in (
        diagnose(CODE, strokes=strokes),
        diagnose(CODE, received="".join(stroke.text for stroke in strokes)),
    ):
        assert (diagnosis.code, diagnosis.verdict) == ("stale", "unreadable")
        assert ("us", computer) in {answer[:2] for answer in answers(diagnosis)}
        assert "ancienne" in advice.summary(diagnosis)


def answers(diagnosis: Diagnosis) -> set[tuple[str, str, bool]]:
    assert diagnosis.best is not None
    return {
        (other.settings.scanner.id, other.settings.computer.id, other.settings.caps)
        for other in (diagnosis.best, *diagnosis.alternatives)
    }


@pytest.mark.parametrize("nothing", ["", "\r", "\t\r\n"])
def test_nothing_arrived(nothing: str) -> None:
    diagnosis = diagnose(CODE, received=nothing)
    assert (diagnosis.code, diagnosis.verdict) == ("none", "unreadable")
    assert diagnose(CODE, strokes=[]).code == "none"


opaque = st.text(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=", min_size=8, max_size=400
)


@given(opaque, st.sampled_from(["us", "fr"]), st.sampled_from(["fr", "fr-mac", "us"]))
def test_a_foreign_code_leaves_no_trace(payload: str, scanner: str, computer: str) -> None:
    strokes = scan(payload, load(scanner), load(computer))
    text = "".join(stroke.text for stroke in strokes[:-1])
    other = [replace(stroke, text="%", scan_code=40) for stroke in strokes[:-1]] + strokes[-1:]
    for diagnosis, of_another in (
        (diagnose(CODE, strokes=strokes), diagnose(CODE, strokes=other)),
        (diagnose(CODE, received=text + "\r"), diagnose(CODE, received="%" * len(text) + "\r")),
    ):
        assert (diagnosis.code, diagnosis.verdict) == ("foreign", "unreadable")
        assert (diagnosis.suffix, diagnosis.length) == ("CR", len(text))
        assert replace(diagnosis, timing=None) == replace(of_another, timing=None)


def test_a_foreign_code_beside_ours_is_not_shown() -> None:
    diagnosis = diagnose(CODE, received=f"1690549588157{CODE}")
    assert (diagnosis.code, diagnosis.prefix) == ("current", "…")
    longer = diagnose(CODE, received=CODE + "K7R2" * 20)
    assert (longer.code, longer.suffix) == ("foreign", "")


WORDS = (
    *("bonjour", "patient", "le", "la", "rendez-vous", "FK1", "ordonnance", "Dr", "carte", "Vitale"),
    *("12/03/2024", "merci", "fk1;", "1KF", "azerty", "qwerty", "appel", "à", "Éric", "22 rue", "M.", "n°5"),
)


def typed(rng: Random) -> list[Stroke]:
    text = " ".join(rng.choice(WORDS) for _ in range(rng.randint(2, 9)))
    text += "".join(chr(rng.randint(33, 126)) for _ in range(rng.randint(0, 5)))
    pace = rng.uniform(60, 350)
    times = accumulate(rng.lognormvariate(0, 0.45) * pace for _ in text)
    return [
        Stroke(character, None, Modifiers.NONE, t_ms) for character, t_ms in zip(text, times, strict=True)
    ]


@pytest.mark.parametrize("texts", [200, pytest.param(20_000, marks=pytest.mark.soak)])
def test_typed_texts_are_never_called_a_scan(texts: int) -> None:
    rng = Random(20240301)
    for _ in range(texts):
        strokes = typed(rng)
        diagnosis = diagnose(CODE, strokes=strokes)
        assert diagnosis.code == "foreign"
        assert diagnosis.timing is not None
        assert diagnosis.timing.origin != "scan"


def test_typed_text_is_told_as_such() -> None:
    diagnosis = diagnose(CODE, strokes=typed(Random(7)))
    assert "tapé au clavier" in advice.summary(diagnosis)


@given(st.text(max_size=60))
def test_any_text_gets_a_verdict(text: str) -> None:
    diagnosis = diagnose(CODE, received=text)
    assert diagnosis.verdict != "ok" or text.strip("\r\n\t") == CODE
    assert advice.summary(diagnosis)


@given(st.lists(st.builds(Stroke, st.text(max_size=2), st.none() | st.integers(0, 300)), max_size=40))
def test_any_strokes_get_a_verdict(strokes: list[Stroke]) -> None:
    diagnosis = diagnose(CODE, strokes=strokes)
    assert diagnosis.verdict == "unreadable"
    assert aspects.aspects(diagnosis)


@pytest.mark.parametrize(("computer", "changed"), [("fr", "lecteur"), ("us", "ordinateur")])
def test_a_french_keyboard_is_never_the_one_to_change(computer: str, changed: str) -> None:
    scanner = US if computer == "fr" else FR
    words = advice.remedy(diagnose(CODE, strokes=scan(CODE, scanner, load(computer))))
    assert words.startswith("Réglez le lecteur" if changed == "lecteur" else "Vérifiez la langue du clavier")


@pytest.mark.parametrize("layout", layouts.every(), ids=lambda layout: layout.id)
def test_every_layout_fault_has_a_remedy_without_a_programming_code(layout: layouts.Layout) -> None:
    for scanner in layouts.every():
        diagnosis = diagnose(CODE, strokes=scan(CODE, scanner, layout, end=""))
        words = advice.remedy(diagnosis)
        assert "Entrée (CR)" in words
        assert ("Keyboard country" in words) == ("layout" in diagnosis.faults)
