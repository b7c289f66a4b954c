"""The shortest path against brute force: a second, hand-written idea of "ready" and all sets of changes."""

from __future__ import annotations

import itertools
import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from fieldkit.domain.readiness import Apcv, judge
from fieldkit.domain.rulesets import Ruleset, load_ruleset
from fieldkit.domain.shortest_path import possible_changes, shortest_path
from fieldkit.paths import resource
from tests.domain.by_hand import Known, best_by_brute_force, is_blocked, is_ready
from tests.examples import examples

APCV = load_ruleset(resource("rulesets", "apcv.json").read_text("utf-8"))

DOMAINS: dict[str, list[str | None]] = {
    "addendum": [None, "7", "8"],
    "addendum_offered": [None, "7", "8"],
    "apcv_setting": [None, "on", "off"],
    "qr_reader": [None, "none", "douchette"],
    "nfc_reader": [None, "none", "sans contact"],
    "card_reader_kind": [None, "none", "tla", "standard-pcsc"],
    "pro_card": [None, "none", "cps3", "ecps"],
    "internet": [None, "yes", "no"],
}


def every_workstation() -> list[Known]:
    combinations = itertools.product(*DOMAINS.values())
    return [{f: v for f, v in zip(DOMAINS, values, strict=True) if v} for values in combinations]


def test_the_path_is_minimal_and_leads_to_ready() -> None:
    """One in seven of the 11,664 workstations these values make (seven shares no factor with them)."""
    costs = {c.field: c.cost for c in APCV.changes}
    seen = set()
    for facts in every_workstation()[::7]:
        path = shortest_path(APCV, facts)
        best = best_by_brute_force(APCV, facts)
        shown = judge([APCV], facts)
        seen.add(shown.apcv)
        if is_ready(facts):
            assert (shown.apcv, path) == (Apcv.READY, [])
        elif is_blocked(facts):
            assert shown.apcv == (Apcv.IMPOSSIBLE if best is None else Apcv.NOT_YET)
        else:
            assert shown.apcv == Apcv.UNKNOWN
        if path is None:
            assert best is None
            continue
        assert best == (len(path), sum(costs[s.field] for s in path if s.before is not None))
        assert is_ready(facts | {s.field: s.to for s in path})
        assert all(s.before == facts.get(s.field) for s in path)
    assert seen == set(Apcv)


FIELDS = ["a", "b", "c", "d"]


@st.composite
def small_rulesets(draw: st.DrawFn) -> Ruleset:
    """Criteria over four yes/no/maybe fields, with any changes: not only those we ship."""
    values = st.sampled_from(["x", "y", "z"])
    text = {"fr": "t"}
    remedy = {"reason": text, "remedy": text, "owner": "PS"}

    def case() -> dict[str, Any]:
        fields = draw(st.lists(st.sampled_from(FIELDS), max_size=2, unique=True))
        when = {f: draw(st.lists(values, min_size=1, max_size=2, unique=True)) for f in fields}
        return {"when": when, "status": draw(st.sampled_from(["up-to-date", "action", "unknown"])), **remedy}

    head = {"title": text, "source": "s", "as_of": "d"}
    criteria = [
        {"id": str(n), **head, "cases": [case() for _ in range(draw(st.integers(1, 3)))]}
        for n in range(draw(st.integers(1, 3)))
    ]
    changes = []
    for field, to in draw(st.lists(st.tuples(st.sampled_from(FIELDS), values), max_size=7, unique=True)):
        change = {"field": field, "to": to, "cost": draw(st.integers(0, 3))}
        unless = {"unless": {draw(st.sampled_from(FIELDS)): [draw(values)]}} if draw(st.booleans()) else {}
        changes.append({**change, "owner": "PS", "text": text, "check": text, **unless})
    top = {"id": "i", "programme": "apcv", "title": text, "valid_from": "2024-01-01"}
    return load_ruleset(json.dumps({**top, "criteria": criteria, "changes": changes}))


@examples(60, 1_000)
@given(small_rulesets(), st.fixed_dictionaries({}, optional={f: st.sampled_from("xyz") for f in FIELDS}))
def test_the_path_is_minimal_for_any_ruleset(ruleset: Ruleset, facts: Known) -> None:
    def passes(tried: Known) -> bool:
        return all((c := k.decide(tried)) and c.status == "up-to-date" for k in ruleset.criteria)

    best: tuple[int, int] | None = None
    open_ones = [
        c
        for c in ruleset.changes
        if c.field not in facts or (facts[c.field] != c.to and not (c.unless and c.unless.holds(facts)))
    ]
    for size in range(len(open_ones) + 1):
        for taken in itertools.combinations(open_ones, size):
            one_each = len({c.field for c in taken}) == size
            if one_each and passes(facts | {c.field: c.to for c in taken}):
                found = (size, sum(c.cost for c in taken if c.field in facts))
                best = min(best, found) if best else found
    path = shortest_path(ruleset, facts)
    if path is None:
        assert best is None
        return
    cost = {(c.field, c.to): c.cost for c in ruleset.changes}
    assert best == (len(path), sum(cost[s.field, s.to] for s in path if s.before is not None))
    assert passes(facts | {s.field: s.to for s in path})
    offered = {(step.field, step.to) for step in possible_changes(ruleset, facts)}
    assert {(step.field, step.to) for step in path} <= offered
