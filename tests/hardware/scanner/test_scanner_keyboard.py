"""Strokes read as text and by position, dead keys, and scan codes of each platform."""

from __future__ import annotations

import pytest

from fieldkit.hardware.scanner.keyboard import (
    DeadKeys,
    Modifiers,
    Stroke,
    as_text,
    by_position,
    characters,
    modifiers,
    pieces,
    position,
    reread,
)
from fieldkit.hardware.scanner.layouts import Key, load, press
from fieldkit.hardware.scanner.simulated import scan


def test_the_same_strokes_read_twice() -> None:
    strokes = scan("aqzwm123;", load("us"), load("fr"), end="")
    assert as_text(strokes) == 'qawz,&é"m'
    assert by_position(strokes, load("us")) == "aqzwm123;"
    assert by_position(strokes, load("fr")) == 'qawz,&é"m'


@pytest.mark.parametrize(
    ("dead", "text"),
    [(DeadKeys.JOIN, "ê^m^^"), (DeadKeys.SKIP, "êm^"), (DeadKeys.RAW, "em ")],
)
def test_dead_keys_on_each_kind_of_system(dead: DeadKeys, text: str) -> None:
    circumflex, space = Key(26), Key(57)
    keys = [circumflex, Key(18), circumflex, Key(39), circumflex, circumflex, space]
    assert "".join(pieces(keys, load("fr"), dead=dead)) == text


def test_a_dead_key_gives_nothing_until_the_next() -> None:
    assert pieces(press(load("us"), "[e"), load("fr")) == ("", "ê")


def test_caps_lock_shifts_digits_on_windows_french_only() -> None:
    keys = press(load("us"), "1q,;")
    assert "".join(pieces(keys, load("fr"), caps=True)) == "1A.M"
    assert "".join(pieces(keys, load("fr-mac"), caps=True)) == "&A;M"
    assert "".join(pieces(keys, load("us"), caps=True)) == "1Q,;"


@pytest.mark.parametrize(
    ("native", "platform", "expected"),
    [(38, "xcb", 30), (38, "wayland", 30), (30, "windows", 30), (0, "xcb", None), (12, "cocoa", None)],
)
def test_positions_from_native_scan_codes(native: int, platform: str, expected: int | None) -> None:
    assert position(native, platform) == expected


@pytest.mark.parametrize(
    ("native", "platform", "expected"),
    [
        (0x83, "xcb", Modifiers.SHIFT | Modifiers.CAPS_LOCK | Modifiers.ALTGR),
        (0x10, "xcb", Modifiers.NONE),
        (0x10, "windows", Modifiers.SHIFT),
        (0x42, "windows", Modifiers.CONTROL | Modifiers.ALTGR),
        (0x304, "windows", Modifiers.CAPS_LOCK | Modifiers.ALT),
        (0xFF, "cocoa", Modifiers.NONE),
        (0x10102, "cocoa", Modifiers.CAPS_LOCK),
        (0xFF, "minimal", Modifiers.NONE),
    ],
)
def test_modifiers_of_each_platform(native: int, platform: str, expected: Modifiers) -> None:
    assert modifiers(native, platform) == expected


def test_shift_and_its_like_are_no_characters() -> None:
    letter = Stroke("A", 16, Modifiers.SHIFT)
    assert characters([Stroke("", 42), letter, Stroke("", None)]) == [letter]
    assert letter.key == Key(16, shift=True)
    assert Stroke("A").key is None


def test_a_stray_piece_is_read_back() -> None:
    assert reread("$A&", load("fr"), load("us")) == "]Q1"
    assert reread("]q1", load("us"), load("us"), caps=True) == "]Q1"
    assert reread("\x1dЖ", load("fr"), load("us")) == "??"
