"""One reading, as it arrived: its strokes or its text, with the suffix set apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from fieldkit.hardware.scanner.hypotheses import Explanation, Settings, from_strokes, from_text
from fieldkit.hardware.scanner.keyboard import Stroke, as_text, by_position, characters, reread
from fieldkit.hardware.scanner.layouts import CONTROLS, press

SUFFIX_NAMES: Final = {"\r": "CR", "\n": "LF", "\t": "TAB"}


@dataclass(frozen=True, slots=True)
class Reading:
    """What arrived, its suffix set apart. `strokes` is None for a bare text; `by_keys` tells whether all
    strokes have a scan code."""

    text: str
    suffix: str
    strokes: tuple[Stroke, ...] | None = None
    by_keys: bool = False

    @classmethod
    def of_text(cls, received: str) -> Reading:
        """A bare text."""
        text = received.rstrip("".join(SUFFIX_NAMES))
        return cls(text, _suffix_name(received[len(text) :]))

    @classmethod
    def of_strokes(cls, strokes: Sequence[Stroke]) -> Reading:
        """Strokes as a window received them, those of Shift and the like included or not."""
        typed = characters(strokes)
        end = len(typed)
        while end and _control(typed[end - 1]):
            end -= 1
        body = tuple(typed[:end])
        suffix = _suffix_name("".join(_control(stroke) for stroke in typed[end:]))
        return cls(as_text(body), suffix, body, all(stroke.key is not None for stroke in body))

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


def _control(stroke: Stroke) -> str:
    """The CR, LF or TAB that a stroke stands for, "" for any other stroke."""
    return stroke.text if stroke.text in SUFFIX_NAMES else CONTROLS.get(stroke.scan_code or 0, "")


def _suffix_name(end: str) -> str:
    return "".join(SUFFIX_NAMES[character] for character in end)
