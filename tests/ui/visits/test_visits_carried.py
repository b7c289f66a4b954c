"""A second visit: facts of the first one are to be confirmed, and what changed is told."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QFrame, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from fieldkit.services import editions, visits
from fieldkit.store.fieldwork import FieldStore
from fieldkit.ui.pages.visit.workstations import WorkstationsStep
from fieldkit.ui.pages.visits import VisitsPage
from tests.ui.visits.hands import find, press, retype, texts

FACTS = {"os": "windows", "os_version": "10", "addendum": 7, "qr_reader": "none"}


@pytest.fixture
def visit(store: FieldStore) -> str:
    """A draft at a practice that was visited a year ago."""
    first, practice = visits.new_visit(store, practice="Cabinet des Tilleuls", date=dt.date(2025, 11, 20))
    visits.set_workstation(store, first, None, FACTS)
    visits.set_workstation(store, first, None, {"os": "macos"})
    visits.finalise(store, first)
    return visits.new_visit(store, practice_id=practice, date=dt.date(2026, 11, 25))[0]


@pytest.fixture
def workstations(store: FieldStore, visit: str) -> list[str]:
    return [w["id"] for w in visits.show_visit(store, visit)["workstations"]]


@pytest.fixture
def stations(qtbot: QtBot, opened: VisitsPage) -> VisitsPage:
    opened.open.open_step("workstations")
    qtbot.waitUntil(lambda: opened.findChild(QPushButton, "workstationOsConfirm") is not None)
    return opened


def pending(disk: FieldStore, visit: str) -> dict[str, dict[str, str]]:
    return dict(visits.show_visit(disk, visit)["carried"])


def test_each_fact_says_from_when_it_is_and_is_confirmed_by_its_button(
    qtbot: QtBot, stations: VisitsPage, disk: FieldStore, visit: str, workstations: list[str]
) -> None:
    assert "À confirmer · relevé le 20 nov. 2025" in texts(stations)
    assert "5 faits viennent d'une visite précédente" in texts(stations)
    step = stations.findChild(WorkstationsStep)
    assert step is not None
    box: Any = step.form.boxes["os"]
    button = find(stations, "workstationOsConfirm", QPushButton)
    assert "À confirmer" in box.control.accessibleDescription()
    press(stations, "workstationOsConfirm")
    qtbot.waitUntil(lambda: "os" not in pending(disk, visit)[workstations[0]])
    qtbot.waitUntil(lambda: not button.isVisible())
    assert QApplication.focusWidget() is box.control
    qtbot.waitUntil(lambda: "À confirmer" not in box.control.accessibleDescription())
    assert "4 faits viennent" in texts(stations)


def test_a_fact_that_is_typed_needs_no_confirmation(
    qtbot: QtBot, stations: VisitsPage, disk: FieldStore, visit: str, workstations: list[str]
) -> None:
    retype(stations, "workstationOsVersion", "11")
    qtbot.waitUntil(lambda: set(pending(disk, visit)[workstations[0]]) == {"os", "addendum", "qr_reader"})
    assert visits.show_visit(disk, visit)["workstations"][0]["os_version"] == "11"


def test_the_buttons_come_after_their_fields(stations: VisitsPage) -> None:
    before = find(stations, "workstationOsConfirm", QPushButton).previousInFocusChain()
    assert before is not None
    assert before.objectName() == "workstationOs"


def test_passing_through_a_field_confirms_nothing(
    qtbot: QtBot, stations: VisitsPage, disk: FieldStore, visit: str, workstations: list[str]
) -> None:
    for name in ("workstationOs", "workstationAddendum", "workstationQrReader", "workstationOsVersion"):
        find(stations, name, QWidget).setFocus()
    retype(stations, "workstationNfcReader", "x")
    qtbot.waitUntil(lambda: visits.show_visit(disk, visit)["workstations"][0].get("nfc_reader") == "x")
    assert set(pending(disk, visit)[workstations[0]]) == FACTS.keys()


def test_all_are_confirmed_at_once(qtbot: QtBot, stations: VisitsPage, disk: FieldStore, visit: str) -> None:
    banner = find(stations, "carriedBanner", QFrame)
    press(stations, "confirmAll")
    qtbot.waitUntil(lambda: pending(disk, visit) == {})
    qtbot.waitUntil(lambda: not banner.isVisible())


def test_the_verdict_says_what_it_rests_on(qtbot: QtBot, stations: VisitsPage) -> None:
    stations.open.open_step("verdict")
    said = "Ce verdict s'appuie sur 2 faits d'une visite précédente, à confirmer."
    qtbot.waitUntil(lambda: said in texts(stations))
    assert "Addendum SESAM-Vitale : 7 (à confirmer, relevé le 20 novembre 2025)" in texts(stations).replace(
        "\u00a0", " "
    )


def test_what_changed_is_told(
    qtbot: QtBot, opened: VisitsPage, store: FieldStore, visit: str, workstations: list[str]
) -> None:
    assert "Ce qui a changé depuis la visite du 20 nov. 2025" in texts(opened)
    assert "Rien de ce qui est noté n'a changé." in texts(opened)
    visits.set_workstation(store, visit, workstations[0], {"addendum": 8})
    visits.archive(store, "workstation", workstations[1])
    opened.context.field_data_changed.emit(None)
    qtbot.waitUntil(lambda: "Poste 1, addendum SESAM-Vitale : 7 → 8" in texts(opened))
    assert "Poste 2 : poste retiré" in texts(opened)
    assert "Poste 1, appli carte Vitale : Pas encore prêt → Inconnu" in texts(opened)


def test_workstations_seen_again_since_are_only_read_in_a_correction(
    qtbot: QtBot, page: VisitsPage, store: FieldStore
) -> None:
    first, practice = visits.new_visit(store, practice="Cabinet", date=dt.date(2026, 3, 2))
    workstation = visits.set_workstation(store, first, None, {"addendum": 7, "software": "Vega"})
    visits.finalise(store, first)
    later, _same = visits.new_visit(store, practice_id=practice, date=dt.date(2026, 9, 7))
    visits.set_workstation(store, later, workstation, {"addendum": 8})
    corrected = editions.correct(store, first)
    page.show_target(corrected)
    qtbot.waitUntil(lambda: page.open.desk.editable)
    page.open.open_step("workstations")
    step = page.open._in_view()
    said = step.findChild(QWidget, "workstationsFixed")
    assert said is not None
    assert said.isVisible()
    software = find(page, "workstationSoftware", QLineEdit)
    assert software.isReadOnly()
    add = step.findChild(QWidget, "addWorkstation")
    assert add is not None
    assert not add.isVisible()
    page.open.open_step("verdict")
    assert "Le plus court chemin" in texts(page)
    fill = [made for made in page.findChildren(QPushButton) if made.objectName().startswith("fill-")]
    assert fill == []
    page.show_target(later)
    qtbot.waitUntil(lambda: page.open._shown is not None and page.open._shown["id"] == later)
    page.open.open_step("workstations")
    assert not said.isVisible()
    assert not software.isReadOnly()
