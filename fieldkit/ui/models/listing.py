"""A list of the field work as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from fieldkit.domain.folding import fold
from fieldkit.i18n import _
from fieldkit.reports import wording
from fieldkit.ui.words import french_date

if TYPE_CHECKING:
    from fieldkit.services.lists import Listing

Index = QModelIndex | QPersistentModelIndex

SORT_ROLE: Final = Qt.ItemDataRole.UserRole + 1


class ListingModel(QAbstractTableModel):
    """Rows of `services.lists`; what is not known says so."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._shown: Listing | None = None

    def show(self, listing: Listing) -> None:
        """Show this list instead."""
        self.beginResetModel()
        self._shown = listing
        self.endResetModel()

    def visit_of(self, row: int) -> str:
        """The visit that tells more of a row; "" where there is none."""
        return self._shown.lines[row].visit if self._shown and 0 <= row < len(self._shown.lines) else ""

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  Qt's own signature
        return 0 if parent.isValid() or self._shown is None else len(self._shown.lines)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  as above
        return 0 if parent.isValid() or self._shown is None else len(self._shown.columns)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole and self._shown:
            return self._shown.columns[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or self._shown is None:
            return None
        cell = self._shown.lines[index.row()].cells[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return _(wording.UNKNOWN) if cell is None else _shown(cell)
        if role == Qt.ItemDataRole.ToolTipRole and isinstance(cell, str):
            return cell
        if role == SORT_ROLE:
            return cell if isinstance(cell, int) else fold(cell or "")
        return None


def _shown(cell: str | int) -> str:
    text = " ".join(str(cell).split())
    return french_date(text) if len(text) == 10 and text[4:8:3] == "--" else text
