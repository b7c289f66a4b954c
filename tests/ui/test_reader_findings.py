"""The diagnosis on the readers page: looked up in the background, judged again at every card."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from fieldkit.domain.reader_diagnosis.facts import UsbFacts
from fieldkit.hardware.pcsc.attributes import Attributes, Reading
from fieldkit.hardware.simulated import SimulatedScard
from fieldkit.services import reader_diagnosis, reader_identity
from fieldkit.ui.main_window import MainWindow
from fieldkit.ui.widgets.reader_findings import ReaderFindings
from tests.services.test_reader_diagnosis import KAP_GO, SILENT
from tests.ui.conftest import MakeWindow

ONE, TWO = KAP_GO
ECV = UsbFacts("Kapelse KAP-eCV", "2947:0112", "Kapelse KAP-eCV", frozenset({"0B"}), "", "1.5.5")
OWN = Reading("read", Attributes("KAPELSE", "KAP-GO", "3.12", "00012345", "2947:0103"))


class Machine:
    """What the computer shows when it is looked at, and how often that was done."""

    def __init__(self) -> None:
        self.looks = 0
        self.usb: tuple[UsbFacts, ...] | None = (ECV,)

    def sections(self, _system: str) -> dict[str, Callable[[], Any]]:
        return SILENT | {"usb": self.look}

    def look(self) -> tuple[UsbFacts, ...] | None:
        self.looks += 1
        return self.usb


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    made = Machine()
    monkeypatch.setattr(reader_diagnosis, "_sections", made.sections)
    monkeypatch.setattr(reader_identity, "ask", lambda _name: OWN)
    return made


def shown(window: MainWindow) -> list[str]:
    """The findings on the page, in their order."""
    card = window.findChild(ReaderFindings, "readerFindings")
    assert card is not None
    rows = [row for row in card.findChildren(QWidget) if row.objectName().startswith("finding-")]
    visible = [row for row in rows if not row.isHidden()]
    return [row.objectName().removeprefix("finding-") for row in sorted(visible, key=lambda row: row.y())]


def open_on(window: MainWindow, qtbot: QtBot) -> ReaderFindings:
    window.open_page("readers")
    card = window.findChild(ReaderFindings, "readerFindings")
    assert card is not None
    qtbot.waitUntil(lambda: card.again.isEnabled() and "Examen" not in card.summary.text())
    return card


def test_findings_stand_in_order_and_follow_the_cards(
    qtbot: QtBot, make_window: MakeWindow, machine: Machine
) -> None:
    scard = SimulatedScard(KAP_GO)
    window = make_window(unlocked=False, scard=scard)
    card = open_on(window, qtbot)
    qtbot.waitUntil(lambda: shown(window) == ["driver-too-old", "contactless-missing"])
    assert card.summary.text() == "1 point à corriger, 1 point à savoir."
    scard.do("insert", ONE)
    qtbot.waitUntil(lambda: shown(window) == ["driver-too-old", "card-mute", "contactless-missing"])
    assert card.summary.text() == "1 point à corriger, 1 point à vérifier, 1 point à savoir."
    mute = window.findChild(QWidget, "finding-card-mute")
    assert mute is not None
    assert mute.accessibleName().startswith("À vérifier : KAPELSE KAP-GO, fente 1")
    words = " ".join(label.text() for label in mute.findChildren(QLabel))
    assert "Qui : délégué" in words
    assert machine.looks == 1, "a card that moves is no reason to look at the computer again"
    scard.do("remove", ONE)
    qtbot.waitUntil(lambda: "card-mute" not in shown(window))


def test_the_computer_is_looked_at_again_when_readers_come_and_when_asked(
    qtbot: QtBot, make_window: MakeWindow, machine: Machine
) -> None:
    scard = SimulatedScard()
    window = make_window(unlocked=False, scard=scard)
    card = open_on(window, qtbot)
    assert machine.looks == 1
    scard.do("plug", ONE)
    qtbot.waitUntil(lambda: machine.looks == 2 and card.again.isEnabled())
    machine.usb = None
    card.again.click()
    qtbot.waitUntil(lambda: "Non vérifié sur ce poste : les périphériques USB." in texts(card))
    assert machine.looks == 3


def test_a_service_that_stops_is_told_once(qtbot: QtBot, make_window: MakeWindow, machine: Machine) -> None:
    machine.usb = ()
    scard = SimulatedScard(KAP_GO)
    scard.do("stop")
    window = make_window(unlocked=False, scard=scard)
    card = open_on(window, qtbot)
    assert shown(window) == []
    assert card.summary.text() == "Rien d'autre à signaler que l'état du service."


def test_whose_make_a_reader_is_stands_on_its_slots_and_in_the_copy_without_its_serial(
    qtbot: QtBot, make_window: MakeWindow, machine: Machine
) -> None:
    window = make_window(unlocked=False, scard=SimulatedScard(KAP_GO))
    open_on(window, qtbot)
    slot = window.findChild(QWidget, "slotCard-0")
    assert slot is not None
    assert "Kapelse KAP-GO\nUSB 2947:0103\nversion 3.12, n° de série 00012345" in texts(slot)
    copy = window.findChild(QPushButton, "copyReaders")
    assert copy is not None
    copy.click()
    text = QGuiApplication.clipboard().text()
    assert "00012345" not in text
    for words in ("USB 2947:0103, version 3.12", "1. À corriger : Kapelse KAP-eCV", "Journal"):
        assert words in text


def test_in_training_the_real_computer_is_left_out(
    qtbot: QtBot, make_window: MakeWindow, machine: Machine
) -> None:
    window = make_window(unlocked=False, scard=SimulatedScard(KAP_GO))
    card = open_on(window, qtbot)
    assert machine.looks == 1
    window.context.readers.train("two-slots")
    qtbot.waitUntil(lambda: card.again.isEnabled() and "Examen" not in card.summary.text())
    qtbot.waitUntil(
        lambda: "driver-too-old" not in shown(window) and "reader-not-listed" not in shown(window)
    )
    assert machine.looks == 1
    window.context.readers.train(None)
    qtbot.waitUntil(lambda: machine.looks == 2)


def texts(widget: QWidget) -> list[str]:
    return [label.text() for label in widget.findChildren(QLabel)]
