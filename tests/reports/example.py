"""A visit as `services.visits.show_visit` gives it, with every kind of part, to print and to change."""

from __future__ import annotations

import datetime as dt
from typing import Any

from fieldkit.reports import visit

MADE_AT = dt.datetime(2026, 11, 22, 17, 30, tzinfo=dt.timezone(dt.timedelta(hours=1)))
STUDY = "GIE SESAM-Vitale, étude de marché 2023"


def pdf(shown: dict[str, Any], photos: dict[str, bytes] | None = None) -> bytes:
    """The report on `shown`, made at a fixed moment with the catalogue of 8 January 2024."""
    return visit.pdf(shown, made_at=MADE_AT, catalogue_as_of=dt.date(2024, 1, 8), photos=photos)


def shown(**changes: Any) -> dict[str, Any]:
    """A finalised visit to a practice with one workstation that lacks two things; `changes` replace parts."""
    return {
        "id": "visit-1",
        "date": "2026-11-22",
        "delegate": "Camille Roux",
        "finalised_at": "2026-11-22T15:04:00+00:00",
        "supersedes": None,
        "supersedes_date": None,
        "superseded_by": "",
        "replaced": False,
        "edition": 1,
        "carried": {},
        "state": "sent",
        "scope": "dept:72",
        "practice": {
            "id": "practice-1",
            "name": "Maison de santé des Remparts",
            "rpps": "10003456787",
            "finess": "750100125",
            "department": "72",
            "city": "Le Mans",
            "comment": "Code de la porte : 4512.",
        },
        "workstations": [workstation()],
        "verdict": verdicts(verdict()),
        "notes": [{"id": "note-1", "text": "Essayer avant la fin de l'année."}],
        "obstacles": [
            {"id": "o-1", "theme": "ins", "gravity": "high", "product": "Vega", "text": "INS lente."},
            {"id": "o-2", "theme": "materiel", "text": "Prise USB mal placée."},
        ],
        "follow_ups": [
            {"id": "f-1", "who": "delegue", "by": "2026-11-25", "text": "Envoyer la planche.", "done": True},
            {"id": "f-2", "who": "ps", "by": "2026-12-01", "text": "Appeler l'éditeur."},
        ],
        "photos": [],
        "test_runs": [
            {
                "id": "t-1",
                "kind": "readers",
                "workstation": "w-1",
                "verdict": "good",
                "summary": "CPS3 reconnue.",
                "details": {"log": "TRACE-OF-A-DRIVER"},
                "made_at": "2026-11-22T10:12:00+01:00",
            }
        ],
        **changes,
    }


def workstation(**facts: Any) -> dict[str, Any]:
    """The workstation `w-1`, where some facts are known and others are not; `facts` replace some."""
    return {
        "id": "w-1",
        "name": "Poste accueil",
        "place": "Secrétariat",
        "os": "windows",
        "software": "Vega",
        "addendum": 7,
        "card_reader_kind": "tl-bimode",
        "qr_reader": "none",
        "internet": "yes",
        **facts,
    }


def verdicts(*workstations: dict[str, Any]) -> dict[str, Any]:
    """The verdicts on some workstations, by one ruleset."""
    rulesets = [{"id": "apcv", "title": "Appli carte Vitale 2023", "notice": "Règles de fin 2023."}]
    return {"rulesets": rulesets, "workstations": list(workstations)}


def verdict(apcv: str = "not-yet", **changes: Any) -> dict[str, Any]:
    """The verdict on `w-1`: one criterion that fails, one that cannot be decided, two steps to ready."""
    return {
        "id": "w-1",
        "findings": [
            finding(
                "addendum",
                "Addendum",
                "action",
                "L'addendum 7 ne suffit pas.",
                remedy="Demander l'addendum 8.",
                owner="éditeur",
            ),
            finding("os", "Système d'exploitation", "unknown", "Critère non publié dans les sources."),
        ],
        "apcv": apcv,
        "shortest_path": [
            step("addendum", "7", "Demander l'addendum 8.", "éditeur"),
            step("qr_reader", "none", "Installer un lecteur de QR code.", "PS"),
        ],
        **changes,
    }


def finding(criterion: str, title: str, status: str, reason: str, **more: Any) -> dict[str, Any]:
    """One finding of the ruleset of `verdict`."""
    origin = {"ruleset": "apcv", "source": STUDY, "as_of": "2023-12"}
    blank = {"remedy": "", "owner": "", "facts": {}, "missing": ()}
    return {
        "criterion": criterion,
        "title": title,
        "status": status,
        "reason": reason,
        **origin,
        **blank,
        **more,
    }


def step(field: str, before: str | None, text: str, owner: str) -> dict[str, Any]:
    """One step of a shortest path; without `before` it is a look at something unknown."""
    return {"field": field, "from": before, "to": "", "text": text, "owner": owner}
