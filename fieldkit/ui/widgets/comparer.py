"""Comparer: services × editors for a profession at a date, or what changed between two dates."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QModelIndex, QSize, Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QVBoxLayout, QWidget

from fieldkit.domain.professions import CATEGORIES
from fieldkit.i18n import _, ngettext
from fieldkit.ui.models.comparison import ComparisonModel
from fieldkit.ui.theme import GRID, scaled
from fieldkit.ui.widgets.choice import choice
from fieldkit.ui.widgets.text import label
from fieldkit.ui.widgets.wrap_grid import WrapGrid
from fieldkit.ui.words import french_date

if TYPE_CHECKING:
    from fieldkit.ui.pages.base import Context


class Comparer(QWidget):
    """Asks for a profession and one or two dates, and shows the table with the source of the chosen cell."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._dates: dict[str, list[str]] = {}
        self.profession = choice("compareProfession", _("Profession"), {})
        self.date = choice("compareDate", _("Date"), {})
        self.other = choice("compareOther", _("Comparer à une autre date"), {})
        self.profession.activated.connect(self._offer_dates)
        self.date.activated.connect(self._offer_others)
        self.other.activated.connect(self._ask)
        filters = WrapGrid(200)
        filters.show_cells([self.profession, self.date, self.other])
        self.model = ComparisonModel(self)
        self.table = self._make_table()
        self.summary = label("", "muted", wrap=True)
        self.summary.setObjectName("compareSummary")
        self.origin = label("", "caption", wrap=True, selectable=True)
        self.origin.setObjectName("compareOrigin")
        self.origin.setAccessibleName(_("Source de la case choisie"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 2 * GRID, 0, 0)
        column.setSpacing(GRID + GRID // 2)
        for part in (filters, self.summary):
            column.addWidget(part)
        column.addWidget(self.table, 1)
        column.addWidget(self.origin)

    def begin(self) -> None:
        """Fill the choices, once."""
        if not self._dates:
            self._context.ask_catalogue(_comparable, self._offer)

    def _offer(self, dates: dict[str, list[str]]) -> None:
        self._dates = dates
        self.profession.clear()
        for profession in sorted(dates, key=CATEGORIES.index):
            self.profession.addItem(profession[0].upper() + profession[1:], profession)
        self._offer_dates()

    def _offer_dates(self) -> None:
        self.date.clear()
        for date in reversed(self._dates[self.profession.currentData()]):
            self.date.addItem(french_date(date), date)
        self._offer_others()

    def _offer_others(self) -> None:
        self.other.clear()
        self.other.addItem(_("Sans autre date"), None)
        for date in self._dates[self.profession.currentData()]:
            if date != self.date.currentData():
                self.other.addItem(_("et ce qui a changé avec {date}").format(date=french_date(date)), date)
        self._ask()

    def _ask(self) -> None:
        profession, date, other = (box.currentData() for box in (self.profession, self.date, self.other))

        def ask(catalogue: Path) -> dict[str, Any]:
            from fieldkit.services.catalogue import compare

            return compare(catalogue, profession, date, other)

        self._context.ask_catalogue(ask, self._show)

    def _show(self, compared: Mapping[str, Any]) -> None:
        self.model.show(compared)
        self.summary.setText(_summary(compared))
        header = self.table.horizontalHeader()
        few = self.model.columnCount() <= 2
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch if few else QHeaderView.ResizeMode.Fixed)
        header.setDefaultSectionSize(scaled(144))
        if self.model.rowCount():
            self.table.setCurrentIndex(self.model.index(0, 0))
        else:
            self.origin.setText("")

    def _make_table(self) -> QTableView:
        table = QTableView()
        table.setObjectName("compareTable")
        table.setAccessibleName(_("Comparaison des éditeurs"))
        table.setModel(self.model)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setTabKeyNavigation(False)
        table.setShowGrid(False)
        table.setIconSize(QSize(scaled(16), scaled(16)))
        table.setMinimumHeight(scaled(220))
        table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        table.horizontalHeader().setDefaultAlignment(
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap
        )
        table.horizontalHeader().setMinimumHeight(scaled(48))
        table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        table.verticalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        table.selectionModel().currentChanged.connect(self._tell_origin)
        return table

    def _tell_origin(self, current: QModelIndex) -> None:
        self.origin.setText(self.model.describe(current) if current.isValid() else "")


def _summary(compared: Mapping[str, Any]) -> str:
    if "changed" not in compared:
        return _(
            "{services} services × {editors} éditeurs. « inconnu » : la source n'est pas lisible ou se tait."
        ).format(services=len(compared["rows"]), editors=len(compared["editors"]))
    changed, silent = len(compared["changed"]), compared["not_comparable"]
    told = ngettext("{n} réponse a changé", "{n} réponses ont changé", changed).format(n=changed)
    lost = ngettext("{n} case ne se compare pas", "{n} cases ne se comparent pas", silent).format(n=silent)
    return _("{told} ; {lost}, l'une des sources l'ayant perdue.").format(told=told, lost=lost)


def _comparable(catalogue: Path) -> dict[str, list[str]]:
    from fieldkit.services.catalogue import comparable

    return comparable(catalogue)
