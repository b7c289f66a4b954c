"""Visits: what a delegate does from the doorbell to the report."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

from fieldkit.domain import fieldwork
from fieldkit.domain.carried import still_pending
from fieldkit.domain.fieldwork import Record
from fieldkit.errors import KnownError
from fieldkit.i18n import _, ngettext
from fieldkit.services import between_visits, verdicts
from fieldkit.services.duplicates import roots
from fieldkit.services.editions import edition_of, editions
from fieldkit.store import attachments
from fieldkit.store.changes import Changes, elsewhere, frozen
from fieldkit.store.fieldwork import FieldStore

PRIVATE: Final = "user:me"
"""The scope of field work whose department is not known: the registry files it under its author."""

STATES: Final = ("draft", "finalised", "waiting", "sent", "refused")

_WORST_FIRST: Final = ("impossible", "not-yet", "unknown", "ready")


def new_visit(
    store: FieldStore,
    *,
    practice: str | None = None,
    practice_id: str | None = None,
    date: dt.date | None = None,
    delegate: str = "",
    about: Mapping[str, str | None] | None = None,
    template: str | None = None,
) -> tuple[str, str]:
    """Begin a visit to a practice that is known (`practice_id`) or new (`practice`, its name).

    `about` gives fields of the practice: rpps, finess, department, profession, city; `template` a reminder
    (`services.guidance`).
    Returns the identities of the visit and of the practice.
    """
    day = (date or dt.date.today()).isoformat()  # noqa: DTZ011  a visit's day is the delegate's own
    with store.changeset(_("Nouvelle visite")) as c:
        if practice_id is not None:
            scope = store.get("practice", practice_id).scope
            c.set("practice", practice_id, {k: v for k, v in (about or {}).items() if v})
        else:
            fields = fieldwork.checked("practice", {"name": practice, **(about or {})})
            if not fields["name"]:
                raise _unnamed()
            scope = f"dept:{fields['department']}" if fields.get("department") else PRIVATE
            practice_id = c.create("practice", scope, fields)
        own = {"date": day, "delegate": delegate, "template": template}
        carried = between_visits.to_confirm(store, practice_id, day)
        linked = {"practice": practice_id, "carried": carried}
        visit = c.create("visit", scope, {**own, **linked, "state": "draft"})
    return visit, practice_id


def list_visits(store: FieldStore, state: str | None = None, *, judged: bool = False) -> list[dict[str, Any]]:
    """Every visit, newest first: `{id, date, time, state, practice, edition, …}`.

    `practice` is `{id, name, department, profession, city}`; `edition`, `first_edition`, `supersedes` and
    `superseded_by` are as in `services.editions`; `judged` adds `apcv` (see `overall`) and
    `findings`, pairs of criterion and status. The state `finalised` asks for all that are no drafts, wherever
    they are on their way.
    """
    found = store.of("visit")  # before the practices: another process may be adding both
    practices = roots(store)
    unsent, refused = _travelling(store)
    known = editions(found)
    rows = [
        {
            "id": visit.id,
            "edition": known[visit.id].number,
            "first_edition": known[visit.id].first,
            "supersedes": known[visit.id].supersedes,
            "superseded_by": known[visit.id].superseded_by,
            **_fields(visit, "date", "time"),
            "state": _state(visit, unsent, refused),
            "practice": {
                "id": practices[visit["practice"]].id,
                **_fields(practices[visit["practice"]], "name", "department", "profession", "city"),
            },
            **(_judged(store, visit) if judged else {}),
        }
        for visit in found
    ]
    rows.sort(key=lambda row: (row["date"] or "", row["id"]), reverse=True)  # a later edition has a later id
    return [row for row in rows if is_in(row["state"], state)]


def is_in(state: str, wanted: str | None) -> bool:
    """Whether a visit in `state` is one of those `wanted` (None: any)."""
    return wanted in (None, state) or (wanted == "finalised" and state != "draft")


def show_visit(store: FieldStore, visit_id: str) -> dict[str, Any]:
    """Everything of one visit: its practice, workstations, parts, state, and the verdict.

    A finalised visit shows its workstations and verdict as they stood when it was finalised; `workstations_fixed`
    tells that a draft does so too: see `editions.correct`. It is `replaced` once its correction is finalised.
    `carried` are the facts that come from an earlier visit and were not confirmed in this one: see
    `domain.carried`.
    """
    visit = store.get("visit", visit_id)
    stands = _as_it_stands(store, visit)
    edition = edition_of(store, visit)
    return {
        "id": visit.id,
        "edition": edition.number,
        "superseded_by": edition.superseded_by,
        "replaced": _is_final(store, edition.superseded_by),
        "supersedes_date": _date_of(store, visit["supersedes"]),
        **_fields(visit, "date", "time", "delegate", "template", "finalised_at", "supersedes"),
        "state": "draft" if visit["state"] == "draft" else _state(visit, *_travelling(store)),
        "scope": visit.scope,
        "workstations_fixed": bool(visit["snapshot"]),
        "carried": still_pending(visit["carried"] or {}, stands["workstations"]),
        **stands,
        **{
            f"{part}s": [as_dict(r) for r in store.of_visit(part, visit_id)] for part in fieldwork.VISIT_PARTS
        },
    }


def practice_of(store: FieldStore, visit_id: str) -> str:
    """The identity of the practice a visit goes to; raises KnownError `record-missing`."""
    return store.root_of("practice", store.get("visit", visit_id)["practice"]).id


def set_visit(store: FieldStore, visit_id: str, fields: Mapping[str, Any]) -> Changes:
    """Write fields of a visit, or of its practice (those that start with `practice.`).

    Raises KnownError `practice-unnamed` or `visit-undated` rather than leave a practice without a name or a
    visit without its day, or the error of a field's check.
    """
    own = {k: v for k, v in fields.items() if "." not in k}
    theirs = {k.removeprefix("practice."): v for k, v in fields.items() if k.startswith("practice.")}
    if "name" in theirs and not theirs["name"]:
        raise _unnamed()
    if "date" in own and not own["date"]:
        raise KnownError(
            "visit-undated", _("La visite n'a pas de date."), _("Donnez le jour de la visite, même prévu.")
        )
    with store.changeset(_("Visite modifiée")) as c:
        c.set("visit", visit_id, own)
        if theirs:
            c.set("practice", practice_of(store, visit_id), theirs)
    return c.changes


def set_practice(store: FieldStore, practice_id: str, fields: Mapping[str, Any]) -> Changes:
    """Write fields of a practice outside of any visit. Raises KnownError `practice-unnamed`, or a field's own."""
    if "name" in fields and not fields["name"]:
        raise _unnamed()
    with store.changeset(_("Cabinet modifié")) as c:
        c.set("practice", practice_id, fields)
    return c.changes


