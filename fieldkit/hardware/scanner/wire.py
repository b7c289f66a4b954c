"""Verdict on a code that arrived as bytes, from a serial port or a decoder: no keyboard stands in between."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from fieldkit.hardware.scanner import testcode
from fieldkit.hardware.scanner.alignment import Alignment, align
from fieldkit.hardware.scanner.diagnose import LONGEST_STRAY, short
from fieldkit.hardware.scanner.diagnosis import CodeSeen, Diagnosis, Fault, Interface
from fieldkit.hardware.scanner.hypotheses import STRAY
from fieldkit.hardware.scanner.informative import Accents, accents_in_bytes, controls
from fieldkit.hardware.scanner.reading import split_suffix
from fieldkit.hardware.scanner.testcode import TestCode
from fieldkit.hardware.scanner.timing import Timing

_GARBLED: Final = 0.2
"""Part of the bytes that is no ASCII text from which a wrong speed or framing is likelier than an accent."""
_ROOM: Final = 200
"""Bytes beyond the length of a code that can still be faults around it; more is something else."""


def diagnose_bytes(
    expected: str, data: bytes, *, interface: Interface = "serial", timing: Timing | None = None
) -> Diagnosis:
    """Judge one reading of the test code `expected`, or of one made to be kept, by the bytes received."""
    # Latin-1 gives each byte one character: counts are of bytes, and nothing is refused.
    text, suffix = split_suffix(data.decode("latin-1"))
    current = testcode.find(expected)
    code = testcode.claimed(text) or current
    found = _compare(code, text) if code and text else None
    if found is None and code != current and current is not None:
        code, found = current, _compare(current, text)
    if code is None or found is None:
        return Diagnosis(
            code="foreign" if text else "none",
            suffix=suffix,
            length=len(text),
            expected_length=len(expected),
            captured=True,
            interface=interface,
            timing=timing,
            garbled=bool(text) and sum(not _plain(c) for c in text) > _GARBLED * len(text),
        )
    way, due, hole = found
    seen: CodeSeen = "current" if code == current else "kept" if code.kept else "stale"
    after = short(text[len(text) - way.after :])
    judged, page = _accents(code, hole)
    return Diagnosis(
        code=seen,
        suffix=after + suffix,
        length=len(text) - len(hole or ""),
        expected_length=due,
        captured=True,
        interface=interface,
        timing=timing,
        test=code,
        way=way,
        prefix=short(text[: way.before]),
        accents=judged,
        character_set=page,
        controls=controls(hole) if hole is not None and code.kind == "control" else (),
        faults=tuple(_faults(way, suffix, interface)),
    )


def _compare(code: TestCode, text: str) -> tuple[Alignment, int, str | None] | None:
    """How `text` follows the code, how long that is, and what came in the place of its informative piece.

    None where neither end of its frame is there, or most of what came is foreign to it.
    """
    expected, hole = code.text, None
    if code.informative:
        before, after = code.text.split(code.informative)
        start = text.find(code.nonce)
        end = text.find(after[: -testcode.FRAME_LENGTH], start)
        if start >= 0 and end >= 0:
            start += len(code.nonce)
            hole, text, expected = text[start:end], text[:start] + text[end:], before + after
    if len(text) > len(expected) + _ROOM:
        return None
    head, tail = expected[: testcode.FRAME_LENGTH], expected[-testcode.FRAME_LENGTH :]
    near = testcode.FRAME_LENGTH + LONGEST_STRAY
    if head not in text[:near] and tail not in text[-near:]:
        return None
    way = align(expected, text)
    if len(way.kept) < (1 - STRAY) * len(text):
        return None
    return way, len(expected), hole


def _accents(code: TestCode, hole: str | None) -> tuple[Accents | None, str]:
    if hole is None or code.kind != "accents":
        return None, ""
    return accents_in_bytes(hole.encode("latin-1"))


def _faults(way: Alignment, suffix: str, interface: Interface) -> Iterator[Fault]:
    if way.damaged:
        yield "lost"
    if way.cut:
        yield "truncated"
    if way.before:
        yield "prefix"
    # A decoder of ours gives the code alone: there no end is due.
    if way.after or (interface == "serial" and suffix not in {"CR", "LF", "CRLF"}):
        yield "suffix"


def _plain(character: str) -> bool:
    return " " <= character <= "~" or character in "\r\n\t"
