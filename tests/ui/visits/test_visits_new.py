"""A new visit, by keyboard: numbers checked in place, known practices, and nothing typed is lost."""

from __future__ import annotations

import datetime as dt
from threading import Event

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from fieldkit.services import visit_desk, visits
from fieldkit.store.fieldwork import FieldStore
from fieldkit.ui.current_visit import CurrentVisit
from fieldkit.ui.pages.base import Context
from fieldkit.ui.pages.visits import VisitsPage
from fieldkit.ui.runner import Queue
from tests.ui.visits.conftest import FINESS, RPPS
from tests.ui.visits.hands import find, key_here, press, retype, take_suggestion, texts, type_here, type_in


@pytest.fixture
def form(qtbot: QtBot, page: VisitsPage) -> VisitsPage:
    QTest.keyClick(page, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: find(page, "newVisitDepartment", QLineEdit).text() == "72")
    return page


def test_enter_begins_the_visit(qtbot: QtBot, form: VisitsPage, disk: FieldStore) -> None:
    type_here("Cabinet du Dr Hoarau")
    type_in(form, "newVisitRpps", "1000 3456 786")
    type_in(form, "newVisitFiness", FINESS)
    field = retype(form, "newVisitDate", "20/11/2026")
    QTest.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: form.open.isVisible() and "Cabinet du Dr Hoarau" in texts(form))
    (row,) = visits.list_visits(disk)
    shown = visits.show_visit(disk, row["id"])
    assert (shown["date"], shown["delegate"], shown["scope"]) == ("2026-11-20", "Camille Roussel", "dept:72")
    assert (shown["practice"]["rpps"], shown["practice"]["finess"]) == (RPPS, FINESS)
    assert CurrentVisit.of(form.context).visit_id == row["id"]


def test_wrong_numbers_stay_in_their_fields_with_what_is_wrong(
    qtbot: QtBot, form: VisitsPage, disk: FieldStore
) -> None:
    type_here("Cabinet")
    type_in(form, "newVisitRpps", "10003456780")
    retype(form, "newVisitDepartment", "9999")
    press(form, "newVisitBegin")
    assert "La clé de ce numéro RPPS est fausse." in form.new.boxes["rpps"].error()
    assert "département" in form.new.boxes["department"].error()
    assert find(form, "newVisitRpps", QLineEdit).text() == "10003456780"
    assert form.focusWidget().objectName() == "newVisitRpps"
    assert visits.list_visits(disk) == []
    type_in(form, "newVisitRpps", "6")
    assert form.new.boxes["rpps"].error() == ""


def test_a_number_is_judged_when_its_field_is_left(form: VisitsPage) -> None:
    field = type_in(form, "newVisitFiness", "12")
    assert form.new.boxes["finess"].error() == ""
    QTest.keyClick(field, Qt.Key.Key_Tab)
    assert "9 chiffres" in form.new.boxes["finess"].error()


def test_a_visit_needs_a_name(form: VisitsPage, disk: FieldStore) -> None:
    press(form, "newVisitBegin")
    assert "le nom du cabinet" in form.new.boxes["name"].error()
    assert visits.list_visits(disk) == []


def test_what_is_typed_waits_on_the_disk(qtbot: QtBot, form: VisitsPage, disk: FieldStore) -> None:
    type_here("Cabinet des Ormes")
    type_in(form, "newVisitRpps", "100")
    qtbot.waitUntil(lambda: visit_desk.kept_form(disk).get("rpps") == "100")
    key_here(Qt.Key.Key_Escape)
    assert form.listing.isVisible()
    press(form, "newFirstVisit")
    qtbot.waitUntil(lambda: find(form, "newVisitName", QLineEdit).text() == "Cabinet des Ormes")
    assert find(form, "newVisitRpps", QLineEdit).text() == "100"


def test_what_was_kept_does_not_overwrite_who_is_quicker(
    qtbot: QtBot, page: VisitsPage, disk: FieldStore, context: Context
) -> None:
    visit_desk.keep_form(disk, {"name": "Ancien", "city": "Laval"})
    release = Event()
    context.runner.run(Queue.DATABASE, release.wait)
    page.begin()
    name = type_in(page, "newVisitName", "Nouveau")
    release.set()
    qtbot.waitUntil(lambda: not context.runner.busy)
    assert name.text() == "Nouveau"
    assert find(page, "newVisitDate", QLineEdit).text() == dt.date.today().strftime("%d/%m/%Y")


def test_a_visit_waits_until_the_field_data_are_open(qtbot: QtBot, context: Context) -> None:
    profile, context.profile = context.profile, None
    closed = VisitsPage(context)
    qtbot.addWidget(closed)
    closed.setMinimumSize(640, 480)
    closed.show()
    closed.entered()
    assert "Ouverture de vos visites" in texts(closed)
    closed.begin()
    assert closed.listing.isVisible()
    context.profile = profile
    closed.entered()
    qtbot.waitUntil(lambda: "Aucune visite pour l'instant" in texts(closed))


def test_erasing_can_be_undone(qtbot: QtBot, form: VisitsPage, disk: FieldStore) -> None:
    name = type_in(form, "newVisitName", "Cabinet des Ormes")
    press(form, "newVisitErase")
    assert name.text() == ""
    press(form, "undoErase")
    assert name.text() == "Cabinet des Ormes"
    qtbot.waitUntil(lambda: visit_desk.kept_form(disk).get("name") == "Cabinet des Ormes")


def test_a_social_security_number_is_never_kept(qtbot: QtBot, form: VisitsPage, disk: FieldStore) -> None:
    type_in(form, "newVisitName", "Cabinet ")
    qtbot.waitUntil(lambda: "name" in visit_desk.kept_form(disk))
    type_in(form, "newVisitName", "2 69 05 49 588 157 80")
    press(form, "newVisitBegin")
    assert "numéro de sécurité sociale" in form.new.boxes["name"].error()
    form.left()
    assert visits.list_visits(disk) == []
    assert "69" not in str(visit_desk.kept_form(disk))


@pytest.mark.qt_log_ignore("This plugin does not support")  # windows that drop down, offscreen
def test_a_known_practice_is_suggested_and_visited_again(
    qtbot: QtBot, visit: str, form: VisitsPage, disk: FieldStore
) -> None:
    qtbot.waitUntil(lambda: bool(form.new._known))
    name = type_in(form, "newVisitName", "tilleul")
    take_suggestion(qtbot, "practiceSuggestions")
    assert name.text() == "Cabinet des Tilleuls"
    assert find(form, "newVisitRpps", QLineEdit).text() == RPPS
    press(form, "newVisitBegin")
    qtbot.waitUntil(form.open.isVisible)
    practices = visits.list_practices(disk)
    assert len(practices) == 1
    assert len(visits.list_visits(disk)) == 2
