"""The week, and its file."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from fieldkit.errors import KnownError
from fieldkit.services import agenda, editions, visits
from fieldkit.store.fieldwork import FieldStore

WEDNESDAY = dt.date(2026, 11, 25)


def made(store: FieldStore, name: str, day: dt.date, time: str | None = None) -> str:
    visit, _practice = visits.new_visit(store, practice=name, date=day)
    visits.set_visit(store, visit, {"time": time})
    return visit


def test_a_week_is_seven_days_from_monday_each_in_the_order_of_the_day(store: FieldStore) -> None:
    made(store, "Après-midi", WEDNESDAY, "14h")
    made(store, "Matin", WEDNESDAY, "9:05")
    made(store, "Un jour", WEDNESDAY)
    made(store, "Dimanche", dt.date(2026, 11, 29))
    made(store, "Lundi d'après", dt.date(2026, 11, 30))
    days = agenda.week(store, WEDNESDAY)
    assert [day.isoformat() for day, _visits in days][::6] == ["2026-11-23", "2026-11-29"]
    names = [[visit["practice"]["name"] for visit in found] for _day, found in days]
    assert names == [[], [], ["Un jour", "Matin", "Après-midi"], [], [], [], ["Dimanche"]]
    assert [visit["time"] for visit in days[2][1]] == [None, "09:05", "14:00"]


def test_a_visit_that_was_corrected_is_there_once(store: FieldStore) -> None:
    visit = made(store, "Cabinet", WEDNESDAY, "10h")
    visits.finalise(store, visit)
    second = editions.correct(store, visit)
    (found,) = agenda.week(store, WEDNESDAY)[2][1]
    assert (found["id"], found["first_edition"], found["time"]) == (second, visit, "10:00")


@pytest.mark.parametrize("time", ["25:00", "9h75", "midi", "9:3", "-1"])
def test_a_time_that_is_none_is_refused(store: FieldStore, time: str) -> None:
    visit = made(store, "Cabinet", WEDNESDAY)
    with pytest.raises(KnownError) as told:
        visits.set_visit(store, visit, {"time": time})
    assert told.value.code == "not-a-time"


def test_the_file_holds_the_visits_of_the_span_and_nothing_of_their_content(
    store: FieldStore, tmp_path: Path
) -> None:
    visit = made(store, "Cabinet du Port", WEDNESDAY)
    visits.add_part(store, visit, "note", {"text": "Confidence"})
    visits.set_visit(store, visit, {"practice.comment": "Code 1234"})
    made(store, "Plus tard", dt.date(2027, 1, 4))
    out = tmp_path / "visites.ics"
    assert agenda.write_calendar(store, out, WEDNESDAY, dt.date(2026, 12, 31)) == 1
    content = out.read_text("utf-8")
    assert "Cabinet du Port" in content
    assert not any(word in content for word in ("Confidence", "1234", "Plus tard"))
    assert list(tmp_path.glob("*.ics")) == list(tmp_path.glob("*ics*"))


def test_a_place_that_cannot_be_written_is_told(store: FieldStore, tmp_path: Path) -> None:
    with pytest.raises(KnownError) as told:
        agenda.write_calendar(store, tmp_path / "absent" / "a.ics", WEDNESDAY, WEDNESDAY)
    assert told.value.code == "report-unwritable"
