"""What waits to be sent, and what the registry refused, as tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem

from fieldkit.i18n import _, language
from fieldkit.ui.models import visit_words as words
from fieldkit.ui.theme import scaled
from fieldkit.ui.widgets.card import Card
from fieldkit.ui.widgets.text import label

_ROWS_IN_SIGHT = 6


class QueueCard(Card):
    """Items of `services.sync.status`, oldest first."""

    def __init__(self, title: str, name: str, nothing: str) -> None:
        super().__init__(title, f"{name}Card")
        self._nothing = label(nothing, "muted", wrap=True)
        self.table = QTableWidget(0, 5)
        self.table.setObjectName(f"{name}Table")
        self.table.setAccessibleName(title)
        titles = [_("Changement"), _("Fait le"), _("Taille"), _("Essais"), _("Dernière raison")]
        self.table.setHorizontalHeaderLabels(titles)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setShowGrid(False)
        self.table.setTabKeyNavigation(False)
        self.table.setWordWrap(True)
        self.table.verticalHeader().hide()
        header = self.table.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setStretchLastSection(True)
        self.body.addWidget(self._nothing)
        self.body.addWidget(self.table)

    def show_items(self, items: Sequence[dict[str, Any]]) -> None:
        """Show these items."""
        self._nothing.setVisible(not items)
        self.table.setVisible(bool(items))
        self.table.setRowCount(len(items))
        for row, item in enumerate(items):
            for column, text in enumerate(_texts(item)):
                cell = QTableWidgetItem(text)
                cell.setToolTip(text)
                self.table.setItem(row, column, cell)
        rows = min(len(items), _ROWS_IN_SIGHT)
        height = (
            self.table.horizontalHeader().sizeHint().height() + rows * self.table.rowHeight(0) if rows else 0
        )
        self.table.setFixedHeight(height + scaled(8))


def _texts(item: dict[str, Any]) -> list[str]:
    size = QLocale(language()).formattedDataSize(item["bytes"], 1)
    tries = str(item["tries"]) if item["tries"] else _("aucun")
    return [item["label"], words.moment(item["made_at"]), size, tries, item["reason"] or ""]
