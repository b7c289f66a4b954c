"""The market figures of a card: what has several dates as a small chart, and all of it as a table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from fieldkit.ui.models.entry_parts import Fact, Row, Sources, table
from fieldkit.ui.models.figures import written
from fieldkit.ui.models.series import Point, Series
from fieldkit.ui.theme import scaled

CHART_SIZE = (264, 132)
"""Width and height of a chart in a card, in pixels at 100 % text."""


def entry_series(figures: Iterable[Fact]) -> list[tuple[Series, str]]:
    """What can be drawn over time, with its unit: one measure of one scope, known at several dates."""
    found: dict[tuple[str, str, str], list[Fact]] = {}
    for fact in figures:
        if _number(fact) is not None:
            found.setdefault((fact["metric"], fact["topic"], fact["unit"]), []).append(fact)
    return [
        (Series(_measure(facts[0]), _points(facts)), unit)
        for (_metric, _topic, unit), facts in found.items()
        if len({fact["as_of"] for fact in facts}) > 1
    ]


def figures_html(figures: Sequence[Fact], sources: Sources, across: int) -> str:
    """Charts, `across` of them side by side, over their table.

    The drawings are `chart:N` (of `entry_series`) and `part:N` (a share in percent).
    """
    width, height = (scaled(side) for side in CHART_SIZE)
    charts = [
        f'<td><p class="chart">{escape(series.name)}</p>'
        f'<img src="chart:{number}" width="{width}" height="{height}"></td>'
        for number, (series, _unit) in enumerate(entry_series(figures))
    ]
    lines = [f"<tr>{''.join(charts[n : n + across])}</tr>" for n in range(0, len(charts), across)]
    above = f'<table class="charts">{"".join(lines)}</table>' if lines else ""
    return above + table([_row(fact) for fact in figures], sources, names=38)


def _points(facts: Sequence[Fact]) -> tuple[Point, ...]:
    told = sorted(facts, key=lambda fact: str(fact["as_of"]))
    return tuple(
        Point(fact["as_of"], number, written(fact, "%" if fact["unit"] == "%" else ""))
        for fact in told
        if (number := _number(fact)) is not None
    )


def _row(fact: Fact) -> Row:
    told = f"<b>{escape(written(fact, fact['unit']))}</b>"
    number = _number(fact)
    if fact["unit"] == "%" and number is not None and 0 <= number <= 100:
        width, height = scaled(90), scaled(8)
        size = f'width="{width}" height="{height}"'
        told += f'&nbsp;&nbsp;<img src="part:{number:g}" {size} style="vertical-align: middle">'
    return Row(_measure(fact), told, fact)


def _number(fact: Fact) -> float | None:
    """The value as a number, where its source writes one: some give a place in words."""
    if not any(letter.isdigit() for letter in fact["as_written"]):
        return None
    try:
        return float(fact["value"])
    except (TypeError, ValueError):
        return None


def _measure(fact: Fact) -> str:
    name = f"{fact['metric']}, {fact['topic']}" if fact["topic"] else str(fact["metric"])
    return name[:1].upper() + name[1:]
