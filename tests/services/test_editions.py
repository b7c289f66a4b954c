"""A correction is a new edition: all that was written is in it, and the first one stays as it was."""

from __future__ import annotations

import datetime as dt

import pytest

from fieldkit.errors import KnownError
from fieldkit.services import editions, visit_desk, visits
from fieldkit.store.fieldwork import FieldStore


@pytest.fixture
def finalised(store: FieldStore) -> str:
    visit, _practice = visits.new_visit(store, practice="Cabinet des Tilleuls", about={"department": "72"})
    visits.add_part(store, visit, "note", {"text": "Revenir en mars."})
    visits.add_part(store, visit, "test_run", {"kind": "readers", "verdict": "good"})
    visits.finalise(store, visit)
    return visit


def test_all_that_was_written_is_in_the_correction(store: FieldStore, finalised: str) -> None:
    before = visits.show_visit(store, finalised)
    corrected = editions.correct(store, finalised)
    visits.add_part(store, corrected, "note", {"text": "En avril, plutôt."})
    shown = visits.show_visit(store, corrected)
    assert (shown["state"], shown["edition"], shown["supersedes"]) == ("draft", 2, finalised)
    assert shown["supersedes_date"] == before["date"]
    assert [note["text"] for note in shown["notes"]] == ["Revenir en mars.", "En avril, plutôt."]
    assert len(shown["test_runs"]) == 1
    after = visits.show_visit(store, finalised)
    assert after["superseded_by"] == corrected
    assert after["notes"] == before["notes"]
    assert {row["id"]: row["edition"] for row in visits.list_visits(store)} == {finalised: 1, corrected: 2}


def test_a_draft_is_corrected_where_it_is(store: FieldStore) -> None:
    visit, _practice = visits.new_visit(store, practice="Cabinet")
    with pytest.raises(KnownError, match="brouillon"):
        editions.correct(store, visit)


def test_there_is_one_next_edition(store: FieldStore, finalised: str) -> None:
    second = editions.correct(store, finalised)
    with pytest.raises(KnownError, match="plus récente"):
        editions.correct(store, finalised)
    visits.finalise(store, second)
    third = editions.correct(store, second)
    assert visits.show_visit(store, third)["edition"] == 3


def test_a_circle_in_what_was_pulled_ends(store: FieldStore, finalised: str) -> None:
    second = editions.correct(store, finalised)
    store.database.execute(
        "UPDATE record SET doc = json_set(doc, '$.supersedes', ?) WHERE id = ?", [second, finalised]
    )
    assert visits.show_visit(store, second)["edition"] == 2


def test_what_it_replaces_may_be_on_another_laptop(store: FieldStore, finalised: str) -> None:
    second = editions.correct(store, finalised)
    store.database.execute("DELETE FROM record WHERE id = ?", [finalised])
    shown = visits.show_visit(store, second)
    assert (shown["edition"], shown["supersedes"], shown["supersedes_date"]) == (2, finalised, None)


def test_a_correction_that_was_put_away_leaves_room_for_another(store: FieldStore, finalised: str) -> None:
    second = editions.correct(store, finalised)
    visits.archive(store, "visit", second)
    assert visits.show_visit(store, second)["edition"] == 2
    assert visits.show_visit(store, finalised)["superseded_by"] == ""
    assert editions.correct(store, finalised) != second


def test_whether_an_action_was_done_is_told_after_the_visit(store: FieldStore, finalised: str) -> None:
    visit, _practice = visits.new_visit(store, practice="Cabinet du Port")
    action = visits.add_part(store, visit, "follow_up", {"who": "ps", "text": "Activer"})
    visits.finalise(store, visit)
    visits.set_part(store, "follow_up", action, {"done": True})
    assert visits.show_visit(store, visit)["follow_ups"][0]["done"] is True
    for fields in ({"text": "Autre"}, {"done": False, "text": "Autre"}):
        with pytest.raises(KnownError, match="finalisée"):
            visits.set_part(store, "follow_up", action, fields)
    with pytest.raises(KnownError, match="finalisée"):
        visits.archive(store, "follow_up", action)


