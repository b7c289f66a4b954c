"""The pace of key strokes: how fast they came, and whether a scanner or a person typed them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median, quantiles
from typing import Final, Literal

from fieldkit.hardware.scanner.keyboard import Stroke

Origin = Literal["scan", "typed", "unknown"]

_FEWEST: Final = 6
_FASTER_THAN_HANDS_MS: Final = 30.0
_SLOWEST_SCANNER_MS: Final = 150.0
_EVEN: Final = 0.35
"""Spread of the gaps, (90th − 10th percentile) / median, under which only a machine types."""


@dataclass(frozen=True, slots=True)
class Timing:
    """Pace of one reading. Gaps are the times between one stroke and the next, in milliseconds."""

    seconds: float
    characters_per_second: float
    median_gap_ms: float
    longest_gap_ms: float
    origin: Origin


def measure(strokes: Sequence[Stroke]) -> Timing | None:
    """The pace of `strokes`; None where a stroke has no time, or there are fewer than two."""
    times = [stroke.t_ms for stroke in strokes if stroke.t_ms is not None]
    if len(times) < len(strokes):
        return None
    same = len({(stroke.scan_code, stroke.text) for stroke in strokes}) == 1
    return measure_times(times, held=same)


def measure_times(times: Sequence[float], *, held: bool = False) -> Timing | None:
    """The pace of strokes at these times, in milliseconds; None for fewer than two. `held`: all the same key."""
    if len(times) < 2:
        return None
    gaps = [after - before for before, after in pairwise(times)]
    seconds = (times[-1] - times[0]) / 1000
    rate = len(gaps) / seconds if seconds > 0 else 0.0
    return Timing(seconds, rate, median(gaps), max(gaps), _origin(gaps, held=held))


def _origin(gaps: Sequence[float], *, held: bool) -> Origin:
    """Scanners are fast, or slow and even; hands are slow and uneven; a key held down repeats itself."""
    if len(gaps) + 1 < _FEWEST:
        return "unknown"
    if held:
        return "typed"
    usual = median(gaps)
    if usual <= _FASTER_THAN_HANDS_MS:
        return "scan"
    deciles = quantiles(gaps, n=10)
    even = deciles[-1] - deciles[0] <= _EVEN * usual
    return "scan" if even and usual <= _SLOWEST_SCANNER_MS else "typed"
