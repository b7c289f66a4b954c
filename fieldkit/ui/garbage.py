"""Garbage is collected on the GUI thread alone.

Left to itself, Python collects on whichever thread happens to allocate. A scripted visit that was cut again and
again (`tests/ui/visits/test_visits_cut.py`) saw a worker crash while it went through the objects of the window;
what belongs to Qt is no business of other threads.
"""

from __future__ import annotations

import gc
from typing import Final

from PySide6.QtCore import QObject, QTimer

_EVERY_MS: Final = 500


class Sweeper(QObject):
    """Collects in Python's stead, by Python's own thresholds, from `start` to `stop`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self, interval=_EVERY_MS)
        self._timer.timeout.connect(sweep)

    def start(self) -> None:
        """Take over; what is there by now stays for good, and is not looked at again."""
        gc.disable()
        gc.freeze()
        self._timer.start()

    def stop(self) -> None:
        """Let Python collect by itself again."""
        self._timer.stop()
        gc.unfreeze()
        gc.enable()


def sweep() -> None:
    """Collect the oldest generation that has grown past its threshold, with the younger ones; else nothing."""
    grown = [
        generation
        for generation, (count, most) in enumerate(zip(gc.get_count(), gc.get_threshold(), strict=True))
        if most and count > most
    ]
    if grown:
        gc.collect(max(grown))
