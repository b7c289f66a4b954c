"""The Scanner page and `fieldkit scan`: judge what the scanner made of a test code, and keep the result."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from fieldkit.hardware.scanner import advice, testcode, wire
from fieldkit.hardware.scanner import diagnose as judging
from fieldkit.hardware.scanner.aspects import aspects
from fieldkit.hardware.scanner.diagnosis import Diagnosis, Interface
from fieldkit.hardware.scanner.hypotheses import Explanation
from fieldkit.hardware.scanner.keyboard import Stroke
from fieldkit.hardware.scanner.reading import Reading
from fieldkit.hardware.scanner.sight.tally import Tally, details
from fieldkit.hardware.scanner.symbol import Symbol, Symbology, symbol
from fieldkit.hardware.scanner.testcode import Kind, TestCode
from fieldkit.hardware.scanner.timing import Timing
from fieldkit.hardware.scanner.trial import Trial
from fieldkit.i18n import _, ngettext

_NAMED_CONTROLS: Final = {"\r": "⏎", "\n": "↵", "\t": "⇥"}


def new_test_code(kind: Kind = "layout") -> TestCode:
    """A test code for the screen, with a nonce of its own."""
    return testcode.new(kind)


def draw(code: TestCode, symbology: Symbology, *, eci: bool = False) -> Symbol:
    """The picture of a test code."""
    return symbol(code.text, symbology, eci=eci)


def diagnose_text(
    expected: str, received: str, system: str | None = None, timing: Timing | None = None
) -> Diagnosis:
    """Judge a test code by the text that a program received."""
    return judging.diagnose(expected, received=received, system=system, timing=timing)


def diagnose_strokes(expected: str, strokes: Sequence[Stroke], system: str | None = None) -> Diagnosis:
    """Judge a test code by the key strokes of one scan, Enter included; see `diagnose` for `system`."""
    return judging.diagnose(expected, strokes=strokes, system=system)


def diagnose_bytes(
    expected: str, data: bytes, interface: Interface, timing: Timing | None = None
) -> Diagnosis:
    """Judge a test code by its bytes, from a serial port, a camera or an image."""
    return wire.diagnose_bytes(expected, data, interface=interface, timing=timing)


def as_received(diagnosis: Diagnosis, strokes: Sequence[Stroke], system: str | None) -> str:
    """What a program gets of these strokes, its end made visible; "" for what is not ours to show."""
    if not diagnosis.ours:
        return ""
    reading = Reading.of_strokes(strokes)
    text = reading.as_program_gets_it(diagnosis.settings, system)
    end = reading.suffix.replace("CR", "\r").replace("LF", "\n").replace("TAB", "\t")
    return visible(text + end)


def visible(text: str) -> str:
    """`text` with what cannot be seen made visible."""
    return "".join(_NAMED_CONTROLS.get(c, chr(0x2400 + ord(c)) if ord(c) < 32 else c) for c in text)


def raw_strokes(diagnosis: Diagnosis, strokes: Sequence[Stroke]) -> list[str]:
    """A line for each stroke, for support: time, position, what was held, what came; none where not ours."""
    if not diagnosis.ours:
        return []
    first = next((stroke.t_ms for stroke in strokes if stroke.t_ms is not None), 0.0)
    return [
        f"{(stroke.t_ms or first) - first:7.0f} ms  "
        f"{'---' if stroke.scan_code is None else format(stroke.scan_code, '3d')}  "
        f"{'+'.join(str(flag.name) for flag in stroke.modifiers) or '-':<12} {visible(stroke.text) or '·'}"
        for stroke in strokes
    ]


def raw_bytes(diagnosis: Diagnosis, data: bytes) -> list[str]:
    """The bytes of a code of ours, sixteen a line, for support; none where not ours."""
    if not diagnosis.ours:
        return []
    rows = (data[start : start + 16] for start in range(0, len(data), 16))
    return [
        f"{16 * n:04x}  {row.hex(' '):<47}  {''.join(chr(b) if 32 <= b < 127 else '·' for b in row)}"
        for n, row in enumerate(rows)
    ]


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
        "kind": diagnosis.test.kind if diagnosis.test else None,
        "interface": diagnosis.interface,
        "faults": list(diagnosis.faults) if diagnosis.told else [],
        "length": diagnosis.length,
        "expected_length": diagnosis.expected_length,
        "origin": timing.origin if timing else "unknown",
        "characters_per_second": round(timing.characters_per_second, 1) if timing else None,
        "longest_gap_ms": round(timing.longest_gap_ms, 1) if timing else None,
        "aspects": [
            {"id": aspect.id, "state": aspect.state, "detail": aspect.detail, "remedy": aspect.remedy}
            for aspect in aspects(diagnosis)
        ],
    }


def test_run_fields(trial: Trial, scanners: Sequence[str], tallies: Sequence[Tally]) -> dict[str, Any]:
    """The fields of a `test_run` that say how the scanner did; visit, workstation and time are the caller's.

    `scanners` names those on this computer, as far as it knows; `tallies` are what a camera and pictures gave.
    """
    return {
        "kind": "scanner",
        "verdict": trial.outcome,
        "summary": trial_summary(trial),
        "details": trial_json(trial, scanners) | {"pictures": [details(tally) for tally in tallies]},
    }


def trial_summary(trial: Trial) -> str:
    """What all readings say together, in a few sentences."""
    if not trial.shots:
        return _("Aucun code de test n'a été lu.")
    shots = [shot for shot in trial.latest if shot.diagnosis.faults] or [trial.shots[-1]]
    probed = [shot for shot in shots if shot.diagnosis.probed] or shots
    parts = [advice.summary(probed[-1].diagnosis)]
    if trial.lengths:
        lengths = ", ".join(str(length) for length in trial.lengths)
        parts.append(_("Longueurs testées : {lengths} caractères.").format(lengths=lengths))
    if trial.reliability.finished:
        parts.append(reliability_words(trial))
    return " ".join(dict.fromkeys(parts))


def reliability_words(trial: Trial) -> str:
    """The figure of reliability in words."""
    kept = trial.reliability
    return ngettext("{whole} lecture intacte sur {done}.", "{whole} lectures intactes sur {done}.", kept.whole).format(
        whole=kept.whole, done=kept.done
    )  # fmt: skip


def trial_json(trial: Trial, scanners: Sequence[str]) -> dict[str, Any]:
    """All readings together, for support and for the report; our own codes only, and no text of any."""
    settings, reliability = trial.settings, trial.reliability
    return {
        "interfaces": list(trial.interfaces),
        "scanners": list(scanners),
        "scanner_layout": settings.scanner.id if settings else None,
        "computer_layout": settings.computer.id if settings else None,
        "caps_lock": settings.caps if settings else None,
        "symbologies": list(trial.symbologies),
        "tested_lengths": list(trial.lengths),
        "readings": len(trial.shots),
        "other_codes": trial.others,
        "reliability": {"whole": reliability.whole, "done": reliability.done},
        "aspects": [
            {"id": aspect.id, "state": aspect.state, "detail": aspect.detail, "remedy": aspect.remedy}
            for aspect in trial.aspects
        ],
        "last": [as_json(shot.diagnosis) for shot in trial.latest],
    }


def _alternative(other: Explanation) -> dict[str, Any]:
    return {
        "scanner_layout": other.settings.scanner.id,
        "computer_layout": other.settings.computer.id,
        "caps_lock": other.settings.caps,
        "confidence": round(other.share, 3),
    }
