"""The state of a delegate's field work at a glance, for the dashboard."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from fieldkit.services import visits
from fieldkit.store.fieldwork import FieldStore

_MOST: Final = 8


@dataclass(frozen=True, slots=True)
class Overview:
    """`visits` are rows of `visits.list_visits`: drafts that are due first, oldest first, then the latest others.

    `due` counts those of today or late. `readiness` counts practices by the appli carte Vitale verdict of
    their latest visit; `obstacles` counts by theme; `follow_ups` are open ones, the most urgent first.
    """

    visits: tuple[Mapping[str, Any], ...]
    due: int
    total: int
    readiness: Mapping[str, int]
    obstacles: Mapping[str, int]
    follow_ups: tuple[Mapping[str, Any], ...]


def overview(store: FieldStore, today: dt.date) -> Overview:
    """Everything the dashboard says of the field data, as of `today`."""
    rows = visits.list_visits(store, judged=True)
    due = [row for row in reversed(rows) if row["state"] == "draft" and row["date"] <= today.isoformat()]
    others = [row for row in rows if row not in due]
    latest = {row["practice"]["id"]: row["apcv"] for row in reversed(rows)}
    return Overview(
        visits=tuple([*due, *others][:_MOST]),
        due=len(due),
        total=len(rows),
        readiness=Counter(latest.values()),
        obstacles=Counter(obstacle["theme"] or "" for obstacle in store.of("obstacle")),
        follow_ups=tuple(_follow_ups(store, rows)[:_MOST]),
    )


def _follow_ups(store: FieldStore, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Open follow-ups, those with a date first: `{visit, practice, who, by, text}`."""
    names = {row["id"]: row["practice"]["name"] for row in rows}
    found = [
        {
            "visit": action["visit"],
            "practice": names.get(action["visit"], ""),
            "who": action["who"],
            "by": action["by"],
            "text": action["text"] or "",
        }
        for action in store.of("follow_up")
        if not action["done"]
    ]
    return sorted(found, key=lambda action: action["by"] or "9999")
