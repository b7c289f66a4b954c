"""The comparison of editors as tables: services × editors at one date, or what changed between two."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from fieldkit.i18n import _
from fieldkit.ui import icons
from fieldkit.ui.theme import colors, scaled
from fieldkit.ui.words import answer, french_date, source_and_date

SOURCE: Final = Qt.ItemDataRole.UserRole
"""The role in which the vertical header tells where a row comes from."""

Index = QModelIndex | QPersistentModelIndex
Cell = Mapping[str, Any]
_ROOT = QModelIndex()


class ComparisonModel(QAbstractTableModel):
    """Shows the dictionary that `services.catalogue.compare` returns; with `changed` in it, only that.

    A cell that is no answer, such as the name of a service, is its plain text.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._across: list[str] = []
        self._down: list[str] = []
        self._cells: list[Sequence[Cell | str]] = []

    def show(self, compared: Mapping[str, Any], *, only_differences: bool = False) -> None:
        """Show another comparison; of one date, perhaps only the services on which editors differ."""
        self.beginResetModel()
        if "changed" in compared:
            before, after = sorted((compared["as_of"], compared["and"]))
            told = (_("Au {date}").format(date=french_date(date)) for date in (before, after))
            self._across = [_("Service"), _("Éditeur"), *told]
            self._down = [change["label"] for change in compared["changed"]]
            self._cells = [
                (change["label"], change["editor"], change["before"], change["after"])
                for change in compared["changed"]
            ]
        else:
            rows = [row for row in compared["rows"] if not only_differences or row["differs"]]
            self._across = list(compared["editors"])
            self._down = [row["label"] for row in rows]
            self._cells = [row["cells"] for row in rows]
        self.endResetModel()

    def describe(self, index: Index) -> str:
        """One cell in words, with its source and date."""
        row = self._cells[index.row()]
        cell = row[index.column()]
        if isinstance(cell, str):
            return ", ".join(part for part in row if isinstance(part, str))
        names = [part for part in row if isinstance(part, str)] or [self._down[index.row()]]
        what = ", ".join([*names, self._across[index.column()]])
        origin = source_and_date(cell) if cell["source"] else _("aucune source n'en parle")
        place = f" ({cell['locator']})" if cell["locator"] else ""
        return _("{what} : {answer}. Source : {origin}{place}.").format(
            what=what, answer=answer(cell)[1], origin=origin, place=place
        )

    @property
    def first_answer(self) -> int:
        """The first column that has answers."""
        return next((column for column, cell in enumerate(self._cells[0]) if not isinstance(cell, str)), 0)

    def _sources(self, row: int) -> str:
        """Every source of a row, each once."""
        cells = (cell for cell in self._cells[row] if not isinstance(cell, str) and cell["source"])
        return " ; ".join(dict.fromkeys(f"{source_and_date(cell)} ({cell['locator']})" for cell in cells))

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._down)

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._across)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if role == SOURCE and orientation == Qt.Orientation.Vertical:
            return self._sources(section)
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        names = self._across if orientation == Qt.Orientation.Horizontal else self._down
        return names[section] if section < len(names) else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        cell = self._cells[index.row()][index.column()]
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return self.describe(index)
        if isinstance(cell, str):
            return cell if role == Qt.ItemDataRole.DisplayRole else None
        look, word = answer(cell)
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return word
            case Qt.ItemDataRole.DecorationRole:
                return icons.pixmap(look, getattr(colors(), look), scaled(16))
        return None
