"""What has not gone to the registry, as tables, each with what can be done with the chosen line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem

from fieldkit.i18n import N_, _, language
from fieldkit.ui.models import visit_words as words
from fieldkit.ui.theme import scaled
from fieldkit.ui.widgets.card import Card
from fieldkit.ui.widgets.flow import flowing
from fieldkit.ui.widgets.text import button, label

Item = dict[str, Any]

_ROWS_IN_SIGHT: Final = 6
_TITLES: Final = {
    "label": N_("Quoi"),
    "made_at": N_("Fait le"),
    "bytes": N_("Taille"),
    "tries": N_("Essais"),
    "reason": N_("Dernière raison"),
}


@dataclass(frozen=True, slots=True)
class Action:
    """What a button under the table does with the line that is chosen."""

    title: str
    name: str
    done: Callable[[Item], None]


class QueueCard(Card):
    """Items of `services.sync.status`, oldest first."""

    def __init__(
        self,
        title: str,
        name: str,
        nothing: str,
        *,
        about: str = "",
        columns: Sequence[str] = tuple(_TITLES),
        actions: Sequence[Action] = (),
    ) -> None:
        super().__init__(title, f"{name}Card")
        self._columns = columns
        self._items: list[Item] = []
        self._nothing = label(nothing, "muted", wrap=True)
        self._about = label(about, "muted", wrap=True)
        self.table = QTableWidget(0, len(columns))
        self.table.setObjectName(f"{name}Table")
        self.table.setAccessibleName(title)
        self.table.setHorizontalHeaderLabels([_(_TITLES[column]) for column in columns])
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setShowGrid(False)
        self.table.setTabKeyNavigation(False)
        self.table.setWordWrap(True)
        self.table.verticalHeader().hide()
        header = self.table.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setStretchLastSection(True)
        self._buttons = [button(one.title, one.name, partial(self._act, one.done)) for one in actions]
        self._row = flowing(*self._buttons)
        self._reason = label("", "caption", wrap=True, selectable=True)
        self._reason.setObjectName(f"{name}Reason")
        self.table.itemSelectionChanged.connect(self._chosen)
        for part in (self._nothing, self._about, self.table, self._reason, self._row):
            self.body.addWidget(part)
        self._chosen()

    def show_items(self, items: Sequence[Item]) -> None:
        """Show these items; the line that was chosen stays so where it is still there."""
        self._nothing.setVisible(not items and bool(self._nothing.text()))
        self._about.setVisible(bool(items) and bool(self._about.text()))
        self.table.setVisible(bool(items))
        self._row.setVisible(bool(items) and bool(self._buttons))
        if list(items) == self._items:
            return
        chosen = self._item()
        self._items = list(items)
        self.table.setRowCount(len(items))
        for row, item in enumerate(items):
            for column, name in enumerate(self._columns):
                cell = QTableWidgetItem(_text(name, item))
                cell.setToolTip(cell.text())
                self.table.setItem(row, column, cell)
        again = next((row for row, item in enumerate(items) if chosen and item["id"] == chosen["id"]), None)
        if items:
            self.table.selectRow(again or 0)
        rows = min(len(items), _ROWS_IN_SIGHT)
        head = self.table.horizontalHeader().sizeHint().height()
        bar = self.table.horizontalScrollBar().sizeHint().height()
        self.table.setFixedHeight(head + rows * self.table.rowHeight(0) + bar + scaled(4) if rows else 0)
        self._chosen()

    def _item(self) -> Item | None:
        rows = self.table.selectionModel().selectedRows()
        return self._items[rows[0].row()] if rows and rows[0].row() < len(self._items) else None

    def _act(self, done: Callable[[Item], None]) -> None:
        item = self._item()
        if item is not None:
            done(item)

    def _chosen(self) -> None:
        """Show the whole reason of the chosen line, which its cell may have no room for."""
        item = self._item()
        for one in self._buttons:
            one.setEnabled(item is not None)
        reason = str((item and item.get("reason")) or "")
        self._reason.setText(reason)
        self._reason.setVisible(bool(reason))


def _text(column: str, item: Item) -> str:
    value = item.get(column)
    if column == "made_at":
        return words.moment(value) if value else ""
    if column == "bytes":
        return QLocale(language()).formattedDataSize(item["bytes"], 1)
    if column == "tries":
        return str(value) if value else _("aucun")
    return value or ""
