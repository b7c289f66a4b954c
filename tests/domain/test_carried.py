"""Facts carried over: all that is known, with its day, and never what is not."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from fieldkit.domain.carried import carry_over, rested_on, settled, still_pending
from fieldkit.domain.fieldwork import WORKSTATION_FACTS

FIELDS = sorted(WORKSTATION_FACTS)

workstations = st.lists(
    st.fixed_dictionaries(
        {"id": st.sampled_from("abcd")},
        optional={f: st.sampled_from(["x", "none", "", None, "inconnu"]) for f in FIELDS[:6]},
    ),
    unique_by=lambda w: w["id"],
    max_size=3,
)
DAY, OLD = "2025-11-20", "2024-01-05"


def test_every_known_fact_with_its_day() -> None:
    found = carry_over([{"id": "a", "os": "windows", "addendum": 7, "name": "Accueil"}], DAY, {})
    assert found == {"a": {"os": DAY, "addendum": DAY}}


def test_what_was_not_confirmed_last_time_keeps_its_own_day() -> None:
    pending = {"a": {"os": OLD, "internet": OLD}, "gone": {"os": OLD}}
    found = carry_over([{"id": "a", "os": "windows", "addendum": 7}], DAY, pending)
    assert found == {"a": {"os": OLD, "addendum": DAY}}


@given(workstations)
def test_the_unknown_is_never_carried(found: list[dict[str, Any]]) -> None:
    by_id = {w["id"]: w for w in found}
    for workstation, facts in carry_over(found, DAY, {}).items():
        assert facts
        assert all(by_id[workstation][field] in ("x", "none") for field in facts)


@given(workstations, st.data())
def test_what_is_settled_is_gone_and_nothing_else(found: list[dict[str, Any]], data: st.DataObject) -> None:
    carried = carry_over(found, DAY, {})
    workstation = data.draw(st.sampled_from("abcd"))
    fields = data.draw(st.sets(st.sampled_from(FIELDS)))
    left = settled(carried, workstation, fields)
    assert {(w, f) for w, facts in left.items() for f in facts} == {
        (w, f) for w, facts in carried.items() for f in facts if w != workstation or f not in fields
    }
    assert settled(left, workstation, fields) == left
    assert still_pending(left, found) == left


def test_what_no_longer_stands_asks_for_nothing() -> None:
    carried = {"a": {"os": DAY, "addendum": DAY}, "gone": {"os": DAY}}
    assert still_pending(carried, [{"id": "a", "os": "windows"}]) == {"a": {"os": DAY}}


def test_a_verdict_rests_on_the_facts_that_its_findings_cite() -> None:
    old = {"os": "2025-11-20", "software": "2025-11-20"}
    assert rested_on({"findings": [{"facts": {"os": "windows", "addendum": "7"}}]}, old) == {
        "os": "2025-11-20"
    }
    assert rested_on({"findings": []}, old) == {}
    assert rested_on({"findings": [{}]}, old) == old  # finalised before findings told their facts
