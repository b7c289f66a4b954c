"""The market figures of a card: what has several dates as a small chart, and all of it as a table."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from fieldkit.ui.models.entry_parts import Fact, Row, Sources, table
from fieldkit.ui.models.figures import Plot, plots, sentence, share, written
from fieldkit.ui.theme import scaled

CHART_SIZE = (264, 132)
"""Width and height of a chart in a card, in pixels at 100 % text."""

BAR_WIDTH = 76
"""The length of a bar in a card, in pixels whatever the text size: it is no text."""


def entry_plots(card: Mapping[str, Any]) -> list[Plot]:
    """What can be drawn over time: one measure of one market, known at several dates, to a chart."""
    return plots(card["series"], 1)


def figures_html(card: Mapping[str, Any], sources: Sources, across: int) -> str:
    """Charts, `across` of them side by side, over their table.

    The drawings are `chart:N` (of `entry_plots`) and `part:N` (a share, 0 to 1).
    """
    width, height = (scaled(side) for side in CHART_SIZE)
    charts = [
        f'<td><p class="chart">{escape(plot.title)}<br>{escape(plot.topic)}</p>'
        f'<img src="chart:{number}" width="{width}" height="{height}"></td>'
        for number, plot in enumerate(entry_plots(card))
    ]
    lines = [f"<tr>{''.join(charts[n : n + across])}</tr>" for n in range(0, len(charts), across)]
    above = f'<table class="charts">{"".join(lines)}</table>' if lines else ""
    return above + table([_row(fact) for fact in card["figures"]], sources, names=35)


def _row(fact: Fact) -> Row:
    name = f"{fact['metric']}, {fact['topic']}" if fact["topic"] else str(fact["metric"])
    part, drawing = share(fact["metric"], fact["unit"], _number(fact["value"])), ""
    if part is not None:
        size = f'width="{BAR_WIDTH}" height="{scaled(8)}"'
        drawing = f'<img src="part:{part:g}" {size} style="vertical-align: middle">'
    return Row(sentence(name), f"<b>{escape(written(fact, fact['unit']))}</b>", fact, drawing)


def _number(value: object) -> float | None:
    """The value as a number; None where its source gives it in words."""
    try:
        return float(str(value))
    except ValueError:
        return None
