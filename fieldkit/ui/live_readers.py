"""The card readers as they are right now, for every page that shows them: one watch for the whole window."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

from fieldkit.ui.runner import Queue, Runner, Task

if TYPE_CHECKING:
    from fieldkit.hardware.pcsc.scard import Scard
    from fieldkit.services.readers import Bench, Event

_MOST_EVENTS: Final = 500


class LiveReaders(QObject):
    """The latest bench and what happened since the window opened, both on the GUI thread."""

    changed = Signal(object)
    """Emitted with the `Bench`."""
    happened = Signal(object)
    """Emitted with an `Event`."""

    def __init__(self, runner: Runner, scard: Scard | None = None) -> None:
        super().__init__()
        self._runner, self._scard = runner, scard
        self._task: Task[Bench | Event] | None = None
        self.bench: Bench | None = None
        self.events: list[Event] = []

    def start(self) -> None:
        """Begin to watch; once is enough."""
        if self._task is None:
            self._task = self._runner.run_reporting(Queue.WATCH, partial(_watch, self._scard), self.take)

    def take(self, news: Bench | Event) -> None:
        """Take in one piece of news, and tell the pages."""
        from fieldkit.services.readers import Bench

        if isinstance(news, Bench):
            self.bench = news
            self.changed.emit(news)
        else:
            self.events = [*self.events[1 - _MOST_EVENTS :], news]
            self.happened.emit(news)


def _watch(scard: Scard | None, task: Task[Bench | Event]) -> None:
    from fieldkit.services.readers import ReaderWatch

    watch = ReaderWatch(on_bench=task.report, on_event=task.report, scard=scard)
    task.on_cancel(watch.stop)
    watch.run()
