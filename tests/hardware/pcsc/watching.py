"""A watch that runs in a thread of its own and keeps what it tells, for tests to wait on."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from types import TracebackType
from typing import Self

from fieldkit.hardware.pcsc.bench import Bench, Event
from fieldkit.hardware.pcsc.scard import Scard
from fieldkit.services.readers import ReaderWatch

PATIENCE = 60.0


class Watching:
    """Use as a context manager: the watch runs inside, and has ended after it."""

    def __init__(self, scard: Scard) -> None:
        self.benches: list[Bench] = []
        self.events: list[Event] = []
        self._told = threading.Condition()
        self._pause = threading.Lock()
        self._watch = ReaderWatch(self._on_bench, self._on_event, scard)
        self._thread = threading.Thread(target=self._watch.run)

    def __enter__(self) -> Self:
        self._thread.start()
        self.until(lambda: bool(self.benches))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._watch.stop()
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive(), "the watch did not end"

    @property
    def bench(self) -> Bench:
        """The last bench told."""
        return self.benches[-1]

    @property
    def kinds(self) -> list[str]:
        """What happened so far, in order."""
        return [event.kind for event in self.events]

    @property
    def states(self) -> list[str]:
        """The states of the slots in the last bench."""
        return [slot.state for slot in self.bench.readers]

    def until(self, condition: Callable[[], bool], *, told: bool = True) -> None:
        """Wait for `condition` on what was told; fails the test when it does not come true.

        Not `told`: on something that the watch itself does not announce.
        """
        with self._told:
            came = self._told.wait_for(condition, PATIENCE if told else 0)
            deadline = monotonic() + PATIENCE
            while not came and not told and monotonic() < deadline:
                came = self._told.wait_for(condition, 0.005) or condition()
        assert came, f"did not happen. benches: {self.benches[-2:]} events: {self.events}"

    @contextmanager
    def busy(self) -> Iterator[None]:
        """Inside, whoever listens to the watch is busy with the next thing it is told, whatever goes on."""
        with self._pause:
            yield

    def _on_bench(self, bench: Bench) -> None:
        with self._told:
            self.benches.append(bench)
            self._told.notify_all()

    def _on_event(self, event: Event) -> None:
        with self._told:
            self.events.append(event)
            self._told.notify_all()
        with self._pause:
            pass
