"""From what was expected and what arrived to a verdict: which setting of scanner or computer is at fault.

What does not carry the frame and nonce of a test code of ours may be a patient's code: nothing of its text is
kept, only its length, its suffix and its pace.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from fieldkit.hardware.scanner import testcode
from fieldkit.hardware.scanner.diagnosis import CodeSeen, Diagnosis, Fault
from fieldkit.hardware.scanner.hypotheses import STRAY, Explanation, unexplained
from fieldkit.hardware.scanner.informative import accents, controls
from fieldkit.hardware.scanner.keyboard import Stroke
from fieldkit.hardware.scanner.reading import Reading
from fieldkit.hardware.scanner.testcode import TestCode
from fieldkit.hardware.scanner.timing import Timing, measure

LONGEST_STRAY: Final = 8
"""Characters before or after our frame that are shown; more of them might be somebody's code."""
_SHORTEST_PROOF: Final = 6


@dataclass(frozen=True, slots=True)
class _Case:
    """A reading beside the text it is compared with, both without the code's informative piece."""

    expected: str
    reading: Reading
    code: TestCode | None = None
    hole: Reading | None = None


@dataclass(frozen=True, slots=True)
class _Found:
    """A case, and the settings that explain it best, the most plausible first."""

    case: _Case
    explanations: tuple[Explanation, ...]

    @property
    def cost(self) -> int:
        """The faults that the best explanation leaves over."""
        return self.explanations[0].cost


def diagnose(
    expected: str,
    *,
    received: str | None = None,
    strokes: Sequence[Stroke] | None = None,
    system: str | None = None,
    timing: Timing | None = None,
) -> Diagnosis:
    """Judge one reading of the test code `expected`: by its strokes, or by the text received.

    `system` is the operating system that received it (`windows`, `macos`, `linux`), where known: between
    layouts that explain a reading equally, its own come first. `timing` is the pace of a bare text.
    """
    reading = Reading.of_text(received or "") if strokes is None else Reading.of_strokes(strokes)
    pace = timing if reading.strokes is None else measure(reading.strokes)
    if not reading.length:
        return _without_text("none", expected, reading, pace)
    current = testcode.find(expected)
    found = _explained(_case(expected, current, reading), system)
    if found is not None and (found.cost == 0 or current is None):
        return _judged("current", found, system, pace)
    # What resembles the code expected may in truth be another of ours, an old picture for one.
    other = reading.claimed()
    if other is not None and other != current:
        better = _explained(_case(other.text, other, reading), system)
        if better is not None and (found is None or better.cost < found.cost):
            return _judged("kept" if other.kept else "stale", better, system, pace)
    if found is None:
        return _without_text("foreign", expected, reading, pace)
    return _judged("current", found, system, pace)


def _case(expected: str, code: TestCode | None, reading: Reading) -> _Case:
    if code is None or not code.informative:
        return _Case(expected, reading, code)
    around, hole = reading.around(code) or (reading, None)
    return _Case(expected.replace(code.informative, "", 1), around, code, hole)


def _explained(case: _Case, system: str | None) -> _Found | None:
    explanations = case.reading.explain(case.expected, system)
    if not explanations or not _is_ours(explanations[0], case.expected, case.reading):
        return None
    return _Found(case, tuple(explanations))


def _without_text(code: CodeSeen, expected: str, reading: Reading, timing: Timing | None) -> Diagnosis:
    return Diagnosis(
        code=code,
        suffix=reading.suffix,
        length=reading.length,
        expected_length=len(expected),
        captured=reading.captured,
        timing=timing,
    )


def _is_ours(best: Explanation, expected: str, reading: Reading) -> bool:
    """Whether the reading carries the start or the end of the expected code's frame, and little else."""
    kept = best.way.kept
    due = reading.due(expected, best.settings)
    frame = min(testcode.FRAME_LENGTH, due)
    framed = kept >= frozenset(range(frame)) or kept >= frozenset(range(due - frame, due))
    return framed and len(kept) >= max(1, min(_SHORTEST_PROOF, due), (1 - STRAY) * reading.length)


def _judged(code: CodeSeen, found: _Found, system: str | None, timing: Timing | None) -> Diagnosis:
    case, explanations = found.case, found.explanations
    best, reading, expected = explanations[0], case.reading, case.expected
    settings, way = best.settings, best.way
    before = reading.meant(settings, end=way.before)
    after = reading.meant(settings, start=reading.length - way.after)
    judged = Diagnosis(
        code=code,
        suffix=short(after) + reading.suffix,
        length=reading.length,
        expected_length=reading.due(expected, settings),
        captured=reading.captured,
        timing=timing,
        test=case.code,
        best=best,
        alternatives=tuple(explanations[1:]),
        way=way,
        prefix=short(before),
        conclusive=any(character.isalpha() for character in expected),
        probed=case.code is None or case.code.kind == "layout",
        alt=reading.alt,
        faults=tuple(_faults(expected, best, reading, system)),
    )
    if case.hole is None or case.code is None:
        return judged
    if case.code.kind == "accents":
        return replace(judged, accents=accents(case.hole.as_program_gets_it(settings, system)))
    return replace(judged, controls=controls(case.hole.meant_with_controls(settings)))


def short(stray: str) -> str:
    """A stray piece as it may be shown: itself, or "…" where it is long enough to be somebody's code."""
    return stray if len(stray) <= LONGEST_STRAY else "…"


def _faults(expected: str, best: Explanation, reading: Reading, system: str | None) -> Iterator[Fault]:
    settings, way = best.settings, best.way
    plain = replace(settings, caps=False).render(expected)
    if plain != expected or (reading.keys and unexplained(reading.keys, settings.computer, settings.caps)):
        yield "layout"
    if settings.render(expected) != plain:
        yield "caps"
    if reading.alt and system != "windows":
        yield "alt"
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
