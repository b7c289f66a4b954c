"""The lists behind the dashboard: one at a time, in a table that opens visits and can be taken elsewhere."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QModelIndex, QSortFilterProxyModel, QStandardPaths, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QFileDialog, QHeaderView, QTableView

from fieldkit.domain.folding import fold
from fieldkit.i18n import _, ngettext
from fieldkit.ui.models.listing import SORT_ROLE, ListingModel
from fieldkit.ui.pages.base import Context
from fieldkit.ui.runner import Queue
from fieldkit.ui.theme import scaled
from fieldkit.ui.widgets.card import Card
from fieldkit.ui.widgets.choice import choice
from fieldkit.ui.widgets.flow import flowing
from fieldkit.ui.widgets.text import button, label

if TYPE_CHECKING:
    from fieldkit.services.lists import Listing
    from fieldkit.services.overview import Narrowing

_ROWS_IN_SIGHT: Final = 8
_WIDEST: Final = 320
_FORMATS: Final = {"csv": "CSV", "xlsx": "XLSX", "json": "JSON"}


class ListCard(Card):
    """Read anew by `look`."""

    def __init__(self, context: Context) -> None:
        from fieldkit.services.lists import KINDS

        super().__init__(_("Listes"), "listCard")
        self._context = context
        self._listing: Listing | None = None
        self._asked: tuple[dt.date, Narrowing] | None = None
        self.kind = choice("listKind", _("Quelle liste"), KINDS)
        self.kind.currentIndexChanged.connect(lambda _row: self._read())
        self.export = button(_("E&xporter…"), "exportList", self._choose, icon="document")
        self.export.setToolTip(_("En CSV, XLSX ou JSON"))
        self._count = label("", "caption", wrap=True)
        self._count.setObjectName("listCount")
        self.model = ListingModel(self)
        self._sorted = QSortFilterProxyModel(self)
        self._sorted.setSourceModel(self.model)
        self._sorted.setSortRole(SORT_ROLE)
        self.table = _table(self._sorted)
        self.table.entered_row.connect(self._open)
        self.table.doubleClicked.connect(self._open)
        self.body.addWidget(flowing(self.kind, self.export))
        self.body.addWidget(self.table)
        self.body.addWidget(self._count)

    def look(self, today: dt.date, chosen: Narrowing) -> None:
        """Show the list of what is chosen."""
        self._asked = (today, chosen)
        self._read()

    def write(self, path: Path) -> None:
        """Write the list in sight to `path`, in the format that its name ends with."""
        listing = self._listing
        if listing is None:
            return

        def work() -> int:
            from fieldkit.services import exports

            return exports.write(
                path, listing.columns, (line.cells for line in listing.lines), name=listing.name
            )

        said = _("La liste est enregistrée : {name}").format(name=path.name)
        self._context.runner.run(Queue.POOL, work, lambda _n: self._context.show_message("success", said))

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
        self.export.setEnabled(bool(count))

    def _open(self, index: QModelIndex) -> None:
        visit = self.model.visit_of(self._sorted.mapToSource(index).row())
        if visit:
            self._context.navigate("visits", visit)

    def _choose(self) -> None:
        if self._listing is None:
            return
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        start = str(Path(folder) / f"{fold(self._listing.name)}.csv")
        kinds = {
            _("Tableau {format} (*.{ending})").format(format=f, ending=e): e for e, f in _FORMATS.items()
        }
        chosen, kind = QFileDialog.getSaveFileName(self, _("Exporter la liste"), start, ";;".join(kinds))
        if chosen:
            path = Path(chosen)
            known = path.suffix.casefold().removeprefix(".") in _FORMATS
            self.write(path if known else path.with_name(f"{path.name}.{kinds.get(kind, 'csv')}"))


class _Table(QTableView):
    """Enter opens a row, on every system; Tab leaves the table."""

    entered_row = Signal(QModelIndex)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered_row.emit(self.currentIndex())
        else:
            super().keyPressEvent(event)


def _table(model: QSortFilterProxyModel) -> _Table:
    table = _Table()
    table.setObjectName("listTable")
    table.setModel(model)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setShowGrid(False)
    table.setTabKeyNavigation(False)
    table.setSortingEnabled(True)
    table.setWordWrap(False)
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(scaled(34))
    table.setFixedHeight(scaled(34) * (_ROWS_IN_SIGHT + 1) + scaled(20))
    header = table.horizontalHeader()
    header.setHighlightSections(False)
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
    return table
