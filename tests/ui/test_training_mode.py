"""Training in the window: marked on every page, left without a trace, and never attached."""

from __future__ import annotations

from typing import cast

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPushButton

from fieldkit.errors import KnownError
from fieldkit.hardware.simulated import SimulatedScard
from fieldkit.services import guided, readers
from fieldkit.ui.current_visit import CurrentVisit
from fieldkit.ui.main_window import ENTRIES, MainWindow
from fieldkit.ui.pages.readers import ReadersPage
from fieldkit.ui.widgets.slot_card import SlotCard
from tests.ui.conftest import MakeWindow, until
from tests.ui.test_every_page import cut_off, settle, wait_for_none

MARK = "Entraînement : lecteurs simulés"
REAL = "Virtual PCD 00 00"


@pytest.fixture
def trained(make_window: MakeWindow) -> MainWindow:
    """A window in training, begun from the readers page; a real reader is there too."""
    window = make_window(scard=SimulatedScard([REAL]))
    window.open_page("readers")
    until(lambda: names(window) == {"Virtual PCD"})
    press(window, "training")
    press(window, "train-two-slots")
    until(lambda: names(window) == {"KAPELSE KAP-GO"})
    return window


def press(window: MainWindow, name: str) -> None:
    """Press the button called `name`, which must be in view."""
    (found,) = [b for b in window.findChildren(QPushButton, name) if b.isVisible()]
    found.click()


def names(window: MainWindow) -> set[str]:
    """The readers the window knows of now."""
    bench = window.context.readers.bench
    return {slot.name for slot in bench.readers} if bench is not None else set()


def status(window: MainWindow) -> str:
    """What the status line says of the readers."""
    found = window.findChild(QLabel, "status-readers")
    assert found is not None
    return found.text()


def test_every_page_says_that_the_readers_are_simulated(trained: MainWindow) -> None:
    for entry in ENTRIES:
        page = settle(trained, entry.name)
        assert page.isVisible()
        assert trained.training.isVisible()
        assert trained.training.words.text() == MARK
        assert MARK in status(trained)
        assert MARK in trained.windowTitle()
    trained.resize(1024, 600)
    wait_for_none(lambda: cut_off(trained.training))


def test_no_banner_of_a_page_or_a_key_takes_the_mark_away(trained: MainWindow) -> None:
    trained.banner.say("success", "Fait.")
    trained.banner.hide()
    assert trained.training.isVisible()


def test_a_locked_window_says_it_too(make_window: MakeWindow) -> None:
    window = make_window(unlocked=False)
    window.context.readers.train("blind")
    window.ask_to_unlock(KnownError("locked", "", ""))
    window.open_page("visits")
    assert window.training.isVisible()


def test_leaving_brings_the_real_readers_back_and_nothing_else(trained: MainWindow) -> None:
    page = cast(ReadersPage, trained.page("readers"))
    press(trained, "leaveTraining")
    until(lambda: names(trained) == {"Virtual PCD"})
    assert trained.training.isHidden()
    assert trained.windowTitle() == "Fieldkit"
    assert status(trained) == "1 fente de lecteur, 0 carte"
    assert "KAP-GO" not in " ".join(page.log.item(row).text() for row in range(page.log.count()))
    until(lambda: len([card for card in page.findChildren(SlotCard) if card.isVisible()]) == 1)
    assert MARK not in page._as_text()


def test_all_that_is_copied_says_so(trained: MainWindow) -> None:
    press(trained, "copyReaders")
    assert QGuiApplication.clipboard().text().startswith(MARK)
    press(trained, "guidedTest")
    press(trained, "guidedStop")
    press(trained, "guidedCopy")
    assert QGuiApplication.clipboard().text().startswith(MARK)


def test_nothing_of_training_can_be_attached(trained: MainWindow) -> None:
    CurrentVisit.of(trained.context).set("a visit", "Cabinet")
    page = cast(ReadersPage, trained.page("readers"))
    assert not page.attach.press.isEnabled()
    press(trained, "guidedTest")
    press(trained, "guidedStop")
    attach = trained.findChild(QPushButton, "attachGuided")
    assert attach is not None
    assert not attach.isEnabled()
    said = [found.text() for found in trained.findChildren(QLabel, "guidedAside") if found.isVisible()]
    assert said == ["Résultat d'entraînement : il ne peut pas être joint à une visite."]
    bench, run = trained.context.readers.bench, page.guided.panel.run
    assert bench is not None
    assert run is not None
    for make in (lambda: readers.test_run_fields(bench), lambda: guided.test_run_fields(run.tally)):
        with pytest.raises(KnownError) as refused:
            make()
        assert refused.value.code == "training-result"


def test_a_result_of_training_does_not_outlive_it(trained: MainWindow) -> None:
    press(trained, "guidedTest")
    press(trained, "guidedStop")
    panel = cast(ReadersPage, trained.page("readers")).guided.panel
    press(trained, "leaveTraining")
    assert panel.run is None
    assert not panel.isVisible()


def test_a_real_test_under_way_ends_when_training_begins(make_window: MakeWindow) -> None:
    window = make_window(unlocked=False, scard=SimulatedScard([REAL]))
    window.open_page("readers")
    until(lambda: names(window) == {"Virtual PCD"})
    press(window, "guidedTest")
    panel = cast(ReadersPage, window.page("readers")).guided.panel
    window.context.readers.train("two-slots")
    assert panel.run is None
    window.context.readers.train("flaky")
    until(lambda: names(window) == {"KAPELSE KAP-GO"})
    window.context.readers.train(None)
    until(lambda: names(window) == {"Virtual PCD"})
