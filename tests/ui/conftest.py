"""A window of its own for each test, on a profile that is open unless the test asks otherwise."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fieldkit.hardware.simulated import SimulatedScard
from fieldkit.services import catalogue
from fieldkit.services.profile import catalogue_path, open_profile
from fieldkit.settings import Settings
from fieldkit.ui import theme
from fieldkit.ui.main_window import MainWindow
from fieldkit.ui.pages.base import Context
from fieldkit.ui.runner import Queue, Runner

PASSPHRASE = "bruyère et genêt"

MakeWindow = Callable[..., MainWindow]


@pytest.fixture(scope="session")
def loaded_catalogue(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The catalogue, loaded once for all tests."""
    path = catalogue_path(tmp_path_factory.mktemp("catalogue"))
    catalogue.as_of(path)
    return path


@pytest.fixture
def runner(qapp: QApplication) -> Iterator[Runner]:
    """Workers that end with the test."""
    made = Runner()
    yield made
    made.shutdown()


@pytest.fixture
def make_window(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, loaded_catalogue: Path
) -> Iterator[MakeWindow]:
    """Make the shown window, with simulated readers; `unlocked=False` leaves the field data closed."""
    folder = tmp_path / "profile"
    folder.mkdir()
    shutil.copy(loaded_catalogue, catalogue_path(folder))
    contexts: list[Context] = []

    def make(
        *, unlocked: bool = True, settings: Settings | None = None, scard: SimulatedScard | None = None
    ) -> MainWindow:
        chosen = settings or Settings(theme="light")
        theme.apply(qapp, chosen.theme, chosen.text_size)
        context = Context(folder, Runner(), chosen, scard or SimulatedScard())
        contexts.append(context)
        window = MainWindow(context)
        qtbot.addWidget(window)
        window.resize(1280, 720)
        window.show()
        qtbot.waitActive(window)
        if unlocked:
            with qtbot.waitSignal(context.profile_opened, timeout=20_000):
                context.runner.run(Queue.DATABASE, lambda: open_profile(folder, PASSPHRASE), context.open)
        window.begin()
        return window

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def window(make_window: MakeWindow) -> MainWindow:
    """The window on an open profile, at its first page."""
    return make_window()
