"""What changed between two visits: everything, and only that."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from fieldkit.domain.visit_changes import Kind, changes


def snapshot(*workstations: dict[str, Any], apcv: str = "unknown", **practice: str) -> dict[str, Any]:
    verdicts = [{"id": w["id"], "apcv": apcv} for w in workstations]
    return {"practice": practice, "workstations": list(workstations), "verdict": {"workstations": verdicts}}


BEFORE = snapshot(
    {"id": "a", "name": "Accueil", "addendum": 7}, {"id": "b", "name": "Salle 2"}, apcv="not-yet", name="Port"
)


def test_nothing_changed() -> None:
    assert changes(BEFORE, BEFORE) == []


def test_facts_workstations_practice_and_readiness() -> None:
    after = snapshot(
        {"id": "a", "name": "Accueil", "addendum": 8, "os": "windows"},
        {"id": "c", "name": "Salle 3"},
        apcv="ready",
        name="Port",
        city="Le Mans",
    )
    found = [(c.kind, c.workstation, c.field, c.before, c.after) for c in changes(BEFORE, after)]
    assert found == [
        (Kind.PRACTICE, "", "city", None, "Le Mans"),
        (Kind.FACT, "Accueil", "os", None, "windows"),
        (Kind.FACT, "Accueil", "addendum", 7, 8),
        (Kind.READINESS, "Accueil", "", "not-yet", "ready"),
        (Kind.ADDED, "Salle 3", "", None, None),
        (Kind.REMOVED, "Salle 2", "", None, None),
    ]


facts = st.dictionaries(st.sampled_from(["os", "addendum", "software"]), st.sampled_from(["x", "y"]))


@given(facts, facts)
def test_each_fact_that_differs_once_and_the_way_back_is_its_mirror(
    old: dict[str, Any], new: dict[str, Any]
) -> None:
    one, two = snapshot({"id": "a", **old}), snapshot({"id": "a", **new})
    there = {(c.field, c.before, c.after) for c in changes(one, two)}
    assert there == {(f, old.get(f), new.get(f)) for f in {*old, *new} if old.get(f) != new.get(f)}
    assert {(c.field, c.after, c.before) for c in changes(two, one)} == there
