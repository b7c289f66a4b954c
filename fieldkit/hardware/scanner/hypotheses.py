"""Which settings explain what arrived: every (scanner layout, computer layout, Caps Lock), ranked.

With scan codes the scanner's layout is read from the positions and the computer's from the text, each by
itself. Without, the text is compared with what each of the settings would have made of the expected one.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Final, TypeVar

from fieldkit.hardware.scanner import layouts
from fieldkit.hardware.scanner.alignment import Alignment, align, at_least
from fieldkit.hardware.scanner.keyboard import DeadKeys, Modifiers, Stroke, pieces
from fieldkit.hardware.scanner.layouts import Key, Layout, press
from fieldkit.hardware.scanner.testcode import FRAME_LENGTH

Row = TypeVar("Row", str, tuple[Key, ...])

SCANNER_ODDS: Final[Mapping[str, float]] = {
    **{"us": 1, "fr": 0.6, "fr-mac": 0.05, "fr-linux": 0.02, "fr-afnor": 0.005, "bepo": 0.002},
    **{"be": 0.03, "ch-fr": 0.02, "ca-fr": 0.02, "us-intl": 0.02, "gb": 0.05},
    **{"de": 0.05, "ch-de": 0.01, "es": 0.02, "it": 0.02, "pt": 0.02},
}
"""How we rank scanners that would explain a reading equally well: out of the box they are set to US."""
COMPUTER_ODDS: Final[Mapping[str, float]] = {
    **{"fr": 1, "fr-mac": 0.2, "fr-linux": 0.03, "fr-afnor": 0.01, "bepo": 0.01},
    **{"be": 0.02, "ch-fr": 0.02, "ca-fr": 0.01, "us": 0.05, "us-intl": 0.01, "gb": 0.01},
    **{"de": 0.01, "ch-de": 0.01, "es": 0.01, "it": 0.01, "pt": 0.01},
}
"""The same for the computers of a French practice."""
STRAY: Final = 0.4
"""Part of a reading, item by item, that may be foreign to the expected code; beyond it is another code."""
_LONG: Final = 64
"""Length from which a row is looked at only where it carries our frame."""
_CAPS_ODDS: Final = 0.2
_DEAD_ODDS: Final[Mapping[DeadKeys, float]] = {DeadKeys.JOIN: 1, DeadKeys.SKIP: 0.3, DeadKeys.RAW: 0.3}
_THIS_SYSTEM: Final = 2.0
"""Added to the odds of the layouts made for the operating system that received the strokes."""


@dataclass(frozen=True, slots=True)
class Settings:
    """One way to set scanner and computer, and what becomes of a dead key there."""

    scanner: Layout
    computer: Layout
    caps: bool
    dead: DeadKeys = DeadKeys.JOIN

    def render(self, text: str) -> str:
        """What a program on this computer receives when this scanner types `text`."""
        return "".join(pieces(press(self.scanner, text), self.computer, self.caps, self.dead))


@dataclass(frozen=True, slots=True)
class Explanation:
    """Settings that explain a reading: `cost` counts the faults they leave over, `share` is their part of
    the odds among the explanations that leave as few."""

    settings: Settings
    cost: int
    share: float
    way: Alignment


def from_text(expected: str, received: str, system: str | None = None) -> list[Explanation]:
    """The settings that make `received` of `expected` with the fewest faults, the most plausible first.

    None where more than STRAY of what came belongs to none of them.
    """
    made = _made_of(expected)
    ways = _closest({text for text, _ in made}, received)
    return _ranked([(settings, ways[text]) for text, settings in made if text in ways], system)


def from_strokes(expected: str, strokes: Sequence[Stroke], system: str | None = None) -> list[Explanation]:
    """As `from_text`, for strokes that all have a scan code (those of characters only)."""
    keys = _keys(strokes)
    pressed = {layout: press(layout, expected) for layout in layouts.every()}
    ways = _closest(set(pressed.values()), keys)
    kept = [
        (Settings(scanner, computer, caps), ways[due])
        for computer, caps in (_computers(strokes) if ways else ())
        for scanner, due in pressed.items()
        if due in ways
    ]
    return _ranked(kept, system)


def unexplained(strokes: Sequence[Stroke], computer: Layout, caps: bool) -> int:
    """How many strokes hold another text than this computer's layout gives at their position."""
    return _unexplained(_keys(strokes), [stroke.text for stroke in strokes], computer, caps)


