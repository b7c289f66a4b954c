"""Ten realistic visits (`tests/data/ten_visits.json`), their verdicts worked out by hand and by brute force.

Nobody in them exists. What a workstation runs is what its practice has, and says nothing of the product.
"""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from fieldkit.domain.professions import CATEGORIES
from fieldkit.domain.rulesets import APCV, applicable
from fieldkit.services import rulesets, visits
from fieldkit.store.fieldwork import FieldStore
from tests.domain import by_hand

VISITS: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[1] / "data" / "ten_visits.json").read_text(encoding="utf-8")
)
every_visit = pytest.mark.parametrize("told", VISITS, ids=lambda told: str(told["practice"]["profession"]))


def written(store: FieldStore, told: dict[str, Any]) -> dict[str, Any]:
    """The visit, written as a delegate writes it."""
    about = dict(told["practice"])
    day = dt.date.fromisoformat(told["date"])
    visit, _practice = visits.new_visit(store, practice=about.pop("name"), date=day, about=about)
    for workstation in told["workstations"]:
        visits.set_workstation(store, visit, None, {"name": workstation["name"], **workstation["facts"]})
    return visits.show_visit(store, visit)


@every_visit
def test_the_verdicts_are_those_worked_out_by_hand(store: FieldStore, told: dict[str, Any]) -> None:
    shown = written(store, told)
    for verdict, workstation in zip(shown["verdict"]["workstations"], told["workstations"], strict=True):
        found = {
            "apcv": verdict["apcv"],
            "path": [step["field"] for step in verdict["shortest_path"]],
            "findings": {finding["criterion"]: finding["status"] for finding in verdict["findings"]},
        }
        assert found == workstation["expected"], workstation["name"]


@every_visit
def test_the_verdicts_are_those_of_brute_force(store: FieldStore, told: dict[str, Any]) -> None:
    shown = written(store, told)
    day = dt.date.fromisoformat(told["date"])
    (apcv,) = (r for r in applicable(rulesets.in_use(None).all, day) if r.programme == APCV)
    for verdict, workstation in zip(shown["verdict"]["workstations"], told["workstations"], strict=True):
        facts = by_hand.known(workstation["facts"])
        assert verdict["apcv"] == by_hand.readiness(apcv, facts)
        for finding in verdict["findings"]:
            assert finding["status"] == by_hand.status(finding["criterion"], day.year, facts)
        path = verdict["shortest_path"]
        if verdict["apcv"] == "impossible":
            assert by_hand.best_by_brute_force(apcv, facts) is None
            continue
        costs = {change.field: change.cost for change in apcv.changes}
        cost = sum(costs[step["field"]] for step in path if step["from"] is not None)
        assert by_hand.best_by_brute_force(apcv, facts) == (len(path), cost)
        assert by_hand.is_ready(facts | {step["field"]: step["to"] for step in path})


def test_they_show_every_profession_every_verdict_and_every_hard_case() -> None:
    workstations = [w for told in VISITS for w in told["workstations"]]
    facts = [w["facts"] for w in workstations]
    assert {told["practice"]["profession"] for told in VISITS} == set(CATEGORIES)
    assert {w["expected"]["apcv"] for w in workstations} == {"ready", "not-yet", "impossible", "unknown"}
    statuses = {s for w in workstations for s in w["expected"]["findings"].values()}
    assert statuses == {"up-to-date", "action", "obsolete", "unknown"}
    assert any(len(told["workstations"]) == 2 for told in VISITS)
    assert any(f.get("card_reader_kind") == "tla" for f in facts)
    assert {f.get("os") for f in facts} == {"windows", "macos", "linux", None}
    assert len({told["date"] for told in VISITS}) > 1
