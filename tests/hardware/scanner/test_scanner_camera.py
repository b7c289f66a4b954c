"""A camera that opens or does not, and why, with captures and systems that follow a script."""

from __future__ import annotations

import errno
import os
import platform
import sys
import time
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import cv2
import cv2_enumerate_cameras
import numpy as np
import pytest

from fieldkit.hardware.scanner.sight import camera
from fieldkit.hardware.scanner.sight.camera import Device, UnusableError
from fieldkit.hardware.scanner.sight.seen import Camera


class Scripted:
    """A capture whose frames are numbered; each grab takes as long as the script says."""

    def __init__(self, delays: list[float], *, opens: bool = True) -> None:
        self.delays, self.opens = list(delays), opens
        self.number, self.released = 0, False
        self.props: dict[int, float] = {}
        self.now = 0.0

    def isOpened(self) -> bool:
        return self.opens

    def grab(self) -> bool:
        if not self.delays:
            return False
        self.now += self.delays.pop(0)
        self.number += 1
        return True

    def retrieve(self) -> tuple[bool, Any]:
        return True, np.full((2, 2, 3), self.number, np.uint8)

    def get(self, prop: int) -> float:
        return self.props.get(prop, 0.0)

    def set(self, prop: int, value: float) -> bool:
        self.props[prop] = value
        return True

    def release(self) -> None:
        self.released = True


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Lets a scripted capture set the time."""

    def run(capture: Scripted) -> None:
        monkeypatch.setattr(time, "perf_counter", lambda: capture.now)

    return run


def test_a_camera_is_asked_for_enough_pixels(clock: Any) -> None:
    capture = Scripted([0.03])
    asked: list[tuple[int, int]] = []

    def opened(index: int, api: int) -> Scripted:
        asked.append((index, api))
        return capture

    clock(capture)
    Device(2, opened).close()
    assert asked == [(2, cv2.CAP_V4L2)]
    assert (capture.props[cv2.CAP_PROP_FRAME_WIDTH], capture.props[cv2.CAP_PROP_FRAME_HEIGHT]) == (1280, 720)
    assert capture.released


def test_windows_is_asked_through_directshow(monkeypatch: pytest.MonkeyPatch, clock: Any) -> None:
    monkeypatch.setattr(platform, "system", lambda: "Windows")
    capture, asked = Scripted([0.03]), []
    clock(capture)

    def opened(_index: int, api: int) -> Scripted:
        asked.append(api)
        return capture

    Device(0, opened)
    assert asked == [cv2.CAP_DSHOW]


def test_frames_that_waited_in_the_driver_are_dropped(clock: Any) -> None:
    capture = Scripted([0.03, 0.0, 0.0, 0.0, 0.03, 0.03])
    clock(capture)
    device = Device(0, lambda _index, _api: capture)
    frame = device.newest()
    assert frame is not None
    assert frame[0, 0, 0] == 5  # 2, 3 and 4 were waiting; 5 had to be waited for
    following = device.newest()
    assert following is not None
    assert following[0, 0, 0] == 6
    assert device.newest() is None


def test_a_camera_that_never_makes_one_wait_still_gives_frames(clock: Any) -> None:
    capture = Scripted([0.0] * 30)
    clock(capture)
    frame = Device(0, lambda _index, _api: capture).newest()
    assert frame is not None
    assert frame[0, 0, 0] <= 10


@pytest.mark.parametrize("capture", [Scripted([], opens=False), Scripted([])])
def test_no_first_picture_is_no_camera(monkeypatch: pytest.MonkeyPatch, capture: Scripted) -> None:
    monkeypatch.setattr(camera, "why_not", lambda _index: "busy")
    with pytest.raises(UnusableError) as failure:
        Device(0, lambda _index, _api: capture)
    assert failure.value.state == "busy"


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (PermissionError(errno.EACCES, ""), "refused"),
        (OSError(errno.EBUSY, ""), "busy"),
        (FileNotFoundError(errno.ENOENT, ""), "none"),
        (OSError(errno.ENODEV, ""), "none"),
        (None, "busy"),
    ],
)
def test_linux_tells_why(monkeypatch: pytest.MonkeyPatch, error: OSError | None, state: str) -> None:
    real = os.open

    def opened(path: Any, flags: int) -> int:
        assert str(path) == "/dev/video3"
        if error is not None:
            raise error
        return real(os.devnull, os.O_RDONLY)

    monkeypatch.setattr(os, "open", opened)
    assert camera.why_not(3) == state


@pytest.mark.parametrize(("values", "state"), [(["Allow", "Allow"], "busy"), (["Allow", "Deny"], "refused")])
def test_windows_tells_of_its_privacy_setting(
    monkeypatch: pytest.MonkeyPatch, values: list[str], state: str
) -> None:
    registry = ModuleType("winreg")
    given = iter(values)

    class Key:
        def __enter__(self) -> Key:
            return self

        def __exit__(self, *_error: object) -> None: ...

    registry.__dict__.update(
        HKEY_CURRENT_USER=1,
        OpenKey=lambda _root, _place: Key(),
        QueryValueEx=lambda _key, _name: (next(given), 1),
    )
    monkeypatch.setitem(sys.modules, "winreg", registry)
    monkeypatch.setattr(platform, "system", lambda: "Windows")
    assert camera.why_not(0) == state


def test_windows_without_that_setting_does_not_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    registry = ModuleType("winreg")

    def missing(_root: object, _place: str) -> None:
        raise FileNotFoundError

    registry.__dict__.update(HKEY_CURRENT_USER=1, OpenKey=missing)
    monkeypatch.setitem(sys.modules, "winreg", registry)
    monkeypatch.setattr(platform, "system", lambda: "Windows")
    assert camera.why_not(0) == "busy"


@pytest.mark.parametrize(("status", "state"), [(0, "busy"), (1, "refused"), (2, "refused"), (3, "busy")])
def test_macos_tells_of_its_permission(monkeypatch: pytest.MonkeyPatch, status: int, state: str) -> None:
    device = SimpleNamespace(authorizationStatusForMediaType_=lambda _media: status)
    module = SimpleNamespace(AVCaptureDevice=device, AVMediaTypeVideo="vide")
    monkeypatch.setitem(sys.modules, "AVFoundation", module)
    monkeypatch.setattr(platform, "system", lambda: "Darwin")
    assert camera.why_not(0) == state


def test_cameras_have_their_drivers_names(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [SimpleNamespace(index=4, name="HD Webcam"), SimpleNamespace(index=0, name=None)]
    monkeypatch.setattr(cv2_enumerate_cameras, "enumerate_cameras", lambda _api: found)
    assert camera.names() == (Camera(0, "Camera 0"), Camera(4, "HD Webcam"))


def test_a_system_that_does_not_tell_has_no_cameras(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_api: int) -> None:
        raise NotImplementedError

    monkeypatch.setattr(cv2_enumerate_cameras, "enumerate_cameras", fails)
    assert camera.names() == ()


def test_a_film_that_is_not_there_is_no_camera(tmp_path: Path) -> None:
    with pytest.raises(UnusableError) as failure:
        camera.open_source(str(tmp_path / "none.avi"))
    assert failure.value.state == "none"
