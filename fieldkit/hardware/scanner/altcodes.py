"""Scanners that hold Alt and type each character's number on the keypad, as Windows understands it.

With a leading zero the number is of code page 1252; without, of the DOS page, 850 on a French Windows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from fieldkit.hardware.scanner.keyboard import Modifiers, Stroke

ALT: Final = 56
KEYPAD: Final = {82: "0", 79: "1", 80: "2", 81: "3", 75: "4", 76: "5", 77: "6", 71: "7", 72: "8", 73: "9"}
"""Position of each digit of the keypad (evdev, which is PC set-1)."""
_FEWEST: Final = 6
"""Characters sent this way from which it is a scanner's habit, not somebody's accent."""


def composed(strokes: Sequence[Stroke]) -> list[Stroke] | None:
    """The strokes with each Alt number as one character, or None where they are no scan in Alt mode."""
    made: list[Stroke] = []
    digits, numbers = "", 0
    first: Stroke | None = None
    for stroke in [*strokes, Stroke("", ALT)]:
        digit = KEYPAD.get(stroke.scan_code or 0) if Modifiers.ALT in stroke.modifiers else None
        if digit is not None:
            digits, first = digits + digit, first or stroke
            continue
        if first is not None:
            character = _character(digits)
            made.append(replace(first, text=character, scan_code=None, modifiers=Modifiers.NONE))
            numbers, digits, first = numbers + 1, "", None
            if stroke.text == character and stroke.scan_code in (None, ALT):
                continue  # what Windows made of the number
        if stroke.scan_code != ALT:
            made.append(stroke)
    return made if numbers >= _FEWEST else None


def _character(digits: str) -> str:
    number = int(digits) % 256
    page = "cp1252" if digits.startswith("0") else "cp850"
    return bytes([number]).decode(page, "replace")
