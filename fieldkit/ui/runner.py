"""Work away from the window: the only room with threads.

One worker for each database file and one for hardware (none stands two callers at once), a small pool for the
rest. Results come back on the GUI thread, in the order in which they were made.
"""

from __future__ import annotations

import enum
import threading
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot

from fieldkit.errors import KnownError

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

T = TypeVar("T")
P = TypeVar("P")


class Queue(enum.Enum):
    """Where work runs; the value is the number of threads."""

    DATABASE = ("database", 1)
    CATALOGUE = ("catalogue", 1)
    DIRECTORY = ("directory", 1)
    HARDWARE = ("hardware", 1)
    POOL = ("pool", 3)
    WATCH = ("watch", 1)
    """The watch over the card readers, which lasts as long as the window and must keep nobody waiting."""
    CAMERA = ("camera", 1)
    """The camera, while it is on."""
    LINE = ("line", 1)
    """A serial port that is listened to, for as long as it is wanted."""


_FILES = (Queue.DATABASE, Queue.CATALOGUE)
_LASTING = (Queue.WATCH, Queue.CAMERA, Queue.LINE)


class Task(Generic[P]):
    """One piece of work: its handle for the screen that asked, and its voice for the work itself."""

    def __init__(self, queue: Queue, report: Callable[[P], None] | None = None) -> None:
        self.queue = queue
        self._cancelled = threading.Event()
        self._report = report
        self._stop: Callable[[], None] | None = None

    def cancel(self) -> None:
        """Want no more of it: nothing is delivered from now on, and work that looks stops early."""
        self._cancelled.set()
        if self._stop is not None:
            self._stop()

    def on_cancel(self, stop: Callable[[], None]) -> None:
        """Called by the work: `stop` ends a wait it is about to begin, from another thread."""
        self._stop = stop
        if self.cancelled:
            stop()

    @property
    def cancelled(self) -> bool:
        """Whether the screen wants no more of it."""
        return self._cancelled.is_set()

    def report(self, progress: P) -> None:
        """Called by the work: hand `progress` to the screen."""
        if self._report is not None:
            self._report(progress)


class Runner(QObject):
    """Runs functions on workers and hands their results to the GUI thread."""

    failed = Signal(object)
    """An exception for which the asker had no handler."""
    _delivery = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pools: dict[Queue, ThreadPoolExecutor] = {}
        self._alive: set[Task[Any]] = set()
        self._open = True
        self._delivery.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def run(
        self,
        queue: Queue,
        function: Callable[[], T],
        on_done: Callable[[T], None] | None = None,
        on_error: Callable[[Exception], None] | None = None,
    ) -> Task[None]:
        """Run `function` on `queue`; hand its result to `on_done`, what it raises to `on_error` or `failed`."""
        return self.run_reporting(queue, lambda _task: function(), None, on_done, on_error)

    def run_reporting(
        self,
        queue: Queue,
        function: Callable[[Task[P]], T],
        on_progress: Callable[[P], None] | None = None,
        on_done: Callable[[T], None] | None = None,
        on_error: Callable[[Exception], None] | None = None,
    ) -> Task[P]:
        """As `run`, for long work: it is given its task, reports on it, and stops when that is cancelled."""
        task: Task[P] = Task(queue)
        if on_progress is not None:
            task._report = lambda progress: self._hand_over(task, partial(on_progress, progress))
        if self._open:
            self._alive.add(task)
            self._pool(queue).submit(self._work, task, function, on_done, on_error or self.failed.emit)
        return task

    @property
    def busy(self) -> bool:
        """Whether work is under way or waits, what lasts as long as it is wanted apart."""
        return any(task.queue not in _LASTING for task in self._alive)

    def shutdown(self) -> None:
        """Cancel what can be, let all that was asked of a file reach the disk, and end the threads.

        Nothing is delivered any more; called once, when the window is closed.
        """
        self._open = False
        for queue, pool in self._pools.items():
            if queue not in _FILES:
                pool.shutdown(wait=False, cancel_futures=True)
        for task in list(self._alive):
            task.cancel()
        for pool in self._pools.values():
            pool.shutdown(wait=True)

    def _pool(self, queue: Queue) -> ThreadPoolExecutor:
        if queue not in self._pools:
            from concurrent.futures import ThreadPoolExecutor

            name, threads = queue.value
            self._pools[queue] = ThreadPoolExecutor(threads, thread_name_prefix=f"fieldkit-{name}")
        return self._pools[queue]

    def _work(
        self,
        task: Task[P],
        function: Callable[[Task[P]], T],
        on_done: Callable[[T], None] | None,
        on_error: Callable[[Exception], None],
    ) -> None:
        try:
            result = function(task)
        except Exception as error:  # noqa: BLE001  thread edge
            log_bug(error)
            self._hand_over(task, partial(on_error, error), last=True)
        else:
            self._hand_over(task, partial(on_done or _nothing, result), last=True)

    def _hand_over(self, task: Task[P], call: Callable[[], object], *, last: bool = False) -> None:
        if self._open:
            self._delivery.emit((task, call, last))

    @Slot(object)
    def _deliver(self, delivery: tuple[Task[Any], Callable[[], object], bool]) -> None:
        task, call, last = delivery
        if last:
            self._alive.discard(task)
        if self._open and not task.cancelled:
            call()


def _nothing(_result: object) -> None:
    """What is done with a result that nobody waits for."""


def log_bug(error: Exception) -> None:
    """Log where an unforeseen exception came from, never what it says: that may hold what someone typed."""
    if isinstance(error, KnownError):
        return
    import logging
    import traceback

    frames = traceback.extract_tb(error.__traceback__)
    trail = " < ".join(f"{frame.filename}:{frame.lineno} {frame.name}" for frame in reversed(frames))
    logging.getLogger(__name__).error("%s at %s", type(error).__name__, trail)