def _unexplained(keys: Sequence[Key], texts: Sequence[str], computer: Layout, caps: bool) -> int:
    raw = pieces(keys, computer, caps, DeadKeys.RAW)
    # Only where a key gives nothing by itself, as dead keys do, can the other ways differ.
    others = (DeadKeys.JOIN, DeadKeys.SKIP) if "" in raw else ()
    made = [raw, *(pieces(keys, computer, caps, dead) for dead in others)]
    return sum(text not in possible for text, *possible in zip(texts, *made, strict=True))


def _computers(strokes: Sequence[Stroke]) -> list[tuple[Layout, bool]]:
    """The computer layouts and Caps Lock states that agree with the most strokes."""
    keys, texts = _keys(strokes), [stroke.text for stroke in strokes]
    costs = {
        (layout, caps): _unexplained(keys, texts, layout, caps)
        for layout, caps in product(layouts.every(), (False, True))
    }
    least = min(costs.values())
    agreeing = [candidate for candidate, cost in costs.items() if cost == least]
    if any(Modifiers.CAPS_LOCK in stroke.modifiers for stroke in strokes):
        return [candidate for candidate in agreeing if candidate[1]] or agreeing
    return agreeing


def _keys(strokes: Sequence[Stroke]) -> tuple[Key, ...]:
    return tuple(key for key in (stroke.key for stroke in strokes) if key is not None)


@lru_cache(maxsize=4)
def _made_of(expected: str) -> tuple[tuple[str, Settings], ...]:
    """What every way to set scanner and computer makes of our own text `expected`."""
    made: list[tuple[str, Settings]] = []
    for scanner in layouts.every():
        keys = press(scanner, expected)
        for computer, caps in product(layouts.every(), (False, True)):
            raw = pieces(keys, computer, caps, DeadKeys.RAW)
            others = (DeadKeys.SKIP, DeadKeys.JOIN) if "" in raw else ()
            texts = {"".join(raw): DeadKeys.RAW if others else DeadKeys.JOIN}
            texts |= {"".join(pieces(keys, computer, caps, dead)): dead for dead in others}
            made += [(text, Settings(scanner, computer, caps, dead)) for text, dead in texts.items()]
    return tuple(made)


def _closest(due: Collection[Row], received: Row) -> dict[Row, Alignment]:
    """Those of `due` that `received` follows with the fewest faults, and how it does."""
    if received in due:
        return {received: align(received, received)}
    bag = Counter(received)
    # Long rows are dear to align, and opaque codes are alike by their letters: first look for our frame.
    bounds = {row: at_least(Counter(row), bag) for row in due if len(row) < _LONG or _framed(row, received)}
    ways: dict[Row, Alignment] = {}
    best = sys.maxsize
    for row in sorted(bounds, key=bounds.__getitem__):
        if bounds[row] > min(best, STRAY * len(received)):
            break
        ways[row] = align(row, received)
        best = min(best, ways[row].cost)
    return {row: way for row, way in ways.items() if way.cost == best}


def _framed(due: Sequence[object], received: Sequence[object]) -> bool:
    """Whether one end of `due`, all four items in order, is met near the same end of `received`."""
    near = 4 * FRAME_LENGTH
    return _in_order(due[:FRAME_LENGTH], received[:near]) or _in_order(due[-FRAME_LENGTH:], received[-near:])


def _in_order(items: Sequence[object], row: Sequence[object]) -> bool:
    rest = iter(row)
    return all(item in rest for item in items)


def _ranked(kept: Sequence[tuple[Settings, Alignment]], system: str | None) -> list[Explanation]:
    """One explanation for each triple, with its share of the odds."""
    odds: dict[tuple[str, str, bool], tuple[float, Settings, Alignment]] = {}
    for settings, way in kept:
        triple = (settings.scanner.id, settings.computer.id, settings.caps)
        value = _odds(settings, system)
        if triple not in odds or value > odds[triple][0]:
            odds[triple] = (value, settings, way)
    total = sum(value for value, _, _ in odds.values())
    best_first = sorted(odds.values(), key=lambda entry: -entry[0])
    return [Explanation(settings, way.cost, value / total, way) for value, settings, way in best_first]


def _odds(settings: Settings, system: str | None) -> float:
    computer = COMPUTER_ODDS[settings.computer.id]
    if system == settings.computer.family:
        computer += _THIS_SYSTEM
    caps = _CAPS_ODDS if settings.caps else 1
    return SCANNER_ODDS[settings.scanner.id] * computer * caps * _DEAD_ODDS[settings.dead]
