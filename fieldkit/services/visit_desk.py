"""What the window does with an open visit, and with one that is being begun."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any, Final

from fieldkit.domain import fieldwork
from fieldkit.errors import KnownError
from fieldkit.i18n import _
from fieldkit.services import between_visits, editions, guidance, visits
from fieldkit.store import history
from fieldkit.store.changes import Changes, read_kv, write_kv
from fieldkit.store.database import writing
from fieldkit.store.fieldwork import FieldStore

_FORM: Final = "new-visit"


def open_visit(store: FieldStore, visit_id: str) -> dict[str, Any]:
    """`visits.show_visit` with, beside it, `gaps` (see `visits.gaps_in`), `apcv` of the whole practice, `since`
    (see `between_visits.since_last`), `earlier`: the other visits to it, newest first, `undo` and `redo`: what
    would be, "" for nothing, and `reminder` as `guidance.reminder`, with the name of the one `suggested`."""
    shown = visits.show_visit(store, visit_id)
    practice = visits.practice_of(store, visit_id)
    known = history.of_visit(store, visit_id)
    return {
        **shown,
        "undo": known.undo[0].label if known.undo else "",
        "redo": known.redo[0].label if known.redo else "",
        "reminder": guidance.reminder(shown["template"], shown),
        "suggested": _suggested(shown["practice"].get("profession")),
        "gaps": visits.gaps_in(shown),
        "apcv": visits.overall(shown["verdict"]),
        "since": between_visits.since_last(store, visit_id, shown),
        "earlier": [
            visit
            for visit in visits.list_visits(store)
            if visit["practice"]["id"] == practice and visit["id"] != visit_id
        ],
    }


def _suggested(profession: str | None) -> str:
    found = guidance.suggested(profession)
    return found.id if found else ""


def write_workstation(
    store: FieldStore, visit_id: str, workstation_id: str | None, fields: Mapping[str, Any]
) -> Changes:
    """As `visits.set_workstation`; a new one is the record in the changes."""
    made = visits.set_workstation(store, visit_id, workstation_id, fields)
    return Changes(frozenset({("workstation", made)}))


def write_part(
    store: FieldStore, visit_id: str, part: str, part_id: str | None, fields: Mapping[str, Any]
) -> Changes:
    """Write fields of a note, obstacle or follow-up; without an identity it is made, and is the record in the
    changes."""
    if part_id is not None:
        return visits.set_part(store, part, part_id, fields)
    return Changes(frozenset({(part, visits.add_part(store, visit_id, part, fields))}))


def finalise(store: FieldStore, visit_id: str) -> Changes:
    """As `visits.finalise`, for a page that shows what is missing beforehand."""
    visits.finalise(store, visit_id)
    return Changes(frozenset({("visit", visit_id)}))


def correct(store: FieldStore, visit_id: str) -> Changes:
    """As `editions.correct`; the new draft is the record in the changes."""
    return Changes(frozenset({("visit", editions.correct(store, visit_id))}))


def undo(store: FieldStore, visit_id: str) -> Changes:
    """Write back what the last changeset of a draft wrote over.

    Raises KnownError `nothing-to-undo`, or `undo-overtaken` where that was written over since.
    """
    return _turn(store, history.of_visit(store, visit_id).undo, _("Annulé : {what}"))


def redo(store: FieldStore, visit_id: str) -> Changes:
    """Do again what was undone last. Raises as `undo`."""
    return _turn(store, history.of_visit(store, visit_id).redo, _("Rétabli : {what}"))


def take_back(store: FieldStore, visit_id: str, record_type: str, record_id: str) -> Changes:
    """Take out again what was put away: as `undo` does where nothing was done since, so that it is no new step."""
    last = history.of_visit(store, visit_id).undo[:1]
    put_away = [(op["op"], op["t"], op["i"]) for entry in last for op in entry.ops]
    if put_away == [("archive", record_type, record_id)]:
        return undo(store, visit_id)
    return visits.archive(store, record_type, record_id, back=True)


def _turn(store: FieldStore, entries: tuple[history.Entry, ...], label: str) -> Changes:
    if not entries:
        raise KnownError(
            "nothing-to-undo",
            _("Il n'y a plus rien à annuler ou à rétablir dans cette visite."),
            _("Ce qui est à l'écran est enregistré."),
        )
    return history.invert(store, entries[0], label.format(what=entries[0].label))


def attach_test(
    store: FieldStore,
    visit_id: str,
    *,
    kind: str,
    verdict: str,
    summary: str = "",
    details: Mapping[str, Any] | None = None,
    workstation: str | None = None,
) -> Changes:
    """Keep the result of a test (`kind`: readers, scanner; `verdict`: good, fault, unstable, not-tested).

    `details` is what support may ask for; it never holds what a foreign code said.
    """
    fields = {
        "kind": kind,
        "verdict": verdict,
        "summary": summary,
        "details": dict(details or {}) or None,
        "workstation": workstation,
        "made_at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
    }
    return write_part(store, visit_id, "test_run", None, fields)


def begin(
    store: FieldStore,
    about: Mapping[str, str | None],
    *,
    practice_id: str | None = None,
    date: dt.date | None = None,
    delegate: str = "",
    template: str | None = None,
) -> str:
    """As `visits.new_visit`, from the form of the window (`about` holds the name too), which is then empty.

    Returns the identity of the visit.
    """
    visit, _practice = visits.new_visit(
        store,
        practice=about["name"],
        practice_id=practice_id,
        date=date,
        delegate=delegate,
        about=about,
        template=template,
    )
    keep_form(store, {})
    return visit


def keep_form(store: FieldStore, fields: Mapping[str, str]) -> None:
    """Keep what is typed for a visit that is not begun yet, on this laptop only; nothing typed drops it.

    Raises KnownError `nir-refused` or `text-too-long`, and keeps what it had.
    """
    typed = {
        name: fieldwork.checked("note", {"text": text})["text"]
        for name, text in fields.items()
        if text.strip()
    }
    with writing(store.database):
        write_kv(store.database, _FORM, json.dumps(typed))


def kept_form(store: FieldStore) -> dict[str, str]:
    """What was typed for a visit that was never begun; empty when nothing was."""
    return dict(json.loads(read_kv(store.database, _FORM) or "{}"))
