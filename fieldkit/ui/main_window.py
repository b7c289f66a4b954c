"""The window: navigation, search, one page, a status line. Pages are built when first opened."""

from __future__ import annotations

import importlib
from functools import cached_property
from typing import TYPE_CHECKING, Final, cast

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QPaintEvent, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from fieldkit.i18n import N_, ngettext
from fieldkit.ui.pages.base import Context, Page
from fieldkit.ui.theme import GRID
from fieldkit.ui.widgets.card import Banner
from fieldkit.ui.widgets.navigation import Entry, Navigation
from fieldkit.ui.widgets.search import SearchEverywhere
from fieldkit.ui.widgets.training_banner import TrainingBanner

if TYPE_CHECKING:
    from fieldkit.services.readers import Bench
    from fieldkit.ui.dialogs.help import HelpWindow
    from fieldkit.ui.pages.unlock import UnlockPage

ENTRIES: Final = (
    Entry("dashboard", N_("Tableau de bord"), "Alt+Home", "dashboard"),
    Entry("visits", N_("Visites"), "F2", "visits"),
    Entry("catalogue", N_("Catalogue"), "F3", "catalogue"),
    Entry("directory", N_("Annuaire"), "F4", "directory"),
    Entry("readers", N_("Lecteurs"), "F5", "readers"),
    Entry("scanner", N_("Scanner"), "F6", "scanner"),
    Entry("sync", N_("Synchro"), "F7", "sync"),
    Entry("settings", N_("Réglages"), "Ctrl+,", "settings"),
)

_FIRST: Final = "dashboard"
_UNLOCK: Final = "unlock"
_STATUS: Final = ("sync", "readers", "catalogue")


