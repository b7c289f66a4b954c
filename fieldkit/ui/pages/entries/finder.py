"""Fiches: one field over the whole catalogue, filters with counts, what was found, and the card of one."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from fieldkit.i18n import _, ngettext
from fieldkit.ui import lookup
from fieldkit.ui.lookup import Found
from fieldkit.ui.models.hits import HitModel
from fieldkit.ui.pages.entries.card import EntryCard
from fieldkit.ui.pages.entries.facets import Facets
from fieldkit.ui.runner import Task
from fieldkit.ui.theme import GRID, scaled
from fieldkit.ui.widgets.card import EmptyState
from fieldkit.ui.widgets.result_list import ResultList
from fieldkit.ui.widgets.side_by_side import SideBySide
from fieldkit.ui.widgets.text import button, label

if TYPE_CHECKING:
    from fieldkit.ui.pages.base import Context

_PAUSE_MS: Final = 60
_MOST: Final = 300
_ENTER: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Finder(QWidget):
    """The keyboard goes from the field to the card and back: arrows choose, Enter reads, Escape returns."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._task: Task[None] | None = None
        self._reading: Task[None] | None = None
        self._wanted = ""
        self._typed = False
        self.total = 0
        """How many entries the last search found, in the list or not."""
        self.model = HitModel(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 2 * GRID, 0, 0)
        column.setSpacing(GRID)
        self.field = QLineEdit()
        self.field.setObjectName("catalogueSearch")
        self.field.setAccessibleName(_("Chercher dans le catalogue"))
        self.field.setAccessibleDescription(
            _("Flèches pour choisir, Entrée pour lire la fiche, Échap pour effacer")
        )
        self.field.setPlaceholderText(
            _("Éditeur, logiciel, lecteur, service, labellisation… ↑ ↓ choisir, Entrée lire, Échap effacer")
        )
        self.facets = Facets()
        self.facets.changed.connect(self._look_up)
        column.addWidget(self.field)
        column.addWidget(self.facets)
        column.addWidget(SideBySide(self._list(), self._reader(), width=620, share=(4, 7)), 1)
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self._look_up)
        self.field.textEdited.connect(self._type)
        for widget in (self.field, self.results, self.card):
            widget.installEventFilter(self)
        self._look_up()

    def show_entry(self, target: str) -> None:
        """Open the card of an entry, in the list or not."""
        self._wanted = target
        self._select(target)
        self._open(target)

    def refresh(self) -> None:
        """The catalogue is another: look again, and read the open card again."""
        shown = self.card.entry
        self.card.forget()
        self._look_up()
        if shown:
            self._open(shown, lambda _gone: self._right.setCurrentIndex(0))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._steer(watched, Qt.Key(event.key()))
        return super().eventFilter(watched, event)

    def _list(self) -> QWidget:
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID // 2)
        self.results = ResultList(self.model, "catalogueResults", _("Résultats"))
        self.results.setMinimumHeight(scaled(160))
        self.results.selectionModel().currentChanged.connect(self._chosen)
        self.count = label("", "caption", wrap=True)
        self.count.setObjectName("catalogueCount")
        self.clear = button(_("Effacer les &filtres"), "catalogueClear", self._clear_filters, kind="quiet")
        self.clear.hide()
        foot = QHBoxLayout()
        foot.addWidget(self.count, 1)
        foot.addWidget(self.clear)
        column.addLayout(foot)
        column.addWidget(self.results, 1)
        return side

    def _reader(self) -> QWidget:
        self._right = QStackedWidget()
        self._right.setMinimumHeight(scaled(200))
        hint = _("Choisissez une ligne : sa fiche s'ouvre ici. Les flèches suffisent.")
        self._right.addWidget(EmptyState("catalogue", _("Aucune fiche ouverte"), hint, name="noEntry"))
        self.card = EntryCard()
        self.card.followed.connect(self.show_entry)
        self._right.addWidget(self.card)
        return self._right

    def _steer(self, watched: QObject, key: Qt.Key) -> bool:
        """What a key means where it was typed; False where it keeps its own meaning."""
        if watched is self.field and self.results.steer(key):
            return True
        if key in _ENTER and watched is not self.card:
            self._read()
        elif key == Qt.Key.Key_Escape:
            self._return_from(watched)
        else:
            return False
        return True

    def _read(self) -> None:
        if not self.results.currentIndex().isValid():
            self.results.setCurrentIndex(self.model.index(0))
        if self._right.currentWidget() is self.card:
            self.card.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _return_from(self, watched: QObject) -> None:
        """Escape: from the card to the list, from there to the field, and there it clears text, then filters."""
        if watched is self.card:
            self.results.setFocus(Qt.FocusReason.ShortcutFocusReason)
        elif watched is self.results:
            self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.field.selectAll()
        elif self.field.text():
            self.field.clear()
            self._look_up()
        else:
            self._clear_filters()

    def _clear_filters(self) -> None:
        self.facets.clear()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _type(self, _text: str) -> None:
        self._typed = True
        self._pause.start()

    def _look_up(self) -> None:
        self._pause.stop()
        if self._task is not None:
            self._task.cancel()
        filters = self.facets.chosen()
        self.clear.setVisible(bool(filters))
        find = partial(lookup.found, text=self.field.text().strip(), limit=_MOST, **filters)
        self._task = self._context.ask_catalogue(find, self._show)

    def _show(self, found: Found) -> None:
        typed, self._typed = self._typed and bool(self.field.text().strip()), False
        self.total = found.total
        self.facets.show_counts(found.facets)
        self.count.setText(_told(found))
        self.model.show(found.hits)
        if typed and not found.hits:
            self._close()
        elif typed:
            self.results.setCurrentIndex(self.model.index(0))  # the best answer is read at once
        else:
            self._select(self._wanted)

    def _select(self, target: str) -> None:
        """Choose the line of an entry; none where the list does not have it."""
        self.results.setCurrentIndex(self.model.index(self.model.row_of(target)))

    def _chosen(self, current: QModelIndex) -> None:
        hit = self.model.hit(current)
        if hit is not None:
            self._wanted = hit.target
            self._open(hit.target)

    def _open(self, target: str, on_error: Callable[[Exception], None] | None = None) -> None:
        def ask(catalogue: Path) -> dict[str, Any]:
            from fieldkit.services.catalogue import show

            return show(catalogue, target)

        if self._reading is not None:
            self._reading.cancel()
        if target != self.card.entry:
            self._reading = self._context.ask_catalogue(ask, self._show_card, on_error)
        else:
            self._right.setCurrentWidget(self.card)

    def _close(self) -> None:
        """Nothing was found: a card of something else would look like the answer."""
        if self._reading is not None:
            self._reading.cancel()
        self._right.setCurrentIndex(0)

    def _show_card(self, card: dict[str, Any]) -> None:
        self.card.show_card(card)
        self._right.setCurrentWidget(self.card)


def _told(found: Found) -> str:
    """How many entries there are, and whether they only come near what was typed."""
    if not found.total:
        return _("Rien ne porte ce nom. Essayez un mot plus court, ou effacez les filtres.")
    if found.near:
        return _("Aucun nom exact : voici les plus proches.")
    told = ngettext("{n} fiche", "{n} fiches", found.total).format(n=found.total)
    if found.total > len(found.hits):
        return _("{told}, les {n} premières").format(told=told, n=len(found.hits))
    return told
