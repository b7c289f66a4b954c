"""From one visit to the next: facts to confirm, with their day, and what changed."""

from __future__ import annotations

import datetime as dt

import pytest

from fieldkit.errors import KnownError
from fieldkit.services import between_visits, editions, visit_desk, visits
from fieldkit.store.fieldwork import FieldStore

FIRST, SECOND, THIRD = dt.date(2024, 1, 5), dt.date(2025, 11, 20), dt.date(2026, 11, 25)


@pytest.fixture
def first(store: FieldStore) -> tuple[str, str, str]:
    """A finalised visit, its practice and its workstation."""
    visit, practice = visits.new_visit(store, practice="Cabinet du Port", date=FIRST)
    workstation = visits.set_workstation(store, visit, None, {"os": "windows", "addendum": 7})
    visits.finalise(store, visit)
    return visit, practice, workstation


def again(store: FieldStore, practice: str, day: dt.date) -> str:
    return visits.new_visit(store, practice_id=practice, date=day)[0]


def pending(store: FieldStore, visit: str) -> dict[str, dict[str, str]]:
    return dict(visits.show_visit(store, visit)["carried"])


def test_a_first_visit_has_nothing_to_confirm(store: FieldStore, first: tuple[str, str, str]) -> None:
    assert pending(store, first[0]) == {}


def test_the_next_visit_has_every_known_fact_to_confirm(
    store: FieldStore, first: tuple[str, str, str]
) -> None:
    _visit, practice, workstation = first
    second = again(store, practice, SECOND)
    assert pending(store, second) == {workstation: {"os": "2024-01-05", "addendum": "2024-01-05"}}
    told = [gap["text"] for gap in visits.missing(store, second) if "confirmer" in gap["text"]]
    assert told == ["Poste 1 : 2 faits à confirmer."]


def test_confirming_and_writing_settle_a_fact_for_this_visit_only(
    store: FieldStore, first: tuple[str, str, str]
) -> None:
    _visit, practice, workstation = first
    second = again(store, practice, SECOND)
    between_visits.confirm(store, second, {workstation: ["os"]})
    assert pending(store, second) == {workstation: {"addendum": "2024-01-05"}}
    third = again(store, practice, THIRD)
    assert pending(store, third) == {workstation: {"os": "2025-11-20", "addendum": "2024-01-05"}}
    visits.set_workstation(store, third, workstation, {"addendum": 7})  # seen again, the same
    assert pending(store, third) == {workstation: {"os": "2025-11-20"}}
    visits.set_workstation(store, third, workstation, {"os": ""})  # unknown again: nothing to confirm
    assert pending(store, third) == {}
    assert store.get("visit", third)["carried"] is None


def test_a_new_fact_is_of_today(store: FieldStore, first: tuple[str, str, str]) -> None:
    _visit, practice, workstation = first
    second = again(store, practice, SECOND)
    visits.set_workstation(store, second, workstation, {"internet": "yes"})
    assert "internet" not in pending(store, second)[workstation]


def test_a_finalised_visit_keeps_what_it_did_not_confirm(
    store: FieldStore, first: tuple[str, str, str]
) -> None:
    _visit, practice, workstation = first
    second = again(store, practice, SECOND)
    visits.finalise(store, second)
    before = pending(store, second)
    third = again(store, practice, THIRD)
    visits.set_workstation(store, third, workstation, {"addendum": 8, "os": ""})
    assert pending(store, second) == before
    with pytest.raises(KnownError, match="finalisée"):
        between_visits.confirm(store, second, {workstation: ["os"]})


def test_a_workstation_that_is_put_away_asks_nothing(store: FieldStore, first: tuple[str, str, str]) -> None:
    _visit, practice, workstation = first
    second = again(store, practice, SECOND)
    visits.archive(store, "workstation", workstation)
    assert pending(store, second) == {}


def test_what_changed_since_the_last_finalised_visit(store: FieldStore, first: tuple[str, str, str]) -> None:
    visit, practice, workstation = first
    assert visit_desk.open_visit(store, visit)["since"] is None
    second = again(store, practice, SECOND)
    since = visit_desk.open_visit(store, second)["since"]
    assert (since["visit"], since["date"], since["changes"]) == (visit, "2024-01-05", [])
    visits.set_workstation(store, second, workstation, {"addendum": 8})
    visits.set_workstation(store, second, None, {"name": "Bureau"})
    found = visit_desk.open_visit(store, second)["since"]["changes"]
    assert [(c["kind"], c["field"], c["before"], c["after"]) for c in found] == [
        ("fact", "addendum", 7, 8),
        ("readiness", "", "not-yet", "unknown"),
        ("workstation-added", "", None, None),
    ]
    # A visit never compares itself with one that came later.
    visits.finalise(store, second)
    third = again(store, practice, THIRD)
    assert visit_desk.open_visit(store, third)["since"]["visit"] == second
    assert visit_desk.open_visit(store, second)["since"]["visit"] == visit


def test_undoing_what_was_typed_asks_again_and_a_correction_keeps_what_was_not_confirmed(
    store: FieldStore, first: tuple[str, str, str]
) -> None:
    _visit, practice, workstation = first
    second = again(store, practice, SECOND)
    before = pending(store, second)
    visits.set_workstation(store, second, workstation, {"addendum": 8})
    assert pending(store, second) == {workstation: {"os": "2024-01-05"}}
    visit_desk.undo(store, second)
    assert pending(store, second) == before
    visits.finalise(store, second)
    ((_type, corrected),) = visit_desk.correct(store, second).records
    assert pending(store, corrected) == before


def test_an_edition_is_compared_with_the_visit_before_and_not_with_what_it_replaces(
    store: FieldStore, first: tuple[str, str, str]
) -> None:
    visit, practice, workstation = first
    assert visit_desk.open_visit(store, editions.correct(store, visit))["since"] is None
    second = again(store, practice, SECOND)
    visits.set_workstation(store, second, workstation, {"addendum": 8})
    visits.finalise(store, second)
    corrected = editions.correct(store, second)
    since = visit_desk.open_visit(store, corrected)["since"]
    assert (since["visit"], since["date"]) == (visit, "2024-01-05")
    assert [change["field"] for change in since["changes"] if change["kind"] == "fact"] == ["addendum"]
    assert visit_desk.open_visit(store, second)["since"]["visit"] == visit


def test_the_day_of_a_fact_is_that_of_the_edition_that_counts(
    store: FieldStore, first: tuple[str, str, str]
) -> None:
    visit, practice, workstation = first
    corrected = editions.correct(store, visit)
    visits.set_visit(store, corrected, {"date": "2024-01-03"})  # the day of the first edition was a slip
    visits.finalise(store, corrected)
    assert pending(store, again(store, practice, SECOND))[workstation]["os"] == "2024-01-03"
