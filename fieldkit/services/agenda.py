"""The diary: the visits of a week day by day, and a file of them for other calendars."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from fieldkit.services import visits
from fieldkit.store.fieldwork import FieldStore

Row = Mapping[str, Any]


def monday(day: dt.date) -> dt.date:
    """The first day of the week of `day`."""
    return day - dt.timedelta(days=day.weekday())


def week(store: FieldStore, day: dt.date) -> list[tuple[dt.date, list[Row]]]:
    """The seven days of the week of `day`, each with its visits: those without a time first, then by time.

    Visits are rows of `visits.list_visits`; one that a later edition replaces is left out.
    """
    first = monday(day)
    rows = list(_between(store, first, first + dt.timedelta(days=6)))
    days = [first + dt.timedelta(days=n) for n in range(7)]
    return [(each, [row for row in rows if row["date"] == each.isoformat()]) for each in days]


def write_calendar(store: FieldStore, out: Path, first: dt.date, last: dt.date) -> int:
    """Write the visits from `first` to `last` to `out` as iCalendar (.ics); returns how many there are.

    Raises KnownError as `reports.write_file`; what was at `out` is then untouched.
    """
    from fieldkit.reports import calendar
    from fieldkit.services import reports

    rows = list(_between(store, first, last))
    reports.write_file(out, calendar.ics(rows, dt.datetime.now(dt.UTC)))
    return len(rows)


def _between(store: FieldStore, first: dt.date, last: dt.date) -> Iterator[Row]:
    rows = visits.list_visits(store)
    for row in sorted(rows, key=lambda row: (row["date"] or "", row["time"] or "", row["id"])):
        if not row["superseded_by"] and first.isoformat() <= (row["date"] or "") <= last.isoformat():
            yield row
