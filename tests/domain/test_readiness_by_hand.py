"""The rulesets against the second idea of them: what is decided is decided alike, whatever is missing."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.domain.readiness import judge
from fieldkit.domain.rulesets import APCV, Status, applicable, load_ruleset
from fieldkit.paths import resource
from tests.domain import by_hand
from tests.examples import examples

RULESETS = [load_ruleset(p.read_text("utf-8")) for p in sorted(resource("rulesets").glob("*.json"))]
DAYS = {2021: dt.date(2021, 6, 30), 2026: dt.date(2026, 11, 25)}

some_facts = st.fixed_dictionaries({}, optional={f: st.sampled_from(v) for f, v in by_hand.ANY.items()})
years = st.sampled_from(sorted(DAYS))


@examples(150, 2_000)
@given(some_facts, years)
def test_what_is_decided_is_what_every_completion_of_the_facts_comes_to(
    facts: by_hand.Known, year: int
) -> None:
    for found in judge(applicable(RULESETS, DAYS[year]), facts).findings:
        by_brute_force = by_hand.status(found.criterion, year, facts)
        assert found.status in (by_brute_force, Status.UNKNOWN), found.criterion


@examples(150, 2_000)
@given(some_facts, years)
def test_with_all_its_facts_a_criterion_is_decided_exactly(facts: by_hand.Known, year: int) -> None:
    for found in judge(applicable(RULESETS, DAYS[year]), facts).findings:
        needed, _decide = by_hand.CRITERIA[year][found.criterion]
        if set(needed) <= facts.keys():
            assert found.status == by_hand.status(found.criterion, year, facts), found.criterion


@examples(150, 2_000)
@given(some_facts)
def test_the_verdict_is_that_of_brute_force(facts: by_hand.Known) -> None:
    chosen = applicable(RULESETS, DAYS[2026])
    (apcv,) = (ruleset for ruleset in chosen if ruleset.programme == APCV)
    assert judge(chosen, facts).apcv == by_hand.readiness(apcv, facts)


@examples(150, 2_000)
@given(some_facts, st.data(), years)
def test_a_fact_more_never_turns_unknown_into_the_wrong_side(
    facts: by_hand.Known, data: st.DataObject, year: int
) -> None:
    """What an unknown becomes when one fact is learned was among what it could be all along."""
    missing = sorted(by_hand.ANY.keys() - facts.keys())
    if not missing:
        return
    field = data.draw(st.sampled_from(missing))
    more = facts | {field: data.draw(st.sampled_from(by_hand.ANY[field]))}
    chosen = applicable(RULESETS, DAYS[year])
    before, after = judge(chosen, facts), judge(chosen, more)
    for old, new in zip(before.findings, after.findings, strict=True):
        assert old.status in (new.status, Status.UNKNOWN)
        if new.status != Status.UNKNOWN:
            assert new.status == by_hand.status(new.criterion, year, more)


@pytest.mark.parametrize("year", sorted(DAYS))
def test_every_criterion_has_its_second_idea(year: int) -> None:
    found = {c.id for ruleset in applicable(RULESETS, DAYS[year]) for c in ruleset.criteria}
    assert found == by_hand.CRITERIA[year].keys()
