"""How often one caller may ask: a bucket of requests that fills up again at a steady pace."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import Final

from fieldkit.registry.problems import ProtocolError

PACE: Final = 100.0
"""Requests a second that a user may send for ever…"""
BURST: Final = 2_000.0
"""…and those at once, after a pause: a laptop that comes back from weeks offline."""
GUESS_PACE: Final = 1.0
GUESSES: Final = 200.0
"""The same for requests without a valid token, by address. Many laptops may share one."""
MOST_CALLERS: Final = 10_000


class Throttle:
    """One bucket for each caller, forgotten once it is full again."""

    def __init__(self, pace: float, burst: float, now: Callable[[], float] = time.monotonic) -> None:
        self._pace = pace
        self._burst = burst
        self._now = now
        self._buckets: dict[str, tuple[float, float]] = {}
        """What is left, and when that was so."""

    def take(self, caller: str) -> None:
        """Count one request. Raises ProtocolError `busy` (429), with the seconds to wait, where it is one too many."""
        now = self._now()
        left = self._left(caller, now)
        if left < 1:
            raise ProtocolError("busy", 429, wait=math.ceil((1 - left) / self._pace))
        if len(self._buckets) >= MOST_CALLERS:
            kept = (one for one in self._buckets if self._left(one, now) < self._burst)
            self._buckets = {one: self._buckets[one] for one in kept}
        self._buckets[caller] = (left - 1, now)

    def _left(self, caller: str, now: float) -> float:
        left, then = self._buckets.get(caller, (self._burst, now))
        return min(self._burst, left + (now - then) * self._pace)