def set_workstation(
    store: FieldStore, visit_id: str, workstation_id: str | None, fields: Mapping[str, Any]
) -> str:
    """Write facts of a workstation of the visited practice; without an identity a new one is made.

    Raises KnownError `workstations-fixed` in a correction of a visit that is not the latest to the practice,
    `belongs-elsewhere` for a workstation of another practice.
    """
    visit = _draft(store, visit_id)
    if visit["snapshot"]:
        raise KnownError(
            "workstations-fixed",
            _(
                "Une visite plus récente a relevé ces postes : cette correction les laisse comme au jour de la visite."
            ),
            _("Notez ce qui a changé dans la visite la plus récente, et l'erreur de celle-ci dans une note."),
        )
    _hold_corrections(store, visit)
    with store.changeset(_("Poste modifié") if workstation_id else _("Nouveau poste")) as c:
        if workstation_id is None:
            n = len(store.of_practice("workstation", visit["practice"])) + 1
            named = {"name": _("Poste {n}").format(n=n), **fields}
            return c.create("workstation", visit.scope, {**named, "practice": visit["practice"]})
        theirs = store.get("workstation", workstation_id)["practice"]
        if store.root_of("practice", theirs).id != store.root_of("practice", visit["practice"]).id:
            raise elsewhere()
        c.set("workstation", workstation_id, fields)
        between_visits.written(c, visit, workstation_id, fields)
    return workstation_id


def add_part(store: FieldStore, visit_id: str, part: str, fields: Mapping[str, Any]) -> str:
    """Add a note, obstacle, follow-up or test run (`part`: a type of `fieldwork.VISIT_PARTS`)."""
    visit = _draft(store, visit_id)
    label = {
        "note": _("Nouvelle note"),
        "obstacle": _("Nouvel irritant"),
        "follow_up": _("Nouvelle action"),
        "test_run": _("Résultat de test"),
    }[part]
    with store.changeset(label) as c:
        return c.create(part, visit.scope, {**fields, "visit": visit_id})


