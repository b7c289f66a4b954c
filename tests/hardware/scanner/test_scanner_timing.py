"""Scanner or hands, by the pace alone."""

from __future__ import annotations

from random import Random

import pytest

from fieldkit.hardware.scanner.keyboard import Stroke
from fieldkit.hardware.scanner.layouts import load
from fieldkit.hardware.scanner.simulated import scan
from fieldkit.hardware.scanner.timing import measure


@pytest.mark.parametrize("gap_ms", [0.5, 2, 10, 20, 50, 100])
@pytest.mark.parametrize("jitter", [0, 0.1])
def test_scanners_from_fast_to_slow(gap_ms: float, jitter: float) -> None:
    rng = Random(1)
    strokes = [
        Stroke(
            stroke.text,
            stroke.scan_code,
            stroke.modifiers,
            (stroke.t_ms or 0) + rng.uniform(0, jitter * gap_ms),
        )
        for stroke in scan("FK1;azqwm;1KF", load("us"), load("fr"), gap_ms=gap_ms)
    ]
    timing = measure(strokes)
    assert timing is not None
    assert timing.origin == "scan"
    assert timing.median_gap_ms == pytest.approx(gap_ms, rel=0.2)
    assert timing.characters_per_second == pytest.approx(1000 / gap_ms, rel=0.2)


def test_a_key_held_down_is_no_scanner() -> None:
    timing = measure([Stroke("a", 16, t_ms=500.0 + 30 * n) for n in range(30)])
    assert timing is not None
    assert timing.origin == "typed"


def test_a_pause_in_a_fast_scan_is_seen() -> None:
    times = [0.0, 8, 16, 24, 424, 432, 440, 448]
    timing = measure([Stroke(str(n), t_ms=t_ms) for n, t_ms in enumerate(times)])
    assert timing is not None
    assert (timing.origin, timing.longest_gap_ms, timing.seconds) == ("scan", 400, 0.448)


def test_too_little_to_tell() -> None:
    assert measure([]) is None
    assert measure([Stroke("a", t_ms=1.0)]) is None
    assert measure([Stroke("a", t_ms=1.0), Stroke("b")]) is None
    few = measure([Stroke("a", t_ms=1.0), Stroke("b", t_ms=1.0)])
    assert few is not None
    assert (few.origin, few.characters_per_second) == ("unknown", 0.0)
