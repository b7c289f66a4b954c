"""From one visit to the next: the facts that are carried over until they are confirmed, and what changed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from fieldkit.domain.carried import Carried, carry_over, settled
from fieldkit.domain.fieldwork import Record
from fieldkit.domain.visit_changes import changes
from fieldkit.i18n import _
from fieldkit.store.changes import Changes, Changeset
from fieldkit.store.fieldwork import FieldStore


def to_confirm(store: FieldStore, practice_id: str, day: str) -> dict[str, dict[str, str]] | None:
    """What a visit of `day` to a practice carries over from the one before it; None where there is nothing."""
    last = _before(store, practice_id, (day, "~"))
    workstations = [{"id": w.id, **w.doc} for w in store.of_practice("workstation", practice_id)]
    found = carry_over(workstations, last["date"] if last else "", (last["carried"] if last else None) or {})
    return found or None


def confirm(store: FieldStore, visit_id: str, facts: Mapping[str, Collection[str]]) -> Changes:
    """These facts (workstation -> fields) are still so on the day of the visit. Raises `visit-finalised`."""
    with store.changeset(_("Faits confirmés")) as c:
        visit = store.get("visit", visit_id)
        carried: Carried = visit["carried"] or {}
        for workstation, fields in facts.items():
            carried = settled(carried, workstation, fields)
        c.set("visit", visit_id, {"carried": carried or None})
    return c.changes


def written(c: Changeset, visit: Record, workstation: str, fields: Collection[str]) -> None:
    """Note in a changeset that facts were written during a visit: they need no confirmation any more."""
    carried: Carried = visit["carried"] or {}
    left = settled(carried, workstation, fields)
    if left != carried:
        c.set("visit", visit.id, {"carried": left or None})


def since_last(store: FieldStore, visit_id: str, now: Mapping[str, Any]) -> dict[str, Any] | None:
    """What changed since the last finalised visit before this one: `{visit, date, changes}`; None without one.

    `now` is the visit as `visits.show_visit` gives it; `changes` are those of `domain.visit_changes`.
    """
    visit = store.get("visit", visit_id)
    last = _before(store, visit["practice"], (visit["date"], visit.id), finalised=True)
    if last is None:
        return None
    found = [change.as_dict() for change in changes(last["snapshot"], now)]
    return {"visit": last.id, "date": last["date"], "changes": found}


def _before(
    store: FieldStore, practice_id: str, place: tuple[str, str], *, finalised: bool = False
) -> Record | None:
    """The newest visit to a practice that comes before `place`, a day and an identity; of its editions the last.

    What the visit at `place` replaces is no visit before it.
    """
    visits = [
        visit
        for visit in store.of_practice("visit", practice_id)
        if visit.id == place[1] or (visit["state"] == "finalised" and visit["snapshot"]) or not finalised
    ]
    replaced = {place[1], *(visit["supersedes"] for visit in visits)}
    found = [v for v in visits if v.id not in replaced and (v["date"] or "", v.id) < place]
    return max(found, key=lambda visit: (visit["date"] or "", visit.id), default=None)
