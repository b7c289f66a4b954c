"""The guided test on the readers page: its steps, its keys, its result, and the way into a visit."""

from __future__ import annotations

from typing import Any, cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from fieldkit.hardware.guided.run import MUTE_AFTER, PATIENCE, ROUNDS
from fieldkit.hardware.simulated import SimulatedScard
from fieldkit.services import visits
from fieldkit.settings import Settings
from fieldkit.ui.current_visit import CurrentVisit
from fieldkit.ui.main_window import MainWindow
from fieldkit.ui.pages.guided.panel import GuidedPanel
from fieldkit.ui.pages.guided.under_way import UnderWay
from fieldkit.ui.pages.readers import ReadersPage
from fieldkit.ui.runner import Queue
from tests.hardware.guided.person import CARDS, ONE, TWO, ZONE
from tests.ui.conftest import MakeWindow, until
from tests.ui.test_every_page import CONTROLS, about, cut_off, outside, shown, wait_for_none


class Hands:
    """A person at the window with a reader, whose time passes when they let it."""

    def __init__(self, window: MainWindow, scard: SimulatedScard) -> None:
        self.window, self.scard, self.now = window, scard, 0.0
        page = cast(ReadersPage, window.page("readers"))
        self.panel: GuidedPanel = page.guided.panel
        self.panel.clock = lambda: self.now

    def press(self, name: str) -> None:
        """Press the button called `name`."""
        found = [b for b in self.window.findChildren(QPushButton, name) if b.isVisible()]
        assert found, name
        QTest.mouseClick(found[-1], Qt.MouseButton.LeftButton)

    def wait(self, seconds: float) -> None:
        """Let time pass, as the panel's timer would."""
        self.now += seconds
        self.panel.tick()

    @property
    def asked(self) -> tuple[str, int]:
        """What the person is asked for."""
        assert self.panel.run is not None
        return self.panel.run.step.act, self.panel.run.step.card

    @property
    def under_way(self) -> UnderWay:
        """The view of the steps."""
        (found,) = [view for view in self.window.findChildren(UnderWay) if view.isVisible()]
        return found

    def round(self, *readers: str, mute: str = "") -> None:
        """Do a whole round as told; the card in `mute` does not answer."""
        for card, reader in enumerate(readers):
            until(lambda card=card: self.asked == ("insert", card))  # type: ignore[misc]
            self.wait(2)
            self.scard.do("insert", reader, b"" if reader == mute else CARDS[reader])
            if reader == mute:
                until(lambda: self.panel.run is not None and self.panel.run.step.waiting)
                self.wait(MUTE_AFTER)
        until(lambda: self.asked[0] == "remove")
        self.wait(2)
        for reader in readers:
            self.scard.do("remove", reader)
        until(lambda: self.asked[0] != "remove")

    def words(self, name: str) -> list[str]:
        """The texts of the labels called `name` in view."""
        return [found.text() for found in self.window.findChildren(QLabel, name) if found.isVisible()]


@pytest.fixture
def hands(make_window: MakeWindow) -> Hands:
    """At the readers page, with a reader of two slots."""
    scard = SimulatedScard([ONE, TWO])
    window = make_window(scard=scard)
    window.open_page("readers")
    until(lambda: window.context.readers.bench is not None)
    return Hands(window, scard)


def test_a_perfect_test_from_its_key_to_its_verdict(qtbot: QtBot, hands: Hands) -> None:
    QTest.keyClick(hands.window, Qt.Key.Key_T, Qt.KeyboardModifier.AltModifier)
    until(lambda: hands.panel.isVisible())
    view = hands.under_way
    assert view.what.text() == "Insérez la carte CPS"
    assert view.left.text() == "Encore 30 secondes pour cette étape."
    hands.wait(29)
    assert view.left.text() == "Encore 1 seconde pour cette étape."
    hands.press("guidedRestart")
    for _round in range(ROUNDS):
        hands.round(ONE, TWO)
    until(lambda: bool(hands.words("guidedHeadline")))
    assert hands.words("guidedHeadline") == ["Le lecteur est bon."]
    assert hands.words("guidedReason") == ["Chaque carte a répondu à chaque insertion."]
    assert hands.words("guidedRemedy") == []
    hands.press("guidedCopy")
    text = QGuiApplication.clipboard().text()
    assert text.startswith("Test guidé de KAPELSE KAP-GO, bi-fente.")
    assert "Fente 1 : 5 insertions, 5 réponses" in text
    hands.press("guidedClose")
    assert not hands.panel.isVisible()
    hands.press("guidedTest")
    assert hands.under_way.isVisible()


def test_a_fault_is_named_with_what_to_do(hands: Hands) -> None:
    hands.press("guidedTest")
    for number in range(ROUNDS):
        hands.round(ONE, TWO, mute=TWO if number == 2 else "")
    until(lambda: bool(hands.words("guidedHeadline")))
    assert hands.words("guidedHeadline") == ["Le lecteur est instable."]
    assert hands.words("guidedReason") == ["Fente 2 : 1 carte sans réponse."]
    (remedy,) = hands.words("guidedRemedy")
    assert remedy.startswith("Retournez la carte")


