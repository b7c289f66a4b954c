"""Autosave: every letter reaches the disk, in order; what is refused stays in sight and off the disk."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from threading import Event
from typing import Any

import pytest
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from fieldkit.errors import KnownError
from fieldkit.services import visits
from fieldkit.store.fieldwork import FieldStore
from fieldkit.ui.pages.visit.notes import NotesStep
from fieldkit.ui.pages.visits import VisitsPage
from fieldkit.ui.runner import Queue, Runner
from fieldkit.ui.widgets import autosave
from fieldkit.ui.widgets.autosave import Autosave
from fieldkit.ui.widgets.controls import LineControl
from fieldkit.ui.widgets.field_box import FieldBox
from tests.ui.visits.conftest import RPPS
from tests.ui.visits.hands import find, press, retype, texts, type_here, type_in


def notes(disk: FieldStore, visit: str) -> list[str]:
    return [note["text"] for note in visits.show_visit(disk, visit)["notes"]]


def test_a_note_is_on_the_disk_while_it_is_typed(
    qtbot: QtBot, opened: VisitsPage, disk: FieldStore, visit: str
) -> None:
    opened.open.open_step("notes")
    type_here("Très bon accueil")
    qtbot.waitUntil(lambda: notes(disk, visit) == ["Très bon accueil"])
    type_here(", à revoir")
    qtbot.waitUntil(lambda: notes(disk, visit) == ["Très bon accueil, à revoir"])


def test_a_second_note_is_another_record(
    qtbot: QtBot, opened: VisitsPage, disk: FieldStore, visit: str
) -> None:
    opened.open.open_step("notes")
    type_in(opened, "noteText", "Un")
    press(opened, "noteNew")
    type_in(opened, "noteText", "Deux")
    qtbot.waitUntil(lambda: notes(disk, visit) == ["Un", "Deux"])


def test_leaving_the_page_hands_over_the_last_letters(
    opened: VisitsPage, disk: FieldStore, visit: str
) -> None:
    opened.open.open_step("notes")
    type_in(opened, "noteText", "fin")
    opened.left()
    opened.context.runner.shutdown()
    assert notes(disk, visit) == ["fin"]


def test_a_refused_value_stays_in_its_field_and_the_good_one_on_the_disk(
    qtbot: QtBot, opened: VisitsPage, disk: FieldStore, visit: str
) -> None:
    field = retype(opened, "practiceRpps", "10003456780")
    box = opened.open._steps["practice"].form.boxes["practice.rpps"]  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: "clé" in box.error())
    assert "1 champ non enregistré" in texts(opened)
    assert field.text() == "10003456780"
    assert "Non enregistré" in field.accessibleDescription()
    assert visits.show_visit(disk, visit)["practice"]["rpps"] == RPPS
    retype(opened, "practiceRpps", "10 003 456 786")
    qtbot.waitUntil(lambda: "Tout est enregistré" in texts(opened))
    assert box.error() == ""


def test_a_refusal_is_told_once_typing_pauses_or_the_field_is_left(
    qtbot: QtBot, opened: VisitsPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = opened.open._steps["practice"].form.boxes["practice.finess"]  # type: ignore[attr-defined]
    retype(opened, "practiceFiness", "12")
    qtbot.waitUntil(lambda: opened.open.desk.refused == ["Numéro FINESS"])
    find(opened, "practiceCity", LineControl).setFocus()
    qtbot.waitUntil(lambda: "9 chiffres" in box.error())


def test_a_social_security_number_is_refused_in_a_note(
    qtbot: QtBot, opened: VisitsPage, disk: FieldStore, visit: str
) -> None:
    opened.open.open_step("notes")
    type_in(opened, "noteText", "Patient ")
    qtbot.waitUntil(lambda: notes(disk, visit) == ["Patient "])
    type_in(opened, "noteText", "2 69 05 49 588 157 80")
    qtbot.waitUntil(lambda: "numéro de sécurité sociale" in texts(opened))
    assert "69" not in notes(disk, visit)[0]
    assert not any("69 05" in row[0] for row in disk.database.execute("SELECT ops FROM outbox"))


def test_going_back_tells_what_was_not_kept(qtbot: QtBot, opened: VisitsPage) -> None:
    said: list[str] = []
    opened.context.show_message = lambda _state, text: said.append(text)
    retype(opened, "practiceRpps", "123")
    qtbot.waitUntil(lambda: bool(opened.open.desk.refused))
    opened.show_list()
    assert said == ["Non enregistré, à corriger : Numéro RPPS."]


def test_what_another_changed_shows_unless_someone_types_there(
    qtbot: QtBot, opened: VisitsPage, disk: FieldStore, visit: str
) -> None:
    city = find(opened, "practiceCity", LineControl)
    name = type_in(opened, "practiceName", "!")
    qtbot.waitUntil(lambda: visits.show_visit(disk, visit)["practice"]["name"].endswith("!"))
    changes = visits.set_visit(disk, visit, {"practice.city": "Laval", "practice.name": "Autre"})
    opened.context.field_data_changed.emit(changes)
    qtbot.waitUntil(lambda: city.text() == "Laval")
    assert name.text() == "Cabinet des Tilleuls!"


class Disk:
    """Stands for the field data: takes writes, and refuses as it is told."""

    def __init__(self, *refusals: Exception) -> None:
        self.written: list[Mapping[str, Any]] = []
        self._refusals = list(refusals)

    def __call__(self, fields: Mapping[str, Any]) -> int:
        if self._refusals:
            raise self._refusals.pop(0)
        self.written.append(dict(fields))
        return len(self.written)


def one_field(qtbot: QtBot, runner: Runner, disk: Disk) -> tuple[Autosave, FieldBox]:
    box = FieldBox("Champ", LineControl(), "field")
    qtbot.addWidget(box)
    box.setMinimumSize(300, 80)
    box.show()
    saving = Autosave(runner, box)
    saving.watch("field", box)
    saving.show({"field": "a"}, disk)
    return saving, box


def test_writes_keep_their_order(qtbot: QtBot, runner: Runner) -> None:
    disk = Disk()
    saving, box = one_field(qtbot, runner, disk)
    for letter in "bcdef":
        QTest.keyClicks(box.control, letter)
        saving.flush()
    qtbot.waitUntil(lambda: saving.unsaved == 0)
    typed = ["".join(reversed(part)) for part in itertools.accumulate("bcdef", lambda a, b: b + a)]
    assert [fields["field"] for fields in disk.written] == [text + "a" for text in typed]


def test_letters_typed_without_a_pause_do_not_wait_for_one(qtbot: QtBot, runner: Runner) -> None:
    disk = Disk()
    saving, box = one_field(qtbot, runner, disk)
    assert saving._soon.interval() == autosave.WAIT_MS
    saving._soon.setInterval(4_000)  # as slow a pace as any machine can follow
    QTest.keyClicks(box.control, "b")
    qtbot.waitUntil(lambda: saving._soon.remainingTime() < 3_500)
    QTest.keyClicks(box.control, "c")
    assert 0 <= saving._soon.remainingTime() < 3_500
    saving._soon.setInterval(1)
    qtbot.waitUntil(lambda: bool(disk.written))


def test_a_busy_disk_is_tried_again(qtbot: QtBot, runner: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    disk = Disk(KnownError("database-busy", "Occupé"))
    saving, box = one_field(qtbot, runner, disk)
    saving._again.setInterval(1)
    told: list[Exception] = []
    saving.trouble.connect(told.append)
    QTest.keyClicks(box.control, "b")
    qtbot.waitUntil(lambda: saving.unsaved == 0)
    assert disk.written == [{"field": "ba"}]
    assert [str(error) for error in told] == ["Occupé"]
    assert box.error() == ""


def test_a_bug_is_told_and_the_field_says_it_is_not_kept(qtbot: QtBot, runner: Runner) -> None:
    saving, box = one_field(qtbot, runner, Disk(RuntimeError("!")))
    told: list[Exception] = []
    saving.trouble.connect(told.append)
    QTest.keyClicks(box.control, "b")
    saving.flush()
    qtbot.waitUntil(lambda: "n'a pas pu être enregistré" in box.error())
    assert len(told) == 1


def test_another_record_gets_none_of_the_letters_of_the_one_before(qtbot: QtBot, runner: Runner) -> None:
    first, second = Disk(), Disk()
    saving, box = one_field(qtbot, runner, first)
    QTest.keyClicks(box.control, "b")
    saving.show({"field": "z"}, second)
    assert box.value() == "z"
    QTest.keyClicks(box.control, "y")
    saving.flush()
    qtbot.waitUntil(lambda: bool(second.written))
    assert first.written == [{"field": "ba"}]
    assert second.written == [{"field": "yz"}]


def test_a_late_refusal_of_the_record_before_is_still_told(qtbot: QtBot, runner: Runner) -> None:
    saving, box = one_field(qtbot, runner, Disk(KnownError("refused", "Refusé")))
    told: list[Exception] = []
    saving.trouble.connect(told.append)
    QTest.keyClicks(box.control, "b")
    saving.show({"field": "z"}, Disk())
    qtbot.waitUntil(lambda: bool(told))
    assert (box.error(), saving.refused) == ("", [])


def test_a_refusal_that_was_typed_over_is_not_told(qtbot: QtBot, runner: Runner) -> None:
    disk = Disk(KnownError("refused", "Refusé"))
    saving, box = one_field(qtbot, runner, disk)
    runner.run(Queue.DATABASE, lambda: None)
    QTest.keyClicks(box.control, "b")
    saving.flush()
    QTest.keyClicks(box.control, "c")
    saving.flush()
    qtbot.waitUntil(lambda: saving.unsaved == 0)
    assert box.error() == ""
    assert disk.written == [{"field": "bca"}]


def test_what_is_on_its_way_is_not_called_saved_when_another_record_is_shown(
    qtbot: QtBot, page: VisitsPage
) -> None:
    gate, written = Event(), list[Mapping[str, Any]]()

    def write(fields: Mapping[str, Any]) -> None:
        assert gate.wait(20)
        written.append(fields)

    box = FieldBox("Champ", LineControl(), "aField")
    saver = Autosave(page.context.runner)
    saver.watch("text", box)
    saver.show({}, write)
    box.control.setText("a")
    saver.touch("text")
    saver.flush()
    assert saver.unsaved == 1
    saver.show({}, write)
    assert (saver.unsaved, box.value()) == (1, None)
    gate.set()
    qtbot.waitUntil(lambda: saver.unsaved == 0)
    assert written == [{"text": "a"}]


def test_a_look_that_was_taken_before_a_note_was_made_leaves_it_in_hand(
    qtbot: QtBot, opened: VisitsPage, disk: FieldStore, visit: str
) -> None:
    opened.open.open_step("notes")
    step = opened.open._steps["notes"]
    before = opened.open._shown
    assert isinstance(step, NotesStep)
    assert before is not None
    opened.open._again.setInterval(60_000)  # no newer look comes meanwhile
    type_in(opened, "noteText", "Bon")
    qtbot.waitUntil(lambda: notes(disk, visit) == ["Bon"])
    qtbot.waitUntil(lambda: opened.open.desk.unsaved == 0)
    step.show_visit(before, fresh=False)
    type_in(opened, "noteText", "jour")
    qtbot.waitUntil(lambda: notes(disk, visit) == ["Bonjour"])
