"""Verdicts: the rulesets in use, applied to the workstations of a visit, as they are or as they might be."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

from fieldkit.domain.readiness import judge
from fieldkit.domain.rulesets import APCV, Ruleset, applicable
from fieldkit.domain.shortest_path import possible_changes
from fieldkit.services import rulesets


def evaluate(
    workstations: Iterable[Mapping[str, Any]], on: dt.date, profile: Path | None = None
) -> dict[str, Any]:
    """The verdict on each workstation (its `id` and facts), in the shape of `cli.md`.

    The rules are those valid on that day, the visit's, with the rulesets of `profile`; `rulesets` names them
    with their vintage and the day they begin.
    """
    chosen = _chosen(on, profile)
    return {
        "rulesets": [
            {
                "id": r.id,
                "title": str(r.title),
                "notice": str(r.notice),
                "valid_from": r.valid_from.isoformat(),
            }
            for r in chosen
        ],
        "workstations": [{"id": w.get("id"), **judge(chosen, w).as_dict()} for w in workstations],
    }


def what_if(
    workstation: Mapping[str, Any], taken: Collection[str], on: dt.date, profile: Path | None = None
) -> dict[str, Any]:
    """The verdict on a workstation if the changes `taken` were made; nothing is written.

    Returns `{options, before, after, shortest_path, turned}`: `options` are the changes that can be made to what
    is not up to date for the appli carte Vitale, each a step of `cli.md` with its `key` (what `taken` holds) and
    whether it is `taken`; `turned` the findings that change: `{title, before, after}`.
    """
    chosen = _chosen(on, profile)
    steps = [
        step.as_dict() for r in chosen if r.programme == APCV for step in possible_changes(r, workstation)
    ]
    options = [{**step, "key": f"{step['field']}={step['to']}"} for step in steps]
    made: dict[str, Any] = {str(o["field"]): o["to"] for o in options if o["key"] in taken}
    before, after = judge(chosen, workstation), judge(chosen, {**workstation, **made})
    return {
        "options": [{**option, "taken": option["key"] in taken} for option in options],
        "before": str(before.apcv),
        "after": str(after.apcv),
        "shortest_path": [step.as_dict() for step in after.shortest_path],
        "turned": [
            {"title": new.title, "before": str(old.status), "after": str(new.status)}
            for old, new in zip(before.findings, after.findings, strict=True)
            if old.status != new.status
        ],
    }


def _chosen(on: dt.date, profile: Path | None) -> list[Ruleset]:
    return applicable(rulesets.in_use(profile).all, on)