def test_asking_for_finalised_visits_gives_all_that_are_no_drafts(store: FieldStore, finalised: str) -> None:
    visits.new_visit(store, practice="Cabinet du Port")
    assert [row["id"] for row in visits.list_visits(store, "finalised")] == [finalised]


def test_what_was_written_keeps_its_order_in_a_correction(store: FieldStore) -> None:
    visit, _practice = visits.new_visit(store, practice="Cabinet")
    said = [f"Note {n}" for n in range(12)]
    for text in said:
        visits.add_part(store, visit, "note", {"text": text})
    visits.finalise(store, visit)
    shown = visits.show_visit(store, editions.correct(store, visit))
    assert [note["text"] for note in shown["notes"]] == said


def test_a_correction_made_after_a_later_visit_keeps_the_workstations_of_its_own_day(
    store: FieldStore,
) -> None:
    day, later = dt.date(2026, 3, 2), dt.date(2026, 9, 7)
    visit, practice = visits.new_visit(store, practice="Cabinet", date=day)
    workstation = visits.set_workstation(store, visit, None, {"os": "windows", "addendum": 7})
    visits.finalise(store, visit)
    after, _same = visits.new_visit(store, practice_id=practice, date=later)
    visits.set_workstation(store, after, workstation, {"addendum": 8})
    corrected = editions.correct(store, visit)
    visits.set_visit(store, corrected, {"practice.name": "Cabinet des Tilleuls"})
    for _now in ("draft", "finalised"):
        shown = visits.show_visit(store, corrected)
        assert [w["addendum"] for w in shown["workstations"]] == [7]
        assert shown["workstations_fixed"]
        assert shown["practice"]["name"] == "Cabinet des Tilleuls"
        if shown["state"] == "draft":
            assert "workstations" not in {gap["step"] for gap in visits.gaps_in(shown)}
            for identity in (workstation, None):
                with pytest.raises(KnownError, match="visite plus récente"):
                    visits.set_workstation(store, corrected, identity, {"addendum": 6})
            visits.finalise(store, corrected)
    assert store.get("workstation", workstation)["addendum"] == 8
    assert visit_desk.open_visit(store, after)["since"]["visit"] == corrected


def test_a_correction_of_the_latest_visit_corrects_its_workstations(
    store: FieldStore, finalised: str
) -> None:
    corrected = editions.correct(store, finalised)
    visits.set_workstation(store, corrected, None, {"os": "windows"})
    shown = visits.show_visit(store, corrected)
    assert not shown["workstations_fixed"]
    assert [w["os"] for w in shown["workstations"]] == ["windows"]


def test_a_visit_is_replaced_once_its_correction_is_finalised(store: FieldStore, finalised: str) -> None:
    assert not visits.show_visit(store, finalised)["replaced"]
    second = editions.correct(store, finalised)
    assert not visits.show_visit(store, finalised)["replaced"]
    visits.finalise(store, second)
    assert visits.show_visit(store, finalised)["replaced"]
    assert not visits.show_visit(store, second)["replaced"]


def test_an_open_correction_is_not_touched_by_what_a_later_visit_finds(
    store: FieldStore, finalised: str
) -> None:
    practice = visits.practice_of(store, finalised)
    corrected = editions.correct(store, finalised)
    workstation = visits.set_workstation(store, corrected, None, {"addendum": 7})
    assert not visits.show_visit(store, corrected)["workstations_fixed"]
    later, _same = visits.new_visit(store, practice_id=practice)
    visits.set_workstation(store, later, workstation, {"addendum": 8})
    shown = visits.show_visit(store, corrected)
    assert shown["workstations_fixed"]
    assert [w["addendum"] for w in shown["workstations"]] == [7]
    assert visit_desk.open_visit(store, later)["undo"] == "Poste modifié"
