"""A whole second visit without a mouse: every key goes to whatever has the keyboard, as a person's do."""

from __future__ import annotations

import datetime as dt

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox
from pytestqt.qtbot import QtBot

from fieldkit.hardware.pcsc.bench import Bench, Slot
from fieldkit.services import visits
from fieldkit.store.fieldwork import FieldStore
from fieldkit.ui.pages.visits import VisitsPage
from tests.ui.visits.hands import key_here, texts, type_here

MOST_TABS = 150


@pytest.fixture
def visit(store: FieldStore) -> str:
    """A draft at a practice that was visited a year ago, with nearly all that it takes to be ready."""
    first, practice = visits.new_visit(store, practice="Cabinet des Tilleuls", date=dt.date(2025, 11, 20))
    facts = {"addendum": 7, "apcv_setting": "on", "pro_card": "cps3", "card_reader_kind": "standard-pcsc"}
    visits.set_workstation(store, first, None, {**facts, "internet": "yes", "qr_reader": "none"})
    visits.finalise(store, first)
    return visits.new_visit(store, practice_id=practice, date=dt.date(2026, 11, 25))[0]


def reach(name: str) -> None:
    """Press Tab until the control called `name` has the keyboard."""
    seen: list[str] = []
    for _ in range(MOST_TABS):
        here = QApplication.focusWidget()
        if here is not None and name in (here.objectName(), here.accessibleName()):
            return
        seen.append(here.objectName() if here else "")
        key_here(Qt.Key.Key_Tab)
    raise AssertionError(f"Tab never comes to {name}: {seen}")


def press(name: str) -> None:
    reach(name)
    key_here(Qt.Key.Key_Space)


def choose(name: str, words: str) -> None:
    """Walk down the choices of a box until it says `words`."""
    reach(name)
    box = QApplication.focusWidget()
    assert isinstance(box, QComboBox)
    key_here(Qt.Key.Key_Home)
    for _ in range(box.count()):
        key_here(Qt.Key.Key_Down)
        if box.currentText() == words:
            return
    raise AssertionError(f"{name} never says {words}: {box.currentText()}")


def step(qtbot: QtBot, page: VisitsPage, number: int, words: str) -> None:
    """Go to a step by Alt and its number, and wait until it says `words`."""
    here = QApplication.focusWidget()
    assert here is not None
    QTest.keyClick(here, Qt.Key(Qt.Key.Key_0 + number), Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: words in texts(page))


def test_tab_goes_on_after_the_last_field_of_a_workstation(qtbot: QtBot, opened: VisitsPage) -> None:
    step(qtbot, opened, 2, "6 faits viennent d'une visite précédente")
    reach("workstationComment")
    reach("backToVisits")


def test_a_whole_visit(qtbot: QtBot, opened: VisitsPage, disk: FieldStore, visit: str) -> None:
    opened.context.readers.bench = Bench("running", (Slot("Lecteur A", 0, "contact", False, "empty"),))

    def workstation() -> dict[str, object]:
        return dict(visits.show_visit(disk, visit)["workstations"][0])

    reach("practiceCity")
    type_here("Le Mans")
    step(qtbot, opened, 2, "6 faits viennent d'une visite précédente")
    press("takeBench")
    press("takeProposed")
    qtbot.waitUntil(lambda: workstation().get("card_reader") == "Lecteur A")
    reach("workstationOsVersion")
    type_here("11 23H2")
    choose("workstationAddendum", "Addendum 8")
    press("workstationInternetConfirm")
    qtbot.waitUntil(lambda: "4 faits viennent d'une visite précédente" in texts(opened))
    press("confirmAll")
    qtbot.waitUntil(lambda: visits.show_visit(disk, visit)["carried"] == {})
    assert workstation()["os_version"] == "11 23H2"
    step(qtbot, opened, 4, "Et si… ?")
    qtbot.waitUntil(lambda: any(box.isVisible() for box in opened.findChildren(QCheckBox)))
    press("Lecteur de QR code : aucun → à choisir avec l'éditeur")
    qtbot.waitUntil(lambda: "Avec ce changement." in texts(opened))
    assert workstation()["qr_reader"] == "none"
    step(qtbot, opened, 5, "Notes")
    reach("noteText")
    type_here("Lecteur commandé")
    step(qtbot, opened, 6, "Ce qu'il reste à faire")
    reach("followUpText")
    type_here("Revenir essayer")
    step(qtbot, opened, 7, "Le compte rendu")
    press("finaliseVisit")
    press("finaliseConfirm")
    qtbot.waitUntil(lambda: visits.show_visit(disk, visit)["state"] != "draft")
    shown = visits.show_visit(disk, visit)
    assert shown["practice"]["city"] == "Le Mans"
    assert [note["text"] for note in shown["notes"]] == ["Lecteur commandé"]
    assert [action["text"] for action in shown["follow_ups"]] == ["Revenir essayer"]
    assert (
        shown["verdict"]["workstations"][0]["apcv"] == "unknown"
    )  # nobody said whether there is an NFC reader
