"""One reading, as it arrived: its strokes or its text, with the suffix set apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import product
from typing import Final

from fieldkit.hardware.scanner import altcodes, layouts, testcode
from fieldkit.hardware.scanner.hypotheses import Explanation, Settings, from_strokes, from_text
from fieldkit.hardware.scanner.informative import with_controls
from fieldkit.hardware.scanner.keyboard import (
    DeadKeys,
    Stroke,
    as_text,
    by_position,
    characters,
    pieces,
    reread,
)
from fieldkit.hardware.scanner.layouts import CONTROLS, press
from fieldkit.hardware.scanner.testcode import TestCode

SUFFIX_NAMES: Final = {"\r": "CR", "\n": "LF", "\t": "TAB"}


@dataclass(frozen=True, slots=True)
class Reading:
    """What arrived, its suffix set apart. `strokes` is None for a bare text; `by_keys` tells whether all
    strokes have a scan code; `alt` that the characters came as Alt numbers."""

    text: str
    suffix: str
    strokes: tuple[Stroke, ...] | None = None
    by_keys: bool = False
    alt: bool = False

    @classmethod
    def of_text(cls, received: str) -> Reading:
        """A bare text."""
        text, suffix = split_suffix(received)
        return cls(text, suffix)

    @classmethod
    def of_strokes(cls, strokes: Sequence[Stroke]) -> Reading:
        """Strokes as a window received them, those of Shift and the like included or not."""
        numbers = altcodes.composed(strokes)
        typed = characters(strokes if numbers is None else numbers)
        end = len(typed)
        while end and _control(typed[end - 1]):
            end -= 1
        body = tuple(typed[:end])
        suffix = _suffix_name("".join(_control(stroke) for stroke in typed[end:]))
        by_keys = all(stroke.key is not None for stroke in body)
        return cls(as_text(body), suffix, body, by_keys, alt=numbers is not None)

    @property
    def captured(self) -> bool:
        """Whether a window saw it arrive, end included."""
        return self.strokes is not None

    @property
    def keys(self) -> tuple[Stroke, ...]:
        """The strokes, where they can be judged by position."""
        return self.strokes if self.by_keys and self.strokes else ()

    @property
    def length(self) -> int:
        """Keys, else characters, that came; suffix apart."""
        return len(self.keys or self.text)

    def explain(self, expected: str, system: str | None) -> list[Explanation]:
        """The settings that explain the reading best, the most plausible first."""
        if self.keys:
            return from_strokes(expected, self.keys, system)
        return from_text(expected, self.text, system)

    def due(self, expected: str, settings: Settings) -> int:
        """How many keys or characters these settings make of `expected`."""
        return len(press(settings.scanner, expected) if self.keys else settings.render(expected))

    def meant(self, settings: Settings, start: int = 0, end: int | None = None) -> str:
        """The text that the scanner meant by a piece of the reading."""
        if self.keys:
            return by_position(self.keys[start:end], settings.scanner)
        return reread(self.text[start:end], settings.computer, settings.scanner, settings.caps)

    def claimed(self) -> TestCode | None:
        """The test code whose frame and nonce the reading tells, through whatever settings; or None."""
        if self.keys:
            told = (testcode.claimed(by_position(self.keys, layout)) for layout in layouts.every())
            return next((code for code in told if code), None)
        return _claimed_by_text(self.text)

    def around(self, code: TestCode) -> tuple[Reading, Reading] | None:
        """The reading without, and only, what came in the place of the code's informative piece.

        None where the nonce before it and the length and checksum after it cannot be found.
        """
        whole = code.text[: -testcode.FRAME_LENGTH].partition(code.informative)[2]
        # A key lost in the checksum must not hide the piece: the length alone will do.
        ends = (whole, whole[: whole.index(";", 1) + 1])
        hole = next((found for end in ends if (found := self._hole(code.nonce, end))), None)
        if hole is None:
            return None
        start, end = hole
        if self.strokes is None:
            return (
                replace(self, text=self.text[:start] + self.text[end:]),
                replace(self, text=self.text[start:end]),
            )
        strokes = self.strokes
        if not self.keys and len(strokes) != len(self.text):
            return None
        return self._of(strokes[:start] + strokes[end:]), self._of(strokes[start:end])

    def as_program_gets_it(self, settings: Settings | None, system: str | None) -> str:
        """The text a program makes of it, dead keys and their letters joined as on that system."""
        if settings is None or not self.keys:
            return self.text
        dead = DeadKeys.SKIP if system == "linux" else DeadKeys.JOIN
        keys = [stroke.key for stroke in self.keys if stroke.key is not None]
        return "".join(pieces(keys, settings.computer, settings.caps, dead))

    def meant_with_controls(self, settings: Settings) -> str:
        """What the scanner meant by it, control characters included."""
        if self.strokes is None:
            return self.text
        return with_controls(self.strokes, settings.scanner)

    def _hole(self, before: str, after: str) -> tuple[int, int] | None:
        if not self.keys:
            return _between(self.text, ((s.render(before), s.render(after)) for s in _settings()))
        keys = tuple(stroke.key for stroke in self.keys)
        return _between(keys, ((press(one, before), press(one, after)) for one in layouts.every()))

    def _of(self, strokes: tuple[Stroke, ...]) -> Reading:
        by_keys = all(stroke.key is not None for stroke in strokes)
        return replace(self, strokes=strokes, text=as_text(strokes), by_keys=by_keys)


def split_suffix(received: str) -> tuple[str, str]:
    """A text without its end, and the name of that end: CR, LF, CRLF, TAB, or "" for none."""
    text = received.rstrip("".join(SUFFIX_NAMES))
    return text, _suffix_name(received[len(text) :])


def _settings() -> Iterable[Settings]:
    for scanner, computer, caps in product(layouts.every(), layouts.every(), (False, True)):
        yield Settings(scanner, computer, caps)


def _claimed_by_text(text: str) -> TestCode | None:
    for settings, kind, head in _heads():
        _before, found, rest = text.partition(head)
        nonce = rest[: testcode.NONCE_LENGTH]
        if not found:
            continue
        meant = reread(nonce, settings.computer, settings.scanner, settings.caps)
        if code := testcode.claimed(testcode.start(kind) + meant):
            return code
    return None


@cache
def _heads() -> tuple[tuple[Settings, testcode.Kind, str], ...]:
    """What each of the settings makes of what stands before the nonce; the plainest settings for each text."""
    heads: dict[tuple[testcode.Kind, str], Settings] = {}
    for settings, kind in product(_settings(), testcode.KINDS):
        heads.setdefault((kind, settings.render(testcode.start(kind))), settings)
    return tuple((settings, kind, head) for (kind, head), settings in heads.items())


def _between(
    row: Sequence[object], sides: Iterable[tuple[Sequence[object], Sequence[object]]]
) -> tuple[int, int] | None:
    for before, after in sides:
        start = _index(row, before, 0)
        end = None if start is None else _index(row, after, start + len(before))
        if start is not None and end is not None:
            return start + len(before), end
    return None


def _index(row: Sequence[object], piece: Sequence[object], start: int) -> int | None:
    piece = tuple(piece)
    for place in range(start, len(row) - len(piece) + 1):
        if tuple(row[place : place + len(piece)]) == piece:
            return place
    return None


def _control(stroke: Stroke) -> str:
    """The CR, LF or TAB that a stroke stands for, "" for any other stroke."""
    return stroke.text if stroke.text in SUFFIX_NAMES else CONTROLS.get(stroke.scan_code or 0, "")


def _suffix_name(end: str) -> str:
    return "".join(SUFFIX_NAMES[character] for character in end)
