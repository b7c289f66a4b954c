"""Visits for the diary of one's choice: an iCalendar file (RFC 5545), which says who and where, and no more."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any, Final

from icalendar import Calendar, Event

import fieldkit
from fieldkit.i18n import _

Row = Mapping[str, Any]

LENGTH: Final = dt.timedelta(hours=1)
"""How long a visit is kept free, where its time is known: our own choice."""


def ics(visits: Iterable[Row], made_at: dt.datetime, zone: dt.tzinfo | None = None) -> bytes:
    """The visits (rows of `services.visits.list_visits`) as an iCalendar file made at a moment with its zone.

    A visit without a time takes a whole day, whatever the zone of who reads it. A time is one of `zone` (None:
    this computer's), and is written in UTC. Editions of one visit are one event.
    """
    calendar = Calendar()
    calendar.add("prodid", f"-//fieldkit//{fieldkit.__version__}//FR")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    for visit in visits:
        calendar.add_component(_event(visit, made_at.astimezone(dt.UTC), zone))
    return bytes(calendar.to_ical())


def _event(visit: Row, made_at: dt.datetime, zone: dt.tzinfo | None) -> Event:
    practice = visit["practice"]
    event = Event()
    event.add("uid", f"{visit['first_edition']}@fieldkit")
    event.add("sequence", visit["edition"] - 1)
    event.add("dtstamp", made_at)
    name = _plain(practice.get("name")) or _("Cabinet sans nom")
    event.add("summary", _("Visite : {name}").format(name=name))
    where = " ".join(
        filter(
            None, [_plain(practice.get("city")), practice.get("department") and f"({practice['department']})"]
        )
    )
    if where:
        event.add("location", where)
    day = dt.date.fromisoformat(visit["date"])
    if visit["time"]:
        start = dt.datetime.combine(day, dt.time.fromisoformat(visit["time"]), zone).astimezone(dt.UTC)
        event.add("dtstart", start)
        event.add("dtend", start + LENGTH)
    else:
        event.add("dtstart", day)
        event.add("dtend", day + dt.timedelta(days=1))
        event.add("transp", "TRANSPARENT")
    event.add("class", "PRIVATE")
    return event


def _plain(text: str | None) -> str:
    """A text on one line, without the control characters that the format forbids."""
    spaced = "".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in text or "")
    return " ".join(spaced.split())
