"""Garbage of the window goes on the GUI thread, whoever allocates meanwhile."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from fieldkit.ui.garbage import Sweeper
from fieldkit.ui.runner import Queue, Runner


class Loop:
    """Holds itself: only a collection frees it."""

    def __init__(self) -> None:
        self.myself = self


@pytest.fixture
def sweeper(qapp: QObject) -> Iterator[Sweeper]:
    made = Sweeper()
    made.start()
    yield made
    made.stop()


def allocate() -> None:
    """Enough for Python to collect by itself several times over."""
    for _round in range(30):
        _kept: list[list[object]] = [[] for _number in range(1_000)]


def test_a_worker_frees_nothing_of_the_window(qtbot: QtBot, sweeper: Sweeper, runner: Runner) -> None:
    freed_by: list[threading.Thread] = []
    loop = Loop()
    watch = weakref.ref(loop, lambda _gone: freed_by.append(threading.current_thread()))
    done: list[None] = []
    del loop
    runner.run(Queue.POOL, allocate, done.append)
    qtbot.waitUntil(lambda: bool(done))
    _grown: list[list[object]] = [[] for _number in range(2_000)]  # what the window itself allocates
    qtbot.waitUntil(lambda: bool(freed_by))
    assert watch() is None
    assert freed_by == [threading.main_thread()]


def test_python_takes_over_again(sweeper: Sweeper) -> None:
    assert not gc.isenabled()
    sweeper.stop()
    assert gc.isenabled()
