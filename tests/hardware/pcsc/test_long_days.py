"""A watch that lasts for days keeps nothing of what is over."""

from __future__ import annotations

import gc
import tracemalloc

import pytest

from fieldkit.hardware.pcsc.monitor import Monitor
from fieldkit.hardware.simulated import SimulatedScard
from tests.hardware.pcsc.backends import CPS3, READERS, VITALE

EVENTS_AN_HOUR = 4 * 60
MOST_GROWTH = 32_000
"""Bytes: what the interpreter itself takes and gives back varies by less."""


@pytest.mark.parametrize("hours", [3, pytest.param(24, marks=pytest.mark.soak)])
def test_hours_of_events_leave_nothing_behind(hours: int) -> None:
    service = SimulatedScard(READERS)
    watch = Monitor(service).watch()
    told = len(next(watch).events)
    tracemalloc.start()
    try:
        held = []
        for hour in range(hours):
            told += _an_hour(service, watch, hour)
            gc.collect()
            held.append(tracemalloc.get_traced_memory()[0])
    finally:
        tracemalloc.stop()
        watch.close()
    assert told >= hours * EVENTS_AN_HOUR
    assert held[-1] - held[1] < MOST_GROWTH, held


def _an_hour(service: SimulatedScard, watch: object, hour: int) -> int:
    """Cards in and out, readers with ever new serial numbers, a service that is restarted: how many events."""
    told = 0

    def happens(act: str, reader: str = "", atr: bytes = b"") -> None:
        nonlocal told
        service.do(act, reader, atr)  # type: ignore[arg-type]
        told += len(next(watch).events)  # type: ignore[call-overload]

    for turn in range(EVENTS_AN_HOUR // 6):
        for reader, atr in zip(READERS, (CPS3, VITALE), strict=True):
            happens("insert", reader, atr if turn % 10 else b"")
        for reader in READERS:
            happens("remove", reader)
        for act in ("plug", "unplug"):
            happens(act, f"Gemalto PC Twin Reader (E{hour:04}{turn:04}) 02 00")
    happens("stop")
    happens("start")
    return told
