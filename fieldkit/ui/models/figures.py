"""National indicators as tables and charts: what `services.catalogue.figures` returns, a topic at a time."""

from __future__ import annotations

import re
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
_VALUE: Final = 2
_GROWTH: Final = re.compile(r"\b(evolution|progression|hausse|baisse|augmentation|croissance)\b")
"""Words of a metric that is in percent of what was before, not of a whole."""


@dataclass(frozen=True, slots=True)
class Plot:
    """One chart: its title, what it is about, the unit of its values, its series."""

    title: str
    topic: str
    unit: str
    series: tuple[Series, ...]


def topics(figures: Sequence[Figures]) -> list[str]:
    """Every topic, in the order of `figures`."""
    return list(dict.fromkeys(one["topic"] for one in figures))


def written(point: Mapping[str, Any], unit: str) -> str:
    """A value as its source prints it, with its unit."""
    return " ".join(filter(None, (point["qualifier"], point["as_written"], unit)))


def share(metric: str, unit: str, value: float | None) -> float | None:
    """`value` as a part of a whole (0 to 1); None where it is none, such as a growth in percent."""
    grows = _GROWTH.search(fold(metric))
    whole = unit == "%" and not grows and value is not None and 0 <= value <= 100
    return value / 100 if whole and value is not None else None


def plots(figures: Sequence[Figures], most: int) -> list[Plot]:
    """What can be drawn over time: shares together, at most `most` to a chart, any other indicator alone."""
    drawn = [(one, _series(one)) for one in figures]
    dated = [(one, line) for one, line in drawn if len({point.date for point in line.points}) > 1]
    shares = [pair for pair in dated if pair[0]["unit"] == "%"]
    others = [pair for pair in dated if pair[0]["unit"] != "%"]
    together = [shares[n : n + most] for n in range(0, len(shares), most)]
    return [_plot(group) for group in (*together, *([pair] for pair in others))]


def _plot(group: Sequence[tuple[Figures, Series]]) -> Plot:
    first = group[0][0]
    title = _("Évolution, en %") if len(group) > 1 else sentence(first["metric"])
    return Plot(title, first["topic"], first["unit"], tuple(line for _one, line in group))


def _series(one: Figures) -> Series:
    """What is a number of an indicator, oldest first; what its source gives in words is in the table only."""
    sign = "%" if one["unit"] == "%" else ""
    points = sorted(one["points"], key=lambda point: str(point["as_of"]))
    return Series(
        one["metric"],
        tuple(
            Point(point["as_of"], point["value"], written(point, sign))
            for point in points
            if point["value"] is not None
        ),
    )


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
            return share(one["metric"], one["unit"], point["value"]) if index.column() == _VALUE else None
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        told = (
            sentence(one["metric"]),
            french_date(point["as_of"]),
            written(point, one["unit"]),
            point["source"],
        )
        return told[index.column()]
