"""A bench's result goes to the visit that is open, and only while one is."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from fieldkit.services import visits
from fieldkit.ui.current_visit import CurrentVisit
from fieldkit.ui.main_window import MainWindow
from fieldkit.ui.runner import Queue
from fieldkit.ui.widgets.attach_button import AttachButton

RESULT = {"kind": "readers", "verdict": "good", "summary": "CPS3 reconnue", "details": {"slots": []}}


def test_a_result_is_attached_to_the_open_visit(qtbot: QtBot, window: MainWindow) -> None:
    context, results = window.context, list[dict[str, Any]]()
    assert context.profile is not None
    store = context.profile.store
    attach = AttachButton(context, "attach", lambda: results[-1] if results else None)
    attach.setParent(window)
    press = attach.findChild(QPushButton, "attach")
    assert press is not None
    assert attach.isHidden(), "no visit is open"
    made: list[str] = []
    context.runner.run(Queue.DATABASE, lambda: visits.new_visit(store, practice="Cabinet")[0], made.append)
    qtbot.waitUntil(lambda: bool(made))
    CurrentVisit.of(context).set(made[0], "Cabinet")
    assert not press.isEnabled(), "there is no result yet"
    results.append(RESULT)
    attach.refresh()
    with qtbot.waitSignal(context.field_data_changed):
        QTest.mouseClick(press, Qt.MouseButton.LeftButton)
    shown: list[dict[str, Any]] = []
    context.runner.run(Queue.DATABASE, lambda: visits.show_visit(store, made[0]), shown.append)
    qtbot.waitUntil(lambda: bool(shown))
    (run,) = shown[0]["test_runs"]
    assert RESULT.items() <= run.items()
    CurrentVisit.of(context).set(None)
    assert attach.isHidden()
