"""Catalogue: find an editor, a product or a service, read its card, compare editors."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QModelIndex, Qt, QTimer
from PySide6.QtWidgets import (
    QLineEdit,
    QListView,
    QStackedWidget,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from fieldkit.domain.professions import CATEGORIES
from fieldkit.i18n import _, ngettext
from fieldkit.ui import lookup
from fieldkit.ui.models.hits import Hit, HitDelegate, HitModel
from fieldkit.ui.pages.base import Context, Page
from fieldkit.ui.runner import Task
from fieldkit.ui.theme import GRID, scaled
from fieldkit.ui.widgets.card import EmptyState
from fieldkit.ui.widgets.choice import choice
from fieldkit.ui.widgets.comparer import Comparer
from fieldkit.ui.widgets.entry_card import EntryCard
from fieldkit.ui.widgets.side_by_side import SideBySide
from fieldkit.ui.widgets.text import label
from fieldkit.ui.widgets.wrap_grid import WrapGrid

_PAUSE_MS: Final = 90
_MOST: Final = 500


class CataloguePage(Page):
    """Two tabs: cards, and the comparison."""

    def __init__(self, context: Context) -> None:
        about = _(
            "Éditeurs, logiciels, services et labellisations, hors ligne ; chaque fait a sa source et sa date."
        )
        super().__init__(context, _("Catalogue"), about)
        self._task: Task[None] | None = None
        self._wanted = ""
        self.model = HitModel(self)
        self.comparer = Comparer(context)
        self.tabs = QTabWidget()
        self.tabs.setObjectName("catalogueTabs")
        self.tabs.setAccessibleName(_("Fiches ou comparaison"))
        self.tabs.addTab(self._cards_tab(), _("Fiche&s"))
        self.tabs.addTab(self.comparer, _("Comparer les &éditeurs"))
        self.tabs.currentChanged.connect(lambda _tab: self.comparer.begin())
        self.body.addWidget(self.tabs, 1)
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self._look_up)
        self._look_up()
        context.ask_catalogue(_services, self._offer_services)

    def show_target(self, target: str) -> None:
        self.tabs.setCurrentIndex(0)
        self._wanted = target
        self._select(target)
        self._open(target)

    def entered(self) -> None:
        self.field.setFocus()

    def _cards_tab(self) -> QWidget:
        tab = QWidget()
        column = QVBoxLayout(tab)
        column.setContentsMargins(0, 2 * GRID, 0, 0)
        column.setSpacing(2 * GRID)
        column.addWidget(self._filters())
        self._right = QStackedWidget()
        self._right.setMinimumHeight(scaled(200))
        hint = _("Choisissez une ligne : sa fiche s'ouvre ici. Les flèches suffisent.")
        self._right.addWidget(EmptyState("catalogue", _("Aucune fiche ouverte"), hint, name="noEntry"))
        self.card = EntryCard()
        self.card.followed.connect(self.show_target)
        self._right.addWidget(self.card)
        column.addWidget(SideBySide(self._list(), self._right, width=620, share=(2, 5)), 1)
        return tab

    def _filters(self) -> WrapGrid:
        self.field = QLineEdit()
        self.field.setObjectName("catalogueSearch")
        self.field.setAccessibleName(_("Chercher dans le catalogue"))
        self.field.setPlaceholderText(_("Un nom, même incomplet"))
        self.field.textChanged.connect(lambda _text: self._pause.start())
        self.kind = choice("filterKind", _("Genre"), lookup.KINDS, every=_("Genre"))
        professions = {name: name[0].upper() + name[1:] for name in CATEGORIES}
        self.profession = choice("filterProfession", _("Profession"), professions, every=_("Profession"))
        self.service = choice("filterService", _("Service"), {}, every=_("Service"))
        for box in (self.kind, self.profession, self.service):
            box.activated.connect(lambda _row: self._look_up())
        filters = WrapGrid(150)
        filters.show_cells([self.field, self.kind, self.profession, self.service])
        return filters

    def _list(self) -> QWidget:
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        self.results = QListView()
        self.results.setObjectName("catalogueResults")
        self.results.setAccessibleName(_("Résultats"))
        self.results.setModel(self.model)
        self.results.setItemDelegate(HitDelegate(self.results))
        self.results.setMouseTracking(True)
        self.results.setUniformItemSizes(True)
        self.results.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.results.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.results.setMinimumHeight(scaled(160))
        self.results.selectionModel().currentChanged.connect(self._chosen)
        self.count = label("", "caption")
        self.count.setObjectName("catalogueCount")
        column.addWidget(self.results, 1)
        column.addWidget(self.count)
        return side

    def _look_up(self) -> None:
        if self._task is not None:
            self._task.cancel()
        asked: dict[str, Any] = {
            "kind": self.kind.currentData(),
            "profession": self.profession.currentData(),
            "service": self.service.currentData(),
            "limit": _MOST,
        }
        find = partial(lookup.catalogue, text=self.field.text().strip(), **asked)
        self._task = self.context.ask_catalogue(find, self._show)

    def _show(self, hits: Sequence[Hit]) -> None:
        self.model.show(hits)
        more = _("{n} premières lignes").format(n=_MOST)
        lines = ngettext("{n} ligne", "{n} lignes", len(hits)).format(n=len(hits))
        self.count.setText(more if len(hits) == _MOST else lines)
        self._select(self._wanted)

    def _select(self, target: str) -> None:
        index = self.model.index(self.model.row_of(target))
        if index.isValid():
            self.results.setCurrentIndex(index)

    def _chosen(self, current: QModelIndex) -> None:
        hit = self.model.hit(current)
        if hit is not None:
            self._wanted = hit.target
            self._open(hit.target)

    def _open(self, target: str) -> None:
        def ask(catalogue: Path) -> dict[str, Any]:
            from fieldkit.services.catalogue import show

            return show(catalogue, target)

        self.context.ask_catalogue(ask, self._show_card)

    def _show_card(self, card: dict[str, Any]) -> None:
        self.card.show_card(card)
        self._right.setCurrentWidget(self.card)

    def _offer_services(self, services: list[tuple[str, str]]) -> None:
        for code, name in services:
            self.service.addItem(name, code)


def _services(catalogue: Path) -> list[tuple[str, str]]:
    """Code and name of every service, by name."""
    hits = lookup.catalogue(catalogue, "", kind="service", limit=_MOST)
    return [(hit.target.partition(":")[2], hit.name) for hit in hits]
