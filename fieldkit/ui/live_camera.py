"""A camera that is on: its newest sight on the GUI thread, one at a time, until it is stopped or gives up."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

from fieldkit.ui.runner import Queue, Runner, Task

if TYPE_CHECKING:
    from fieldkit.hardware.scanner.sight.seen import CameraState, Sight

_LOOK_UP_S: Final = 0.1


class LiveCamera(QObject):
    """Off until `start`. The next frame is taken once this thread has had the last: a busy window skips frames."""

    saw = Signal(object)
    """Emitted with each `Sight`."""
    ended = Signal(object)
    """Emitted with the `CameraState` that ended it, never after `stop`."""

    def __init__(self, runner: Runner) -> None:
        super().__init__()
        self._runner = runner
        self._task: Task[Sight] | None = None
        self._taken = threading.Event()

    @property
    def on(self) -> bool:
        """Whether it runs."""
        return self._task is not None

    def start(self, where: int | str) -> None:
        """Look through the camera `where`, in place of the one before."""
        self.stop()
        taken = self._taken = threading.Event()
        self._task = self._runner.run_reporting(
            Queue.CAMERA, lambda task: _watch(where, task, taken), self._saw, self._ended, self._failed
        )

    def stop(self) -> None:
        """Give the camera back."""
        if self._task is not None:
            self._task.cancel()
            self._task = None

    def _saw(self, sight: Sight) -> None:
        self.saw.emit(sight)
        self._taken.set()

    def _ended(self, state: CameraState | None) -> None:
        self._task = None
        self.ended.emit(state or "stopped")

    def _failed(self, error: Exception) -> None:
        self._ended(None)
        self._runner.failed.emit(error)


def _watch(where: int | str, task: Task[Sight], taken: threading.Event) -> CameraState | None:
    from fieldkit.services import pictures

    def hand_over(sight: Sight) -> None:
        taken.clear()
        task.report(sight)
        show: Callable[[float], bool] = taken.wait
        while not task.cancelled and not show(_LOOK_UP_S):
            pass

    return pictures.watch(where, hand_over, lambda: task.cancelled)
