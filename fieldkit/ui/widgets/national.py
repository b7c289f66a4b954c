"""National figures as tiles: the number as its source prints it, what it counts, where it comes from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from fieldkit.i18n import _
from fieldkit.ui.theme import GRID
from fieldkit.ui.widgets.card import Card
from fieldkit.ui.widgets.text import label
from fieldkit.ui.widgets.wrap_grid import WrapGrid
from fieldkit.ui.words import french_date

if TYPE_CHECKING:
    from fieldkit.domain.catalogue import DeploymentFigure
    from fieldkit.services.catalogue import Headline


class NationalFigures(Card):
    """Filled by `show_figures`."""

    def __init__(self) -> None:
        super().__init__(_("Repères nationaux"), "nationalCard")
        self._grid = WrapGrid(210)
        self._own: dict[tuple[str, str], QLabel] = {}
        self._told: Mapping[tuple[str, str], str] = {}
        self.body.addWidget(self._grid)

    def show_figures(self, figures: Sequence[Headline]) -> None:
        """Show these figures, the latest of each beside the one before."""
        self._own = {
            (figure.now.topic, figure.now.metric): label("", "strong", wrap=True) for figure in figures
        }
        self._grid.show_cells(
            [_tile(figure, own) for figure, own in zip(figures, self._own.values(), strict=True)]
        )
        self.show_own(self._told)

    def show_own(self, told: Mapping[tuple[str, str], str]) -> None:
        """Say beside some figures, by their topic and metric, what one's own is."""
        self._told = told
        for figure, own in self._own.items():
            own.setText(told.get(figure, ""))
            own.setVisible(figure in told)


def _tile(figure: Headline, own: QLabel) -> QWidget:
    tile = QWidget()
    column = QVBoxLayout(tile)
    column.setContentsMargins(0, GRID, 0, GRID)
    column.setSpacing(GRID // 4)
    topic, metric = figure.now.topic, figure.now.metric
    told = _("{source}, {date}").format(
        source=figure.now.origin.source, date=french_date(figure.now.origin.as_of)
    )
    column.addWidget(label(_number(figure.now), "figure"))
    column.addWidget(label(topic[0].upper() + topic[1:], "strong", wrap=True))
    column.addWidget(label(metric[0].upper() + metric[1:], wrap=True))
    if figure.before is not None:
        when = french_date(figure.before.origin.as_of)
        column.addWidget(
            label(_("{number} en {date}").format(number=_number(figure.before), date=when), "muted")
        )
    column.addWidget(label(told, "caption", wrap=True))
    column.addWidget(own)
    column.addStretch(1)
    tile.setAccessibleName(f"{topic}, {metric} : {_number(figure.now)}. {told}")
    return tile


def _number(figure: DeploymentFigure) -> str:
    unit = "%" if figure.unit == "%" else ""
    return " ".join(filter(None, (figure.qualifier, figure.value_as_written, unit)))
