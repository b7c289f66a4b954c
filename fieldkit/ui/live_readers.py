"""The card readers as they are right now, for every page that shows them: one watch for the whole window.

It watches this computer's readers, or in training the simulated ones of a scenario; never both.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

from fieldkit.ui.runner import Queue, Runner, Task

if TYPE_CHECKING:
    from fieldkit.hardware.pcsc.scard import Scard
    from fieldkit.services.readers import Bench, Event
    from fieldkit.services.training import TrainingScard

_MOST_EVENTS: Final = 500


class LiveReaders(QObject):
    """The latest bench and what happened since the window opened, both on the GUI thread."""

    changed = Signal(object)
    """Emitted with the `Bench`."""
    happened = Signal(object)
    """Emitted with an `Event`."""
    switched = Signal()
    """Emitted when training begins or ends: nothing that was seen before still holds."""

    def __init__(self, runner: Runner, scard: Scard | None = None) -> None:
        super().__init__()
        self._runner, self._scard = runner, scard
        self._task: Task[Bench | Event] | None = None
        self.training: TrainingScard | None = None
        self.bench: Bench | None = None
        self.events: list[Event] = []

    def start(self) -> None:
        """Begin to watch; once is enough."""
        if self._task is None:
            watched = partial(_watch, self.training or self._scard)
            self._task = self._runner.run_reporting(Queue.WATCH, watched, self.take)

    def train(self, scenario: str | None) -> None:
        """Watch the readers of a training scenario, or with None those of this computer again."""
        from fieldkit.services import training

        self.training = training.start(scenario) if scenario is not None else None
        if self._task is not None:
            self._task.cancel()
        self._task, self.bench, self.events = None, None, []
        self.switched.emit()
        self.start()

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
