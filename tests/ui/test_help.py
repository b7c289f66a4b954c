"""Help: every page has one, it stands beside under F1, and its links lead nowhere else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from fieldkit import i18n
from fieldkit.paths import resource
from fieldkit.settings import Settings
from fieldkit.ui import theme
from fieldkit.ui.dialogs.help import HelpText
from fieldkit.ui.main_window import ENTRIES, MainWindow
from tests.ui.conftest import MakeWindow, until

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # the offscreen platform says it cannot

HELP = resource("help")
NAMES = sorted(["start", "imports", *(entry.name for entry in ENTRIES)])
LINK = re.compile(r"\[[^\]]*\]\(([^)]*)\)")


def press(window: MainWindow, key: Qt.Key) -> None:
    """Press a key where the keyboard is."""
    QTest.keyClick(QApplication.focusWidget() or window, key)


def loaded(page: str) -> HelpText:
    """The text of a page, as it is shown."""
    text = HelpText()
    text.setSource(f"{page}.md")
    return text


def in_language(folder: Path) -> list[str]:
    """The pages in a folder of the help."""
    return sorted(file.stem for file in folder.glob("*.md"))


def test_every_page_of_the_navigation_has_help_in_both_languages() -> None:
    assert in_language(HELP) == NAMES
    assert in_language(HELP / "en") == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_help_says_the_same_in_both_languages(name: str) -> None:
    french, english = ((folder / f"{name}.md").read_text("utf-8") for folder in (HELP, HELP / "en"))
    assert LINK.findall(french) == LINK.findall(english)
    assert set(LINK.findall(french)) <= {f"{other}.md" for other in NAMES}
    assert [line.count("#") for line in french.splitlines() if line.startswith("#")] == [
        line.count("#") for line in english.splitlines() if line.startswith("#")
    ]


def test_f1_opens_the_help_of_the_page_in_view(window: MainWindow) -> None:
    for entry in ENTRIES:
        window.open_page(entry.name)
        window.activateWindow()
        until(window.isActiveWindow)
        window.setFocus()
        press(window, Qt.Key.Key_F1)
        assert window.help.isVisible()
        assert window.help.text.source().toString() == f"{entry.name}.md"
        assert window.help.windowTitle().startswith("Aide : ")
        assert window.help.text.accessibleName() == window.help.windowTitle()
        until(window.help.text.hasFocus)
        press(window, Qt.Key.Key_Escape)
        assert not window.help.isVisible()


def test_a_locked_profile_has_the_first_steps(make_window: MakeWindow) -> None:
    window = make_window(unlocked=False)
    window.ask_to_unlock(RuntimeError())
    window.open_help()
    assert window.help.text.source().toString() == "start.md"
    assert "phrase de passe" in window.help.text.toPlainText()


def test_a_link_leads_to_another_page_and_back_while_the_window_goes_on_working(window: MainWindow) -> None:
    window.open_page("settings")
    window.open_help()
    assert not window.help.isModal()
    window.open_page("catalogue")
    text = window.help.text
    assert text.source().toString() == "settings.md"
    window.help.activateWindow()
    text.setFocus()
    until(text.hasFocus)
    press(window, Qt.Key.Key_Tab)
    press(window, Qt.Key.Key_Return)
    assert text.source().toString() == "sync.md"
    back = window.help.findChild(QPushButton, "helpBack")
    assert back is not None
    back.click()
    assert text.source().toString() == "settings.md"
    assert not back.isEnabled()


@pytest.mark.parametrize("name", NAMES)
def test_every_page_reads_in_english(qapp: QApplication, name: str) -> None:
    french = loaded(name).toPlainText()
    i18n.use("en")
    english = loaded(name).toPlainText()
    assert english
    assert english != french


def test_the_text_follows_theme_and_size(qapp: QApplication, make_window: MakeWindow) -> None:
    window = make_window(settings=Settings(theme="light"))
    window.open_help()
    text = window.help.text
    small = text.document().size().height()
    theme.apply(qapp, "dark", 200)
    until(lambda: text.document().size().height() > 2 * small)
    assert _link_colour(text) == QColor(theme.DARK.info)
    assert text.verticalScrollBar().maximum() > 0
    assert text.horizontalScrollBar().maximum() == 0


def _link_colour(text: HelpText) -> QColor:
    cursor = text.textCursor()
    while cursor.movePosition(QTextCursor.MoveOperation.NextCharacter):
        if cursor.charFormat().isAnchor():
            return cursor.charFormat().foreground().color()
    raise AssertionError("no link")
