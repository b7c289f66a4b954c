"""Rechercher partout: one field above every page, whose results open with arrows and Enter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QIcon, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit

from fieldkit.i18n import _
from fieldkit.ui import icons
from fieldkit.ui.runner import Queue, Task
from fieldkit.ui.theme import colors

if TYPE_CHECKING:
    from fieldkit.ui.models.hits import Hit
    from fieldkit.ui.pages.base import Context
    from fieldkit.ui.widgets.search_popup import SearchPopup

_PAUSE_MS: Final = 90


class SearchEverywhere(QFrame):
    """The search field; it looks up while one types: one's own visits, the catalogue, the directory."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._tasks: list[Task[None]] = []
        self._own: list[Hit] = []
        self._found: list[Hit] | None = None
        self._people: list[Hit] = []
        self.popup: SearchPopup | None = None
        self.field = QLineEdit()
        self.field.setObjectName("searchEverywhere")
        self.field.setAccessibleName(_("Rechercher partout"))
        self.field.setAccessibleDescription(_("Touche Ctrl+K ; flèches pour choisir, Entrée pour ouvrir"))
        self.field.setPlaceholderText(_("Rechercher partout : éditeur, logiciel, professionnel…   (Ctrl+K)"))
        self.field.addAction(QIcon(), QLineEdit.ActionPosition.LeadingPosition)
        self.field.textEdited.connect(self._typed)
        self.field.installEventFilter(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.field, 3)
        row.addStretch(1)
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self._look_up)
        self._draw()

    def take_focus(self) -> None:
        """Put the caret in the field, its text selected."""
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._draw()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if self.popup is not None and self.popup.isVisible():
            if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
                return self.popup.steer(Qt.Key(event.key()))
            if event.type() == QEvent.Type.FocusOut:
                self.popup.hide()
        return super().eventFilter(watched, event)

    def _draw(self) -> None:
        for lens in self.field.actions():  # asked for anew: it may go before this widget does
            lens.setIcon(icons.icon("search", colors().muted))

    def _typed(self, text: str) -> None:
        for task in self._tasks:
            task.cancel()
        if text.strip():
            self._pause.start()
        else:
            self._pause.stop()
            if self.popup is not None:
                self.popup.hide()

    def _look_up(self) -> None:
        from fieldkit.ui import lookup

        text, profile = self.field.text().strip(), self._context.profile
        self._own, self._found, self._people = [], None, []
        self._tasks = [
            self._context.ask_catalogue(
                lambda catalogue: lookup.catalogue(catalogue, text), self._take_found
            ),
            self._context.ask_directory(lambda directory: lookup.people(directory, text), self._take_people),
        ]
        if profile is not None:
            store = profile.store
            own = self._context.runner.run(Queue.DATABASE, lambda: lookup.visits(store, text), self._take_own)
            self._tasks.append(own)

    def _take_found(self, hits: list[Hit]) -> None:
        self._found = hits
        self._show()

    def _take_own(self, hits: list[Hit]) -> None:
        self._own = hits
        if self._found is not None:
            self._show()

    def _take_people(self, hits: list[Hit]) -> None:
        self._people = hits
        if self._found is not None:
            self._show()

    def _show(self) -> None:
        from fieldkit.ui.widgets.search_popup import SearchPopup

        if self.popup is None:
            self.popup = SearchPopup(self.field, self._open)
        if self.field.hasFocus():
            self.popup.drop([*self._own, *(self._found or ()), *self._people])

    def _open(self, hit: Hit) -> None:
        self.field.clear()
        self.field.clearFocus()
        self._context.navigate(hit.page, hit.target)
