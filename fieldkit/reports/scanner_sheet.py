"""The sheet of test codes to print: QR codes on the first page, Data Matrix on the second, and how to use them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import fieldkit
from fieldkit.i18n import N_, _, language
from fieldkit.reports import render
from fieldkit.reports.typography import day

_LABELS: Final = {
    "kind": N_("Test du lecteur de codes"),
    "title": N_("Planche de codes de test"),
    "steps": N_("Mode d'emploi"),
    "codes": N_("Codes à lire"),
    "page": N_("Page {n} sur {total}"),
}
_STEPS: Final = (
    N_("Ouvrez Fieldkit, page Scanner (F6), et cliquez dans la zone de test."),
    N_("Cachez les codes voisins avec une feuille : le lecteur doit n'en voir qu'un."),
    N_(
        "Lisez d'abord le code 1 : il dit si le lecteur et l'ordinateur sont accordés. Corrigez, puis relisez-le."
    ),
    N_(
        "Lisez ensuite les codes longs, du plus court au plus long : le test s'arrête au premier qui n'arrive pas."
    ),
    N_("Les codes « accents » et « contrôle » sont indicatifs : ils ne changent pas le verdict."),
)
_NOTES: Final = (
    N_("Imprimez à 100 %, sans « ajuster à la page » : le trait mesure 50 mm."),
    N_("Ces codes ne règlent pas le lecteur et ne contiennent aucune donnée de patient."),
)


@dataclass(frozen=True, slots=True)
class SheetCode:
    """One code of the sheet: its name, a line about it, its width in mm, and its picture as SVG."""

    name: str
    note: str
    millimetres: float
    svg: str


@dataclass(frozen=True, slots=True)
class SheetPage:
    """One page: its title, and its codes row by row."""

    title: str
    rows: Sequence[Sequence[SheetCode]]


def pdf(pages: Sequence[SheetPage], mark: str, *, made_at: dt.datetime) -> bytes:
    """The sheet, tagged. `mark` is the nonce of all its codes, by which the app knows them."""
    pictures: dict[str, str] = {}
    shown: list[dict[str, Any]] = []
    for page in pages:
        rows = []
        for row in page.rows:
            cells = []
            for code in row:
                picture = f"code-{len(pictures)}"
                pictures[picture] = code.svg
                alt = _("Code de test à scanner : {name}, {page}").format(name=code.name, page=page.title)
                cells.append({"name": code.name, "note": code.note, "mm": code.millimetres,
                              "picture": picture, "alt": alt})  # fmt: skip
            rows.append(cells)
        shown.append({"title": page.title, "rows": rows})
    data = {
        "lang": language(),
        "labels": {key: _(text) for key, text in _LABELS.items()},
        "title": _("Planche de codes de test {mark}").format(mark=mark),
        "footer": _("Planche {mark} · fieldkit {version} · {date}").format(
            mark=mark, version=fieldkit.__version__, date=day(made_at.date().isoformat())
        ),
        "draft": False,
        "steps": [_(step) for step in _STEPS],
        "notes": [_(note) for note in _NOTES],
        "pages": shown,
    }
    return render.pdf("scanner_sheet.typ", data, made_at, pictures)
