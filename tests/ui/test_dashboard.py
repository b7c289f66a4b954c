"""The dashboard: what is due first, practices by readiness, national figures with their sources."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from fieldkit.services import visits
from fieldkit.services.overview import overview
from fieldkit.store.fieldwork import FieldStore
from fieldkit.ui.main_window import MainWindow
from fieldkit.ui.pages.catalogue import CataloguePage
from fieldkit.ui.pages.dashboard import DashboardPage
from fieldkit.ui.runner import Queue

TODAY = dt.date(2026, 11, 20)
READY = {
    "os": "windows",
    "os_version": "11",
    "software": "AxiSanté",
    "addendum": 8,
    "qr_reader": "Zebra",
    "qr_reader_mode": "keyboard",
    "apcv_setting": "on",
    "internet": "yes",
    "pro_card": "cps3",
}


def fill(store: FieldStore, today: dt.date) -> dict[str, str]:
    """Three practices: one visited long ago, one late, one today."""
    past, late = today - dt.timedelta(30), today - dt.timedelta(2)
    made = {
        name: visits.new_visit(store, practice=name, date=day)[0]
        for name, day in (("Ancien", past), ("Retard", late), ("Jour", today))
    }
    visits.set_workstation(store, made["Jour"], None, {"addendum": 7})
    visits.add_part(store, made["Retard"], "obstacle", {"theme": "ins", "gravity": "low", "text": "lent"})
    visits.add_part(store, made["Jour"], "follow_up", {"who": "delegue", "text": "Sans date"})
    visits.add_part(
        store, made["Jour"], "follow_up", {"who": "editeur", "by": late.isoformat(), "text": "Mettre à jour"}
    )
    visits.add_part(store, made["Jour"], "follow_up", {"who": "ps", "text": "Fait", "done": True})
    visits.finalise(store, made["Ancien"])
    return made


def test_drafts_that_are_due_come_first_oldest_first(store: FieldStore) -> None:
    fill(store, TODAY)
    seen = overview(store, TODAY)
    assert [row["practice"]["name"] for row in seen.visits] == ["Retard", "Jour", "Ancien"]
    assert (seen.due, seen.total) == (2, 3)


def test_follow_ups_with_a_date_come_first_and_done_ones_not_at_all(store: FieldStore) -> None:
    fill(store, TODAY)
    seen = overview(store, TODAY)
    assert [action["text"] for action in seen.follow_ups] == ["Mettre à jour", "Sans date"]
    assert seen.follow_ups[0]["practice"] == "Jour"


def test_a_practice_counts_once_by_its_latest_visit(store: FieldStore) -> None:
    first, practice = visits.new_visit(store, practice="Deux fois", date=TODAY - dt.timedelta(60))
    visits.finalise(store, first)
    again, _practice = visits.new_visit(store, practice_id=practice, date=TODAY)
    visits.set_workstation(store, again, None, {"addendum": 7})
    assert dict(overview(store, TODAY).readiness) == {"not-yet": 1}


def test_obstacles_are_counted_by_theme(store: FieldStore) -> None:
    fill(store, TODAY)
    assert dict(overview(store, TODAY).obstacles) == {"ins": 1}


def test_nothing_yet_is_no_fault(store: FieldStore) -> None:
    seen = overview(store, TODAY)
    assert (seen.visits, seen.follow_ups, seen.total) == ((), (), 0)


@pytest.fixture
def filled(qtbot: QtBot, window: MainWindow) -> MainWindow:
    """The window at its dashboard, with field work in it."""
    profile = window.context.profile
    assert profile is not None
    done: list[object] = []
    today = dt.date.today()
    window.context.runner.run(Queue.DATABASE, lambda: fill(profile.store, today), done.append)
    qtbot.waitUntil(lambda: bool(done))
    window.context.field_data_changed.emit(None)
    return window


def words(widget: QWidget) -> list[str]:
    """Every word shown in a widget."""
    return [label.text() for label in widget.findChildren(QLabel) if label.isVisible()]


def card(window: MainWindow, name: str) -> QWidget:
    """A card of the dashboard."""
    found = window.page("dashboard").findChild(QWidget, name)
    assert found is not None
    return found


def test_the_page_tells_what_is_late_and_what_is_for_today(qtbot: QtBot, filled: MainWindow) -> None:
    visits_card = card(filled, "dashboardVisits")
    qtbot.waitUntil(lambda: "Retard" in words(visits_card))
    told = words(visits_card)
    assert told.index("En retard") < told.index("Aujourd'hui")
    assert "En retard" in words(card(filled, "dashboardFollowUps"))
    assert "Pas encore prêt" in words(card(filled, "dashboardReadiness"))


def test_a_line_opens_its_visit(qtbot: QtBot, filled: MainWindow) -> None:
    visits_card = card(filled, "dashboardVisits")
    qtbot.waitUntil(lambda: len(visits_card.findChildren(QPushButton)) == 3)
    asked: list[tuple[str, str]] = []
    filled.context.navigate = lambda page, target: asked.append((page, target))
    visits_card.findChildren(QPushButton)[0].click()
    assert [page for page, _target in asked] == ["visits"]
    assert asked[0][1]


def test_a_follow_up_is_ticked_where_it_is_read_and_can_be_taken_back(
    qtbot: QtBot, filled: MainWindow
) -> None:
    follow_ups = card(filled, "dashboardFollowUps")
    qtbot.waitUntil(lambda: "Mettre à jour" in words(follow_ups))
    tick = next(b for b in follow_ups.findChildren(QPushButton) if b.text() == "Fait")
    tick.setFocus()
    QTest.keyClick(tick, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: "Mettre à jour" not in words(follow_ups))
    back = filled.page("dashboard").findChild(QPushButton, "undoDone")
    assert back is not None
    qtbot.waitUntil(back.isVisible)
    back.click()
    qtbot.waitUntil(lambda: "Mettre à jour" in words(follow_ups))


def test_lists_are_read_narrowed_and_written(qtbot: QtBot, filled: MainWindow, tmp_path: Path) -> None:
    page = filled.page("dashboard")
    assert isinstance(page, DashboardPage)
    qtbot.waitUntil(lambda: page.lists.model.rowCount() == 3)
    page.lists.kind.setCurrentIndex(page.lists.kind.findData("follow_ups"))
    qtbot.waitUntil(lambda: page.lists.model.headerData(1, Qt.Orientation.Horizontal) == "Action")
    assert page.lists.model.rowCount() == 3
    page.lists.take_away.write(tmp_path / "suites.csv")
    qtbot.waitUntil(lambda: not filled.context.runner.busy)
    assert "Mettre à jour" in (tmp_path / "suites.csv").read_text("utf-8-sig")
    page.narrowing.span.setCurrentIndex(1)
    qtbot.waitUntil(lambda: not filled.context.runner.busy)
    assert page.lists.model.rowCount() == 3
    asked: list[tuple[str, str]] = []
    filled.context.navigate = lambda page, target: asked.append((page, target))
    page.lists.table.setFocus()
    page.lists.table.setCurrentIndex(page.lists.table.model().index(0, 0))
    QTest.keyClick(page.lists.table, Qt.Key.Key_Return)
    assert asked[0][0] == "visits"
    assert asked[0][1]


def test_out_of_sight_it_keeps_no_worker_busy(
    qtbot: QtBot, filled: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []
    monkeypatch.setattr(DashboardPage, "_refresh", lambda page: asked.append(page))
    filled.open_page("visits")
    filled.context.field_data_changed.emit(None)
    assert asked == []
    filled.open_page("dashboard")
    qtbot.waitUntil(lambda: len(asked) == 1)
    filled.context.field_data_changed.emit(None)
    assert len(asked) == 2


def test_one_s_own_stands_beside_the_national_figure(qtbot: QtBot, filled: MainWindow) -> None:
    national = card(filled, "nationalCard")
    qtbot.waitUntil(lambda: "Vos postes : 0 sur 1 connus" in words(national))
    assert "Vos cabinets : 3" in words(national)


def test_national_figures_say_where_they_come_from(qtbot: QtBot, window: MainWindow) -> None:
    national = card(window, "nationalCard")
    qtbot.waitUntil(lambda: "404 578" in words(national))
    assert any("GIE SESAM-Vitale, étude de marché 2023, 12/2023" in text for text in words(national))


def test_the_national_figures_lead_to_all_of_them(qtbot: QtBot, window: MainWindow) -> None:
    national = card(window, "nationalCard")
    every = national.findChild(QPushButton, "dashboardFigures")
    assert every is not None
    every.click()
    page = window.page("catalogue")
    assert isinstance(page, CataloguePage)
    assert page.tabs.currentWidget() is page.figures
    qtbot.waitUntil(lambda: page.figures.model.rowCount() > 0)
