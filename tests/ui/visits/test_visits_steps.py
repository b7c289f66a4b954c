"""The steps of a visit, by keyboard: reached in any order, each fact on the disk, frozen at the end."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QListView, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from fieldkit.services import this_computer, visit_desk, visits
from fieldkit.store.fieldwork import FieldStore
from fieldkit.ui.current_visit import CurrentVisit
from fieldkit.ui.pages.visit.open import STEPS
from fieldkit.ui.pages.visits import VisitsPage
from fieldkit.ui.widgets.controls import ChoiceControl
from tests.ui.visits.hands import find, press, retype, take_suggestion, texts, type_in

ALT = Qt.KeyboardModifier.AltModifier
FRENCH_DIGITS = [
    Qt.Key.Key_Ampersand, Qt.Key.Key_Eacute, Qt.Key.Key_QuoteDbl, Qt.Key.Key_Apostrophe,
    Qt.Key.Key_ParenLeft, Qt.Key.Key_Minus, Qt.Key.Key_Egrave,
]  # fmt: skip


def workstations(disk: FieldStore, visit: str) -> list[dict[str, object]]:
    return list(visits.show_visit(disk, visit)["workstations"])


@pytest.fixture
def workstation(qtbot: QtBot, opened: VisitsPage, disk: FieldStore, visit: str) -> str:
    """One workstation, added by hand, its form in sight."""
    opened.open.open_step("workstations")
    press(opened, "addFirstWorkstation")
    qtbot.waitUntil(lambda: find_if(opened, "workstationName") is not None)
    (made,) = workstations(disk, visit)
    return str(made["id"])


def find_if(page: VisitsPage, name: str) -> QWidget | None:
    found = page.findChild(QWidget, name)
    return found if found is not None and found.isVisible() else None


@pytest.mark.parametrize("keys", [list(range(Qt.Key.Key_1, Qt.Key.Key_8)), FRENCH_DIGITS])
def test_every_step_has_a_key_on_both_keyboards(opened: VisitsPage, keys: list[Qt.Key]) -> None:
    for key, step in zip(keys, STEPS, strict=True):
        QTest.keyClick(opened, Qt.Key(key), ALT)
        assert opened.open._steps[step].isVisible()
        keyboard = QApplication.focusWidget()
        assert keyboard is not None
        assert opened.open._steps[step].isAncestorOf(keyboard)


def test_steps_tell_what_they_lack(qtbot: QtBot, page: VisitsPage, store: FieldStore) -> None:
    bare, _practice = visits.new_visit(store, practice="Cabinet du Port")
    page.show_target(bare)
    step = find(page, "step-practice", QWidget)
    qtbot.waitUntil(lambda: "4 informations à compléter" in step.accessibleDescription())
    assert "Touche Alt+1" in step.accessibleDescription()


def test_facts_of_a_workstation_are_kept_one_by_one(
    qtbot: QtBot, opened: VisitsPage, disk: FieldStore, visit: str, workstation: str
) -> None:
    retype(opened, "workstationName", "Accueil")
    system = find(opened, "workstationOs", ChoiceControl)
    system.setFocus()
    QTest.keyClick(system, Qt.Key.Key_Down)
    addendum = find(opened, "workstationAddendum", ChoiceControl)
    addendum.setFocus()
    QTest.keyClick(addendum, Qt.Key.Key_Down)
    type_in(opened, "workstationQrReader", "aucun")
    type_in(opened, "workstationComment", "sous le bureau")
    wanted = {
        "name": "Accueil",
        "os": "windows",
        "addendum": 8,
        "qr_reader": "none",
        "comment": "sous le bureau",
    }
    qtbot.waitUntil(lambda: workstations(disk, visit)[0].items() >= wanted.items())
    addendum.setFocus()
    QTest.keyClick(addendum, Qt.Key.Key_Up)
    qtbot.waitUntil(lambda: "addendum" not in workstations(disk, visit)[0])


def test_a_wheel_that_scrolls_the_page_changes_no_fact(
    opened: VisitsPage, workstation: str, qtbot: QtBot
) -> None:
    system = find(opened, "workstationOs", ChoiceControl)
    system.setFocus()
    before = system.value()
    wheel = QWheelEvent(
        QPointF(5, 5), QPointF(5, 5), QPoint(0, -120), QPoint(0, -120),
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(system, wheel)
    assert system.value() == before


@pytest.mark.qt_log_ignore("This plugin does not support")  # windows that drop down, offscreen
def test_the_catalogue_suggests_software(
    qtbot: QtBot, opened: VisitsPage, disk: FieldStore, visit: str, workstation: str
) -> None:
    field = type_in(opened, "workstationSoftware", "veg")
    take_suggestion(qtbot, "softwareSuggestions")
    assert field.text() == "Vega"
    qtbot.waitUntil(lambda: workstations(disk, visit)[0].get("software") == "Vega")


def test_two_workstations_do_not_mix(
    qtbot: QtBot, opened: VisitsPage, disk: FieldStore, visit: str, workstation: str
) -> None:
    retype(opened, "workstationName", "Accueil")
    press(opened, "addWorkstation")
    qtbot.waitUntil(lambda: find(opened, "workstationName", QLineEdit).text() == "Poste 2")
    retype(opened, "workstationName", "Salle")
    qtbot.waitUntil(
        lambda: find_if(opened, f"workstation-{workstation}") is not None
    )  # tabs may be in the making
    press(opened, f"workstation-{workstation}")
    assert find(opened, "workstationName", QLineEdit).text() == "Accueil"
    qtbot.waitUntil(lambda: [w["name"] for w in workstations(disk, visit)] == ["Accueil", "Salle"])


def test_a_workstation_is_removed_and_taken_back(
    qtbot: QtBot, opened: VisitsPage, disk: FieldStore, visit: str, workstation: str
) -> None:
    press(opened, "removeWorkstation")
    qtbot.waitUntil(lambda: "« Poste 1 » est retiré" in texts(opened))
    assert workstations(disk, visit) == []
    press(opened, "undo")
    qtbot.waitUntil(lambda: len(workstations(disk, visit)) == 1)
    qtbot.waitUntil(lambda: find_if(opened, "workstationName") is not None)


def test_the_inventory_of_this_computer_is_noted_and_undone(
    qtbot: QtBot,
    opened: VisitsPage,
    disk: FieldStore,
    visit: str,
    workstation: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(this_computer, "workstation_facts", lambda: {"os": "macos", "os_version": "14.5"})
    press(opened, "inventory")
    qtbot.waitUntil(lambda: workstations(disk, visit)[0].get("os_version") == "14.5")
    press(opened, "undo")
    qtbot.waitUntil(lambda: "os" not in workstations(disk, visit)[0])


def test_the_verdict_says_why_and_leads_to_what_is_missing(
    qtbot: QtBot, opened: VisitsPage, store: FieldStore, visit: str, workstation: str
) -> None:
    addendum = find(opened, "workstationAddendum", ChoiceControl)
    addendum.setFocus()
    QTest.keyClick(addendum, Qt.Key.Key_Down)
    QTest.keyClick(addendum, Qt.Key.Key_Down)
    opened.open.open_step("verdict")
    qtbot.waitUntil(lambda: "Pas encore prêt pour l'appli carte Vitale" in texts(opened))
    said = texts(opened)
    assert "Le plus court chemin" in said
    assert "L'appli carte Vitale n'est possible qu'à partir de l'addendum 8." in said
    assert "GIE SESAM-Vitale, étude de marché 2023" in said
    assert "Action requise" in said
    press(opened, "fill-internet")
    assert QApplication.focusWidget() is find(opened, "workstationInternet", QWidget)


def test_without_a_workstation_the_verdict_says_where_to_begin(opened: VisitsPage) -> None:
    opened.open.open_step("verdict")
    press(opened, "verdictToWorkstations")
    assert opened.open._steps["workstations"].isVisible()


def test_results_of_tests_are_shown_removed_and_taken_back(
    qtbot: QtBot, opened: VisitsPage, store: FieldStore, disk: FieldStore, visit: str
) -> None:
    opened.open.open_step("tests")
    assert "Aucun test n'a été fait" in texts(opened)
    changes = visit_desk.attach_test(
        disk, visit, kind="scanner", verdict="fault", summary="Clavier américain"
    )
    opened.context.field_data_changed.emit(changes)
    qtbot.waitUntil(lambda: "Clavier américain" in texts(opened))
    assert "Défaut" in texts(opened)
    ((_type, run),) = changes.records
    press(opened, f"removeTest-{run}")
    qtbot.waitUntil(lambda: visits.show_visit(disk, visit)["test_runs"] == [])
    qtbot.waitUntil(lambda: find_if(opened, "undo") is not None)
    press(opened, "undo")
    qtbot.waitUntil(lambda: len(visits.show_visit(disk, visit)["test_runs"]) == 1)


def test_the_benches_are_one_key_away_and_know_the_visit(opened: VisitsPage, visit: str) -> None:
    went: list[str] = []
    opened.context.navigate = lambda page, _target: went.append(page)
    opened.open.open_step("tests")
    press(opened, "testReaders")
    press(opened, "testScanner")
    assert went == ["readers", "scanner"]
    assert CurrentVisit.of(opened.context).visit_id == visit
    assert CurrentVisit.of(opened.context).practice == "Cabinet des Tilleuls"


def test_obstacles_and_actions_are_kept(
    qtbot: QtBot, opened: VisitsPage, disk: FieldStore, visit: str
) -> None:
    opened.open.open_step("notes")
    theme = find(opened, "obstacleTheme", ChoiceControl)
    theme.setFocus()
    QTest.keyClick(theme, Qt.Key.Key_Down)
    type_in(opened, "obstacleText", "INSi lent")
    opened.open.open_step("follow_ups")
    type_in(opened, "followUpText", "Passer en 8")
    type_in(opened, "followUpBy", "31/12/2030")
    who = find(opened, "followUpWho", ChoiceControl)
    who.setFocus()
    QTest.keyClick(who, Qt.Key.Key_Down)
    press(opened, "followUpDone")

    def kept() -> bool:
        shown = visits.show_visit(disk, visit)
        obstacles = [(o.get("theme"), o.get("text")) for o in shown["obstacles"]]
        actions = [(a.get("text"), a.get("by"), a.get("who"), a.get("done")) for a in shown["follow_ups"]]
        return obstacles == [("ins", "INSi lent")] and actions == [("Passer en 8", "2030-12-31", "ps", True)]

    qtbot.waitUntil(kept)


def test_a_note_is_chosen_from_the_list_removed_and_taken_back(
    qtbot: QtBot, page: VisitsPage, disk: FieldStore, visit: str
) -> None:
    for text in ("Première", "Seconde"):
        visits.add_part(disk, visit, "note", {"text": text})
    page.show_target(visit)
    qtbot.waitUntil(lambda: page.open.desk.editable)
    page.open.open_step("notes")
    notes = find(page, "noteList", QListView)
    notes.setFocus()
    QTest.keyClick(notes, Qt.Key.Key_Down)
    QTest.keyClick(notes, Qt.Key.Key_Down)
    assert find(page, "noteText", QPlainTextEdit).toPlainText() == "Première"
    type_in(page, "noteText", " fois")
    qtbot.waitUntil(lambda: visits.show_visit(disk, visit)["notes"][0]["text"] == "Première fois")
    press(page, "noteRemove")
    qtbot.waitUntil(lambda: len(visits.show_visit(disk, visit)["notes"]) == 1)
    qtbot.waitUntil(lambda: find_if(page, "undo") is not None)
    press(page, "undo")
    qtbot.waitUntil(lambda: len(visits.show_visit(disk, visit)["notes"]) == 2)


def test_finalising_lists_what_is_missing_then_freezes_everything(
    qtbot: QtBot, opened: VisitsPage, disk: FieldStore, visit: str
) -> None:
    type_in(opened, "practiceComment", "Vu")
    opened.open.open_step("report")
    assert "Aucun poste n'est décrit." in texts(opened)
    press(opened, "complete-1")
    assert opened.open._steps["workstations"].isVisible()
    opened.open.open_step("report")
    press(opened, "finaliseVisit")
    assert "ne change plus" in texts(opened)
    press(opened, "finaliseNotYet")
    assert visits.show_visit(disk, visit)["state"] == "draft"
    press(opened, "finaliseVisit")
    press(opened, "finaliseConfirm")
    qtbot.waitUntil(lambda: "Lecture seule" in texts(opened))
    frozen = visits.show_visit(disk, visit)
    assert (frozen["state"], frozen["practice"]["comment"]) == ("waiting", "Vu")
    assert "Visite finalisée le" in texts(opened)
    assert CurrentVisit.of(opened.context).visit_id is None
    for step, names in {
        "workstations": ["addFirstWorkstation"],
        "tests": ["testReaders"],
        "notes": ["noteNew", "noteText", "obstacleText"],
        "report": ["finaliseVisit"],
    }.items():
        opened.open.open_step(step)
        assert all(find_if(opened, name) is None for name in names), step
    opened.open.open_step("practice")
    name = type_in(opened, "practiceName", "?")
    assert name.isReadOnly()
    assert name.text() == "Cabinet des Tilleuls"
