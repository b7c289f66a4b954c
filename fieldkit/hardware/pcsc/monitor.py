"""Watches the readers, in whatever thread it is called from, and outlives every fault of the card service.

It never touches a card: the state and the answer to reset come with the wait for a change.
"""

from __future__ import annotations

import threading
from collections.abc import Generator
from datetime import UTC, datetime
from math import inf
from time import monotonic
from typing import Final

from fieldkit.hardware.pcsc.bench import Bench
from fieldkit.hardware.pcsc.errors import (
    CANCELLED,
    NO_READERS,
    READER_UNAVAILABLE,
    SUCCESS,
    TIMEOUT,
    UNKNOWN_READER,
)
from fieldkit.hardware.pcsc.ledger import Change, Ledger, Sighting
from fieldkit.hardware.pcsc.scard import CHANGED, IGNORE, PLUG_AND_PLAY, UNAWARE, UNKNOWN, Ask, Context, Scard

LONGEST_WAIT: Final = 1.0
"""Seconds; also how late a `stop` can be noticed when it falls just before the wait."""
_RETRY: Final = 0.5
_IDLE_TURNS, _PAUSE = 3, 0.1
_PASSING: Final = frozenset({SUCCESS, TIMEOUT, CANCELLED, UNKNOWN_READER, READER_UNAVAILABLE, NO_READERS})
"""Codes of a wait that say nothing against the context; any other one costs it."""


class Monitor:
    """One watch over all readers. `watch` belongs to one thread; `stop` may come from any other.

    `training` says of every bench that nothing in it is real.
    """

    def __init__(self, scard: Scard, *, training: bool = False) -> None:
        self._scard, self._training = scard, training
        self._stopped = threading.Event()
        self._context: Context | None = None
        self._readers: dict[str, tuple[int, bytes]] = {}
        self._plug_and_play: int | None = UNAWARE
        self._fresh = True
        self._failing = False
        self._idle = 0

    def look(self) -> Bench:
        """The bench as it is now."""
        watch = self.watch()
        try:
            return next(watch).bench
        finally:
            watch.close()

    def watch(self, seconds: float | None = None) -> Generator[Change]:
        """The bench as it is, then every change, for `seconds` or until `stop`. Never raises.

        What is there is told even where no time is left to look for more.
        """
        start = now = monotonic()
        end = inf if seconds is None else start + seconds
        ledger = Ledger(training=self._training)
        try:
            while not self._stopped.is_set():
                sighting = self._look(min(LONGEST_WAIT, max(end - now, 0.0)))
                change = ledger.note(sighting, int((monotonic() - start) * 1000), datetime.now(UTC))
                if change is not None:
                    yield change
                now = monotonic()
                if now >= end:
                    break
        finally:
            self._drop()

    def stop(self) -> None:
        """End the watch from another thread; returns at once."""
        self._stopped.set()
        context = self._context
        if context is not None:
            context.cancel()

    def _look(self, patience: float) -> Sighting:
        if self._context is None:
            code, self._context = self._scard.establish()
            if self._context is None:
                return self._fault(code, patience)
        code, names = self._context.list_readers()
        if code not in (SUCCESS, NO_READERS):
            return self._fault(code, patience)
        code = self._wait(self._context, names, patience)
        if code not in _PASSING:
            return self._fault(code, patience)
        self._fresh = self._failing = False
        return Sighting(SUCCESS, dict(self._readers))

    def _wait(self, context: Context, names: list[str], patience: float) -> int:
        """Wait for a change and take it in; ask without waiting when the list changed, and when nothing came."""
        before = self._readers
        self._readers = {name: before[name] for name in names if name in before}
        ask: list[Ask] = [(name, _believed(before.get(name))) for name in names]
        if self._plug_and_play is not None:
            ask.append((PLUG_AND_PLAY, self._plug_and_play))
        news = self._fresh or set(names) != set(before)
        if not ask and not news:
            self._stopped.wait(patience)
            return TIMEOUT
        code, answers = context.wait(0 if news else int(patience * 1000), ask)
        quiet = code == TIMEOUT
        if quiet and names:  # pcscd wakes nobody when a program takes a card for itself (measured): ask
            code, answers = context.wait(0, [(name, UNAWARE) for name in names])
        if code == SUCCESS:
            for name, flags, atr in answers:
                if name == PLUG_AND_PLAY:
                    self._plug_and_play = None if flags & UNKNOWN else flags & ~CHANGED
                else:
                    self._readers[name] = flags & ~CHANGED, atr
        self._rest(idle=not quiet and self._readers == before)
        return code

    def _rest(self, *, idle: bool) -> None:
        """Slow down where the service keeps ending waits without news."""
        self._idle = self._idle + 1 if idle else 0
        if self._idle > _IDLE_TURNS:
            self._stopped.wait(_PAUSE)

    def _fault(self, code: int, patience: float) -> Sighting:
        """Give the context up: it never recovers. The next turn opens another, at once the first time."""
        self._drop()
        if self._failing:
            self._stopped.wait(min(_RETRY, patience))
        self._failing = True
        return Sighting(code, installed=self._scard.installed())

    def _drop(self) -> None:
        context, self._context = self._context, None
        if context is not None:
            context.release()
        self._readers, self._plug_and_play, self._fresh = {}, UNAWARE, True


def _believed(reader: tuple[int, bytes] | None) -> int:
    """The state to tell the service; a reader it did not know, or ignored, is asked about anew."""
    if reader is None or reader[0] & (UNKNOWN | IGNORE):
        return UNAWARE
    return reader[0]
