"""The lists behind the dashboard: one at a time, in a table that opens visits and can be taken elsewhere."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QModelIndex, QSortFilterProxyModel, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView

from fieldkit.i18n import _, ngettext
from fieldkit.ui.models.listing import SORT_ROLE, ListingModel
from fieldkit.ui.pages.base import Context
from fieldkit.ui.runner import Queue
from fieldkit.ui.theme import scaled
from fieldkit.ui.widgets.card import Card
from fieldkit.ui.widgets.choice import choice
from fieldkit.ui.widgets.fact_table import FactTable
from fieldkit.ui.widgets.take_away import TakeAway
from fieldkit.ui.widgets.text import label

if TYPE_CHECKING:
    from fieldkit.services.lists import Listing
    from fieldkit.services.narrowing import Narrowing

_HEIGHT: Final = 340
_WIDEST: Final = 320


class ListCard(Card):
    """Read anew by `look`."""

    def __init__(self, context: Context) -> None:
        from fieldkit.services.narrowing import KINDS

        super().__init__(_("Listes"), "listCard")
        self._context = context
        self._listing: Listing | None = None
        self._asked: tuple[dt.date, Narrowing] | None = None
        self.kind = choice("listKind", _("Quelle liste"), KINDS)
        self.kind.currentIndexChanged.connect(lambda _row: self._read())
        self._count = label("", "caption", wrap=True)
        self._count.setObjectName("listCount")
        self.model = ListingModel(self)
        self._sorted = QSortFilterProxyModel(self)
        self._sorted.setSourceModel(self.model)
        self._sorted.setSortRole(SORT_ROLE)
        self.table = _Table(self._sorted)
        self.table.entered_row.connect(self._open)
        self.table.doubleClicked.connect(self._open)
        self.take_away = TakeAway(context, self.table, "list")
        self.header.addWidget(self.kind)
        self.body.addWidget(self.take_away)
        self.body.addWidget(self.table)
        self.body.addWidget(self._count)

    def look(self, today: dt.date, chosen: Narrowing) -> None:
        """Show the list of what is chosen."""
        self._asked = (today, chosen)
        self._read()

    def _read(self) -> None:
        profile = self._context.profile
        if profile is None or self._asked is None:
            return
        store, kind, (today, chosen) = profile.store, self.kind.currentData(), self._asked

        def work() -> Listing:
            from fieldkit.services.lists import listing

            return listing(store, kind, today, chosen)

        self._context.runner.run(Queue.DATABASE, work, self._show)

    def _show(self, listing: Listing) -> None:
        another = self._listing is None or listing.name != self._listing.name
        self._listing = listing
        self.model.show(listing)
        self.table.called = listing.name
        self.table.setAccessibleName(listing.name)
        if another:
            self._sorted.sort(-1)
            self.table.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
            self.table.resizeColumnsToContents()
            for column in range(self.model.columnCount()):
                width = min(self.table.columnWidth(column), scaled(_WIDEST))
                self.table.setColumnWidth(column, width)
        count = len(listing.lines)
        lines = ngettext("{n} ligne", "{n} lignes", count).format(n=count)
        self._count.setText(_("{lines} · Entrée ouvre la visite").format(lines=lines) if count else lines)
        self.take_away.setEnabled(bool(count))

    def _open(self, index: QModelIndex) -> None:
        visit = self.model.visit_of(self._sorted.mapToSource(index).row())
        if visit:
            self._context.navigate("visits", visit)


class _Table(FactTable):
    """Whole rows, sorted by the column one wants; Enter opens one, on every system."""

    entered_row = Signal(QModelIndex)

    def __init__(self, model: QSortFilterProxyModel) -> None:
        super().__init__(model, "listTable", _("Listes"))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSortingEnabled(True)
        self.verticalHeader().hide()
        self.setFixedHeight(scaled(_HEIGHT))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered_row.emit(self.currentIndex())
        else:
            super().keyPressEvent(event)
