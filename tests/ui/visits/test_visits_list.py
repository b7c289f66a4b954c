"""The list of visits: found, opened and put away by keyboard."""

from __future__ import annotations

import datetime as dt

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QTableView
from pytestqt.qtbot import QtBot

from fieldkit.services import visits
from fieldkit.store.fieldwork import FieldStore
from fieldkit.ui.pages.visits import VisitsPage
from tests.ui.visits.hands import find, press, texts, type_in


def shown(page: VisitsPage) -> list[list[str]]:
    model = page.listing.filter
    return [
        [str(model.index(row, column).data()) for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]


def test_an_empty_list_says_what_to_do_first(qtbot: QtBot, page: VisitsPage) -> None:
    qtbot.waitUntil(lambda: "Aucune visite pour l'instant" in texts(page))
    press(page, "newFirstVisit")
    assert page.new.isVisible()


def test_visits_are_told_in_words(qtbot: QtBot, page: VisitsPage, disk: FieldStore, visit: str) -> None:
    done, _practice = visits.new_visit(disk, practice="Pharmacie du Port", date=dt.date(2020, 3, 2))
    visits.finalise(disk, done)
    page.listing.look()
    qtbot.waitUntil(lambda: len(shown(page)) == 2)
    newest, oldest = shown(page)
    assert newest[1:] == ["Cabinet des Tilleuls", "Brouillon", "Inconnu"]
    assert oldest == ["2 mars 2020", "Pharmacie du Port", "En attente d'envoi", "Inconnu"]


def test_the_list_is_narrowed_by_state_and_by_name(
    qtbot: QtBot, page: VisitsPage, disk: FieldStore, visit: str
) -> None:
    visits.new_visit(disk, practice="Centre de santé Œuvre")
    visits.finalise(disk, visit)
    page.listing.look()
    qtbot.waitUntil(lambda: len(shown(page)) == 2)
    state = find(page, "visitStateFilter", QComboBox)
    state.setCurrentIndex(state.findData("draft"))
    assert [row[1] for row in shown(page)] == ["Centre de santé Œuvre"]
    state.setCurrentIndex(0)
    type_in(page, "visitSearch", "sante oeuv")
    assert [row[1] for row in shown(page)] == ["Centre de santé Œuvre"]
    type_in(page, "visitSearch", "zz")
    assert shown(page) == []


def test_enter_opens_and_alt_left_comes_back(qtbot: QtBot, page: VisitsPage, visit: str) -> None:
    page.listing.look()
    table = page.findChild(QTableView, "visitsTable")
    assert table is not None
    qtbot.waitUntil(table.hasFocus)
    QTest.keyClick(table, Qt.Key.Key_Return)
    assert page.open.isVisible()
    qtbot.waitUntil(lambda: "Cabinet des Tilleuls" in texts(page))
    QTest.keyClick(page, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(page.listing.isVisible)


def test_a_draft_is_put_away_and_taken_back(
    qtbot: QtBot, page: VisitsPage, disk: FieldStore, visit: str
) -> None:
    page.listing.look()
    table = page.findChild(QTableView, "visitsTable")
    assert table is not None
    qtbot.waitUntil(table.hasFocus)
    QTest.keyClick(table, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: "« Cabinet des Tilleuls » est retirée" in texts(page))
    qtbot.waitUntil(lambda: shown(page) == [])
    assert visits.list_visits(disk) == []
    press(page, "undoVisit")
    qtbot.waitUntil(lambda: len(shown(page)) == 1)


def test_a_finalised_visit_is_not_put_away(
    qtbot: QtBot, page: VisitsPage, disk: FieldStore, visit: str
) -> None:
    visits.finalise(disk, visit)
    page.listing.look()
    table = page.findChild(QTableView, "visitsTable")
    assert table is not None
    qtbot.waitUntil(table.hasFocus)
    QTest.keyClick(table, Qt.Key.Key_Delete)
    assert not page.listing.undo.isVisible()
    assert len(visits.list_visits(disk)) == 1
