"""Reminders, known answers and what is told after a visit, by keyboard."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QListView, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from fieldkit.services import visits
from fieldkit.store.fieldwork import FieldStore
from fieldkit.ui.pages.visits import VisitsPage
from tests.ui.visits.hands import find, press, texts, type_here, type_in


def lines_of_reminder(page: VisitsPage) -> list[QPushButton]:
    """The buttons of the reminder in sight."""
    holder = page.findChild(QWidget, "reminderLines")
    return [] if holder is None else holder.findChildren(QPushButton)


def test_a_reminder_leads_to_a_note_and_adds_an_action(
    qtbot: QtBot, page: VisitsPage, store: FieldStore, disk: FieldStore
) -> None:
    visit, _practice = visits.new_visit(store, practice="Cabinet", template="doctors")
    page.show_target(visit)
    qtbot.waitUntil(lambda: page.open.desk.editable)
    qtbot.waitUntil(lambda: bool(lines_of_reminder(page)))
    add = next(b for b in lines_of_reminder(page) if b.text() == "Ajouter aux suites")
    add.setFocus()
    QTest.keyClick(add, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: len(disk.of_visit("follow_up", visit)) == 1)
    (action,) = disk.of_visit("follow_up", visit)
    assert (action["who"], action["by"] > visits.show_visit(disk, visit)["date"]) == ("editeur", True)
    qtbot.waitUntil(lambda: [b.text() for b in lines_of_reminder(page)].count("Ajouter aux suites") == 2)
    answer = next(b for b in lines_of_reminder(page) if b.text() == "Répondre")
    question = answer.accessibleName().removeprefix("Répondre : ")
    QTest.keyClick(answer, Qt.Key.Key_Space)
    type_here("Non.")
    qtbot.waitUntil(lambda: [n["text"] for n in disk.of_visit("note", visit)] == [f"{question} Non."])


def test_a_reminder_is_chosen_in_the_visit(
    qtbot: QtBot, opened: VisitsPage, disk: FieldStore, visit: str
) -> None:
    assert lines_of_reminder(opened) == []
    box = find(opened, "visitTemplate", QComboBox)
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: disk.get("visit", visit)["template"] is not None)
    qtbot.waitUntil(lambda: bool(lines_of_reminder(opened)))
    QTest.keyClick(box, Qt.Key.Key_Up)
    qtbot.waitUntil(lambda: lines_of_reminder(opened) == [])


def test_the_profession_proposes_a_reminder_until_one_is_chosen(
    qtbot: QtBot, page: VisitsPage, disk: FieldStore
) -> None:
    QTest.keyClick(page, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: page.new.isVisible())
    type_in(page, "newVisitName", "Pharmacie du Parc")
    type_in(page, "newVisitProfession", "pharmaciens")
    assert page.new.template.value() == "pharmacies"
    box = find(page, "newVisitTemplate", QComboBox)
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Home)
    assert page.new.template.value() is None
    type_in(page, "newVisitProfession", " ")
    assert page.new.template.value() is None
    page.new.flush()
    page.show_list()
    QTest.keyClick(page, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: page.new.boxes["name"].value() == "Pharmacie du Parc")
    assert page.new.template.value() is None
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_End)
    chosen = page.new.template.value()
    press(page, "newVisitBegin")
    qtbot.waitUntil(lambda: bool(visits.list_visits(disk)))
    (row,) = visits.list_visits(disk)
    assert chosen is not None
    assert disk.get("visit", row["id"])["template"] == chosen


def test_a_known_answer_is_given_with_its_source_and_followed_up(
    qtbot: QtBot, opened: VisitsPage, disk: FieldStore, visit: str
) -> None:
    opened.open.open_step("notes")
    type_in(opened, "obstacleText", "La douchette écrit n'importe quoi")
    box = find(opened, "obstacleTheme", QComboBox)
    box.setFocus()
    while box.currentData() != "materiel":
        QTest.keyClick(box, Qt.Key.Key_Down)
    shown = find(opened, "answersList", QListView)
    qtbot.waitUntil(lambda: str(shown.model().index(0, 0).data()).startswith("La douchette écrit d'autres"))
    shown.setFocus()
    QTest.keyClick(shown, Qt.Key.Key_Home)
    qtbot.waitUntil(lambda: "AZERTY, QWERTY" in texts(opened) or "AZERTY ou QWERTY" in texts(opened))
    assert "third-culture-software/bhima" in texts(opened)
    press(opened, "giveAnswer")
    qtbot.waitUntil(lambda: any(o["answer_source"] for o in disk.of_visit("obstacle", visit)))
    (obstacle,) = disk.of_visit("obstacle", visit)
    assert "AZERTY" in obstacle["answer"]
    assert (obstacle["theme"], obstacle["text"]) == ("materiel", "La douchette écrit n'importe quoi")
    press(opened, "followAnswer")
    qtbot.waitUntil(lambda: len(disk.of_visit("follow_up", visit)) == 1)


def test_an_action_is_done_after_the_visit(
    qtbot: QtBot, page: VisitsPage, store: FieldStore, disk: FieldStore, visit: str
) -> None:
    action = visits.add_part(store, visit, "follow_up", {"who": "ps", "text": "Activer"})
    visits.finalise(store, visit)
    page.show_target(visit)
    qtbot.waitUntil(lambda: page.open._shown is not None)
    page.open.open_step("follow_ups")
    qtbot.waitUntil(lambda: find(page, "followUpDone", QWidget).isEnabled())
    assert not find(page, "followUpWho", QWidget).isEnabled()
    done = find(page, "followUpDone", QWidget)
    done.setFocus()
    QTest.keyClick(done, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: disk.get("follow_up", action)["done"] is True)
