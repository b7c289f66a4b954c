"""The visit report: what of a visit is printed, in which words and order. The look is in `visit.typ`.

It stays on the practitioner's table. So what is for the delegate alone is left out (the comments on the
practice), and so are serial numbers and the raw details of a test.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from textwrap import shorten
from typing import Any, Final

import fieldkit
from fieldkit.domain.carried import rested_on
from fieldkit.i18n import N_, _, language
from fieldkit.reports import render, sections, wording
from fieldkit.reports.typography import day

Shown = Mapping[str, Any]

_LABELS: Final = {
    "kind": N_("Compte rendu de visite"),
    "draft": N_("Brouillon"),
    "draft_note": N_("Visite en cours : ce compte rendu peut encore changer."),
    "verdict": N_("Verdict"),
    "follow_ups": N_("Ce qu'il reste à faire"),
    "findings": N_("Ce qui a été constaté"),
    "tests": N_("Ce qui a été testé"),
    "equipment": N_("Postes et équipement"),
    "obstacles": N_("Irritants"),
    "answer": N_("Réponse"),
    "notes": N_("Notes"),
    "photos": N_("Photos"),
    "sources": N_("Sources et versions"),
    "criterion": N_("Critère"),
    "state": N_("État"),
    "reason": N_("Constat et remède"),
    "what": N_("Action"),
    "who": N_("Qui"),
    "when": N_("Pour le"),
    "done": N_("fait"),
    "test": N_("Test"),
    "result": N_("Résultat"),
    "fact": N_("Élément"),
    "found": N_("Constat"),
    "page": N_("Page {n} sur {total}"),
}


_TEMPLATE: Final = "visit.typ"


def pdf(
    shown: Shown,
    *,
    made_at: dt.datetime,
    catalogue_as_of: dt.date | None = None,
    photos: Mapping[str, bytes] | None = None,
) -> bytes:
    """The report on a visit (`services.visits.show_visit`), made at a moment with its time zone.

    `catalogue_as_of` is the date of the product catalogue in use; without it the report says so. `photos` are
    the JPEGs of the visit's photos, by digest; one that is missing is said to be.
    """
    held = photos or {}
    data = contents(shown, made_at, catalogue_as_of, held)
    return render.pdf(_TEMPLATE, data, made_at, _pictures(shown, held))


def pages(
    shown: Shown,
    *,
    made_at: dt.datetime,
    catalogue_as_of: dt.date | None = None,
    photos: Mapping[str, bytes] | None = None,
    ppi: float,
) -> list[bytes]:
    """The pages of that report as PNG, to look at and to print."""
    held = photos or {}
    data = contents(shown, made_at, catalogue_as_of, held)
    return render.pages(_TEMPLATE, data, _pictures(shown, held), ppi=ppi)


def _pictures(shown: Shown, photos: Mapping[str, bytes]) -> dict[str, str]:
    return {
        sections.picture_name(number): render.picture(
            photos[photo["sha256"]], photo["width"], photo["height"]
        )
        for number, photo in enumerate(shown["photos"], start=1)
        if photo["sha256"] in photos
    }


def contents(
    shown: Shown, made_at: dt.datetime, catalogue_as_of: dt.date | None, photos: Mapping[str, bytes]
) -> dict[str, Any]:
    """Everything the template prints, in words; a list that is empty is a section that is not there."""
    verdicts = {found["id"]: found for found in shown["verdict"]["workstations"]}
    names = {workstation["id"]: sections.name_of(workstation) for workstation in shown["workstations"]}
    sources = sections.sources(verdicts.values())
    return {
        "lang": language(),
        "labels": {key: _(text) for key, text in _LABELS.items()},
        "title": _title(shown, _practice_name(shown)),
        "footer": _title(shown, shorten(_practice_name(shown), 60, placeholder="…")),
        "draft": shown["state"] == "draft",
        "date": day(shown["date"]),
        "corrects": _corrects(shown),
        "practice": _practice(shown),
        "verdicts": [
            sections.verdict(names[key], found, len(rested_on(found, shown["carried"].get(key, {}))))
            for key, found in verdicts.items()
        ],
        "no_verdict": "" if verdicts else _("Aucun poste n'est décrit : on ne sait pas encore."),
        "follow_ups": sections.follow_ups(shown["follow_ups"]),
        "findings": [
            {"name": ruleset["title"], "rows": sections.findings(ruleset["id"], verdicts, names, sources)}
            for ruleset in shown["verdict"]["rulesets"]
        ],
        "tests": [sections.test_run(run, shown["date"], names) for run in shown["test_runs"]],
        "equipment": sections.equipment(shown["workstations"], shown["carried"]),
        "obstacles": [sections.obstacle(item) for item in shown["obstacles"]],
        "notes": [texts for note in shown["notes"] if (texts := sections.paragraphs(note.get("text")))],
        "photos": [
            sections.photo(number, photo, here=photo["sha256"] in photos)
            for number, photo in enumerate(shown["photos"], start=1)
        ],
        "sources": sources,
        "colophon": _colophon(shown, made_at, catalogue_as_of),
    }


def _title(shown: Shown, name: str) -> str:
    return _("Compte rendu de visite – {cabinet} – {date}").format(cabinet=name, date=day(shown["date"]))


def _corrects(shown: Shown) -> str:
    said = []
    if shown["supersedes"] and shown["supersedes_date"]:
        said.append(
            _("Édition {n} : elle corrige et remplace la précédente, de la visite du {date}.").format(
                n=shown["edition"], date=day(shown["supersedes_date"])
            )
        )
    elif shown["supersedes"]:
        said.append(_("Cette édition corrige et remplace la précédente."))
    if shown["replaced"]:
        said.append(_("Une édition plus récente de ce compte rendu existe."))
    return " ".join(said)


def _practice_name(shown: Shown) -> str:
    return str(shown["practice"].get("name") or _("Cabinet sans nom"))


def _practice(shown: Shown) -> dict[str, Any]:
    practice = shown["practice"]
    place = practice.get("city") or ""
    if practice.get("department"):
        place = f"{place} ({practice['department']})".strip()
    facts = {
        _("Profession"): practice.get("profession"),
        _("Lieu"): place,
        "RPPS": practice.get("rpps"),
        "FINESS": practice.get("finess"),
        _("Délégué"): shown["delegate"],
    }
    return {
        "name": _practice_name(shown),
        "facts": [[k, v or _(wording.UNKNOWN), bool(v)] for k, v in facts.items()],
    }


def _colophon(shown: Shown, made_at: dt.datetime, catalogue_as_of: dt.date | None) -> list[str]:
    """Versions, what the rulesets say of themselves, and how to read the page: a paragraph each."""
    finalised = shown["finalised_at"]
    rulesets = shown["verdict"]["rulesets"]
    titles = " ; ".join(ruleset["title"] for ruleset in rulesets)
    versions = [
        _("Visite finalisée le {date}.").format(date=day(finalised)) if finalised else "",
        _("Fait avec fieldkit {version}.").format(version=fieldkit.__version__)
        if finalised
        else _("Édité le {date} avec fieldkit {version}.").format(
            date=day(made_at.isoformat()), version=fieldkit.__version__
        ),
        _("Règles appliquées : {titles}.").format(titles=titles) if titles else "",
        _("Catalogue des produits : {date}.").format(
            date=day(catalogue_as_of.isoformat() if catalogue_as_of else None)
        ),
    ]
    meaning = [
        _("« À confirmer » : le fait vient d'une visite précédente, et n'a pas été revu.")
        if shown["carried"]
        else "",
        _("« Inconnu » : le fait n'a pas pu être constaté ; ce n'est jamais un « non »."),
        _("Aucune donnée de patient ne doit figurer ici ; si une photo en montre, prévenez le délégué.")
        if shown["photos"]
        else _("Ce compte rendu ne contient aucune donnée de patient."),
    ]
    paragraphs = [versions, [ruleset["notice"] for ruleset in rulesets], meaning]
    return [" ".join(text for text in texts if text) for texts in paragraphs if any(texts)]
