"""The workers: order, delivery on the GUI thread, errors, cancelling, and nothing lost at the end."""

from __future__ import annotations

import logging
import threading
from functools import partial

import pytest
from PySide6.QtCore import QThread
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fieldkit.errors import KnownError
from fieldkit.ui.runner import Queue, Runner, Task


def test_a_result_comes_back_on_the_gui_thread(qtbot: QtBot, qapp: QApplication, runner: Runner) -> None:
    seen: list[tuple[str, QThread]] = []
    runner.run(
        Queue.POOL,
        lambda: threading.current_thread().name,
        lambda name: seen.append((name, QThread.currentThread())),
    )
    qtbot.waitUntil(lambda: bool(seen))
    worker, thread = seen[0]
    assert worker.startswith("fieldkit-pool")
    assert thread == qapp.thread()


def test_the_database_is_asked_one_thing_at_a_time_in_order(qtbot: QtBot, runner: Runner) -> None:
    threads: set[int] = set()
    done: list[int] = []

    def work(n: int) -> int:
        threads.add(threading.get_ident())
        return n

    for n in range(50):
        runner.run(Queue.DATABASE, lambda n=n: work(n), done.append)  # type: ignore[misc]
    qtbot.waitUntil(lambda: len(done) == 50)
    assert done == list(range(50))
    assert len(threads) == 1


def test_an_error_goes_to_who_asked_else_to_the_window(qtbot: QtBot, runner: Runner) -> None:
    mine: list[Exception] = []
    error = KnownError("some-code", "message", "hint")

    def fail() -> None:
        raise error

    with qtbot.waitSignal(runner.failed) as blocker:
        runner.run(Queue.POOL, fail, on_error=mine.append)
        runner.run(Queue.POOL, fail)
    qtbot.waitUntil(lambda: bool(mine))
    assert mine == [error]
    assert blocker.args == [error]


def test_a_bug_is_logged_by_place_and_never_by_content(
    qtbot: QtBot, runner: Runner, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise ValueError("Madame Lefèvre 2690549588157")

    def refuse() -> None:
        raise KnownError("some-code", "no fault of ours")

    with caplog.at_level(logging.ERROR):
        for work in (fail, refuse):
            with qtbot.waitSignal(runner.failed):
                runner.run(Queue.POOL, work)
    assert len(caplog.records) == 1
    assert "ValueError" in caplog.text
    assert "test_runner.py" in caplog.text
    assert "Lefèvre" not in caplog.text


def test_nothing_is_delivered_once_cancelled(qtbot: QtBot, runner: Runner) -> None:
    go, seen = threading.Event(), []
    unwanted = runner.run(Queue.DATABASE, go.wait, lambda _result: seen.append("unwanted"))
    unwanted.cancel()
    go.set()
    runner.run(Queue.DATABASE, lambda: None, lambda _result: seen.append("wanted"))
    qtbot.waitUntil(lambda: bool(seen))
    assert seen == ["wanted"]


def test_long_work_reports_in_order_and_stops_when_cancelled(qtbot: QtBot, runner: Runner) -> None:
    heard: list[int] = []
    stopped = threading.Event()

    def work(task: Task[int]) -> None:
        task.on_cancel(stopped.set)
        for n in range(3):
            task.report(n)
        stopped.wait(10)

    task = runner.run_reporting(Queue.WATCH, work, heard.append)
    qtbot.waitUntil(lambda: heard == [0, 1, 2])
    assert not stopped.is_set()
    task.cancel()
    assert stopped.is_set()


def test_work_that_begins_after_it_was_cancelled_stops_at_once() -> None:
    task: Task[None] = Task(Queue.POOL)
    task.cancel()
    stopped: list[bool] = []
    task.on_cancel(lambda: stopped.append(True))
    assert stopped == [True]
    assert task.cancelled


def test_the_end_waits_for_every_write_and_for_nothing_else(qapp: QApplication) -> None:
    runner, go = Runner(), threading.Event()

    def add(where: list[int], n: int) -> None:
        go.wait(20)
        where.append(n)

    written: list[int] = []
    pooled: list[int] = []
    delivered: list[object] = []
    runner.run(Queue.DATABASE, go.wait)
    for n in range(20):
        runner.run(Queue.DATABASE, partial(add, written, n), delivered.append)
        runner.run(Queue.HARDWARE, partial(add, pooled, n))
    held = threading.Event()

    def hold(task: Task[None]) -> None:
        task.on_cancel(go.set)  # which is when the end has come, and nothing else begins
        held.set()
        go.wait(20)

    runner.run_reporting(Queue.WATCH, hold)
    assert held.wait(20)
    runner.shutdown()
    assert written == list(range(20))
    assert len(pooled) <= 1
    qapp.processEvents()
    assert delivered == []
    runner.run(Queue.DATABASE, partial(add, written, 99))
    assert 99 not in written
