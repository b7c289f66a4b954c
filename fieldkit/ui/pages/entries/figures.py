"""Chiffres: the national indicators, topic by topic, over time as charts and in full as a table."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHeaderView, QLineEdit, QVBoxLayout, QWidget

from fieldkit.domain.folding import fold
from fieldkit.i18n import _, ngettext
from fieldkit.ui.models.figures import Figures, FiguresModel, Plot, plots, sentence, topics
from fieldkit.ui.models.hits import Hit, HitModel
from fieldkit.ui.theme import GRID, scaled
from fieldkit.ui.widgets.card import Card
from fieldkit.ui.widgets.chart import MOST, Chart
from fieldkit.ui.widgets.fact_table import FactTable
from fieldkit.ui.widgets.part_delegate import VALUE_WIDTH, PartDelegate
from fieldkit.ui.widgets.result_list import ResultList
from fieldkit.ui.widgets.side_by_side import SideBySide
from fieldkit.ui.widgets.take_away import TakeAway
from fieldkit.ui.widgets.text import label
from fieldkit.ui.widgets.wrap_grid import WrapGrid

if TYPE_CHECKING:
    from fieldkit.ui.pages.base import Context

_VALUE: Final = 2


class FiguresTab(QWidget):
    """A list of topics, and the figures of the chosen one; `show_topic` chooses."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._figures: list[Figures] = []
        self._wanted = ""
        self._asked = False
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 2 * GRID, 0, 0)
        column.addWidget(SideBySide(self._list(), self._shown(), width=640, share=(3, 8)), 1)

    def begin(self) -> None:
        """Fill the list, once."""
        if not self._asked:
            self._asked = True
            self._context.ask_catalogue(_figures, self._take)

    def refresh(self) -> None:
        """The catalogue is another: ask again when the tab is next opened."""
        self._asked = False

    def show_topic(self, topic: str) -> None:
        """Choose a topic, now or as soon as the figures are there."""
        self._wanted = topic
        self.field.clear()
        self._offer()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_Escape:
                self.field.clear()
                return True
            return self.topics.steer(Qt.Key(event.key()))
        return super().eventFilter(watched, event)

    def _list(self) -> QWidget:
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        self.field = QLineEdit()
        self.field.setObjectName("figuresSearch")
        self.field.setAccessibleName(_("Chercher un indicateur"))
        self.field.setPlaceholderText(_("Un thème, un indicateur"))
        self.field.textChanged.connect(lambda _text: self._offer())
        self.field.installEventFilter(self)
        self.topics_model = HitModel(self)
        self.topics = ResultList(self.topics_model, "figuresTopics", _("Thèmes"))
        self.topics.setMinimumHeight(scaled(160))
        self.topics.selectionModel().currentChanged.connect(self._chosen)
        column.addWidget(self.field)
        column.addWidget(self.topics, 1)
        return side

    def _shown(self) -> Card:
        card = Card(_("Chiffres"), "figuresCard")
        self.title = card.title
        self._charts = WrapGrid(212)
        self.model = FiguresModel(self)
        self.table = FactTable(self.model, "figuresTable", _("Tableau des chiffres"))
        self.table.verticalHeader().hide()
        self.table.setMinimumHeight(scaled(150))
        card.header.addWidget(TakeAway(self._context, self.table, "figures"))
        self.table.setItemDelegateForColumn(_VALUE, PartDelegate(self.table))
        self.table.told.connect(self._tell_origin)
        self.origin = label("", "caption", wrap=True, selectable=True)
        self.origin.setObjectName("figuresOrigin")
        self.origin.setAccessibleName(_("Source du chiffre choisi"))
        for part in (self._charts, self.table, self.origin):
            card.body.addWidget(part)
        card.body.setStretch(card.body.indexOf(self.table), 1)
        return card

    def _take(self, figures: list[Figures]) -> None:
        self._figures = figures
        self._offer()

    def _offer(self) -> None:
        """List the topics that have what is typed in their name or in one of their indicators."""
        typed = fold(self.field.text())
        found = [one for one in self._figures if typed in fold(f"{one['topic']} {one['metric']}")]
        self.topics_model.show([_line(topic, found) for topic in topics(found)])
        index = self.topics_model.index(max(0, self.topics_model.row_of(self._wanted)))
        self.topics.setCurrentIndex(index)

    def _chosen(self, current: QModelIndex) -> None:
        hit = self.topics_model.hit(current)
        if hit is None:
            return
        if self.topics.hasFocus() or self.field.hasFocus():
            self._wanted = hit.target
        figures = [one for one in self._figures if one["topic"] == hit.target]
        self.title.setText(hit.name)
        found = plots(figures, MOST)
        self._charts.setVisible(bool(found))
        self._charts.show_cells([_chart(number, plot) for number, plot in enumerate(found)])
        self.model.show(figures)
        self.table.called = hit.name
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(_VALUE, QHeaderView.ResizeMode.Fixed)
        header.resizeSection(_VALUE, scaled(VALUE_WIDTH))
        self.table.setCurrentIndex(self.model.index(0, 0))

    def _tell_origin(self, current: QModelIndex) -> None:
        self.origin.setText(self.model.describe(current) if current.isValid() else "")


def _line(topic: str, figures: Sequence[Figures]) -> Hit:
    own = [one for one in figures if one["topic"] == topic]
    dates = sorted({point["as_of"] for one in own for point in one["points"]})
    count = ngettext("{n} indicateur", "{n} indicateurs", len(own)).format(n=len(own))
    when = " → ".join(dict.fromkeys(date[:4] for date in (dates[0], dates[-1])))
    return Hit("chart", when, sentence(topic), count, "catalogue", topic)


def _chart(number: int, plot: Plot) -> QWidget:
    cell = QWidget()
    column = QVBoxLayout(cell)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(GRID // 2)
    unit = "" if plot.unit in ("", "%") else f" ({plot.unit})"
    column.addWidget(label(f"{plot.title}{unit}", "strong", wrap=True))
    chart = Chart(f"figuresChart{number}", plot.title, height=136)
    chart.show_series(plot.series, plot.unit)
    column.addWidget(chart, 1)
    return cell


def _figures(catalogue: Path) -> list[Figures]:
    from fieldkit.services.catalogue import figures

    return list(figures(catalogue, everything=True))
