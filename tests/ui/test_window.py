"""The window: its keys, its search, its messages, and unlocking."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from fieldkit.errors import KnownError
from fieldkit.services import profile, visits
from fieldkit.settings import Settings
from fieldkit.ui import app, theme
from fieldkit.ui.main_window import ENTRIES, MainWindow
from fieldkit.ui.pages.catalogue import CataloguePage
from fieldkit.ui.pages.unlock import UnlockPage
from fieldkit.ui.runner import Queue
from fieldkit.ui.widgets.card import Banner
from tests.ui.conftest import PASSPHRASE, MakeWindow


@pytest.mark.parametrize(("name", "key"), [(e.name, e.key) for e in ENTRIES if e.key.startswith("F")])
def test_each_page_has_its_key(qtbot: QtBot, window: MainWindow, name: str, key: str) -> None:
    QTest.keyClick(window, getattr(Qt.Key, f"Key_{key}"))
    qtbot.waitUntil(lambda: window.page(name).isVisible())


def test_a_page_is_there_for_the_very_next_key(window: MainWindow) -> None:
    QTest.keyClick(window, Qt.Key.Key_F2)
    QTest.keyClick(window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    form = window.findChild(QWidget, "newVisitForm")
    assert form is not None
    assert form.isVisible()


def test_ctrl_q_closes_the_window(window: MainWindow) -> None:
    QTest.keyClick(window, Qt.Key.Key_Q, Qt.KeyboardModifier.ControlModifier)
    assert not window.isVisible()


def test_pages_are_built_when_first_opened(window: MainWindow) -> None:
    assert window.findChild(CataloguePage) is None
    window.open_page("catalogue")
    assert window.findChild(CataloguePage) is window.page("catalogue")


def test_a_product_is_found_while_typing_and_opened_with_the_keyboard(
    qtbot: QtBot, window: MainWindow
) -> None:
    QTest.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(window.search.field.hasFocus)
    QTest.keyClicks(window.search.field, "axisante")
    qtbot.waitUntil(lambda: window.search.popup is not None and window.search.popup.isVisible())
    popup = window.search.popup
    assert popup is not None
    assert popup.model.data(popup.model.index(0)) == "AxiSanté"
    QTest.keyClick(window.search.field, Qt.Key.Key_Return)
    page = cast(CataloguePage, window.page("catalogue"))
    assert page.isVisible()
    qtbot.waitUntil(lambda: "AxiSanté" in page.finder.card.toPlainText())
    assert not popup.isVisible()
    assert window.search.field.text() == ""


def test_arrows_walk_the_results_and_escape_closes_them(qtbot: QtBot, window: MainWindow) -> None:
    window.search.take_focus()
    QTest.keyClicks(window.search.field, "sante")
    qtbot.waitUntil(lambda: window.search.popup is not None and window.search.popup.isVisible())
    popup = window.search.popup
    assert popup is not None
    for key, row in ((Qt.Key.Key_Down, 1), (Qt.Key.Key_Down, 2), (Qt.Key.Key_Up, 1), (Qt.Key.Key_PageUp, 0)):
        QTest.keyClick(window.search.field, key)
        assert popup.results.currentIndex().row() == row
    QTest.keyClick(window.search.field, Qt.Key.Key_Escape)
    assert not popup.isVisible()
    assert window.search.field.text() == "sante"


def test_ones_own_visits_come_first(qtbot: QtBot, window: MainWindow) -> None:
    opened = window.context.profile
    assert opened is not None
    made: list[object] = []
    window.context.runner.run(
        Queue.DATABASE, lambda: visits.new_visit(opened.store, practice="Cabinet Œillet-Santé"), made.append
    )
    qtbot.waitUntil(lambda: bool(made))
    window.search.take_focus()
    QTest.keyClicks(window.search.field, "oeillet")
    qtbot.waitUntil(lambda: window.search.popup is not None and window.search.popup.isVisible())
    popup = window.search.popup
    assert popup is not None
    qtbot.waitUntil(lambda: popup.model.rowCount() > 0)
    assert popup.model.data(popup.model.index(0)) == "Cabinet Œillet-Santé"


def test_a_known_error_is_told_with_what_to_do(window: MainWindow) -> None:
    window.context.show_error(KnownError("some-code", "Le registre ne répond pas.", "Réessayez plus tard."))
    banner = window.findChild(Banner, "banner")
    assert banner is not None
    assert banner.isVisible()
    assert banner.message.text() == "Le registre ne répond pas."
    assert banner.hint.text() == "Réessayez plus tard."
    assert banner.accessibleName() == "Le registre ne répond pas. Réessayez plus tard."


def test_a_bug_is_told_as_ours_and_without_its_content(qtbot: QtBot, window: MainWindow) -> None:
    def fail() -> None:
        raise ValueError("Madame Lefèvre")

    window.context.runner.run(Queue.POOL, fail)
    qtbot.waitUntil(window.banner.isVisible)
    assert "défaut de Fieldkit" in window.banner.message.text()
    assert "Lefèvre" not in window.banner.accessibleName()


def test_a_new_profile_asks_for_a_passphrase_twice(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window(unlocked=False)
    app.open_field_data(window)
    page = cast(UnlockPage, window.page("unlock"))
    qtbot.waitUntil(page.isVisible)
    assert page.second.isVisible()
    for first, second in (("", ""), ("court", "court"), (PASSPHRASE, PASSPHRASE + "!")):
        page.first.setText(first)
        page.second.setText(second)
        page.confirm.click()
        assert page.banner.isVisible()
        assert not profile.exists(window.context.folder)
    page.second.setText(PASSPHRASE)
    with qtbot.waitSignal(window.context.profile_opened):
        page.confirm.click()
    assert window.page("dashboard").isVisible()
    assert profile.exists(window.context.folder)
    assert page.first.text() == ""


def test_a_known_profile_asks_once_and_refuses_a_wrong_passphrase(
    qtbot: QtBot, make_window: MakeWindow
) -> None:
    window = make_window(unlocked=False)
    profile.open_profile(window.context.folder, PASSPHRASE).close()
    app.open_field_data(window)
    page = cast(UnlockPage, window.page("unlock"))
    qtbot.waitUntil(page.isVisible)
    assert not page.second.isVisible()
    page.first.setText("ce n'est pas elle")
    page.confirm.click()
    qtbot.waitUntil(lambda: page.confirm.isEnabled())
    assert page.banner.isVisible()
    assert window.context.profile is None
    page.first.setText(PASSPHRASE)
    with qtbot.waitSignal(window.context.profile_opened):
        QTest.keyClick(page.first, Qt.Key.Key_Return)


def test_a_damaged_file_is_told_and_the_rest_works(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window(unlocked=False)
    reason = KnownError("database-corrupt", "La base est endommagée.", "Rien n'a été effacé.")
    window.ask_to_unlock(reason)
    page = cast(UnlockPage, window.page("unlock"))
    assert page.isVisible()
    assert not page.first.isVisible()
    assert page.banner.message.text() == "La base est endommagée."
    window.open_page("catalogue")
    assert window.page("catalogue").isVisible()
    window.open_page("visits")
    assert page.isVisible()


def test_theme_and_text_size_are_taken_at_once_and_kept(
    qtbot: QtBot, qapp: QApplication, make_window: MakeWindow
) -> None:
    window = make_window()
    app.follow_theme(qapp, window.context)
    window.context.change_settings(Settings(theme="dark", text_size=150))
    assert theme.colors() is theme.DARK
    assert qapp.palette().color(QPalette.ColorRole.Window) == QColor(theme.DARK.window)
    assert qapp.font().pixelSize() == 21
    file = window.context.folder / "settings.json"
    qtbot.waitUntil(lambda: file.exists() and '"text_size": 150' in file.read_text("utf-8"))


def test_the_app_opens_paints_and_closes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fieldkit.ui.live_readers.LiveReaders.start", lambda _self: None)
    passphrase = tmp_path / "passphrase"
    passphrase.write_text(PASSPHRASE, encoding="utf-8")
    seen: list[MainWindow] = []

    def painted(window: MainWindow) -> None:
        seen.append(window)
        window.context.profile_opened.connect(window.close)

    assert app.main(tmp_path / "profile", passphrase, on_painted=painted) == 0
    assert profile.exists(tmp_path / "profile")
    seen[0].deleteLater()
