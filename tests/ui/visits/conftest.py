"""A visits page on real field data, as a delegate has it before them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot

from fieldkit.services import visits
from fieldkit.services.profile import Profile
from fieldkit.settings import Settings
from fieldkit.store.fieldwork import FieldStore
from fieldkit.ui import theme
from fieldkit.ui.pages.base import Context
from fieldkit.ui.pages.visits import VisitsPage
from fieldkit.ui.runner import Runner
from fieldkit.ui.stylesheet import stylesheet
from tests.conftest import KEY

RPPS = "10003456786"
FINESS = "750100125"


@pytest.fixture
def context(qapp: QApplication, store: FieldStore, tmp_path: Path) -> Iterator[Context]:
    """An open profile and workers of its own; they have ended before the field data are closed."""
    if qapp.styleSheet() != stylesheet(theme.LIGHT, 1.0):  # dressing anew is slow
        theme.apply(qapp, "light", 100)
    made = Context(tmp_path, Runner(), Settings(name="Camille Roussel", departments=("72",)))
    made.open(Profile(tmp_path, store))
    yield made
    made.runner.shutdown()


class _Windows(QObject):
    """Notes every window that opens, were it for a moment: it would take the keyboard away."""

    def __init__(self) -> None:
        super().__init__()
        self.strangers: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            known = isinstance(watched, (VisitsPage, QDialog)) or watched.windowType() == Qt.WindowType.Popup
            self.strangers += [] if known else [repr(watched)]
        return False


@pytest.fixture
def one_window(qapp: QApplication) -> Iterator[None]:
    """Only the page itself is a window, and what it opens on purpose: a dialog, a suggestion list."""
    windows = _Windows()
    qapp.installEventFilter(windows)
    yield
    qapp.removeEventFilter(windows)
    assert windows.strangers == []


@pytest.fixture
def page(qtbot: QtBot, context: Context, one_window: None) -> Iterator[VisitsPage]:
    """The page in a window that has the keyboard."""
    made = VisitsPage(context)
    made.setMinimumSize(640, 480)
    made.resize(1040, 660)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    made.entered()
    yield made
    made.left()
    context.runner.shutdown()
    made.close()
    made.deleteLater()
    QApplication.sendPostedEvents(made, QEvent.Type.DeferredDelete.value)


@pytest.fixture
def disk(store: FieldStore, tmp_path: Path) -> Iterator[FieldStore]:
    """The same field data through a door of their own: only what has reached the disk is seen there."""
    opened = FieldStore.open(tmp_path / "field.db", KEY)
    yield opened
    opened.close()


@pytest.fixture
def visit(store: FieldStore) -> str:
    """A draft."""
    about = {"rpps": RPPS, "finess": FINESS, "department": "72", "city": "Le Mans"}
    return visits.new_visit(store, practice="Cabinet des Tilleuls", about=about)[0]


@pytest.fixture
def opened(qtbot: QtBot, page: VisitsPage, visit: str) -> VisitsPage:
    """The page with that draft open, all of it shown."""
    page.show_target(visit)
    qtbot.waitUntil(lambda: page.open.desk.editable)
    return page
