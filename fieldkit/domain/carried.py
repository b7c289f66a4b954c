"""Facts carried over from an earlier visit: known, but of another day, until somebody looks again.

A fact is confirmed for one visit at a time: the next visit asks again. What is not known is not carried over.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from fieldkit.domain.conditions import fact
from fieldkit.domain.fieldwork import WORKSTATION_FACTS

Carried = Mapping[str, Mapping[str, str]]
"""Workstation -> field -> the day on which the fact was last found out, "" where no visit says."""


def carry_over(
    workstations: Iterable[Mapping[str, Any]], day: str, pending: Carried
) -> dict[str, dict[str, str]]:
    """What a new visit has to confirm: every known fact of `workstations` (with their `id`).

    `day` is that of the last visit, and `pending` what was not confirmed even then: those keep their own day.
    """
    carried = {
        w["id"]: {field: day for field in WORKSTATION_FACTS if fact(w, field) is not None}
        | {f: d for f, d in pending.get(w["id"], {}).items() if fact(w, f) is not None}
        for w in workstations
    }
    return {workstation: facts for workstation, facts in carried.items() if facts}


def settled(carried: Carried, workstation: str, fields: Collection[str]) -> dict[str, dict[str, str]]:
    """`carried` without `fields` of a workstation: they were written, or seen to be still so."""
    left = {w: dict(facts) for w, facts in carried.items()}
    for field in fields:
        left.get(workstation, {}).pop(field, None)
    return {w: facts for w, facts in left.items() if facts}


def still_pending(carried: Carried, workstations: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, str]]:
    """`carried` as far as it is about `workstations` as they stand, and facts that are known of them."""
    kept = {
        w["id"]: {f: day for f, day in carried.get(w["id"], {}).items() if fact(w, f) is not None}
        for w in workstations
    }
    return {workstation: facts for workstation, facts in kept.items() if facts}


def rested_on(verdict: Mapping[str, Any], old: Mapping[str, str]) -> dict[str, str]:
    """`old` facts of a workstation as far as a finding of its `verdict` (in the shape of `cli.md`) rests on them."""
    used = {field for finding in verdict["findings"] for field in finding.get("facts", old)}
    return {field: day for field, day in old.items() if field in used}