class MainWindow(QMainWindow):
    """The one window of the app."""

    painted = Signal()
    """Emitted once, after the window has been drawn."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.setObjectName("mainWindow")
        self.setWindowTitle("Fieldkit")
        self.setMinimumSize(1024, 600)
        self.resize(1280, 720)
        self.context = context
        self._pages: dict[str, Page] = {}
        self._current = ""
        self._lock_reason: Exception | None = None
        self._drawn = False

        centre = QWidget(self)
        self.navigation = Navigation(ENTRIES, centre)
        self.navigation.chosen.connect(self.open_page)
        self.navigation.helped.connect(self.open_help)
        self.search = SearchEverywhere(context)
        self.banner = Banner()
        self.training = TrainingBanner(context.readers)
        self._stack = QStackedWidget()
        self._stack.setObjectName("pages")
        self._lay_out(centre)
        self.setCentralWidget(centre)
        self._status = self._status_line()
        QShortcut(QKeySequence("Ctrl+K"), self, self.search.take_focus)
        QShortcut(QKeySequence("Ctrl+Q"), self, self.close)
        QShortcut(QKeySequence("Escape"), self.banner, self.banner.hide)

        context.navigate = self.open_page
        context.show_error = self.banner.say_error
        context.show_message = lambda state, text: self.banner.say(state, text)
        context.show_status = self.show_status
        context.runner.failed.connect(self.banner.say_error)
        context.profile_opened.connect(self._unlocked)
        context.visit_wanted.connect(self._begin_visit)
        context.readers.changed.connect(self._count_readers)
        context.readers.switched.connect(self._tell_training)
        self.navigation.show_current(_FIRST)

    def begin(self) -> None:
        """Open the first page, unless another was asked for already."""
        if not self._current:
            self.open_page(_FIRST)

    def open_page(self, name: str, target: str = "") -> None:
        """Bring a page into view, at the record `target` when one is given."""
        self.navigation.show_current(name)
        if name != self._current:
            self._leave()
            self._current = name
            self._show(name)
        if target and name in self._pages:
            self._pages[name].show_target(target)

    def page(self, name: str) -> Page:
        """The page called `name`, built now if it never was opened."""
        if name not in self._pages:
            room = importlib.import_module(f"fieldkit.ui.pages.{name}")
            page = cast(Page, getattr(room, f"{name.capitalize()}Page")(self.context))
            page.setObjectName(f"page-{name}")
            self._pages[name] = page
            self._stack.addWidget(page)
        return self._pages[name]

    def open_help(self) -> None:
        """Bring the help of the page in view beside the window; a locked one has that of the first steps."""
        page = self._stack.currentWidget()
        self.help.show_page(page.objectName().removeprefix("page-") if page else "")

    @cached_property
    def help(self) -> HelpWindow:
        """The help, made when it is first wanted."""
        from fieldkit.ui.dialogs.help import HelpWindow

        return HelpWindow(self)

    def ask_to_unlock(self, reason: Exception) -> None:
        """The field data did not open: pages that need them ask for what is missing."""
        self._lock_reason = reason
        if self._current:
            self._show(self._current)

    def show_status(self, part: str, text: str) -> None:
        """Write one part of the status line: `sync`, `readers` or `catalogue`."""
        self._status[part].setText(text)
        self._status[part].setToolTip(text)  # where large letters leave no room for all of it
        self._status[part].setVisible(bool(text))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._drawn:
            self._drawn = True
            QTimer.singleShot(0, self._enter)

    def closeEvent(self, event: QCloseEvent) -> None:
        for page in self._pages.values():
            page.left()
        super().closeEvent(event)

    def _show(self, name: str) -> None:
        page = self.page(name)
        if page.needs_profile and self.context.profile is None and self._lock_reason is not None:
            unlock = cast("UnlockPage", self.page(_UNLOCK))
            unlock.show_reason(self._lock_reason)
            page = unlock
        arrives = page is not self._stack.currentWidget()
        self._stack.setCurrentWidget(page)
        if arrives and not self.search.field.hasFocus():  # someone may be typing there, or in the page
            page.setFocus()
        if self._drawn:
            page.entered()

    def _enter(self) -> None:
        if self._current:  # a page that was opened before it could be drawn
            cast(Page, self._stack.currentWidget()).entered()
        self.painted.emit()

    def _leave(self) -> None:
        self.banner.hide()
        if self._current:
            self._pages[self._current].left()

    def _tell_training(self) -> None:
        from fieldkit.services import training

        mark = training.mark() if self.context.readers.training is not None else ""
        self.setWindowTitle(f"Fieldkit · {mark}" if mark else "Fieldkit")
        self.show_status("readers", mark)

    def _count_readers(self, bench: Bench) -> None:
        said = _counted(bench)
        if bench.training:
            from fieldkit.services import training

            said = f"{training.mark()} · {said}"
        self.show_status("readers", said)

    def _unlocked(self) -> None:
        from fieldkit.ui.live_sync import LiveSync

        LiveSync.of(self.context)  # it writes its part of the status line
        self._lock_reason = None
        if self._current:
            self._show(self._current)

    def _begin_visit(self, fields: dict[str, str]) -> None:
        from fieldkit.ui.pages.visits import VisitsPage

        self.open_page("visits")
        cast(VisitsPage, self.page("visits")).begin(fields)

    def _lay_out(self, centre: QWidget) -> None:
        bar = QFrame()
        bar.setProperty("kind", "topbar")
        top = QHBoxLayout(bar)
        top.setContentsMargins(4 * GRID, GRID, 4 * GRID, GRID)
        top.addWidget(self.search)

        notice = QVBoxLayout()
        notice.setContentsMargins(4 * GRID, 0, 4 * GRID, 0)
        notice.addWidget(self.training)
        notice.addWidget(self.banner)

        right = QVBoxLayout()
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(0)
        right.addWidget(bar)
        right.addSpacing(GRID)
        right.addLayout(notice)
        right.addWidget(self._stack, 1)
        row = QHBoxLayout(centre)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.navigation)
        row.addLayout(right, 1)

    def _status_line(self) -> dict[str, QLabel]:
        bar = self.statusBar()
        bar.setSizeGripEnabled(False)
        parts = {}
        for name in _STATUS:
            parts[name] = QLabel()
            parts[name].setObjectName(f"status-{name}")
            parts[name].setTextFormat(Qt.TextFormat.PlainText)
            bar.addWidget(parts[name])
            parts[name].hide()
        return parts


def _counted(bench: Bench) -> str:
    """The readers in a few words, or what is wrong with them."""
    if bench.fault is not None:
        return bench.fault.message
    slots, cards = len(bench.readers), sum(slot.occupied is True for slot in bench.readers)
    readers = ngettext("{n} fente de lecteur", "{n} fentes de lecteur", slots).format(n=slots)
    return readers + ", " + ngettext("{n} carte", "{n} cartes", cards).format(n=cards)
