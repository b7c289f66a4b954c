"""The child process: opens pictures and cameras, decodes, and answers one request at a time over a pipe.

It may hang or die: `eye` watches over it. Nothing of a picture leaves it but a `Sight`; it writes nowhere, not even
a word on the standard outputs, where libraries would.
"""

from __future__ import annotations

import os
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from fieldkit.hardware.scanner.sight.seen import MOST_PIXELS, Camera, CameraState, Seen, Sight

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    from fieldkit.hardware.scanner.decoders.code import Corners
    from fieldkit.hardware.scanner.sight.camera import Source, Where
    from fieldkit.hardware.scanner.sight.pictures import Pixels

_TWICE_WITHIN: Final = 15
"""Frames within which a code must be seen again to count."""
_BLACK: Final = 16.0
"""Mean of 0–255 under which a picture without contrast is black: a shutter, or a system that shows nothing."""
_FLAT: Final = 8.0


@dataclass(frozen=True, slots=True)
class Step:
    """What the child is about to do, so that the one who waits knows how long that may take."""

    name: Literal["ready", "opening", "loading", "waiting", "decoding"]


@dataclass(frozen=True, slots=True)
class Refusal:
    """A picture that is not looked at; see `pictures.Reason`."""

    reason: str


@dataclass(frozen=True, slots=True)
class NoCamera:
    """The camera gives no picture, or no more."""

    state: CameraState


Answer = Step | Refusal | NoCamera | Sight | tuple[Camera, ...]


def main(pipe: Connection) -> None:
    """Answer requests until the pipe closes: `("cameras",)`, `("file", path)`, `("bytes", data)`, `("watch", where)`.

    While it watches, each frame is asked for by `("more",)`; anything else ends the watch.
    """
    try:
        _be_silent()
        _limit()
        answer(pipe)
    except BaseException:  # noqa: BLE001, S110  a dying child says nothing: what it knows may be a patient's
        pass
    finally:
        os._exit(0)  # no exit handlers: a camera's driver may hang in its own


def answer(pipe: Connection) -> None:
    """Answer requests until the pipe closes; in this process, for tests."""
    desk = _Desk(pipe)
    pipe.send(Step("ready"))
    while True:
        try:
            request = pipe.recv()
        except EOFError:
            return
        desk.serve(request)


class _Desk:
    """What is kept from one request to the next: the decoders."""

    def __init__(self, pipe: Connection) -> None:
        import cv2

        from fieldkit.hardware.scanner.decoders.chain import LiveChain, StillChain

        cv2.setNumThreads(1)
        self._pipe = pipe
        self._still = StillChain(lambda _name: pipe.send(Step("decoding")))
        self._live = LiveChain()

    def serve(self, request: tuple[Any, ...]) -> None:
        match request:
            case ("cameras",):
                from fieldkit.hardware.scanner.sight import camera

                self._pipe.send(camera.names())
            case ("file", Path() as path):
                self._look(path)
            case ("bytes", bytes() as data):
                self._look(data)
            case ("watch", where):
                self._watch(where)

    def _look(self, what: Path | bytes) -> None:
        from fieldkit.hardware.scanner.sight import pictures

        started = time.perf_counter()
        self._pipe.send(Step("loading"))
        try:
            data = pictures.read(what) if isinstance(what, Path) else what
            picture = pictures.pixels(data)
        except pictures.RefusedError as refused:
            self._pipe.send(Refusal(refused.reason))
            return
        self._pipe.send(_sight(picture, self._still, _Memory(still=True), started))

    def _watch(self, where: Where) -> None:
        from fieldkit.hardware.scanner.sight import camera

        self._pipe.send(Step("opening"))
        try:
            source = camera.open_source(where)
        except camera.UnusableError as unusable:
            self._pipe.send(NoCamera(unusable.state))
            return
        try:
            self._frames(source)
        finally:
            source.close()

    def _frames(self, source: Source) -> None:
        memory = _Memory()
        self._pipe.send(Step("waiting"))
        while self._pipe.recv() == ("more",):
            frame = source.newest()
            if frame is None:
                self._pipe.send(NoCamera("stopped"))
                return
            self._pipe.send(Step("decoding"))
            self._pipe.send(_sight(frame, self._live, memory, time.perf_counter()))


class _Memory:
    """What one frame remembers of those before: which kinds of code were seen, and the places to cover.

    A code that is not ours is known again by its symbology and length alone: its bytes are not kept to compare.
    """

    def __init__(self, *, still: bool = False) -> None:
        from fieldkit.hardware.scanner.sight.preview import Covers

        self.covers = Covers()
        self._still = still
        self._frame = 0
        self._met: dict[tuple[str, int, str | None], int] = {}
        self._unread = False

    def judged(self, codes: tuple[Seen, ...]) -> tuple[Seen, ...]:
        """The codes of the next frame, each with whether it was seen before and so counts."""
        self._frame += 1
        made = []
        for code in codes:
            kind = (code.symbology, code.length, code.ours)
            before = self._met.get(kind, -_TWICE_WITHIN)
            made.append(replace(code, sure=self._still or self._frame - before < _TWICE_WITHIN))
        self._met |= {(code.symbology, code.length, code.ours): self._frame for code in codes}
        return tuple(made)

    def steady(self, unread: tuple[Corners, ...]) -> tuple[Corners, ...]:
        """The codes that were found but not read, where the frame before had some too: texture can look like one."""
        before, self._unread = self._unread, bool(unread)
        return unread if before or self._still else ()


def _sight(picture: Pixels, chain: Any, memory: _Memory, started: float) -> Sight:
    import cv2

    from fieldkit.hardware.scanner.sight.seen import fractions, seen

    gray = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    size = (gray.shape[1], gray.shape[0])
    look = chain.look(gray)
    codes = memory.judged(tuple(seen(code, size) for code in look.codes))
    places = tuple(fractions(corners, size) for corners in look.unread if any(map(any, corners)))
    unread = memory.steady(places)
    took = (time.perf_counter() - started) * 1000
    black = False
    if not codes:
        mean, spread = cv2.meanStdDev(cv2.resize(gray, (64, 36), interpolation=cv2.INTER_AREA))
        black = float(mean[0][0]) < _BLACK and float(spread[0][0]) < _FLAT
    memory.covers.cover([*(code.outline for code in codes if code.ours is None), *places])
    return Sight(codes, unread, took, size, memory.covers.preview(picture), black)


def _be_silent() -> None:
    """Nothing goes to the outputs this process was given, and a crash leaves no file and opens no dialog."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for output in (0, 1, 2):
        os.dup2(nowhere, output)
    if sys.platform == "win32":
        import ctypes

        ctypes.windll.kernel32.SetErrorMode(0x0001 | 0x0002)  # no dialog, no report of a crash
    else:
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _limit() -> None:
    """Before OpenCV is loaded: the largest picture it opens, and not a word from it."""
    os.environ["OPENCV_IO_MAX_IMAGE_PIXELS"] = str(MOST_PIXELS)
    os.environ["OPENCV_LOG_LEVEL"] = "SILENT"
    os.environ["OPENCV_FFMPEG_LOGLEVEL"] = "-8"
