"""Rechercher partout: one field above every page, whose results open with arrows and Enter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPoint, Qt, QTimer
from PySide6.QtGui import QIcon, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QListView, QVBoxLayout, QWidget

from fieldkit.i18n import _, ngettext
from fieldkit.ui import icons
from fieldkit.ui.models.hits import Hit, HitDelegate, HitModel
from fieldkit.ui.runner import Queue, Task
from fieldkit.ui.theme import GRID, colors, scaled
from fieldkit.ui.widgets.text import label

if TYPE_CHECKING:
    from fieldkit.ui.pages.base import Context

_PAUSE_MS: Final = 90


class SearchEverywhere(QFrame):
    """The search field, and the list of results it drops over the page."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._tasks: list[Task[None]] = []
        self._own: list[Hit] = []
        self._found: list[Hit] | None = None
        self.field = QLineEdit()
        self.field.setObjectName("searchEverywhere")
        self.field.setAccessibleName(_("Rechercher partout"))
        self.field.setAccessibleDescription(_("Touche Ctrl+K ; flèches pour choisir, Entrée pour ouvrir"))
        self.field.setPlaceholderText(_("Rechercher partout : éditeur, logiciel, service…   (Ctrl+K)"))
        self.field.setClearButtonEnabled(True)
        self._lens = self.field.addAction(QIcon(), QLineEdit.ActionPosition.LeadingPosition)
        self.field.textEdited.connect(self._typed)
        self.field.installEventFilter(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID)
        row.addWidget(self.field, 3)
        row.addStretch(1)
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self._look_up)
        self.model = HitModel(self)
        self._make_popup()
        self._lens.setIcon(icons.icon("search", colors().muted))

    def take_focus(self) -> None:
        """Put the caret in the field, its text selected."""
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._lens.setIcon(icons.icon("search", colors().muted))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and self.popup.isVisible():
            return self._steer(Qt.Key(event.key()))
        if event.type() == QEvent.Type.FocusOut:
            self.popup.hide()
        return super().eventFilter(watched, event)

    def _steer(self, key: Qt.Key) -> bool:
        row = self.results.currentIndex().row()
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 5, Qt.Key.Key_PageUp: -5}
        if key in steps:
            last = self.model.rowCount() - 1
            self.results.setCurrentIndex(self.model.index(min(max(row + steps[key], 0), last)))
            return True
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open(self.results.currentIndex())
            return True
        if key == Qt.Key.Key_Escape:
            self.popup.hide()
            return True
        return False

    def _typed(self, text: str) -> None:
        for task in self._tasks:
            task.cancel()
        if text.strip():
            self._pause.start()
        else:
            self._pause.stop()
            self.popup.hide()

    def _look_up(self) -> None:
        from fieldkit.ui import lookup

        text, profile = self.field.text().strip(), self._context.profile
        self._own, self._found = [], None
        self._tasks = [
            self._context.ask_catalogue(lambda catalogue: lookup.catalogue(catalogue, text), self._take_found)
        ]
        if profile is not None:
            store = profile.store
            own = self._context.runner.run(Queue.DATABASE, lambda: lookup.visits(store, text), self._take_own)
            self._tasks.append(own)

    def _take_found(self, hits: list[Hit]) -> None:
        self._found = hits
        self._show([*self._own, *hits])

    def _take_own(self, hits: list[Hit]) -> None:
        self._own = hits
        if self._found is not None:
            self._show([*hits, *self._found])

    def _show(self, hits: Sequence[Hit]) -> None:
        self.model.show(hits)
        self.results.setVisible(bool(hits))
        if hits:
            self.results.setCurrentIndex(self.model.index(0))
            words = ngettext("{n} résultat · ↑ ↓ pour choisir, Entrée pour ouvrir",
                             "{n} résultats · ↑ ↓ pour choisir, Entrée pour ouvrir", len(hits))  # fmt: skip
            self._foot.setText(words.format(n=len(hits)))
        else:
            self._foot.setText(_("Rien ne porte ce nom. Essayez un mot plus court, ou une partie du nom."))
        self._place()
        self.popup.show()
        self.popup.raise_()

    def _open(self, index: QModelIndex) -> None:
        hit = self.model.hit(index)
        self.popup.hide()
        if hit is not None:
            self.field.clear()
            self._context.navigate(hit.page, hit.target)

    def _make_popup(self) -> None:
        self.popup = QFrame()
        self.popup.setObjectName("searchPopup")
        self.popup.setProperty("kind", "popup")
        self.results = QListView()
        self.results.setObjectName("searchResults")
        self.results.setAccessibleName(_("Résultats de la recherche"))
        self.results.setModel(self.model)
        self.results.setItemDelegate(HitDelegate(self.results))
        self.results.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.results.setMouseTracking(True)
        self.results.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.results.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.results.clicked.connect(self._open)
        self._foot = label("", "caption", wrap=True)
        column = QVBoxLayout(self.popup)
        column.setContentsMargins(GRID, GRID, GRID, GRID)
        column.addWidget(self.results)
        column.addWidget(self._foot)
        self.popup.hide()

    def _place(self) -> None:
        window: QWidget = self.window()
        self.popup.setParent(window)
        corner = self.field.mapTo(window, QPoint(0, self.field.height() + GRID // 2))
        rows = min(self.model.rowCount(), 8)
        height = rows * self.results.sizeHintForRow(0) + GRID if rows else 0
        room = window.height() - corner.y() - 2 * GRID
        self.results.setFixedHeight(min(height, room - scaled(48)))
        self.popup.setFixedWidth(self.field.width())
        self.popup.adjustSize()
        self.popup.move(corner)
