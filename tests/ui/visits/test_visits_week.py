"""The week: its days, the way there and back, and its file."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from fieldkit.services import agenda, visits
from fieldkit.store.fieldwork import FieldStore
from fieldkit.ui.pages.visits import VisitsPage
from tests.ui.visits.hands import find, press, texts


def test_the_week_is_read_by_keyboard_and_opens_a_visit(
    qtbot: QtBot, page: VisitsPage, store: FieldStore
) -> None:
    monday = agenda.monday(dt.date.today())
    first, _practice = visits.new_visit(store, practice="Cabinet du Lundi", date=monday)
    visits.set_visit(store, first, {"time": "9h30"})
    visits.new_visit(store, practice="Cabinet du Dimanche", date=monday + dt.timedelta(days=13))
    page.listing.look()
    way = page.findChild(QPushButton, "weekOfVisits")
    assert way is not None
    qtbot.waitUntil(way.isVisible)
    press(page, "weekOfVisits")
    qtbot.waitUntil(lambda: "Cabinet du Lundi" in texts(page))
    assert "09:30" in texts(page)
    assert "Cabinet du Dimanche" not in texts(page)
    hidden = page.findChild(QWidget, "weekDay6")
    assert hidden is not None
    assert not hidden.isVisible()
    press(page, "weekAfter")
    qtbot.waitUntil(lambda: "Cabinet du Dimanche" in texts(page) and hidden.isVisible())
    press(page, "weekBefore")
    qtbot.waitUntil(lambda: "Cabinet du Lundi" in texts(page))
    QTest.keyClick(page.week, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert page.listing.isVisible()
    press(page, "weekOfVisits")
    qtbot.waitUntil(lambda: "Cabinet du Lundi" in texts(page))
    row = find(page, "weekDay0", QWidget).findChildren(QPushButton)[0]
    row.setFocus()
    QTest.keyClick(row, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: page.open.desk.visit_id == first)


def test_the_file_of_the_week_is_written(
    qtbot: QtBot, page: VisitsPage, store: FieldStore, tmp_path: Path
) -> None:
    visits.new_visit(store, practice="Cabinet du Jour")
    page.show_week()
    qtbot.waitUntil(lambda: "Cabinet du Jour" in texts(page))
    said: list[str] = []
    page.context.show_message = lambda _state, text: said.append(text)
    page.week.write(tmp_path / "a.ics")
    qtbot.waitUntil(lambda: bool(said))
    assert "Cabinet du Jour" in (tmp_path / "a.ics").read_text("utf-8")
    assert "a.ics" in said[0]
