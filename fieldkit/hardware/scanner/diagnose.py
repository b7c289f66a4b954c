"""From what was expected and what arrived to a verdict: which setting of scanner or computer is at fault.

What does not carry the expected code's frame may be a patient's code: nothing of its text is kept, only its
length, its suffix and its pace.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from fieldkit.hardware.scanner import testcode
from fieldkit.hardware.scanner.alignment import Alignment
from fieldkit.hardware.scanner.hypotheses import STRAY, Explanation, Settings, unexplained
from fieldkit.hardware.scanner.keyboard import Stroke
from fieldkit.hardware.scanner.reading import Reading
from fieldkit.hardware.scanner.timing import Timing, measure

Fault = Literal["layout", "caps", "lost", "truncated", "prefix", "suffix"]
Verdict = Fault | Literal["ok", "unreadable"]
CodeSeen = Literal["current", "stale", "foreign", "none"]

_LONGEST_STRAY: Final = 8
"""Characters before or after our frame that are shown; more of them might be somebody's code."""
_SHORTEST_PROOF: Final = 6


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What one reading of a test code says.

    `best` is the most plausible explanation, `alternatives` those that leave as few faults over, `way`
    counts the faults. `prefix` and `suffix` are what came around the code: the suffix is named (`CR`, `LF`,
    `CRLF`, `TAB`, or "" for none), at most 8 other characters are shown, more are "…". `length` counts the
    keys or characters that came, suffix apart, `expected_length` those that were due. `captured` is False
    for a bare text, where a missing suffix proves nothing; `conclusive` is False where the expected text
    has no letter, since digits alone prove no layout. `faults` come in the order to mend them. The text
    received is nowhere in it.
    """

    code: CodeSeen
    suffix: str
    length: int
    expected_length: int
    captured: bool
    timing: Timing | None = None
    best: Explanation | None = None
    alternatives: tuple[Explanation, ...] = ()
    prefix: str = ""
    conclusive: bool = True
    faults: tuple[Fault, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """The fault to mend first, `ok` for none, `unreadable` where the reading proves nothing."""
        if self.code != "current":
            return "unreadable"
        if self.faults:
            return self.faults[0]
        return "ok" if self.conclusive else "unreadable"

    @property
    def settings(self) -> Settings | None:
        """The most plausible scanner layout, computer layout and Caps Lock state."""
        return self.best.settings if self.best else None

    @property
    def way(self) -> Alignment | None:
        """What was lost, doubled, swapped or cut off on the way."""
        return self.best.way if self.best else None

    @property
    def confidence(self) -> float:
        """How sure the settings are, 0 to 1: their share of the odds, less what they leave unexplained."""
        if self.best is None or not self.conclusive:
            return 0.0
        return self.best.share * max(0.0, 1 - self.best.way.damaged / max(1, self.expected_length))


def diagnose(
    expected: str,
    *,
    received: str | None = None,
    strokes: Sequence[Stroke] | None = None,
    system: str | None = None,
) -> Diagnosis:
    """Judge one reading of the test code `expected`: by its strokes, or by the text received.

    `system` is the operating system that received it (`windows`, `macos`, `linux`), where known: between
    layouts that explain a reading equally, its own come first.
    """
    reading = Reading.of_text(received or "") if strokes is None else Reading.of_strokes(strokes)
    if not reading.length:
        return _without_text("none", expected, reading)
    explanations = reading.explain(expected, system)
    if not explanations or not _is_ours(explanations[0], expected, reading):
        return _without_text("foreign", expected, reading)
    other = _stale(expected, explanations[0], reading)
    if other is None:
        return _judge(expected, explanations, reading)
    return replace(_judge(other, reading.explain(other, system), reading), code="stale")


def _without_text(code: CodeSeen, expected: str, reading: Reading) -> Diagnosis:
    return Diagnosis(
        code=code,
        suffix=reading.suffix,
        length=reading.length,
        expected_length=len(expected),
        captured=reading.captured,
        timing=measure(reading.strokes or ()),
    )


def _is_ours(best: Explanation, expected: str, reading: Reading) -> bool:
    """Whether the reading carries the start or the end of the expected code's frame, and little else."""
    kept = best.way.kept
    due = reading.due(expected, best.settings)
    frame = min(testcode.FRAME_LENGTH, due)
    framed = kept >= frozenset(range(frame)) or kept >= frozenset(range(due - frame, due))
    return framed and len(kept) >= max(1, min(_SHORTEST_PROOF, due), (1 - STRAY) * reading.length)


def _stale(expected: str, best: Explanation, reading: Reading) -> str | None:
    """The text of another of our test codes, where that is what arrived; else None."""
    if best.cost == 0 or testcode.find(expected) is None:
        return None
    other = testcode.find(reading.meant(best.settings))
    return other.text if other and other.text != expected else None


def _judge(expected: str, explanations: Sequence[Explanation], reading: Reading) -> Diagnosis:
    best = explanations[0]
    settings, way = best.settings, best.way
    before = reading.meant(settings, end=way.before)
    after = reading.meant(settings, start=reading.length - way.after)
    return Diagnosis(
        code="current",
        suffix=_short(after) + reading.suffix,
        length=reading.length,
        expected_length=reading.due(expected, settings),
        captured=reading.captured,
        timing=measure(reading.strokes or ()),
        best=best,
        alternatives=tuple(explanations[1:]),
        prefix=_short(before),
        conclusive=any(character.isalpha() for character in expected),
        faults=tuple(_faults(expected, best, reading)),
    )


def _short(stray: str) -> str:
    return stray if len(stray) <= _LONGEST_STRAY else "…"


def _faults(expected: str, best: Explanation, reading: Reading) -> Iterator[Fault]:
    settings, way = best.settings, best.way
    plain = replace(settings, caps=False).render(expected)
    if plain != expected or (reading.keys and unexplained(reading.keys, settings.computer, settings.caps)):
        yield "layout"
    if settings.render(expected) != plain:
        yield "caps"
    if way.damaged:
        yield "lost"
    if way.cut:
        yield "truncated"
    if way.before:
        yield "prefix"
    if way.after or not suffix_is_right(reading.suffix, reading.captured):
        yield "suffix"


def suffix_is_right(suffix: str, captured: bool) -> bool:
    """Whether a reading ends as billing software expects: with Enter and nothing else.

    A bare text may have lost its end on the way here, or have it rewritten: there any line end will do.
    """
    return suffix == "CR" if captured else suffix in {"", "CR", "LF", "CRLF"}
