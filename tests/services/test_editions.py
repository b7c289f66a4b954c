"""A correction is a new edition: all that was written is in it, and the first one stays as it was."""

from __future__ import annotations

import pytest

from fieldkit.errors import KnownError
from fieldkit.services import editions, visits
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
