"""The readers page, live, on simulated readers."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import datetime
from typing import cast

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from fieldkit.hardware.simulated import SimulatedScard
from fieldkit.ui.main_window import MainWindow
from fieldkit.ui.pages.readers import ReadersPage
from fieldkit.ui.widgets.card import Card
from fieldkit.ui.widgets.slot_card import SlotCard
from tests.ui.conftest import MakeWindow

CPS3 = bytes.fromhex("3BAC00402A001225006480000310009000")
VITALE = bytes.fromhex("3B751300004209EA9000")
ONE, TWO = "Virtual PCD 00 00", "Virtual PCD 00 01"

Live = tuple[MainWindow, SimulatedScard]


@pytest.fixture
def live(qtbot: QtBot, make_window: MakeWindow) -> Live:
    """The window on its readers page, and the reader with two slots it watches."""
    scard = SimulatedScard([ONE, TWO])
    window = make_window(unlocked=False, scard=scard)
    window.open_page("readers")
    qtbot.waitUntil(lambda: len(cards(window)) == 2)
    return window, scard


def cards(window: MainWindow) -> list[SlotCard]:
    """The slot cards in view, by slot."""
    page = cast(ReadersPage, window.page("readers"))
    return sorted(page.findChildren(SlotCard), key=SlotCard.objectName)


def words(card: SlotCard) -> tuple[str, str]:
    """The state and the card that a slot card shows."""
    return card.badge.text(), card.card_name.text()


def test_cards_are_recognised_as_they_come_and_go(qtbot: QtBot, live: Live) -> None:
    window, scard = live
    first, second = cards(window)
    assert words(first) == words(second) == ("Vide", "")
    scard.do("insert", ONE, CPS3)
    qtbot.waitUntil(lambda: words(first) == ("Reconnue", "Carte CPS3"))
    scard.do("insert", TWO, VITALE)
    qtbot.waitUntil(lambda: words(second) == ("Reconnue", "Carte Vitale 2"))
    assert "Carte Vitale 2" in second.accessibleName()
    scard.do("remove", ONE)
    qtbot.waitUntil(lambda: words(first) == ("Vide", ""))
    log = cast(ReadersPage, window.page("readers")).log
    assert "carte retirée" in log.item(0).text()


def test_a_mute_card_and_a_card_of_another_kind_are_told_apart(qtbot: QtBot, live: Live) -> None:
    window, scard = live
    first, second = cards(window)
    scard.do("insert", ONE)
    qtbot.waitUntil(lambda: words(first)[0] == "Muette")
    scard.do("insert", TWO, bytes.fromhex("3B6800000073C84012009000"))
    qtbot.waitUntil(lambda: words(second)[0] == "Autre carte")


def test_a_service_that_stops_is_told_with_what_to_do_and_comes_back(qtbot: QtBot, live: Live) -> None:
    window, scard = live
    banner = cast(ReadersPage, window.page("readers")).banner
    assert not banner.isVisible()
    scard.do("stop")
    qtbot.waitUntil(banner.isVisible)
    assert banner.hint.text()
    scard.do("start")
    qtbot.waitUntil(lambda: not banner.isVisible())
    qtbot.waitUntil(lambda: len(cards(window)) == 2)


def test_a_reader_that_is_unplugged_leaves_the_page(qtbot: QtBot, live: Live) -> None:
    window, scard = live
    scard.do("unplug", TWO)
    qtbot.waitUntil(lambda: len([card for card in cards(window) if card.isVisible()]) == 1)
    scard.do("unplug", ONE)
    nothing = window.findChild(Card, "noReaderCard")
    assert nothing is not None
    qtbot.waitUntil(nothing.isVisible)


def test_everything_can_be_copied_as_text(qtbot: QtBot, live: Live) -> None:
    window, scard = live
    scard.do("insert", ONE, CPS3)
    qtbot.waitUntil(lambda: words(cards(window)[0])[0] == "Reconnue")
    copy = window.findChild(QPushButton, "copyReaders")
    assert copy is not None
    copy.click()
    text = QGuiApplication.clipboard().text()
    assert "Carte CPS3" in text
    assert "3B AC 00" in text
    assert "fente 2" in text


def test_the_status_line_counts_slots_and_cards(qtbot: QtBot, live: Live) -> None:
    window, scard = live
    scard.do("insert", ONE, CPS3)
    status = window.findChild(QLabel, "status-readers")
    assert status is not None
    qtbot.waitUntil(lambda: status.text() == "2 fentes de lecteur, 1 carte")


def test_the_watch_ends_with_the_window(live: Live) -> None:
    def watching() -> list[str]:
        return [thread.name for thread in threading.enumerate() if thread.name.startswith("fieldkit-watch")]

    window, _scard = live
    assert watching()
    window.context.close()
    assert not watching()


def test_a_slot_tells_how_long_its_card_took_to_answer(qtbot: QtBot, live: Live) -> None:
    window, scard = live
    first, second = cards(window)

    def times(card: SlotCard) -> list[str]:
        facts = card.findChildren(QLabel)
        return [fact.text() for fact in facts if fact.accessibleName() == "Délai de réponse"]

    assert times(first) == ["pas de carte"]
    scard.do("insert", ONE, CPS3)
    qtbot.waitUntil(lambda: times(first) == ["aussitôt"])
    scard.do("insert", TWO)
    qtbot.waitUntil(lambda: times(second) == ["aucune réponse"])
    scard.do("answer", TWO, VITALE)
    qtbot.waitUntil(lambda: times(second)[0].endswith("s"))


def test_the_log_tells_when_it_happened_not_when_the_page_was_opened(
    qtbot: QtBot, make_window: MakeWindow
) -> None:
    scard = SimulatedScard([ONE, TWO])
    window = make_window(unlocked=False, scard=scard)
    seen = window.context.readers
    seen.start()
    qtbot.waitUntil(lambda: len(seen.events) == 3)
    long_ago = datetime.now().astimezone().replace(hour=3, minute=4, second=5)
    seen.events = [replace(event, at=long_ago) for event in seen.events]
    window.open_page("readers")
    log = cast(ReadersPage, window.page("readers")).log
    assert [log.item(row).text()[:8] for row in range(log.count())] == ["03:04:05"] * 3
