"""Undo and redo in a draft, by keyboard: the screen and the disk go back and forth together."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from fieldkit.services import visits
from fieldkit.store.fieldwork import FieldStore
from fieldkit.ui.pages.visits import VisitsPage
from tests.ui.visits.hands import find, press, retype


def test_a_field_goes_back_and_forth(qtbot: QtBot, opened: VisitsPage, disk: FieldStore, visit: str) -> None:
    practice = visits.practice_of(disk, visit)
    before = disk.get("practice", practice)["city"]
    undo, redo = find(opened, "undoInVisit", QPushButton), find(opened, "redoInVisit", QPushButton)
    retype(opened, "practiceCity", "Saint-Nazaire")
    qtbot.waitUntil(lambda: disk.get("practice", practice)["city"] == "Saint-Nazaire")
    qtbot.waitUntil(undo.isEnabled)
    assert undo.accessibleName() != "Annuler"
    assert not redo.isEnabled()
    press(opened, "undoInVisit")
    qtbot.waitUntil(lambda: disk.get("practice", practice)["city"] == before)
    field = find(opened, "practiceCity", QLineEdit)
    qtbot.waitUntil(lambda: field.text() == (before or ""))
    qtbot.waitUntil(redo.isEnabled)
    press(opened, "redoInVisit")
    qtbot.waitUntil(lambda: field.text() == "Saint-Nazaire")
    assert disk.get("practice", practice)["city"] == "Saint-Nazaire"


def test_ctrl_z_outside_a_field_undoes(
    qtbot: QtBot, opened: VisitsPage, disk: FieldStore, visit: str
) -> None:
    retype(opened, "practiceCity", "Pornic")
    undo = find(opened, "undoInVisit", QPushButton)
    qtbot.waitUntil(undo.isEnabled)
    undo.setFocus()
    QTest.keyClick(undo, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    practice = visits.practice_of(disk, visit)
    qtbot.waitUntil(lambda: disk.get("practice", practice)["city"] != "Pornic")


def test_a_finalised_visit_offers_no_way_back(
    qtbot: QtBot, page: VisitsPage, store: FieldStore, visit: str
) -> None:
    visits.add_part(store, visit, "note", {"text": "Bonjour"})
    visits.finalise(store, visit)
    page.show_target(visit)
    qtbot.waitUntil(lambda: page.open._shown is not None)
    assert not find(page, "undoInVisit", QPushButton).isEnabled()


def test_a_finalised_visit_is_corrected_in_a_new_edition(
    qtbot: QtBot, page: VisitsPage, store: FieldStore, visit: str
) -> None:
    visits.add_part(store, visit, "note", {"text": "Bonjour"})
    visits.finalise(store, visit)
    page.show_target(visit)
    qtbot.waitUntil(lambda: page.open._shown is not None)
    page.open.open_step("report")
    press(page, "correctVisit")
    qtbot.waitUntil(lambda: page.open.desk.visit_id != visit)
    corrected = page.open.desk.visit_id
    qtbot.waitUntil(lambda: page.open._shown is not None and page.open._shown["id"] == corrected)
    assert page.open._shown is not None
    assert [note["text"] for note in page.open._shown["notes"]] == ["Bonjour"]
    page.show_target(visit)
    page.open.open_step("report")
    newer = page.findChild(QPushButton, "openNewerEdition")
    assert newer is not None
    qtbot.waitUntil(newer.isVisible)
    press(page, "openNewerEdition")
    qtbot.waitUntil(lambda: page.open.desk.visit_id == corrected)


def test_what_was_undone_is_not_said_to_be_removed(
    qtbot: QtBot, opened: VisitsPage, store: FieldStore, visit: str
) -> None:
    note = visits.add_part(store, visit, "note", {"text": "Bonjour"})
    opened.open.desk.remove("note", note, "La note est retirée.")
    banner = opened.open.undo
    qtbot.waitUntil(banner.isVisible)
    qtbot.waitUntil(find(opened, "undoInVisit", QPushButton).isEnabled)
    press(opened, "undoInVisit")
    qtbot.waitUntil(lambda: len(visits.show_visit(store, visit)["notes"]) == 1)
    qtbot.waitUntil(lambda: not banner.isVisible())


def test_a_link_brings_its_field_into_sight(
    qtbot: QtBot, opened: VisitsPage, store: FieldStore, visit: str
) -> None:
    workstation = visits.set_workstation(store, visit, None, {"name": "Accueil"})
    opened.open.desk.saved.emit()
    qtbot.waitUntil(lambda: bool(opened.open._shown and opened.open._shown["workstations"]))
    opened.open.open_step("workstations", f"{workstation}:atsam_version")
    field = find(opened, "workstationAtsamVersion", QLineEdit)
    qtbot.waitUntil(lambda: not field.visibleRegion().isEmpty())
