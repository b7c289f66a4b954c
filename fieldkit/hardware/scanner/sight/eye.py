"""This process's side of the child that sees: one request at a time, a time limit on each step, a new child after a
crash or a hang. Blocks; meant for a worker. Neither OpenCV nor a decoder is loaded here.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from fieldkit.hardware.scanner.sight import child
from fieldkit.hardware.scanner.sight.child import NoCamera, Refusal, Step
from fieldkit.hardware.scanner.sight.seen import Camera, Sight

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.context import SpawnProcess

DECODING_S: Final = 2.0
"""A decoder that looks longer at one picture hangs (hardware.md §2)."""
_LIMITS_S: Final = {"starting": 30.0, "ready": 10.0, "opening": 20.0, "loading": 15.0, "waiting": 4.0}
_SLICE_S: Final = 0.05
_ENDING_S: Final = 1.0


Stopped = Callable[[], bool]


def never() -> bool:
    """For those who wait as long as it takes."""
    return False


class HungError(Exception):
    """The child took too long over a step, or died in it; `step` is its name. The next request has a new child."""

    def __init__(self, step: str) -> None:
        super().__init__(step)
        self.step = step


class StoppedError(Exception):
    """Whoever asked wants no more of it."""


class Eye:
    """Sees through a child process, which is started when first needed.

    `main` and `decoding_s` are for tests: another child, another patience.
    """

    def __init__(
        self, main: Callable[[Connection], None] = child.main, decoding_s: float = DECODING_S
    ) -> None:
        self._main = main
        self._limits = {**_LIMITS_S, "decoding": decoding_s}
        self._process: SpawnProcess | None = None
        self._pipe: Connection | None = None
        self._started = False

    def __enter__(self) -> Eye:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def cameras(self, stopped: Stopped = never) -> tuple[Camera, ...]:
        """The cameras of this computer. Raises HungError, and StoppedError once `stopped`."""
        return cast("tuple[Camera, ...]", self._ask(("cameras",), stopped))

    def look(self, what: Path | bytes, stopped: Stopped = never) -> Sight | Refusal:
        """What is seen in a picture: its file, or the bytes of one. Raises as `cameras`."""
        request = ("file", what) if isinstance(what, Path) else ("bytes", what)
        return cast("Sight | Refusal", self._ask(request, stopped))

    def watch(self, where: int | str, stopped: Stopped) -> Iterator[Sight | NoCamera]:
        """The newest frame, again and again, until `stopped` or a NoCamera. Raises HungError.

        A frame is taken only when it is asked for: while the caller is busy with one, older ones are dropped.
        """
        try:
            news = self._ask(("watch", where), stopped, until="waiting")
            while not isinstance(news, NoCamera):
                if isinstance(news, Sight):
                    yield news
                news = self._ask(("more",), stopped, first="waiting")
            yield news
        except StoppedError:
            return
        finally:
            self.close()  # gives the camera back, whatever its driver thinks of that

    def close(self) -> None:
        """End the child, at once. The next request starts another."""
        process, self._process = self._process, None
        pipe, self._pipe = self._pipe, None
        if pipe is not None:
            pipe.close()
        if process is not None:
            process.terminate()
            process.join(_ENDING_S)
            if process.is_alive():
                process.kill()
                process.join()
            process.close()

    def _ask(
        self,
        request: tuple[Any, ...],
        stopped: Stopped,
        *,
        first: str = "ready",
        until: str = "",
    ) -> object:
        """The answer to `request`, or the step `until`; its `first` step has that step's time limit."""
        step = "starting"
        try:
            pipe = self._alive()
            if not self._started:
                self._news(pipe, step, stopped)
                self._started = True
            step = first
            pipe.send(request)
            while isinstance(news := self._news(pipe, step, stopped), Step) and news.name != until:
                step = news.name
        except (EOFError, OSError):
            self.close()
            raise HungError(step) from None
        except (HungError, StoppedError):
            self.close()
            raise
        return news

    def _news(self, pipe: Connection, step: str, stopped: Stopped) -> object:
        left = self._limits[step]
        while True:
            if stopped():
                raise StoppedError
            if pipe.poll(_SLICE_S):
                return pipe.recv()
            left -= _SLICE_S
            if left <= 0:
                raise HungError(step)

    def _alive(self) -> Connection:
        if self._pipe is not None and self._process is not None and self._process.is_alive():
            return self._pipe
        self.close()
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=self._main, args=(theirs,), daemon=True, name="fieldkit-eye")
        process.start()
        theirs.close()
        self._process, self._pipe, self._started = process, ours, False
        return self._pipe
