"""Key strokes as a scanner in keyboard mode sends them, and the text a computer makes of them."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, Flag, auto
from typing import Final

from fieldkit.hardware.scanner.layouts import X11_OFFSET, Key, Layout, dead_mark


class Modifiers(Flag):
    """What was held or locked during a press."""

    NONE = 0
    SHIFT = auto()
    ALTGR = auto()
    CAPS_LOCK = auto()
    CONTROL = auto()
    ALT = auto()


@dataclass(frozen=True, slots=True)
class Stroke:
    """One key press as the window received it.

    `text` is what the computer's layout made of it; `scan_code` the key's position (PC set-1 code, equal
    to the evdev code), None where the system does not tell; `t_ms` the time of the event itself, any origin.
    """

    text: str
    scan_code: int | None = None
    modifiers: Modifiers = Modifiers.NONE
    t_ms: float | None = None

    @property
    def key(self) -> Key | None:
        """The press by position, None without a scan code."""
        if self.scan_code is None:
            return None
        return Key(self.scan_code, Modifiers.SHIFT in self.modifiers, Modifiers.ALTGR in self.modifiers)


class DeadKeys(Enum):
    """What becomes of a dead key and the key after it.

    JOIN: accented letter, else accent and character (Windows, macOS). SKIP: accented letter, else the
    character alone (X11). RAW: the character alone, as a window without an input method sees it.
    """

    JOIN = auto()
    SKIP = auto()
    RAW = auto()


MODIFIER_KEYS: Final = frozenset(
    {29, 42, 54, 56, 58, 69, 70, 84, 97, 100, 125, 126, 0x11D, 0x136, 0x138, 0x145, 0x15B, 0x15C}
)
"""Ctrl, Shift, Alt, AltGr, locks and system keys: evdev codes, then Windows' extended scan codes."""
_X11_MASKS: Final = {
    0x01: Modifiers.SHIFT,
    0x02: Modifiers.CAPS_LOCK,
    0x04: Modifiers.CONTROL,
    0x08: Modifiers.ALT,
    0x80: Modifiers.ALTGR,
}
_WINDOWS_MASKS: Final = {
    0x11: Modifiers.SHIFT,
    0x22: Modifiers.CONTROL,
    0x04: Modifiers.ALT,
    0x40: Modifiers.ALTGR,
    0x100: Modifiers.CAPS_LOCK,
}
"""As Qt's Windows plug-in numbers them, left and right together; not run on Windows yet."""
_MACOS_MASKS: Final = {0x10000: Modifiers.CAPS_LOCK}
"""`NSEventModifierFlagCapsLock`; what is held is told by Qt itself. Not run on macOS yet."""
_MASKS: Final[Mapping[str, Mapping[int, Modifiers]]] = {
    **dict.fromkeys(("xcb", "wayland", "offscreen"), _X11_MASKS),
    "windows": _WINDOWS_MASKS,
    "cocoa": _MACOS_MASKS,
}
"""Platform → bits of `nativeModifiers`; events made for the offscreen platform have those of X."""
_X11_PLATFORMS: Final = frozenset({"xcb", "wayland"})


def position(native_scan_code: int, platform: str) -> int | None:
    """A key's position from Qt's `nativeScanCode`; `platform` is `QGuiApplication.platformName()`.

    None where the platform does not tell it: macOS, and made-up events with code 0.
    """
    if native_scan_code <= 0 or platform == "cocoa":
        return None
    return native_scan_code - X11_OFFSET if platform in _X11_PLATFORMS else native_scan_code


def modifiers(native_modifiers: int, platform: str) -> Modifiers:
    """What was held or locked, from Qt's `nativeModifiers`; NONE on a platform not known here."""
    masks = _MASKS.get(platform, {})
    held = Modifiers.NONE
    for mask, modifier in masks.items():
        if native_modifiers & mask:
            held |= modifier
    return held


def characters(strokes: Sequence[Stroke]) -> list[Stroke]:
    """`strokes` without those of Shift, AltGr and other keys that type nothing by themselves."""
    return [
        stroke
        for stroke in strokes
        if stroke.scan_code not in MODIFIER_KEYS and (stroke.text or stroke.scan_code is not None)
    ]


def as_text(strokes: Sequence[Stroke]) -> str:
    """What the strokes gave as text, as the window received it."""
    return "".join(stroke.text for stroke in strokes)


def by_position(strokes: Sequence[Stroke], scanner: Layout) -> str:
    """What a scanner set to the layout `scanner` meant to type, whatever the computer made of it."""
    keys = [stroke.key for stroke in strokes]
    return "".join(pieces([key for key in keys if key is not None], scanner))


def pieces(
    keys: Sequence[Key], computer: Layout, caps: bool = False, dead: DeadKeys = DeadKeys.JOIN
) -> tuple[str, ...]:
    """What a computer of the layout `computer` makes of `keys`: a piece of text each, "" for a dead key."""
    made: list[str] = []
    waiting: str | None = None
    for key in keys:
        cell = computer.cell(key, caps)
        mark = dead_mark(cell)
        if mark is not None:
            made.append(_spaced(waiting, computer) if waiting is not None and dead is DeadKeys.JOIN else "")
            waiting = mark
            continue
        if waiting is not None and dead is not DeadKeys.RAW:
            cell = _accented(waiting, cell, computer, dead)
        made.append(cell)
        waiting = None
    return tuple(made)


def _spaced(mark: str, layout: Layout) -> str:
    return layout.spacing.get(mark, "")


def _accented(mark: str, cell: str, layout: Layout, dead: DeadKeys) -> str:
    if cell == " ":
        return _spaced(mark, layout)
    joined = unicodedata.normalize("NFC", cell + mark)
    if mark and cell.isalpha() and len(joined) == 1:
        return joined
    return _spaced(mark, layout) + cell if dead is DeadKeys.JOIN else cell


def reread(text: str, computer: Layout, scanner: Layout, caps: bool = False) -> str:
    """The text a scanner of one layout meant, from what a computer of another made of it; "?" where unknown.

    Only for short stray pieces such as a prefix: a character that several keys give is read as the simplest.
    """
    found: dict[str, Key] = {}
    for altgr in (False, True):
        for shift in (False, True):
            for place in computer.keys:
                key = Key(place, shift, altgr)
                found.setdefault(computer.cell(key, caps), key)
    return "".join(scanner.cell(found[character]) or "?" if character in found else "?" for character in text)
