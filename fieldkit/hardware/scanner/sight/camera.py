"""Cameras and what stands for one: names, opening, the newest frame, and why there is none.

Runs in the child process. A source is the index of a camera, or the path of a video file or the address of an
MJPEG stream, which tests use.
"""

from __future__ import annotations

import errno
import os
import platform
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

import cv2

from fieldkit.hardware.scanner.sight.seen import Camera, CameraState

if TYPE_CHECKING:
    from fieldkit.hardware.scanner.sight.pictures import Pixels

Where = int | str

WIDTH, HEIGHT = 1280, 720
"""Pixels asked of a camera: a code at arm's length then has its 2.5 pixels per module (hardware.md §2)."""

_API: Final = {"Windows": cv2.CAP_DSHOW, "Darwin": cv2.CAP_AVFOUNDATION, "Linux": cv2.CAP_V4L2}
_FROM_BUFFER_S: Final = 0.003
"""A frame that comes sooner was waiting in the driver; one that had to be waited for is new."""
_MOST_WAITING: Final = 8
_STREAM_PATIENCE_MS: Final = 2000
_CONSENT: Final = r"Software\Microsoft\Windows\CurrentVersion\CapabilityAccessManager\ConsentStore\webcam"


class UnusableError(Exception):
    """A camera that gives no picture, and which of the ways that is."""

    def __init__(self, state: CameraState) -> None:
        super().__init__(state)
        self.state = state


class Source(Protocol):
    """Where frames come from."""

    def newest(self) -> Pixels | None:
        """The newest frame, older ones dropped; None once there are no more."""

    def close(self) -> None:
        """Give the camera back."""


class Capture(Protocol):
    """The part of `cv2.VideoCapture` that is used here."""

    def isOpened(self) -> bool: ...  # noqa: N802  OpenCV's name
    def grab(self) -> bool: ...
    def retrieve(self) -> tuple[bool, Any]: ...
    def get(self, prop: int) -> float: ...
    def set(self, prop: int, value: float) -> bool: ...
    def release(self) -> None: ...


def names() -> tuple[Camera, ...]:
    """The cameras of this computer; none where its system does not tell."""
    from cv2_enumerate_cameras import enumerate_cameras

    try:
        found = enumerate_cameras(_API.get(platform.system(), cv2.CAP_ANY))
    except (OSError, NotImplementedError):  # no way to list them here: one is opened by its number
        return ()
    listed = {info.index: Camera(info.index, info.name or f"Camera {info.index}") for info in found}
    return tuple(listed[index] for index in sorted(listed))


def open_source(where: Where) -> Source:
    """Open a camera, a video file or a stream. Raises UnusableError."""
    if isinstance(where, str):
        return Stream(where)
    return Device(where)


class Device:
    """A camera. Raises UnusableError where it does not open or gives no first picture."""

    def __init__(self, index: int, opened: Callable[[int, int], Capture] = cv2.VideoCapture) -> None:
        self._capture = opened(index, _API.get(platform.system(), cv2.CAP_ANY))
        if not self._capture.isOpened():
            raise UnusableError(why_not(index))
        # Compressed frames first: uncompressed ones of this size do not fit through USB 2 at full speed.
        self._capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
        self._capture.set(cv2.CAP_PROP_FRAME_WIDTH, WIDTH)
        self._capture.set(cv2.CAP_PROP_FRAME_HEIGHT, HEIGHT)
        self._capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)
        if not self._capture.grab():  # another program may hold it: it opens, and gives nothing
            self._capture.release()
            raise UnusableError(why_not(index))

    def newest(self) -> Pixels | None:
        for _waiting in range(_MOST_WAITING):
            started = time.perf_counter()
            if not self._capture.grab():
                return None
            if time.perf_counter() - started > _FROM_BUFFER_S:
                break
        return _retrieved(self._capture)

    def close(self) -> None:
        self._capture.release()


class Stream:
    """A video file, played at its own pace, or a stream; frames that came meanwhile are skipped."""

    def __init__(self, where: str, clock: Callable[[], float] = time.monotonic) -> None:
        patience = [cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, _STREAM_PATIENCE_MS]
        patience += [cv2.CAP_PROP_READ_TIMEOUT_MSEC, _STREAM_PATIENCE_MS]
        live = "://" in where
        self._capture = cv2.VideoCapture(where, cv2.CAP_FFMPEG, patience)
        if not self._capture.isOpened():
            raise UnusableError("none")
        self._clock = clock
        self._rate = 0.0 if live else self._capture.get(cv2.CAP_PROP_FPS)
        self._started = clock()
        self._taken = 0

    def newest(self) -> Pixels | None:
        due = int((self._clock() - self._started) * self._rate) + 1
        for _frame in range(max(1, due - self._taken)):
            if not self._capture.grab():
                return None
            self._taken += 1
        self._wait()
        return _retrieved(self._capture)

    def close(self) -> None:
        self._capture.release()

    def _wait(self) -> None:
        if self._rate:
            ahead = self._started + (self._taken - 1) / self._rate - self._clock()
            time.sleep(max(0.0, min(ahead, 1.0)))  # the next frame of a file is not there yet


def why_not(index: int) -> CameraState:
    """Why a camera gives no picture, as far as this system tells; held by another program where it does not."""
    match platform.system():
        case "Linux":
            return _why_not_linux(Path(f"/dev/video{index}"))
        case "Windows":
            return "refused" if _refused_by_windows() else "busy"
        case _:
            return "refused" if _refused_by_macos() else "busy"


def _why_not_linux(device: Path) -> CameraState:
    try:
        os.close(os.open(device, os.O_RDWR | os.O_NONBLOCK))
    except PermissionError:
        return "refused"
    except OSError as error:
        return "busy" if error.errno == errno.EBUSY else "none"
    return "busy"


def _refused_by_windows() -> bool:
    """Whether Windows keeps cameras from desktop programs (Settings, Privacy, Camera)."""
    try:
        import winreg
    except ImportError:
        return False
    for place in (_CONSENT, rf"{_CONSENT}\NonPackaged"):
        try:
            with winreg.OpenKey(winreg.HKEY_CURRENT_USER, place) as key:  # type: ignore[attr-defined,unused-ignore]
                if winreg.QueryValueEx(key, "Value")[0] == "Deny":  # type: ignore[attr-defined,unused-ignore]
                    return True
        except OSError:
            continue
    return False


def _refused_by_macos() -> bool:
    """Whether macOS says that this program may not use the camera: status 1 (restricted) or 2 (denied)."""
    try:
        import AVFoundation
    except ImportError:
        return False
    device = AVFoundation.AVCaptureDevice
    return device.authorizationStatusForMediaType_(AVFoundation.AVMediaTypeVideo) in (1, 2)


def _retrieved(capture: Capture) -> Pixels | None:
    there, frame = capture.retrieve()
    return frame if there else None
