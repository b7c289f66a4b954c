"""The visits of the profile: found by state and name, opened with Enter."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QHBoxLayout, QHeaderView, QLineEdit, QTableView

from fieldkit.i18n import _, ngettext
from fieldkit.ui.models import visit_words as words
from fieldkit.ui.models.visits import Row, VisitsFilter, VisitsModel
from fieldkit.ui.pages.base import Context, Page
from fieldkit.ui.runner import Queue
from fieldkit.ui.theme import GRID, scaled
from fieldkit.ui.widgets.card import Card, EmptyState
from fieldkit.ui.widgets.choice import choice
from fieldkit.ui.widgets.keyboard import someone_types
from fieldkit.ui.widgets.text import button, label
from fieldkit.ui.widgets.undo_banner import UndoBanner

if TYPE_CHECKING:
    from fieldkit.store.changes import Changes

_PRACTICE: Final = 1
_LEAST_NAME: Final = 170


class VisitList(Page):
    """A table, newest first; the page says what to do when there is none."""

    opened = Signal(str)
    begun = Signal()
    """A new visit is wanted."""
    week = Signal()
    """The week is wanted."""

    def __init__(self, context: Context) -> None:
        about = _("Tout est gardé sur cet ordinateur à mesure que vous tapez, même sans réseau.")
        super().__init__(context, _("Visites"), about)
        self.new = button(_("&Nouvelle visite"), "newVisit", self.begun.emit, kind="primary", icon="plus")
        self.new.setAccessibleDescription(_("Touche Ctrl+N"))
        self.new.setToolTip(_("Touche Ctrl+N"))
        self._to_week = button(_("Se&maine"), "weekOfVisits", self.week.emit, icon="clock")
        self.tools.addWidget(self._to_week)
        self.tools.addWidget(self.new)
        self.undo = UndoBanner("undoVisit")
        self.model = VisitsModel(self)
        self.filter = VisitsFilter(self)
        self.filter.setSourceModel(self.model)
        self.table = self._table()
        self._filters = self._filter_row()
        self._count = label("", "caption", wrap=True)
        self._count.setObjectName("visitCount")
        self._empty = Card(name="noVisitCard")
        first = button(
            _("Commencer une &visite"), "newFirstVisit", self.begun.emit, kind="primary", icon="plus"
        )
        self._empty.body.addWidget(
            EmptyState(
                "visits",
                _("Aucune visite pour l'instant"),
                _(
                    "Commencez par le nom du cabinet ; le reste se complète sur place, dans l'ordre qui "
                    "vous convient. Vous pouvez préparer une visite avant de partir."
                ),
                first,
                "visitsEmpty",
            )
        )
        self.body.addWidget(self.undo)
        self.body.addLayout(self._filters)
        self.body.addWidget(self.table, 1)
        self.body.addWidget(self._count)
        self.body.addWidget(self._empty, 1)
        self._opening = label(_("Ouverture de vos visites…"), "muted", wrap=True)
        self._opening.setObjectName("visitsOpening")
        self.body.addWidget(self._opening)
        self.body.addStretch(0)
        filters = (self._search, self._state, self._put_away_button)
        self._with_visits = (self.table, *filters, self._count, self.new, self._to_week)
        self._show(None)
        context.field_data_changed.connect(self._look_again)
        delete = QShortcut(QKeySequence(QKeySequence.StandardKey.Delete), self.table, self._put_away)
        delete.setContext(Qt.ShortcutContext.WidgetShortcut)

    def entered(self) -> None:
        self.look()

    def look(self) -> None:
        """Read the visits again."""
        from fieldkit.services import visits

        profile = self.context.profile
        if profile is not None:
            store = profile.store
            self.context.runner.run(
                Queue.DATABASE, lambda: visits.list_visits(store, judged=True), self._show
            )

    def _look_again(self, _changes: object) -> None:
        if self.isVisible():
            self.look()

    def _show(self, rows: Sequence[Row] | None) -> None:
        """Show these visits; None while they are not known yet."""
        chosen = self.filter.visit_id(self.table.currentIndex())
        self._opening.setVisible(rows is None)
        self._empty.setVisible(rows is not None and not rows)
        rows = rows or []
        self.model.show(rows)
        for part in (
            self.table,
            self._search,
            self._state,
            self._put_away_button,
            self._count,
            self.new,
            self._to_week,
        ):
            part.setVisible(bool(rows))
        for number in range(self._state.count()):
            self._state.setItemText(number, self._state_words(self._state.itemData(number)))
        self._narrow()
        self._choose(chosen)

    def _choose(self, visit_id: str) -> None:
        rows = range(self.filter.rowCount())
        row = next((r for r in rows if self.filter.visit_id(self.filter.index(r, 0)) == visit_id), 0)
        if self.filter.rowCount():
            self.table.setCurrentIndex(self.filter.index(row, 0))
            if self.isVisible() and not someone_types():
                self.table.setFocus()

    def _narrow(self) -> None:
        self.filter.look_for(self._state.currentData(), self._search.text())
        shown, total = self.filter.rowCount(), self.model.rowCount()
        several = ngettext("{shown} visite sur {total}", "{shown} visites sur {total}", shown)
        keys = _("Entrée pour ouvrir, Suppr pour retirer un brouillon")
        self._count.setText(f"{several.format(shown=shown, total=total)} · {keys}")

    def _state_words(self, state: str | None) -> str:
        if state is None:
            return _("Tous les états")
        return f"{words.states()[state]} ({self.model.count_in(state)})"

    def _open(self, index: QModelIndex) -> None:
        visit_id = self.filter.visit_id(index)
        if visit_id:
            self.opened.emit(visit_id)

    def _put_away(self) -> None:
        from fieldkit.services import visits

        index = self.table.currentIndex()
        visit_id = self.filter.visit_id(index)
        profile = self.context.profile
        if not visit_id or profile is None or not self._put_away_button.isEnabled():
            return
        store = profile.store
        name = self.filter.index(index.row(), _PRACTICE).data()

        def archive(*, back: bool = False) -> Changes:
            return visits.archive(store, "visit", visit_id, back=back)

        def undo() -> None:
            tell = self.context.field_data_changed.emit
            self.context.runner.run(Queue.DATABASE, partial(archive, back=True), tell)

        def done(changes: Changes) -> None:
            self.context.field_data_changed.emit(changes)
            self.undo.offer(_("La visite à « {name} » est retirée.").format(name=name), undo)

        self.context.runner.run(Queue.DATABASE, archive, done)

    def _may_put_away(self, index: QModelIndex) -> None:
        """Only drafts can be put away; a finalised visit stays."""
        row = self.filter.row(index)
        self._put_away_button.setEnabled(row is not None and row["state"] == "draft")

    def _filter_row(self) -> QHBoxLayout:
        self.table.selectionModel().currentRowChanged.connect(self._may_put_away)
        self._search = QLineEdit()
        self._search.setObjectName("visitSearch")
        self._search.setAccessibleName(_("Filtrer par cabinet"))
        self._search.setPlaceholderText(_("Filtrer par cabinet"))
        self._search.setClearButtonEnabled(True)
        self._search.textChanged.connect(lambda _text: self._narrow())
        self._search.setMinimumWidth(scaled(80))
        self._state = choice(
            "visitStateFilter", _("Filtrer par état"), words.states(), every=self._state_words(None)
        )
        self._state.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._state.setMinimumWidth(scaled(90))
        self._state.currentIndexChanged.connect(lambda _row: self._narrow())
        self._put_away_button = button(
            _("&Retirer"), "archiveVisit", self._put_away, kind="quiet", icon="trash", hint=_("Touche Suppr")
        )
        row = QHBoxLayout()
        row.setSpacing(GRID)
        row.addWidget(self._search, 1)
        row.addWidget(self._state)
        row.addWidget(self._put_away_button)
        return row

    def _table(self) -> QTableView:
        table = _Table()
        table.setObjectName("visitsTable")
        table.setAccessibleName(_("Visites"))
        table.setModel(self.filter)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setShowGrid(False)
        table.setTabKeyNavigation(False)
        table.setSortingEnabled(True)
        table.sortByColumn(0, Qt.SortOrder.DescendingOrder)
        table.setMinimumHeight(scaled(180))
        table.setWordWrap(False)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(scaled(42))
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(_PRACTICE, QHeaderView.ResizeMode.Fixed)
        table.doubleClicked.connect(self._open)
        table.entered_row.connect(self._open)
        return table


class _Table(QTableView):
    """Enter opens a row, on every system; the practice's name has what the other columns leave."""

    entered_row = Signal(QModelIndex)

    def updateGeometries(self) -> None:
        super().updateGeometries()
        header = self.horizontalHeader()
        others = sum(header.sectionSize(n) for n in range(header.count()) if n != _PRACTICE)
        room = max(self.viewport().width() - others, scaled(_LEAST_NAME))
        if header.count() > _PRACTICE and header.sectionSize(_PRACTICE) != room:
            header.resizeSection(_PRACTICE, room)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered_row.emit(self.currentIndex())
        else:
            super().keyPressEvent(event)