def set_part(store: FieldStore, part: str, part_id: str, fields: Mapping[str, Any]) -> Changes:
    """Write fields of a note, obstacle, follow-up or test run."""
    with store.changeset(_("Saisie")) as c:
        c.set(part, part_id, fields)
    return c.changes


def archive(store: FieldStore, record_type: str, record_id: str, *, back: bool = False) -> Changes:
    """Put a record away, or take it `back` out again: the undo of the first."""
    away = {
        "visit": _("Visite retirée"),
        "workstation": _("Poste retiré"),
        "note": _("Note retirée"),
        "obstacle": _("Irritant retiré"),
        "follow_up": _("Action retirée"),
        "test_run": _("Résultat retiré"),
        "photo": _("Photo retirée"),
    }[record_type]
    with store.changeset(_("Remis en place") if back else away) as c:
        c.archive(record_type, record_id, back=back)
    return c.changes


def missing(store: FieldStore, visit_id: str) -> list[dict[str, str]]:
    """What a finalised visit would lack: see `gaps_in`."""
    return gaps_in(show_visit(store, visit_id))


def gaps_in(shown: Mapping[str, Any]) -> list[dict[str, str]]:
    """What a visit (`show_visit`) lacks: `{step, field, text}`, where on the page to give it and what to say.

    Of workstations that are kept as they were, only what is still to be confirmed: nothing else could be given.
    """
    practice, may_write = shown["practice"], not shown["workstations_fixed"]
    today = dt.date.today().isoformat()  # noqa: DTZ011  a visit's day is the delegate's own
    gaps = [
        ("practice", "date", shown["date"] > today, _("La visite est datée d'un jour à venir.")),
        ("practice", "rpps", not practice.get("rpps"), _("Le numéro RPPS n'est pas renseigné.")),
        ("practice", "finess", not practice.get("finess"), _("Le numéro FINESS n'est pas renseigné.")),
        ("practice", "department", not practice.get("department"), _("Le département n'est pas renseigné.")),
        ("practice", "profession", not practice.get("profession"), _("La profession n'est pas renseignée.")),
        ("workstations", "", may_write and not shown["workstations"], _("Aucun poste n'est décrit.")),
        ("tests", "", not shown["test_runs"], _("Aucun test n'a été fait.")),
    ]
    for w, judged in zip(shown["workstations"], shown["verdict"]["workstations"], strict=True):
        name = w.get("name") or _("Poste sans nom")
        said = _("{poste} : logiciel inconnu.").format(poste=name)
        gaps.append(("workstations", f"{w['id']}:software", may_write and not w.get("software"), said))
        facts = list(dict.fromkeys(fact for finding in judged["findings"] for fact in finding["missing"]))
        said = ngettext(
            "{poste} : {n} fait manque au verdict.", "{poste} : {n} faits manquent au verdict.", len(facts)
        ).format(poste=name, n=len(facts))
        lacking = may_write and bool(facts)
        gaps.append(("workstations", f"{w['id']}:{facts[0] if facts else ''}", lacking, said))
        old = list(shown["carried"].get(w["id"], {}))
        said = ngettext(
            "{poste} : {n} fait à confirmer.", "{poste} : {n} faits à confirmer.", len(old)
        ).format(poste=name, n=len(old))
        gaps.append(("workstations", f"{w['id']}:{old[0] if old else ''}", bool(old), said))
    return [{"step": step, "field": field, "text": text} for step, field, lacks, text in gaps if lacks]


def finalise(store: FieldStore, visit_id: str) -> list[dict[str, str]]:
    """Freeze a visit with its workstations and verdict as they stand. Returns what it lacks, for information.

    Raises KnownError `visit-finalised` where it already is.
    """
    visit = _draft(store, visit_id)
    gaps = missing(store, visit_id)
    now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    with store.changeset(_("Visite finalisée")) as c:
        frozen = {"state": "finalised", "finalised_at": now, "snapshot": _snapshot(store, visit)}
        c.set("visit", visit_id, frozen)
        attachments.forget_removed(store.database, visit_id)
    return gaps


