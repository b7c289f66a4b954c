"""Facts of the catalogue as `cli.md` prints them: the value, and where it comes from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from fieldkit.domain.catalogue import DeploymentFigure, Integration, MarketFigure, Provenance, Status
from fieldkit.domain.comparison import stated_in_text
from fieldkit.services import catalogue_wording as wording

Fact = dict[str, Any]
"""`{value, as_of, source, locator}` and what else the fact has."""

BARE: Final = ("value", "as_of", "source", "locator")


def fact(value: object, origin: Provenance, **more: object) -> Fact:
    """One fact as `cli.md` prints it."""
    source = wording.source(origin.source)
    return {"value": value, "as_of": origin.as_of, "source": source, "locator": origin.locator, **more}


def cell(said: Integration) -> Fact:
    """What a source says of a holder and a service: `status`, and `value`, null where the source lost it.

    `stated_in_text`: the cell was lost, and `prose_value` (yes, no) is what the text beside it states.
    """
    return fact(
        None if said.status is Status.UNKNOWN else said.value,
        said.origin,
        status=str(said.status),
        prose_value=said.prose_value or None,
        prose_basis=said.prose_basis or None,
        stated_in_text=stated_in_text(said),
    )


def no_cell(as_of: str) -> Fact:
    """The cell of a pair that no source speaks of: unknown, and without a source."""
    nothing = dict.fromkeys(("value", "source", "locator", "prose_value", "prose_basis"))
    return nothing | {"status": str(Status.UNKNOWN), "as_of": as_of, "stated_in_text": False}


def figure(item: DeploymentFigure) -> Fact:
    """A national indicator; `as_written` is how its source prints the number."""
    return fact(
        item.value,
        item.origin,
        topic=item.topic,
        metric=item.metric,
        qualifier=item.qualifier,
        unit=wording.unit(item.unit),
        as_written=item.value_as_written,
    )


def market_figure(item: MarketFigure) -> Fact:
    """A share, rank or count of an editor or product; `topic` is the market it is of."""
    return fact(
        item.value,
        item.origin,
        topic=item.scope,
        metric=wording.metric(item.metric),
        qualifier=item.qualifier,
        unit=wording.unit(item.unit),
        as_written=item.value_as_written,
    )


def series(figures: Iterable[Fact]) -> list[dict[str, Any]]:
    """Figures over time: `[{topic, metric, unit, points}]`, in the order in which each first appears.

    `points`: `[{as_of, value, qualifier, as_written, source, locator}]`, oldest first; `value` is a number,
    or null where the source gives words. Two sources that disagree on a date are two points.
    """
    found: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for item in figures:
        point = {
            "as_of": item["as_of"],
            "value": _number(item["value"]),
            **{name: item[name] for name in ("qualifier", "as_written", "source", "locator")},
        }
        found.setdefault((item["topic"], item["metric"], item["unit"]), []).append(point)
    return [
        {"topic": topic, "metric": metric, "unit": unit, "points": _by_date(points)}
        for (topic, metric, unit), points in found.items()
    ]


def _by_date(points: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(points, key=lambda point: str(point["as_of"]))


def _number(value: object) -> float | None:
    try:
        return float(str(value))
    except ValueError:
        return None
