"""The visits as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
)

from fieldkit.domain.folding import fold
from fieldkit.i18n import N_, _
from fieldkit.ui import icons, theme
from fieldkit.ui.models import visit_words as words
from fieldkit.ui.widgets.tag import Look

Index = QModelIndex | QPersistentModelIndex
Row = Mapping[str, Any]

COLUMNS: Final = (N_("Date"), N_("Cabinet"), N_("État"), N_("Appli carte Vitale"))
SORT_ROLE: Final = Qt.ItemDataRole.UserRole + 1


class VisitsModel(QAbstractTableModel):
    """Rows of `services.visits.list_visits`, judged."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[Row] = []

    def show(self, rows: Sequence[Row]) -> None:
        """Show these visits instead."""
        self.beginResetModel()
        self._rows = list(rows)
        self.endResetModel()

    def row(self, index: Index) -> Row | None:
        """The visit at `index`, if there is one."""
        return self._rows[index.row()] if index.isValid() else None

    def count_in(self, state: str) -> int:
        """How many visits are in `state`, as `services.visits.is_in` counts them."""
        return sum(_is_in(row, state) for row in self._rows)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  Qt's own signature
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  as above
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return _(COLUMNS[section])
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.row(index)
        if row is None:
            return None
        look = _look(row, index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return look.words if look else _text(row, index.column())
        if role == Qt.ItemDataRole.DecorationRole and look:
            return icons.pixmap(look.icon, getattr(theme.colors(), look.state), theme.scaled(18))
        if role == SORT_ROLE:
            return _sort_key(row, index.column())
        return None


class VisitsFilter(QSortFilterProxyModel):
    """Those of one state, whose practice has some words in its name."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state: str | None = None
        self._words = ""
        self.setSortRole(SORT_ROLE)

    def look_for(self, state: str | None, text: str) -> None:
        """Keep visits in `state` (None: any) to practices that `text` names."""
        self._state, self._words = state, fold(text)
        self.invalidate()

    def row(self, index: QModelIndex) -> Row | None:
        """The visit at `index`, if there is one."""
        return self._model().row(self.mapToSource(index))

    def visit_id(self, index: QModelIndex) -> str:
        """The identity of the visit at `index`; "" where there is none."""
        row = self.row(index)
        return str(row["id"]) if row else ""

    def filterAcceptsRow(self, source_row: int, source_parent: Index) -> bool:  # noqa: ARG002  Qt's
        row = self._model().row(self._model().index(source_row, 0))
        return (
            row is not None
            and _is_in(row, self._state)
            and self._words in fold(row["practice"]["name"] or "")
        )

    def _model(self) -> VisitsModel:
        model = self.sourceModel()
        assert isinstance(model, VisitsModel)
        return model


def _is_in(row: Row, state: str | None) -> bool:
    from fieldkit.services import visits

    return visits.is_in(row["state"], state)


def _look(row: Row, column: int) -> Look | None:
    if column == 2:
        return words.state(row["state"])
    return words.readiness(row["apcv"]) if column == 3 else None


def _text(row: Row, column: int) -> str:
    if column == 0:
        return words.short_day(row["date"])
    name = row["practice"]["name"] or _("Cabinet sans nom")
    return name if row["edition"] == 1 else _("{name} (édition {n})").format(name=name, n=row["edition"])


def _sort_key(row: Row, column: int) -> str:
    keys = (row["date"] or "", fold(row["practice"]["name"] or ""), row["state"], row["apcv"])
    return keys[column]
