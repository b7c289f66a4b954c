"""The field work as lists, to look through, narrow and take elsewhere: visits, follow-ups, practices, obstacles."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from fieldkit.domain.fieldwork import Record
from fieldkit.i18n import _
from fieldkit.reports import wording
from fieldkit.services.narrowing import KINDS, Narrowing
from fieldkit.services.overview import Work, follow_ups, is_due, is_late, work
from fieldkit.store.fieldwork import FieldStore

Row = Mapping[str, Any]
Cell = str | int | None


@dataclass(frozen=True, slots=True)
class Line:
    """One line: a cell for each column (None: not known; "": there is none), and the visit that tells more."""

    cells: Sequence[Cell]
    visit: str


@dataclass(frozen=True, slots=True)
class Listing:
    """A list with the names of its columns; dates are in ISO 8601."""

    name: str
    columns: Sequence[str]
    lines: Sequence[Line]


def listing(store: FieldStore, kind: str, today: dt.date, chosen: Narrowing | None = None) -> Listing:
    """The list `kind` (one of `KINDS`) of what is `chosen`, as of `today`."""
    columns, lines = _MAKERS[kind](store, work(store, chosen or Narrowing()), today)
    return Listing(_(KINDS[kind]), columns, lines)


_Made = tuple[list[str], list[Line]]


def _visits(_store: FieldStore, seen: Work, today: dt.date) -> _Made:
    columns = [_("Date"), _("Heure"), *_practice_columns(), _("État"), _("Édition"), _("Appli carte Vitale")]
    return columns, [
        Line(
            [
                *(row["date"], row["time"] or "", *_practice_cells(row)),
                _late()
                if is_due(row, today) and row["date"] < today.isoformat()
                else wording.word(wording.STATES, row["state"]),
                row["edition"],
                wording.word(wording.READINESS, row["apcv"]),
            ],
            row["id"],
        )
        for row in seen.rows
    ]


def _follow_ups(store: FieldStore, seen: Work, today: dt.date) -> _Made:
    columns = [_("Pour le"), _("Action"), _("Qui"), _("État"), *_practice_columns(), _("Visite du")]
    lines = []
    for action in follow_ups(store, seen, done=True):
        row = seen.of[action["visit"]]
        state = _("Fait") if action["done"] else _late() if is_late(action, today) else _("À faire")
        who = wording.word(wording.OWNERS, action["who"])
        cells = [action["by"] or "", action["text"], who, state, *_practice_cells(row), row["date"]]
        lines.append(Line(cells, action["visit"]))
    return columns, lines


def _practices(store: FieldStore, seen: Work, _today: dt.date) -> _Made:
    columns = [
        *(*_practice_columns(), "RPPS", "FINESS", _("Dernière visite"), _("Visites"), _("Postes")),
        *(_("Appli carte Vitale"), _("Première FSE avec l'appli carte Vitale")),
    ]
    known = {practice.id: practice for practice in store.of("practice", archived=True)}
    lines = []
    for row in seen.latest:
        practice = known[row["practice"]["id"]]
        visited = sum(other["practice"]["id"] == practice.id for other in seen.rows)
        stations = len(store.of_practice("workstation", practice.id))
        cells = [
            *(*_practice_cells(row), practice["rpps"], practice["finess"], row["date"], visited, stations),
            *(wording.word(wording.READINESS, row["apcv"]), practice["apcv_first_claim"]),
        ]
        lines.append(Line(cells, row["id"]))
    return columns, sorted(lines, key=lambda line: str(line.cells[0] or "").casefold())


def _obstacles(store: FieldStore, seen: Work, _today: dt.date) -> _Made:
    columns = [
        *(_("Date"), _("Thème"), _("Produit ou service concerné"), _("Gravité"), _("Irritant")),
        *(_("Réponse donnée"), _("Source de la réponse"), *_practice_columns()),
    ]
    found: list[Record] = [o for o in store.of("obstacle") if o["visit"] in seen.of]
    lines = []
    for obstacle in found:
        row = seen.of[obstacle["visit"]]
        cells = [
            *(row["date"], _word(wording.THEMES, obstacle["theme"]), obstacle["product"] or ""),
            *(_word(wording.GRAVITIES, obstacle["gravity"]), obstacle["text"]),
            *(obstacle["answer"] or "", obstacle["answer_source"] or "", *_practice_cells(row)),
        ]
        lines.append(Line(cells, row["id"]))
    return columns, sorted(lines, key=lambda line: str(line.cells[0] or ""), reverse=True)


def _practice_columns() -> list[str]:
    return [_("Cabinet"), _("Profession"), _("Département"), _("Commune")]


def _practice_cells(row: Row) -> list[Cell]:
    return [row["practice"][name] for name in ("name", "profession", "department", "city")]


def _word(words: wording.Words, value: str | None) -> str | None:
    return wording.word(words, value) if value else None


def _late() -> str:
    return _("En retard")


_MAKERS: Final[Mapping[str, Callable[[FieldStore, Work, dt.date], _Made]]] = {
    "visits": _visits,
    "follow_ups": _follow_ups,
    "practices": _practices,
    "obstacles": _obstacles,
}
