"""Comparer: services × editors for a profession at a date, or what changed between two dates."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QModelIndex
from PySide6.QtWidgets import QCheckBox, QHeaderView, QVBoxLayout, QWidget

from fieldkit.domain.professions import CATEGORIES
from fieldkit.i18n import _, ngettext
from fieldkit.ui.models.comparison import ComparisonModel
from fieldkit.ui.theme import GRID, scaled
from fieldkit.ui.widgets.choice import choice
from fieldkit.ui.widgets.fact_table import FactTable
from fieldkit.ui.widgets.flow import flowing
from fieldkit.ui.widgets.side_by_side import SideBySide
from fieldkit.ui.widgets.take_away import TakeAway
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
        self._compared: Mapping[str, Any] = {}
        self.profession = choice("compareProfession", _("Profession"), {})
        self.date = choice("compareDate", _("Date"), {})
        self.other = choice("compareOther", _("Comparer à une autre date"), {})
        self.profession.activated.connect(self._offer_dates)
        self.date.activated.connect(self._offer_others)
        self.other.activated.connect(self._ask)
        filters = WrapGrid(200)
        filters.show_cells([self.profession, self.date, self.other])
        self.model = ComparisonModel(self)
        self.table = FactTable(self.model, "compareTable", _("Comparaison des éditeurs"), down=_("Service"))
        self.table.told.connect(self._tell_origin)
        self.summary = label("", "muted", wrap=True)
        self.summary.setObjectName("compareSummary")
        self.origin = label("", "caption", wrap=True, selectable=True)
        self.origin.setObjectName("compareOrigin")
        self.origin.setAccessibleName(_("Source de la case choisie"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 2 * GRID, 0, 0)
        column.setSpacing(GRID + GRID // 2)
        column.addWidget(filters)
        column.addWidget(SideBySide(self.summary, self._actions(), width=640, share=(1, 0)))
        column.addWidget(self.table, 1)
        column.addWidget(self.origin)

    def begin(self) -> None:
        """Fill the choices, once."""
        if not self._dates:
            self._context.ask_catalogue(_comparable, self._offer)

    def refresh(self) -> None:
        """The catalogue is another: ask again when the tab is next opened."""
        self._dates = {}

    def _actions(self) -> QWidget:
        self.differences = QCheckBox(_("Seulement les &différences"))
        self.differences.setObjectName("compareDifferences")
        self.differences.setAccessibleName(_("Seulement les différences"))
        self.differences.setToolTip(
            _("Les services pour lesquels deux éditeurs au moins répondent autrement")
        )
        self.differences.toggled.connect(lambda _on: self._redraw())
        return flowing(self.differences, TakeAway(self._context, self.table, "compare"), gap=2 * GRID)

    def _offer(self, dates: dict[str, list[str]]) -> None:
        self._dates = dates
        self.profession.clear()
        for profession in sorted(dates, key=CATEGORIES.index):
            self.profession.addItem(profession[0].upper() + profession[1:], profession)
        self._offer_dates()

    def _offer_dates(self) -> None:
        self.date.clear()
        for date in reversed(self._dates[self.profession.currentData()]):
            self.date.addItem(_("Au {date}").format(date=french_date(date)), date)
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
        self._compared = compared
        self._redraw()

    def _redraw(self) -> None:
        compared = self._compared
        if not compared:
            return
        two_dates = "changed" in compared
        self.differences.setVisible(not two_dates)
        self.model.show(compared, only_differences=self.differences.isChecked())
        self.table.called = " ".join([_("Comparaison"), compared["profession"], *_dates(compared)])
        self.table.verticalHeader().setVisible(not two_dates)
        header = self.table.horizontalHeader()
        few = self.model.columnCount() <= 4
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch if few else QHeaderView.ResizeMode.Fixed)
        header.setDefaultSectionSize(scaled(144))
        self.summary.setText(_summary(compared, self.model.rowCount()))
        self.origin.clear()
        if self.model.rowCount():
            self.table.setCurrentIndex(self.model.index(0, self.model.first_answer))

    def _tell_origin(self, current: QModelIndex) -> None:
        self.origin.setText(self.model.describe(current) if current.isValid() else "")


def _dates(compared: Mapping[str, Any]) -> list[str]:
    return sorted(filter(None, (compared["as_of"], compared.get("and"))))


def _summary(compared: Mapping[str, Any], shown: int) -> str:
    if "changed" not in compared:
        services, editors = len(compared["rows"]), len(compared["editors"])
        if shown < services:
            told = ngettext(
                "{n} service sur {services} distingue les {editors} éditeurs.",
                "{n} services sur {services} distinguent les {editors} éditeurs.",
                shown,
            )
            return told.format(n=shown, services=services, editors=editors)
        return _("{services} services × {editors} éditeurs.").format(services=services, editors=editors)
    changed, silent = len(compared["changed"]), compared["not_comparable"]
    told = ngettext("{n} réponse a changé", "{n} réponses ont changé", changed).format(n=changed)
    if not silent:
        return f"{told}."
    lost = ngettext("{n} case ne se compare pas", "{n} cases ne se comparent pas", silent).format(n=silent)
    return _("{told} ; {lost}, l'une des sources l'ayant perdue.").format(told=told, lost=lost)


def _comparable(catalogue: Path) -> dict[str, list[str]]:
    from fieldkit.services.catalogue import comparable

    return comparable(catalogue)