def show_practice(store: FieldStore, practice_id: str) -> dict[str, Any]:
    """A practice with its workstations, equipment and visits."""
    practice = store.get("practice", practice_id)
    return {
        **as_dict(practice),
        "workstations": workstations_of(store, practice_id),
        "equipment": [as_dict(e) for e in store.of_practice("equipment", practice_id)],
        "visits": [v for v in list_visits(store) if v["practice"]["id"] == practice_id],
    }


def list_practices(store: FieldStore) -> list[dict[str, Any]]:
    """Every practice, by name."""
    return sorted((as_dict(p) for p in store.of("practice")), key=lambda p: str(p.get("name", "")).casefold())


def verdict(store: FieldStore, visit_id: str) -> dict[str, Any]:
    """The readiness of each workstation of a visit, in the shape of `cli.md`: `{workstations: [...]}`."""
    return dict(show_visit(store, visit_id)["verdict"])


def overall(verdict: Mapping[str, Any]) -> str:
    """The readiness of a practice: that of the workstation in the worst state; unknown where there is none."""
    found = {workstation["apcv"] for workstation in verdict["workstations"]}
    return next((apcv for apcv in _WORST_FIRST if apcv in found), "unknown")


def workstations_of(store: FieldStore, practice_id: str) -> list[dict[str, Any]]:
    """The workstations of a practice as they stand today."""
    return [as_dict(w) for w in store.of_practice("workstation", practice_id)]


def as_dict(record: Record) -> dict[str, Any]:
    """A record as one flat map, identity first."""
    return {"id": record.id, **record.doc}


def _as_it_stands(store: FieldStore, visit: Record) -> dict[str, Any]:
    frozen: dict[str, Any] | None = visit["snapshot"] if visit["state"] == "finalised" else None
    return frozen or _snapshot(store, visit)


def _snapshot(store: FieldStore, visit: Record) -> dict[str, Any]:
    kept: Mapping[str, Any] | None = visit["snapshot"]
    workstations = kept["workstations"] if kept else workstations_of(store, visit["practice"])
    return {
        "practice": as_dict(store.root_of("practice", visit["practice"])),
        "workstations": workstations,
        "verdict": verdicts.evaluate(workstations, dt.date.fromisoformat(visit["date"]), store.folder),
    }


def _hold_corrections(store: FieldStore, visit: Record) -> None:
    """Before a visit writes to a workstation: corrections of others keep it as it stands, see `editions.correct`."""
    for other in store.of_practice("visit", visit["practice"]):
        open_still = other["supersedes"] and other["state"] == "draft" and not other["snapshot"]
        if open_still and other.id != visit.id:
            with store.changeset(_("Correction d'une visite")) as c:
                c.set("visit", other.id, {"snapshot": _snapshot(store, other)})


def _is_final(store: FieldStore, visit_id: str) -> bool:
    return bool(visit_id) and store.get("visit", visit_id)["state"] == "finalised"


def _date_of(store: FieldStore, visit_id: str | None) -> str | None:
    """The day of a visit; None where it is not on this laptop, or has none."""
    return next((v["date"] for v in store.of("visit", archived=True) if v.id == visit_id), None)


def _judged(store: FieldStore, visit: Record) -> dict[str, Any]:
    verdict = _as_it_stands(store, visit)["verdict"]
    found = [finding for workstation in verdict["workstations"] for finding in workstation["findings"]]
    return {
        "apcv": overall(verdict),
        "findings": [(finding["criterion"], finding["status"]) for finding in found],
    }


def _unnamed() -> KnownError:
    return KnownError(
        "practice-unnamed",
        _("Le cabinet n'a pas de nom."),
        _("Donnez son nom, ou l'identifiant d'un cabinet connu."),
    )


def _draft(store: FieldStore, visit_id: str) -> Record:
    visit = store.get("visit", visit_id)
    if visit["state"] != "draft":
        raise frozen()
    return visit


def _fields(record: Record, *names: str) -> dict[str, Any]:
    return {name: record[name] for name in names}


def _travelling(store: FieldStore) -> tuple[set[str], set[str]]:
    """Identities of the visits that have something unsent, and something refused, in the outbox."""
    from fieldkit.store import outbox

    return outbox.visits_in(store.database, "pending"), outbox.visits_in(store.database, "refused")


def _state(visit: Record, unsent: set[str], refused: set[str]) -> str:
    if visit["state"] == "draft":
        return "draft"
    if visit.id in refused:
        return "refused"
    return "waiting" if visit.id in unsent else "sent"
