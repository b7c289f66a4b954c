"""What a visit makes of bad input and of a clock that went back: nothing is lost, and nothing wrong is kept."""

from __future__ import annotations

import datetime as dt

import pytest

from fieldkit.domain.clock import Stamp, now_ms
from fieldkit.errors import KnownError
from fieldkit.services import visit_desk, visits
from fieldkit.store import changes
from fieldkit.store.fieldwork import FieldStore

EMOJI_AND_ARABIC = "Très bien 👩🏽‍⚕️🇫🇷 — \u202bمرحبا بكم\u202c, e\u0301 et é, \u200dfin"
YEAR_MS = 365 * 24 * 3600 * 1000


@pytest.fixture
def visit(store: FieldStore) -> str:
    return visits.new_visit(store, practice="Cabinet du Port")[0]


def test_a_day_to_come_is_kept_and_told_before_finalising(store: FieldStore, visit: str) -> None:
    tomorrow = (dt.date.today() + dt.timedelta(1)).isoformat()
    visits.set_visit(store, visit, {"date": tomorrow})
    assert visits.show_visit(store, visit)["date"] == tomorrow
    (gap,) = (gap for gap in visits.missing(store, visit) if gap["field"] == "date")
    assert "à venir" in gap["text"]
    visits.set_visit(store, visit, {"date": dt.date.today().isoformat()})
    assert "date" not in {gap["field"] for gap in visits.missing(store, visit)}


@pytest.mark.parametrize("day", ["2026-02-30", "31/01/2026", "demain", "2026-13-01", "🙂"])
def test_a_day_that_does_not_exist_is_refused(store: FieldStore, visit: str, day: str) -> None:
    before = visits.show_visit(store, visit)["date"]
    with pytest.raises(KnownError, match="date"):
        visits.set_visit(store, visit, {"date": day})
    assert visits.show_visit(store, visit)["date"] == before


def test_an_rpps_with_a_wrong_key_is_refused_and_the_old_one_stays(store: FieldStore, visit: str) -> None:
    visits.set_visit(store, visit, {"practice.rpps": "10003456786"})
    with pytest.raises(KnownError, match="clé"):
        visits.set_visit(store, visit, {"practice.rpps": "10003456780"})
    assert visits.show_visit(store, visit)["practice"]["rpps"] == "10003456786"


@pytest.mark.parametrize("letter", ["a", "1 ", "é", "🙂", "\n"])
def test_a_megabyte_of_text_is_refused_by_its_length(store: FieldStore, visit: str, letter: str) -> None:
    text = (letter * 1_000_000)[:1_000_000] + "."
    with pytest.raises(KnownError) as caught:
        visits.add_part(store, visit, "note", {"text": text})
    assert caught.value.code == "text-too-long"
    with pytest.raises(KnownError) as caught:
        visit_desk.keep_form(store, {"name": text})
    assert caught.value.code == "text-too-long"
    assert visits.show_visit(store, visit)["notes"] == []


def test_emoji_and_text_from_right_to_left_come_back_as_they_were(store: FieldStore, visit: str) -> None:
    visits.add_part(store, visit, "note", {"text": EMOJI_AND_ARABIC})
    visits.set_workstation(store, visit, None, {"name": EMOJI_AND_ARABIC, "software": EMOJI_AND_ARABIC})
    shown = visits.show_visit(store, visit)
    assert shown["notes"][0]["text"] == EMOJI_AND_ARABIC
    assert shown["workstations"][0]["software"] == EMOJI_AND_ARABIC


def test_with_the_clock_set_back_by_a_year_the_last_word_is_still_the_last(
    store: FieldStore, visit: str
) -> None:
    workstation = visits.set_workstation(store, visit, None, {"os": "windows"})
    before = store.get("workstation", workstation).stamps["os"]
    with changes.changeset(store.database, store.device, "Poste modifié", lambda: now_ms() - YEAR_MS) as c:
        c.set("workstation", workstation, {"os": "macos"})
    after = store.get("workstation", workstation)
    assert after["os"] == "macos"
    assert Stamp.parse(after.stamps["os"]) > Stamp.parse(before)


def test_a_visit_dated_before_the_last_one_still_asks_to_confirm(store: FieldStore) -> None:
    """As with a clock set back by a year: the facts are of some other day, and none is taken for today's."""
    first, practice = visits.new_visit(store, practice="Cabinet du Port", date=dt.date(2026, 11, 25))
    workstation = visits.set_workstation(store, first, None, {"os": "windows"})
    visits.finalise(store, first)
    earlier, _practice = visits.new_visit(store, practice_id=practice, date=dt.date(2025, 11, 25))
    assert visits.show_visit(store, earlier)["carried"] == {workstation: {"os": ""}}
