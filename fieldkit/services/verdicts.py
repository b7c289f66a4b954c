"""Verdicts: the rulesets that travel with the app, applied to the workstations of a visit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from fieldkit.domain.readiness import judge
from fieldkit.domain.rulesets import Ruleset, applicable, load_ruleset
from fieldkit.errors import KnownError
from fieldkit.paths import resource


def evaluate(workstations: Iterable[Mapping[str, Any]], on: dt.date) -> dict[str, Any]:
    """The verdict on each workstation (its `id` and facts), in the shape of `cli.md`.

    The rules are those valid on that day, the visit's; `rulesets` names them with their vintage.
    """
    chosen = applicable(_shipped(), on)
    return {
        "rulesets": [{"id": r.id, "title": str(r.title), "notice": str(r.notice)} for r in chosen],
        "workstations": [{"id": w.get("id"), **judge(chosen, w).as_dict()} for w in workstations],
    }


def read_rulesets(folder: Path) -> tuple[Ruleset, ...]:
    """Every `*.json` of `folder`. Raises KnownError `ruleset-invalid`, which names the file."""
    rulesets = []
    for path in sorted(folder.glob("*.json")):
        try:
            rulesets.append(load_ruleset(path.read_text(encoding="utf-8")))
        except KnownError as error:
            raise KnownError(error.code, f"{path.name} : {error.message}", error.hint) from error
    return tuple(rulesets)


@cache
def _shipped() -> tuple[Ruleset, ...]:
    return read_rulesets(resource("rulesets"))
