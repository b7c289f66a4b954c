"""The shortest path to ready: the fewest, then the cheapest changes that satisfy every criterion."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass

from fieldkit.domain.conditions import Facts, fact
from fieldkit.domain.rulesets import DELEGATE, Change, Criterion, Ruleset, Status


@dataclass(frozen=True, slots=True)
class Step:
    """One step: `field` from `before` (None: not known, so first to be checked) to `to`."""

    field: str
    before: str | None
    to: str
    text: str
    owner: str

    def as_dict(self) -> dict[str, str | None]:
        """The shape of `cli.md`: `{field, from, to, text, owner}`."""
        return {
            "field": self.field,
            "from": self.before,
            "to": self.to,
            "text": self.text,
            "owner": self.owner,
        }


def shortest_path(ruleset: Ruleset, facts: Facts) -> list[Step] | None:
    """The steps that make every criterion of `ruleset` up to date; None where no set of its changes does.

    Looking up an unknown fact is a step that costs nothing. Every way must touch a field of a criterion
    that fails, so the search tries only those, shortest and cheapest first: the first way that is ready
    is the best. Among equals the order of the ruleset decides.
    """
    queue: list[tuple[int, int, tuple[int, ...]]] = [(0, 0, ())]
    seen = set()
    while queue:
        count, cost, taken = heapq.heappop(queue)
        if taken in seen:
            continue
        seen.add(taken)
        changed = {**facts, **{ruleset.changes[n].field: ruleset.changes[n].to for n in taken}}
        failing = _first_failing(ruleset, changed)
        if failing is None:
            return [_step(ruleset.changes[n], facts) for n in taken]
        for n in _useful(ruleset, failing, facts, taken):
            way = (count + 1, cost + _cost(ruleset.changes[n], facts), tuple(sorted((*taken, n))))
            heapq.heappush(queue, way)
    return None


def possible_changes(ruleset: Ruleset, facts: Facts) -> list[Step]:
    """The changes that can be made and touch a criterion that is not up to date, in the order of the ruleset."""
    useful = {
        field for criterion in ruleset.criteria if _fails(criterion, facts) for field in criterion.fields
    }
    return [_step(c, facts) for c in ruleset.changes if c.field in useful and _possible(c, facts)]


def _first_failing(ruleset: Ruleset, facts: Facts) -> Criterion | None:
    return next((criterion for criterion in ruleset.criteria if _fails(criterion, facts)), None)


def _fails(criterion: Criterion, facts: Facts) -> bool:
    case = criterion.decide(facts)
    return case is None or case.status != Status.UP_TO_DATE


def _useful(ruleset: Ruleset, failing: Criterion, facts: Facts, taken: tuple[int, ...]) -> Iterator[int]:
    touched = {ruleset.changes[n].field for n in taken}
    for n, change in enumerate(ruleset.changes):
        if change.field in failing.fields and change.field not in touched and _possible(change, facts):
            yield n


def _possible(change: Change, facts: Facts) -> bool:
    before = fact(facts, change.field)
    if before is None:
        return True
    return before != change.to and not (change.unless and change.unless.holds(facts))


def _cost(change: Change, facts: Facts) -> int:
    return 0 if fact(facts, change.field) is None else change.cost


def _step(change: Change, facts: Facts) -> Step:
    before = fact(facts, change.field)
    if before is None:
        return Step(change.field, None, change.to, str(change.check), DELEGATE)
    return Step(change.field, before, change.to, str(change.text), change.owner)
