"""Windows on a profile that is open unless the test asks otherwise, with simulated readers."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from fieldkit.hardware.simulated import SimulatedScard
from fieldkit.services import catalogue
from fieldkit.services.profile import catalogue_path, open_profile
from fieldkit.settings import Settings
from fieldkit.ui import theme
from fieldkit.ui.main_window import MainWindow
from fieldkit.ui.pages.base import Context
from fieldkit.ui.runner import Queue, Runner
from tests.conftest import PATIENCE_MS

PASSPHRASE = "bruyère et genêt"

MakeWindow = Callable[..., MainWindow]


def until(condition: Callable[[], object], seconds: float = PATIENCE_MS / 1000) -> None:
    """Let the window live until `condition` holds."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "this never came true"
        loop = QEventLoop()
        QTimer.singleShot(10, loop.quit)
        loop.exec()


def open_window(
    folder: Path,
    *,
    unlocked: bool = True,
    settings: Settings | None = None,
    scard: SimulatedScard | None = None,
) -> MainWindow:
    """A shown, active window on the profile in `folder`, at its first page."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    chosen = settings or Settings(theme="light")
    theme.apply(app, chosen.theme, chosen.text_size)
    context = Context(folder, Runner(), chosen, scard or SimulatedScard())
    window = MainWindow(context)
    window.resize(1280, 720)
    window.show()
    QTest.qWaitForWindowActive(window)
    if unlocked:
        context.runner.run(Queue.DATABASE, lambda: open_profile(folder, PASSPHRASE), context.open)
        until(lambda: context.profile is not None)
    window.begin()
    return window


def close_window(window: MainWindow) -> None:
    """Close it and end its workers."""
    window.close()
    window.context.close()
    window.deleteLater()


@pytest.fixture(scope="session")
def loaded_catalogue(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The catalogue, loaded once for all tests."""
    path = catalogue_path(tmp_path_factory.mktemp("catalogue"))
    catalogue.as_of(path)
    return path


@pytest.fixture(scope="session")
def ready_profile(tmp_path_factory: pytest.TempPathFactory, loaded_catalogue: Path) -> Path:
    """A folder with an empty profile and the catalogue, to copy."""
    folder = tmp_path_factory.mktemp("ready")
    open_profile(folder, PASSPHRASE).close()
    shutil.copy(loaded_catalogue, catalogue_path(folder))
    return folder


@pytest.fixture
def runner(qapp: QApplication) -> Iterator[Runner]:
    """Workers that end with the test."""
    made = Runner()
    yield made
    made.shutdown()


@pytest.fixture
def make_window(
    qapp: QApplication, tmp_path: Path, loaded_catalogue: Path, ready_profile: Path
) -> Iterator[MakeWindow]:
    """Make windows as `open_window` does, on the test's own profile; a locked one is not made yet."""
    folder = tmp_path / "profile"
    made: list[MainWindow] = []

    def make(
        *, unlocked: bool = True, settings: Settings | None = None, scard: SimulatedScard | None = None
    ) -> MainWindow:
        if unlocked:
            shutil.copytree(ready_profile, folder)
        else:
            folder.mkdir()
            shutil.copy(loaded_catalogue, catalogue_path(folder))
        made.append(open_window(folder, unlocked=unlocked, settings=settings, scard=scard))
        return made[-1]

    yield make
    for window in made:
        close_window(window)


@pytest.fixture
def window(make_window: MakeWindow) -> MainWindow:
    """The window on an open profile, at its first page."""
    return make_window()
