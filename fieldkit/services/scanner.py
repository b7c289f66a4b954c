"""The Scanner page and `fieldkit scan`: show a test code, judge what the scanner made of it, keep the result."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from fieldkit.hardware.scanner import advice, testcode
from fieldkit.hardware.scanner.diagnose import Diagnosis, diagnose
from fieldkit.hardware.scanner.hypotheses import Explanation
from fieldkit.hardware.scanner.keyboard import Stroke
from fieldkit.hardware.scanner.symbol import Symbol, Symbology, symbol
from fieldkit.hardware.scanner.testcode import TestCode

_RUN_VERDICTS: Final = {"ok": "good", "unreadable": "not-tested"}


def new_test_code() -> TestCode:
    """A test code A, "layout", with a nonce of its own."""
    return testcode.new()


def draw(code: TestCode, symbology: Symbology) -> Symbol:
    """The picture of a test code."""
    return symbol(code.text, symbology)


def diagnose_text(expected: str, received: str, system: str | None = None) -> Diagnosis:
    """Judge a test code by the text that a program received."""
    return diagnose(expected, received=received, system=system)


def diagnose_strokes(expected: str, strokes: Sequence[Stroke], system: str | None = None) -> Diagnosis:
    """Judge a test code by the key strokes of one scan, Enter included; see `diagnose` for `system`."""
    return diagnose(expected, strokes=strokes, system=system)


def as_json(diagnosis: Diagnosis) -> dict[str, Any]:
    """The shape of `scan diagnose` in cli.md, and more. Never holds text that is not our own code's."""
    settings, timing = diagnosis.settings, diagnosis.timing
    return {
        "verdict": diagnosis.verdict,
        "scanner_layout": settings.scanner.id if settings else None,
        "computer_layout": settings.computer.id if settings else None,
        "caps_lock": settings.caps if settings else None,
        "prefix": diagnosis.prefix,
        "suffix": diagnosis.suffix,
        "confidence": round(diagnosis.confidence, 3),
        "alternatives": [_alternative(other) for other in diagnosis.alternatives],
        "remedy": advice.remedy(diagnosis),
        "summary": advice.summary(diagnosis),
        "code": diagnosis.code,
        "faults": list(diagnosis.faults) if diagnosis.code == "current" else [],
        "length": diagnosis.length,
        "expected_length": diagnosis.expected_length,
        "origin": timing.origin if timing else "unknown",
        "characters_per_second": round(timing.characters_per_second, 1) if timing else None,
        "aspects": [
            {"id": aspect.id, "state": aspect.state, "detail": aspect.detail, "remedy": aspect.remedy}
            for aspect in advice.aspects(diagnosis)
        ],
    }


def test_run_fields(diagnosis: Diagnosis) -> dict[str, Any]:
    """The fields of a `test_run` that say how the scanner did; visit, workstation and time are the caller's."""
    return {
        "kind": "scanner",
        "verdict": _RUN_VERDICTS.get(diagnosis.verdict, "fault"),
        "summary": advice.summary(diagnosis),
        "details": as_json(diagnosis),
    }


def _alternative(other: Explanation) -> dict[str, Any]:
    return {
        "scanner_layout": other.settings.scanner.id,
        "computer_layout": other.settings.computer.id,
        "caps_lock": other.settings.caps,
        "confidence": round(other.share, 3),
    }
