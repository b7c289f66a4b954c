"""Keyboard layouts as data: what each key types, and which keys a scanner presses to type a text.

The tables are in resources/layouts/, made by packaging/build_layouts.py; each says where it comes from.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Final, NamedTuple

from fieldkit import i18n
from fieldkit.paths import resource

CIRCLE: Final = "\u25cc"
SPACE: Final = 57
CONTROLS: Final[Mapping[int, str]] = {28: "\r", 96: "\r", 0x11C: "\r", 15: "\t"}
"""Enter, keypad Enter (evdev, Windows) and Tab, which no layout moves."""
X11_OFFSET: Final = 8
LAYOUT_IDS: Final = (
    *("fr", "fr-mac", "fr-linux", "fr-afnor", "bepo", "be", "ch-fr", "ca-fr"),
    *("us", "us-intl", "gb", "de", "ch-de", "es", "it", "pt"),
)

_SPACING: Final[Mapping[str, str]] = {
    "\u0300": "`",
    "\u0301": "´",
    "\u0302": "^",
    "\u0303": "~",
    "\u0304": "¯",
    "\u0306": "˘",
    "\u0307": "˙",
    "\u0308": "¨",
    "\u030a": "°",
    "\u030b": "˝",
    "\u030c": "ˇ",
    "\u0327": "¸",
    "\u0328": "˛",
}
"""What a dead key followed by a space types, where its layout does not say otherwise."""


class Key(NamedTuple):
    """One press: the key's position (PC set-1 scan code, equal to the evdev code) with its modifiers."""

    position: int
    shift: bool = False
    altgr: bool = False

    @property
    def x11_keycode(self) -> int:
        """What `xdotool key` wants and what Qt calls the native scan code on X11."""
        return self.position + X11_OFFSET


@dataclass(frozen=True, slots=True)
class Layout:
    """One keyboard layout. `keys`: position → cells base, shift, altgr, altgr+shift, caps, caps+shift.

    A cell is the character typed, "" for nothing, or `◌` and a combining mark for a dead key.
    """

    id: str
    names: Mapping[str, str] = field(repr=False, compare=False)
    family: str = field(repr=False, compare=False)
    source: str = field(repr=False, compare=False)
    keys: Mapping[int, tuple[str, ...]] = field(repr=False, compare=False)
    spacing: Mapping[str, str] = field(repr=False, compare=False)
    typed_by: Mapping[str, tuple[Key, ...]] = field(repr=False, compare=False)

    @property
    def name(self) -> str:
        """The layout's name in the language in use."""
        return self.names.get(i18n.language(), self.names["fr"])

    def cell(self, key: Key, caps: bool = False) -> str:
        """What `key` gives with Caps Lock off or on. Caps Lock is not looked at where AltGr is held."""
        cells = self.keys.get(key.position)
        if cells is None:
            return CONTROLS.get(key.position, "")
        column = (2 if key.altgr else 4 if caps else 0) + key.shift
        return cells[column]

    def keys_for(self, character: str) -> tuple[Key, ...]:
        """The presses that type `character` with Caps Lock off; none where this layout cannot."""
        return self.typed_by.get(character, ())


def dead_mark(cell: str) -> str | None:
    """The combining mark of a dead key's cell ("" where its mark is unknown), None for any other cell."""
    return cell[1:] if cell.startswith(CIRCLE) else None


def press(scanner: Layout, text: str) -> tuple[Key, ...]:
    """The keys that a scanner set to the layout `scanner` presses to type `text`.

    A character the layout does not have is left out, as scanners do; CR is Enter, TAB is Tab.
    """
    return tuple(key for character in text for key in scanner.keys_for(character))


@cache
def load(layout_id: str) -> Layout:
    """The layout of that name. Raises KeyError for a name that is not in LAYOUT_IDS."""
    if layout_id not in LAYOUT_IDS:
        raise KeyError(layout_id)
    raw = json.loads(resource("layouts", f"{layout_id}.json").read_text(encoding="utf-8"))
    keys = {int(position): tuple(cells) for position, cells in raw["keys"].items()}
    spacing = {**_SPACING, **raw["spacing"]}
    typed_by = _typed_by(keys, spacing)
    return Layout(layout_id, raw["name"], raw["family"], raw["source"], keys, spacing, typed_by)


def every() -> tuple[Layout, ...]:
    """All known layouts, those met first in a French practice first."""
    return tuple(load(layout_id) for layout_id in LAYOUT_IDS)


def _typed_by(keys: Mapping[int, tuple[str, ...]], spacing: Mapping[str, str]) -> dict[str, tuple[Key, ...]]:
    """character → presses: fewest modifiers first, then the 102nd key, where hardware.md finds `\\` on US."""
    direct: dict[str, tuple[Key, ...]] = {}
    accents: dict[str, tuple[Key, ...]] = {}
    for altgr, shift in ((False, False), (False, True), (True, False), (True, True)):
        for position in sorted(keys, reverse=True):
            key = Key(position, shift, altgr)
            cell = keys[position][2 * altgr + shift]
            mark = dead_mark(cell)
            if mark is None and cell:
                direct.setdefault(cell, (key,))
            elif mark is not None and mark in spacing:
                accents.setdefault(spacing[mark], (key, Key(SPACE)))
    return {**accents, **direct, "\r": (Key(28),), "\t": (Key(15),)}
