"""The calendar file, read back with no help of the library that wrote it (RFC 5545)."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.reports import calendar

MADE = dt.datetime(2026, 11, 25, 8, 30, tzinfo=ZoneInfo("Europe/Paris"))
PARIS = ZoneInfo("Europe/Paris")


def visit(**changes: Any) -> dict[str, Any]:
    about = {"name": "Cabinet des Tilleuls", "city": "Le Mans", "department": "72"}
    return {
        **{"id": "v-2", "first_edition": "v-1", "edition": 2, "date": "2026-11-30", "time": "09:30"},
        **changes,
        "practice": {**about, **changes.get("practice", {})},
    }


def events(content: bytes) -> list[dict[str, str]]:
    """The events of a file: names with their parameters, and values with their escapes undone."""
    assert content.endswith(b"\r\n")
    assert b"\n" not in content.replace(b"\r\n", b"")
    for line in content.split(b"\r\n"):
        assert len(line) <= 75
        line.decode()  # a fold never cuts a letter in two
    unfolded = content.decode().replace("\r\n ", "")
    found: list[dict[str, str]] = []
    for text in unfolded.split("\r\n"):
        name, _colon, value = text.partition(":")
        if text == "BEGIN:VEVENT":
            found.append({})
        elif found and name not in ("END", ""):
            found[-1][name] = re.sub(r"\\(.)", lambda m: "\n" if m[1] in "nN" else m[1], value)
    return found


def test_who_where_and_when_and_nothing_else() -> None:
    (event,) = events(calendar.ics([visit()], MADE, PARIS))
    assert event == {
        "SUMMARY": "Visite : Cabinet des Tilleuls",
        "LOCATION": "Le Mans (72)",
        "DTSTART": "20261130T083000Z",
        "DTEND": "20261130T093000Z",
        "DTSTAMP": "20261125T073000Z",
        "UID": "v-1@fieldkit",
        "SEQUENCE": "1",
        "CLASS": "PRIVATE",
    }


@pytest.mark.parametrize(
    ("day", "zone", "start"),
    [
        ("2026-07-14", "Europe/Paris", "20260714T073000Z"),  # summer time
        ("2026-03-29", "Europe/Paris", "20260329T073000Z"),  # the day it begins
        ("2026-10-25", "Europe/Paris", "20261025T083000Z"),  # the day it ends
        ("2026-11-30", "Indian/Reunion", "20261130T053000Z"),
        ("2026-11-30", "America/Cayenne", "20261130T123000Z"),
    ],
)
def test_a_time_is_that_of_the_delegate_written_in_utc(day: str, zone: str, start: str) -> None:
    (event,) = events(calendar.ics([visit(date=day)], MADE, ZoneInfo(zone)))
    assert event["DTSTART"] == start


def test_a_visit_without_a_time_is_a_whole_day_wherever_it_is_read() -> None:
    (event,) = events(calendar.ics([visit(time=None, date="2026-12-31")], MADE, PARIS))
    assert (event["DTSTART;VALUE=DATE"], event["DTEND;VALUE=DATE"]) == ("20261231", "20270101")
    assert "DTSTART" not in event


def test_a_practice_without_a_name_or_a_place_is_told() -> None:
    (event,) = events(calendar.ics([visit(practice={"name": None, "city": None, "department": None})], MADE))
    assert event["SUMMARY"] == "Visite : Cabinet sans nom"
    assert "LOCATION" not in event


@given(
    name=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=200),
    city=st.text(st.characters(exclude_categories=["Cs"]), max_size=60),
    day=st.dates(dt.date(1990, 1, 1), dt.date(2090, 1, 1)),
    time=st.none() | st.times().map(lambda t: t.strftime("%H:%M")),
)
def test_whatever_is_typed_stays_one_event(name: str, city: str, day: dt.date, time: str | None) -> None:
    row = visit(date=day.isoformat(), time=time, practice={"name": name, "city": city})
    content = calendar.ics([row, visit()], MADE, PARIS)
    first, second = events(content)
    assert second["SUMMARY"] == "Visite : Cabinet des Tilleuls"
    said = first["SUMMARY"].removeprefix("Visite : ")
    assert "".join(said.split()) in ("".join(without_controls(name).split()), "Cabinetsansnom")
    if time is None:
        assert first["DTSTART;VALUE=DATE"] == day.strftime("%Y%m%d")
    else:
        start = dt.datetime.strptime(first["DTSTART"], "%Y%m%dT%H%M%SZ").replace(tzinfo=dt.UTC)
        wall = dt.datetime.combine(day, dt.time.fromisoformat(time), PARIS)
        assert start == wall.astimezone(dt.UTC)


def without_controls(text: str) -> str:
    """As the format allows it: no control characters."""
    return re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]", " ", text)
