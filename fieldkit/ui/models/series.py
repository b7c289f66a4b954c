"""What a chart shows: series of dated values in words, and the scale they are drawn on."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from fieldkit.i18n import _
from fieldkit.ui.words import french_date


@dataclass(frozen=True, slots=True)
class Point:
    """A value at a date (ISO, as precise as its source); `words` is how it is written, its unit included."""

    date: str
    value: float
    words: str


@dataclass(frozen=True, slots=True)
class Series:
    """Values of one thing, oldest first."""

    name: str
    points: tuple[Point, ...]


def in_words(series: Sequence[Series]) -> str:
    """Every value of `series`, for whoever does not see the chart."""
    return " ; ".join(
        _("{name} : {values}").format(
            name=one.name,
            values=", ".join(
                _("{number} en {date}").format(number=point.words, date=french_date(point.date))
                for point in one.points
            ),
        )
        for one in series
    )


def moment(date: str) -> float:
    """An ISO date in years; one without day or month stands in the middle of what it names."""
    parts = [int(part) for part in date.split("-")]
    year, month, day = (*parts, 0, 0)[:3]
    months = 6.0 if not month else month - 1 + (day - 0.5 if day else 15) / 31
    return year + months / 12


def ticks(highest: float, most: int = 4) -> list[float]:
    """Round values from zero to at least `highest`, at most `most` of them above zero."""
    if highest <= 0:
        return [0.0, 1.0]
    rough = highest / most
    unit = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * unit for factor in (1, 2, 2.5, 5, 10) if factor * unit >= rough * (1 - 1e-9))
    return [step * number for number in range(math.ceil(highest / step - 1e-9) + 1)]


def short_number(value: float) -> str:
    """A round value as an axis says it, as the sources write numbers: `50`, `2,5`, `50 000`, `30 M`."""
    if value >= 1_000_000:
        return f"{value / 1_000_000:g} M".replace(".", ",")
    return (f"{value:g}" if value < 1000 else f"{value:,.0f}".replace(",", " ")).replace(".", ",")
