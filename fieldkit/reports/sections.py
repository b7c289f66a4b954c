"""The sections of the visit report, each from records to words in the form the template prints."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from fieldkit.domain.carried import Carried
from fieldkit.domain.fieldwork import WORKSTATION_FACTS
from fieldkit.i18n import _
from fieldkit.reports import wording
from fieldkit.reports.typography import day

Shown = Mapping[str, Any]

_SIDE_BY_SIDE: Final = 3
"""Workstations that fit beside each other in one table."""


def verdict(name: str, found: Shown, old: int) -> dict[str, Any]:
    """What a workstation lacks to be ready, in one line and step by step; `old` facts are of an earlier visit."""
    path = found["shortest_path"]
    checks = sum(step["from"] is None for step in path)
    return {
        "state": found["apcv"],
        "headline": wording.headline(name, found["apcv"]),
        "way": wording.way(len(path) - checks, checks),
        "doubt": wording.doubt(old),
        "path": [{"text": step["text"], "who": wording.word(wording.OWNERS, step["owner"])} for step in path],
    }


def findings(
    ruleset: str, verdicts: Mapping[str, Shown], names: Mapping[str, str], cited: Sequence[str]
) -> list[dict[str, Any]]:
    """What a ruleset finds, criterion by criterion; workstations of which it says the same share a row.

    `cited` are the `sources`, in the order of their numbers.
    """
    rows: dict[tuple[str, ...], dict[str, Any]] = {}
    order: dict[str, int] = {}
    for key, found in verdicts.items():
        for finding in found["findings"]:
            if finding["ruleset"] != ruleset:
                continue
            same = tuple(finding[name] for name in ("criterion", "status", "reason", "remedy", "owner"))
            rows.setdefault(same, _finding(finding, cited) | {"names": []})["names"].append(names[key])
            order.setdefault(finding["criterion"], len(order))
    for row in rows.values():
        row["where"] = _where(row.pop("names"), len(names))
    return [rows[same] for same in sorted(rows, key=lambda same: order[same[0]])]


def _where(names: Sequence[str], total: int) -> str:
    if total == 1:
        return ""
    return _("tous les postes") if len(names) == total else ", ".join(names)


def _finding(finding: Shown, cited: Sequence[str]) -> dict[str, Any]:
    return {
        "criterion": finding["title"],
        "state": finding["status"],
        "word": wording.word(wording.FINDINGS, finding["status"]),
        "reason": finding["reason"],
        "remedy": finding["remedy"],
        "who": wording.word(wording.OWNERS, finding["owner"]) if finding["owner"] else "",
        "source": cited.index(_source(finding)) + 1,
    }


def sources(verdicts: Iterable[Shown]) -> list[str]:
    """Each source once, in the order of the findings that cite it."""
    return list(dict.fromkeys(_source(item) for found in verdicts for item in found["findings"]))


def _source(finding: Shown) -> str:
    return f"{finding['source']} ({day(finding['as_of'])})"


def follow_ups(items: Sequence[Shown]) -> list[dict[str, Any]]:
    """What is to be done, the nearest date first; what is done already, last."""
    by_date = sorted(items, key=lambda item: (bool(item.get("done")), item.get("by") or "9999"))
    return [
        {
            "text": item.get("text") or _(wording.UNKNOWN),
            "who": wording.word(wording.OWNERS, item.get("who")),
            "by": day(item.get("by")),
            "done": bool(item.get("done")),
        }
        for item in by_date
    ]


def test_run(run: Shown, visited: str, names: Mapping[str, str]) -> dict[str, Any]:
    """One test; its date is told where it is not that of the visit."""
    made = str(run.get("made_at") or "")[:10]
    where = (names.get(run.get("workstation") or ""), day(made) if made not in ("", visited) else "")
    result = run.get("verdict") or "not-tested"
    return {
        "kind": wording.word(wording.TEST_KINDS, run.get("kind")),
        "where": ", ".join(part for part in where if part),
        "state": result,
        "word": wording.word(wording.TESTS, result),
        "summary": run.get("summary") or "",
    }


def equipment(workstations: Sequence[Shown], carried: Carried) -> list[dict[str, Any]]:
    """Tables of up to three workstations: a row for each fact known of one, then what is known of none.

    A fact in `carried` says of which day it is, unless the note of its table says so once for all.
    """
    groups = [workstations[n : n + _SIDE_BY_SIDE] for n in range(0, len(workstations), _SIDE_BY_SIDE)]
    return [_table(group, carried) for group in groups]


def _table(group: Sequence[Shown], carried: Carried) -> dict[str, Any]:
    rows = []
    unknown = []
    days = {on for w in group for on in carried.get(w["id"], {}).values()}
    same = days.pop() if len(days) == 1 else ""
    for field, about in WORKSTATION_FACTS.items():
        values = [workstation.get(field) for workstation in group]
        if any(value not in (None, "") for value in values):
            seen = [carried.get(w["id"], {}).get(field) for w in group]
            cells = [
                {
                    "text": wording.dated_fact(field, value, "" if on == same else on),
                    "known": value not in (None, ""),
                }
                for value, on in zip(values, seen, strict=True)
            ]
            rows.append({"label": _(about.label), "cells": cells})
        else:
            unknown.append(_(about.label))
    return {
        "names": [_joined(name_of(workstation), workstation.get("place")) for workstation in group],
        "rows": rows,
        "note": _joined(
            _("À confirmer : relevé le {date}.").format(date=day(same)) if same else "",
            _("Inconnu : {faits}.").format(faits=_listed(unknown)) if unknown else "",
            between=" ",
        ),
    }


def obstacle(item: Shown) -> dict[str, Any]:
    """What hinders the practice: theme, product, gravity, and the words for it."""
    return {
        "about": _joined(wording.word(wording.THEMES, item.get("theme")), item.get("product")),
        "gravity": item.get("gravity") or "unknown",
        "word": wording.word(wording.GRAVITIES, item.get("gravity")),
        "paragraphs": paragraphs(item.get("text")),
        "answer": paragraphs(item.get("answer")),
        "answer_source": item.get("answer_source") or "",
    }


def photo(number: int, item: Shown, *, here: bool) -> dict[str, Any]:
    """A photo: name and shape of its picture where that is `here`, its caption, what is read out in its place."""
    caption = item.get("caption") or ""
    title = _("Photo {n}").format(n=number)
    alone = _("{photo}, sans légende").format(photo=title)
    return {
        "picture": picture_name(number) if here else "",
        "shape": item["width"] / item["height"],
        "title": title,
        "caption": caption,
        "alt": _("{photo} : {caption}").format(photo=title, caption=caption) if caption else alone,
        "missing": "" if here else _("Cette photo n'est pas sur l'ordinateur qui a édité ce compte rendu."),
    }


def picture_name(number: int) -> str:
    """What the picture of a photo is called between data and template."""
    return f"photo-{number}"


def name_of(workstation: Shown) -> str:
    """What the workstation is called."""
    return str(workstation.get("name") or _("Poste sans nom"))


def _joined(*parts: str | None, between: str = " · ") -> str:
    return between.join(part for part in parts if part)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(name[:1].lower() + name[1:] if name[1:2].islower() else name for name in names)


def paragraphs(text: str | None) -> list[str]:
    """The paragraphs of a text; none where there is no text."""
    return [part for part in re.split(r"\n\s*\n", (text or "").strip()) if part]
