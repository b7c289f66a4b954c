"""The comparison of editors as tables: services × editors at one date, or what changed between two."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from fieldkit.i18n import _
from fieldkit.ui import icons
from fieldkit.ui.theme import colors, scaled
from fieldkit.ui.words import answer, source_and_date

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class ComparisonModel(QAbstractTableModel):
    """Shows the dictionary that `services.catalogue.compare` returns; with `changed` in it, only that."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._across: list[str] = []
        self._down: list[str] = []
        self._cells: list[list[Mapping[str, Any]]] = []

    def show(self, compared: Mapping[str, Any]) -> None:
        """Show another comparison."""
        self.beginResetModel()
        if "changed" in compared:
            changes = compared["changed"]
            self._across = [_("Avant"), _("Après")]
            self._down = [f"{change['label']}\n{change['editor']}" for change in changes]
            self._cells = [[change["before"], change["after"]] for change in changes]
        else:
            self._across = list(compared["editors"])
            self._down = [row["label"] for row in compared["rows"]]
            self._cells = [row["cells"] for row in compared["rows"]]
        self.endResetModel()

    def describe(self, index: Index) -> str:
        """One cell in words, with its source and date."""
        cell = self._cells[index.row()][index.column()]
        what = f"{self._across[index.column()]}, {self._down[index.row()]} : {answer(cell)[1]}".replace(
            "\n", ", "
        )
        origin = source_and_date(cell) if cell["source"] else _("aucune source n'en parle")
        place = f" ({cell['locator']})" if cell["locator"] else ""
        return _("{what}. Source : {origin}{place}.").format(what=what, origin=origin, place=place)

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._down)

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._across)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        names = self._across if orientation == Qt.Orientation.Horizontal else self._down
        return names[section] if section < len(names) else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        cell = self._cells[index.row()][index.column()]
        look, word = answer(cell)
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return word
            case Qt.ItemDataRole.DecorationRole:
                return icons.pixmap(look, getattr(colors(), look), scaled(16))
            case Qt.ItemDataRole.ToolTipRole | Qt.ItemDataRole.AccessibleTextRole:
                return self.describe(index)
        return None