def test_every_step_can_be_skipped_told_as_dead_begun_again_and_stopped(hands: Hands) -> None:
    hands.press("guidedTest")
    hands.press("guidedSkip")
    assert hands.under_way.what.text() == "Insérez une carte dans l'autre fente"
    hands.press("guidedClaim")
    run = hands.panel.run
    assert run is not None
    assert [(card.skipped, card.unseen) for card in run.tally.cards] == [(1, 0), (0, 1)]
    hands.press("guidedRestart")
    assert hands.panel.run is not run
    hands.press("guidedStop")
    assert hands.words("guidedHeadline") == ["Le lecteur n'est pas testé."]
    hands.press("guidedRestart")
    assert hands.under_way.what.text() == "Insérez la carte CPS"


def test_the_keys_work_without_a_mouse(qtbot: QtBot, hands: Hands) -> None:
    def key(which: Qt.Key) -> None:
        QTest.keyClick(hands.window, which, Qt.KeyboardModifier.AltModifier)

    hands.press("guidedTest")
    key(Qt.Key.Key_P)  # a key lets its button go a moment later
    until(lambda: hands.asked == ("insert", 1))
    run = hands.panel.run
    assert run is not None
    key(Qt.Key.Key_N)
    until(lambda: run.tally.cards[1].unseen == 1)
    key(Qt.Key.Key_M)
    until(lambda: hands.panel.run is not run)
    key(Qt.Key.Key_R)
    until(lambda: hands.words("guidedHeadline") == ["Le lecteur n'est pas testé."])


def test_a_step_ends_by_itself_and_says_how_long_it_lasts(hands: Hands) -> None:
    hands.press("guidedTest")
    hands.wait(PATIENCE)
    assert hands.under_way.what.text() == "Insérez une carte dans l'autre fente"


def test_no_step_ends_while_another_page_is_in_view(hands: Hands) -> None:
    hands.press("guidedTest")
    hands.window.open_page("visits")
    hands.wait(PATIENCE)
    hands.window.open_page("readers")
    hands.wait(PATIENCE - 1)
    assert hands.asked == ("insert", 0)
    hands.wait(1)
    assert hands.asked == ("insert", 1)


def test_what_is_counted_is_shown_as_it_goes(hands: Hands) -> None:
    hands.press("guidedTest")
    hands.scard.do("insert", ONE, CARDS[ONE])
    until(lambda: hands.asked == ("insert", 1))
    facts = hands.under_way.measures.findChildren(QLabel)
    told = [fact.text() for fact in facts if fact.accessibleName() == "Délai de réponse"]
    assert told == ["aussitôt", "pas encore"]


def test_with_several_readers_one_is_chosen(make_window: MakeWindow) -> None:
    window = make_window(unlocked=False, scard=SimulatedScard([ONE, TWO, ZONE]))
    window.open_page("readers")
    until(lambda: window.context.readers.bench is not None)
    hands = Hands(window, SimulatedScard())
    hands.press("guidedTest")
    hands.press("guide-1")
    assert "jamais le téléphone d'un patient" in hands.under_way.how.text()
    assert hands.under_way.what.text() == "Posez une carte sur la zone sans contact"


def test_without_a_reader_it_says_what_to_do(make_window: MakeWindow) -> None:
    window = make_window(unlocked=False, scard=SimulatedScard())
    window.open_page("readers")
    until(lambda: window.context.readers.bench is not None)
    Hands(window, SimulatedScard()).press("guidedTest")
    assert "branchez-en un" in window.banner.message.text()


def test_the_result_is_attached_to_the_open_visit(qtbot: QtBot, hands: Hands) -> None:
    context, made = hands.window.context, list[str]()
    assert context.profile is not None
    store = context.profile.store
    context.runner.run(Queue.DATABASE, lambda: visits.new_visit(store, practice="Cabinet")[0], made.append)
    until(lambda: bool(made))
    hands.press("guidedTest")
    hands.round(ONE, TWO)
    hands.press("guidedStop")
    assert "ouvrez d'abord la visite" in hands.words("guidedAside")[0]
    CurrentVisit.of(context).set(made[0], "Cabinet")
    assert hands.words("guidedAside") == []
    with qtbot.waitSignal(context.field_data_changed):
        hands.press("attachGuided")
    shown: list[dict[str, Any]] = []
    context.runner.run(Queue.DATABASE, lambda: visits.show_visit(store, made[0]), shown.append)
    until(lambda: bool(shown))
    (run,) = shown[0]["test_runs"]
    assert (run["kind"], run["verdict"]) == ("readers", "not-tested")
    assert [slot["insertions"] for slot in run["details"]["slots"]] == [1, 1]


@pytest.mark.parametrize("text", [100, 200])
def test_nothing_is_cut_off_and_everything_has_a_name(make_window: MakeWindow, text: int) -> None:
    scard = SimulatedScard([ONE, TWO, ZONE])
    window = make_window(unlocked=False, scard=scard, settings=Settings(theme="light", text_size=text))
    window.resize(1024, 600)
    window.open_page("readers")
    until(lambda: window.context.readers.bench is not None)
    hands, page = Hands(window, scard), cast(ReadersPage, window.page("readers"))

    def look() -> None:
        inside = page.area.widget()
        assert inside is not None
        wait_for_none(lambda: cut_off(inside))
        wait_for_none(lambda: outside(inside))
        assert page.area.horizontalScrollBar().maximum() == 0
        controls = [widget for widget in shown(page) if isinstance(widget, CONTROLS)]
        assert [about(widget) for widget in controls if not widget.accessibleName()] == []

    look()
    hands.press("training")
    look()
    hands.press("guidedTest")
    look()
    hands.press("guide-0")
    look()
    hands.scard.do("insert", ONE, b"")
    until(lambda: hands.panel.run is not None and hands.panel.run.step.waiting)
    look()
    hands.press("guidedStop")
    look()
