"""Corrections: a finalised visit never changes; what was wrong in it is said in a new edition, linked to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from fieldkit.domain.fieldwork import VISIT_PARTS, Record
from fieldkit.errors import KnownError
from fieldkit.i18n import _
from fieldkit.store.fieldwork import FieldStore


@dataclass(frozen=True, slots=True)
class Edition:
    """Which edition a visit is, from 1, the `first` of them, and those that it replaces and is replaced by.

    "" stands for none.
    """

    number: int
    first: str
    supersedes: str
    superseded_by: str


def editions(visits: Iterable[Record]) -> Mapping[str, Edition]:
    """The edition of each visit, by its identity."""
    before = {visit.id: str(visit["supersedes"] or "") for visit in visits}
    after = {earlier: later for later, earlier in before.items() if earlier}
    return {
        visit: Edition(*_chain(visit, before), earlier, after.get(visit, ""))
        for visit, earlier in before.items()
    }


def edition_of(store: FieldStore, visit: Record) -> Edition:
    """The edition of one visit, which may be put away."""
    return editions([*store.of("visit"), visit])[visit.id]


def correct(store: FieldStore, visit_id: str) -> str:
    """Begin a correction of a finalised visit, with all that was written in it; returns the new draft.

    Workstations are the practice's, as they stand today. Where they were looked at again since that visit, the
    draft keeps those of its `snapshot`, and does not write to them.

    Raises KnownError `visit-not-finalised` for a draft, `already-corrected` where a later edition exists.
    """
    visit = store.get("visit", visit_id)
    if visit["state"] != "finalised":
        raise KnownError(
            "visit-not-finalised",
            _("Cette visite est encore un brouillon : elle se modifie directement."),
            _("Ouvrez-la et corrigez ce qu'il faut."),
        )
    if edition_of(store, visit).superseded_by:
        raise KnownError(
            "already-corrected",
            _("Cette visite a déjà une édition plus récente."),
            _("Corrigez la dernière édition."),
        )
    kept = {name: visit[name] for name in ("practice", "date", "time", "delegate", "template", "carried")}
    if _looked_at_since(store, visit):
        kept["snapshot"] = visit["snapshot"]
    with store.changeset(_("Correction d'une visite")) as c:
        corrected = c.create("visit", visit.scope, {**kept, "state": "draft", "supersedes": visit_id})
        for part in VISIT_PARTS:
            for record in store.of_visit(part, visit_id):
                c.create(part, record.scope, {**record.doc, "visit": corrected})
    return corrected


def _looked_at_since(store: FieldStore, visit: Record) -> bool:
    """Whether the workstations are no longer what was frozen, or a later visit found them to be so still."""
    practice = visit["practice"]
    now = [{"id": w.id, **w.doc} for w in store.of_practice("workstation", practice)]
    there = store.of_practice("visit", practice)
    known = editions([*there, visit])
    later = (
        (other["date"] or "") > (visit["date"] or "")
        for other in there
        if other["state"] == "finalised" and known[other.id].first != known[visit.id].first
    )
    return bool(visit["snapshot"]) and (now != visit["snapshot"]["workstations"] or any(later))


def _chain(visit: str, before: Mapping[str, str]) -> tuple[int, str]:
    """How many editions there are up to `visit`, and the first that is here."""
    seen = [visit]
    while (earlier := before.get(seen[-1], "")) and earlier not in seen:
        seen.append(earlier)
    return len(seen), seen[-1]
