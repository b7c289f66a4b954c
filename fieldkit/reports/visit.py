"""The visit report: what of a visit is printed, in which words and order. The look is in `visit.typ`.

It stays on the practitioner's table. So what is for the delegate alone is left out (the comments on the
practice), and so are serial numbers and the raw details of a test.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from textwrap import shorten
from typing import Any, Final

import fieldkit
from fieldkit.domain.fieldwork import WORKSTATION_FACTS
from fieldkit.i18n import N_, _, language
from fieldkit.reports import render, wording
from fieldkit.reports.typography import day

Shown = Mapping[str, Any]

_SIDE_BY_SIDE: Final = 3
"""Workstations that fit beside each other in one table."""

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
    "notes": N_("Notes"),
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


def pdf(shown: Shown, *, made_at: dt.datetime, catalogue_as_of: dt.date | None = None) -> bytes:
    """The report on a visit (`services.visits.show_visit`), made at a moment with its time zone.

    `catalogue_as_of` is the date of the product catalogue in use; without it the report says so.
    """
    return render.pdf("visit.typ", contents(shown, made_at, catalogue_as_of), made_at)


def contents(shown: Shown, made_at: dt.datetime, catalogue_as_of: dt.date | None) -> dict[str, Any]:
    """Everything the template prints, in words; a list that is empty is a section that is not there."""
    verdicts = {verdict["id"]: verdict for verdict in shown["verdict"]["workstations"]}
    names = {workstation["id"]: _name(workstation) for workstation in shown["workstations"]}
    sources = _sources(verdicts.values())
    return {
        "lang": language(),
        "labels": {key: _(text) for key, text in _LABELS.items()},
        "title": _title(shown, _practice_name(shown)),
        "footer": _title(shown, shorten(_practice_name(shown), 60, placeholder="…")),
        "draft": shown["state"] == "draft",
        "date": day(shown["date"]),
        "corrects": _("Cette édition corrige et remplace la précédente.") if shown["supersedes"] else "",
        "practice": _practice(shown),
        "verdicts": [_verdict(names[key], verdict) for key, verdict in verdicts.items()],
        "no_verdict": "" if verdicts else _("Aucun poste n'est décrit : on ne sait pas encore."),
        "follow_ups": [_follow_up(item) for item in _by_date(shown["follow_ups"])],
        "findings": [
            _findings(names[key] if len(names) > 1 else "", ruleset, verdict["findings"], sources)
            for key, verdict in verdicts.items()
            for ruleset in verdict["rulesets"]
        ],
        "tests": [_test(run, names) for run in shown["test_runs"]],
        "equipment": _equipment(shown["workstations"]),
        "obstacles": [_obstacle(item) for item in shown["obstacles"]],
        "notes": [_paragraphs(note.get("text")) for note in shown["notes"] if note.get("text")],
        "sources": sources,
        "colophon": _colophon(shown, made_at, catalogue_as_of),
    }


def _title(shown: Shown, name: str) -> str:
    return _("Compte rendu de visite – {cabinet} – {date}").format(cabinet=name, date=day(shown["date"]))


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
        _("RPPS"): practice.get("rpps"),
        _("FINESS"): practice.get("finess"),
        _("Délégué"): shown["delegate"],
    }
    return {
        "name": _practice_name(shown),
        "facts": [[k, v or _(wording.UNKNOWN), bool(v)] for k, v in facts.items()],
    }


def _verdict(name: str, verdict: Shown) -> dict[str, Any]:
    path = verdict["shortest_path"]
    return {
        "state": verdict["apcv"],
        "headline": wording.headline(name, verdict["apcv"], len(path)),
        "path": [{"text": step["text"], "who": wording.word(wording.OWNERS, step["owner"])} for step in path],
    }


def _findings(name: str, ruleset: Shown, findings: Sequence[Shown], sources: Sequence[str]) -> dict[str, Any]:
    rows = [_finding(finding, sources) for finding in findings if finding["ruleset"] == ruleset["id"]]
    return {"name": _joined(name, ruleset["title"]), "rows": rows}


def _finding(finding: Shown, sources: Sequence[str]) -> dict[str, Any]:
    return {
        "criterion": finding["title"],
        "state": finding["status"],
        "word": wording.word(wording.FINDINGS, finding["status"]),
        "reason": finding["reason"],
        "remedy": finding["remedy"],
        "who": wording.word(wording.OWNERS, finding["owner"]) if finding["owner"] else "",
        "source": sources.index(_source(finding)) + 1,
    }


def _sources(verdicts: Iterable[Shown]) -> list[str]:
    """Each source once, in the order of the findings that cite it."""
    return list(dict.fromkeys(_source(item) for verdict in verdicts for item in verdict["findings"]))


def _source(finding: Shown) -> str:
    return f"{finding['source']} ({day(finding['as_of'])})"


def _follow_up(item: Shown) -> dict[str, Any]:
    return {
        "text": item.get("text") or _(wording.UNKNOWN),
        "who": wording.word(wording.OWNERS, item.get("who")),
        "by": day(item.get("by")),
        "done": bool(item.get("done")),
    }


def _by_date(items: Sequence[Shown]) -> list[Shown]:
    return sorted(items, key=lambda item: (bool(item.get("done")), item.get("by") or "9999"))


def _test(run: Shown, names: Mapping[str, str]) -> dict[str, Any]:
    where = names.get(run.get("workstation") or "", "")
    when = day(run["made_at"]) if run.get("made_at") else ""
    return {
        "kind": wording.word(wording.TEST_KINDS, run.get("kind")),
        "where": _joined(where, when),
        "state": run.get("verdict") or "not-tested",
        "word": wording.word(wording.TESTS, run.get("verdict") or "not-tested"),
        "summary": run.get("summary") or "",
    }


def _equipment(workstations: Sequence[Shown]) -> list[dict[str, Any]]:
    """Tables of up to three workstations: a row for each fact known of one, and the names of the others."""
    groups = [workstations[n : n + _SIDE_BY_SIDE] for n in range(0, len(workstations), _SIDE_BY_SIDE)]
    return [_table(group) for group in groups]


def _table(group: Sequence[Shown]) -> dict[str, Any]:
    rows = []
    unknown = []
    for field, about in WORKSTATION_FACTS.items():
        values = [workstation.get(field) for workstation in group]
        if any(value not in (None, "") for value in values):
            cells = [{"text": wording.fact(field, v), "known": v not in (None, "")} for v in values]
            rows.append({"label": _(about.label), "cells": cells})
        else:
            unknown.append(_(about.label))
    return {
        "names": [_joined(_name(workstation), workstation.get("place")) for workstation in group],
        "rows": rows,
        "unknown": _("Inconnu : {faits}.").format(faits=_listed(unknown)) if unknown else "",
    }


def _obstacle(item: Shown) -> dict[str, Any]:
    return {
        "about": _joined(wording.word(wording.THEMES, item.get("theme")), item.get("product")),
        "gravity": item.get("gravity") or "unknown",
        "word": wording.word(wording.GRAVITIES, item.get("gravity")),
        "paragraphs": _paragraphs(item.get("text")),
    }


def _colophon(shown: Shown, made_at: dt.datetime, catalogue_as_of: dt.date | None) -> list[str]:
    """Versions, what the rulesets say of themselves, and how to read the page: a paragraph each."""
    finalised = shown["finalised_at"]
    rulesets = {r["id"]: r for v in shown["verdict"]["workstations"] for r in v["rulesets"]}.values()
    titles = " ; ".join(ruleset["title"] for ruleset in rulesets)
    versions = [
        _("Visite finalisée le {date}.").format(date=day(finalised)) if finalised else "",
        _("Édité le {date} avec fieldkit {version}.").format(
            date=day(made_at.isoformat()), version=fieldkit.__version__
        ),
        _("Règles appliquées : {titles}.").format(titles=titles) if titles else "",
        _("Catalogue des produits : {date}.").format(
            date=day(catalogue_as_of.isoformat() if catalogue_as_of else None)
        ),
    ]
    meaning = [
        _("« Inconnu » : le fait n'a pas pu être constaté ; ce n'est jamais un « non »."),
        _("Ce compte rendu ne contient aucune donnée de patient."),
    ]
    paragraphs = [versions, [ruleset["notice"] for ruleset in rulesets], meaning]
    return [" ".join(text for text in texts if text) for texts in paragraphs if any(texts)]


def _name(workstation: Shown) -> str:
    return str(workstation.get("name") or _("Poste sans nom"))


def _joined(*parts: str | None) -> str:
    return " · ".join(part for part in parts if part)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(name[:1].lower() + name[1:] if name[1:2].islower() else name for name in names)


def _paragraphs(text: str | None) -> list[str]:
    return [part for part in re.split(r"\n\s*\n", (text or "").strip()) if part]
