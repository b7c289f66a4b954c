"""National indicators as tables and charts: what `services.catalogue.figures` returns, a topic at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from fieldkit.domain.folding import fold
from fieldkit.i18n import _
from fieldkit.ui.models.series import Point, Series
from fieldkit.ui.words import french_date, source_and_date

Index = QModelIndex | QPersistentModelIndex
Figures = Mapping[str, Any]
"""One indicator: `{topic, metric, unit, points}`, the points as facts, oldest first."""

PART: Final = Qt.ItemDataRole.UserRole
"""The role of a value as a part of the whole (0 to 1); None where it is no share."""

_ROOT = QModelIndex()
_FIRST: Final = (
    "appli carte Vitale",
    "addendum 8",
    "addendum 7",
    "PRO-PS",
    "INSi",
    "ADRi",
    "télétransmission SESAM-Vitale",
    "facturation SESAM-Vitale",
)
"""What a delegate is asked about most; other topics follow in the order of the alphabet."""


@dataclass(frozen=True, slots=True)
class Plot:
    """One chart: its title, the unit of its values, its series."""

    title: str
    unit: str
    series: tuple[Series, ...]


def topics(figures: Sequence[Figures]) -> list[str]:
    """Every topic, in the order of the list."""
    found = dict.fromkeys(one["topic"] for one in figures)
    asked = [topic for topic in _FIRST if topic in found]
    return asked + sorted((topic for topic in found if topic not in _FIRST), key=fold)


def written(point: Mapping[str, Any], unit: str) -> str:
    """A value as its source prints it, with its unit."""
    return " ".join(filter(None, (point["qualifier"], point["as_written"], unit)))


def plots(figures: Sequence[Figures], most: int) -> list[Plot]:
    """What can be drawn over time: shares together, at most `most` to a chart, any other indicator alone."""
    dated = [one for one in figures if len({point["as_of"] for point in one["points"]}) > 1]
    shares = [one for one in dated if one["unit"] == "%"]
    others = [one for one in dated if one["unit"] != "%"]
    together = [shares[n : n + most] for n in range(0, len(shares), most)]
    return [_plot(group) for group in (*together, *([one] for one in others))]


def _plot(group: Sequence[Figures]) -> Plot:
    unit = group[0]["unit"]
    title = _("Évolution, en %") if len(group) > 1 else sentence(group[0]["metric"])
    return Plot(title, unit, tuple(_series(one) for one in group))


def _series(one: Figures) -> Series:
    sign = "%" if one["unit"] == "%" else ""
    points = sorted(one["points"], key=lambda point: str(point["as_of"]))
    drawn = tuple(Point(point["as_of"], point["value"], written(point, sign)) for point in points)
    return Series(one["metric"], drawn)


def sentence(text: str) -> str:
    """`text` with a capital."""
    return text[:1].upper() + text[1:]


class FiguresModel(QAbstractTableModel):
    """The indicators of one topic: each value on its line, the latest first."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[tuple[Figures, Mapping[str, Any]]] = []

    def show(self, figures: Sequence[Figures]) -> None:
        """Show these indicators instead."""
        self.beginResetModel()
        self._rows = []
        for one in figures:
            points = sorted(one["points"], key=lambda point: str(point["as_of"]), reverse=True)
            self._rows += [(one, point) for point in points]
        self.endResetModel()

    def describe(self, index: Index) -> str:
        """One value in words, with its source and the place in it."""
        one, point = self._rows[index.row()]
        place = f" ({point['locator']})" if point["locator"] else ""
        return _("{what} : {answer}. Source : {origin}{place}.").format(
            what=sentence(one["metric"]),
            answer=written(point, one["unit"]),
            origin=source_and_date(point),
            place=place,
        )

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else 4

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        if orientation == Qt.Orientation.Vertical:
            return section + 1
        return (_("Indicateur"), _("Date"), _("Valeur"), _("Source"))[section]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        one, point = self._rows[index.row()]
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return self.describe(index)
        if role == PART:
            share = index.column() == 2 and one["unit"] == "%" and 0 <= point["value"] <= 100
            return point["value"] / 100 if share else None
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        told = (
            sentence(one["metric"]),
            french_date(point["as_of"]),
            written(point, one["unit"]),
            point["source"],
        )
        return told[index.column()]
