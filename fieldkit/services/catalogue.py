"""What a delegate asks of the catalogue: find, read a card, compare editors, and the national figures.

Answers are the shapes of `cli.md`, as plain dictionaries; the window and the command line use the same.
Every function takes the path of the catalogue (`profile.catalogue_path`), which is loaded at its first use:
see `catalogue_file.load` for what can go wrong then.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from fieldkit.domain import comparison
from fieldkit.domain.catalogue import DeploymentFigure, Integration, Status
from fieldkit.domain.comparison import Comparison
from fieldkit.errors import KnownError
from fieldkit.i18n import _
from fieldkit.services.catalogue_cards import card, cell
from fieldkit.services.catalogue_file import opened
from fieldkit.services.catalogue_search import LIMIT, known_profession, result, search
from fieldkit.store import catalogue as store
from fieldkit.store import search as index
from fieldkit.store.search_filters import Filters

if TYPE_CHECKING:
    from sqlite_utils import Database

__all__ = ["search"]

_HEADLINES: Final = (
    ("télétransmission SESAM-Vitale", "professionnels de santé en télétransmission"),
    ("addendum 7", "taux de déploiement"),
    ("addendum 8", "taux de déploiement"),
    ("PRO-PS", "postes équipés de lecteurs à jour"),
    ("PRO-PS", "postes PS avec OS à jour"),
    ("PRO-PS", "postes équipés d'ATSAM avec version à jour"),
    ("appli carte Vitale", "professionnels de santé utilisateurs"),
    ("INSi", "utilisateurs dans le mois"),
    ("ADRi", "PS utilisateurs"),
)


@dataclass(frozen=True, slots=True)
class Headline:
    """A national indicator at its latest date, and the same at an earlier date where a source gives it."""

    now: DeploymentFigure
    before: DeploymentFigure | None


def show(catalogue: Path, entry_id: str) -> dict[str, Any]:
    """The card of an entry: `{id, kind, name, names, about, group, products, labels, integration, figures…}`.

    Raises KnownError `unknown-entry`.
    """
    database = opened(catalogue)
    known = store.identifier(database, entry_id)
    if known is None:
        raise KnownError(
            "unknown-entry",
            _("Aucune fiche du catalogue ne porte cet identifiant."),
            _("Cherchez-la par son nom avec « fieldkit catalogue search »."),
        )
    return card(database, known)


def compare(catalogue: Path, profession: str, as_of: str, and_: str | None = None) -> dict[str, Any]:
    """Services × editors for a profession at a date: `{profession, as_of, editors, editor_ids, rows}`.

    With `and_`, another date, also `changed`: the cells known at both dates that differ, from the earlier to
    the later, and `not_comparable`: how many cells one of the dates has lost.
    Raises KnownError `unknown-profession` or `unknown-date`.
    """
    database = opened(catalogue)
    category = known_profession(profession)
    names = store.names(database)
    grid = _grid(database, category, as_of)
    answer: dict[str, Any] = {
        "profession": category,
        "as_of": as_of,
        "editors": [names[editor] for editor in grid.editors],
        "editor_ids": list(grid.editors),
        "rows": [
            {
                "service": _code(service),
                "label": names[service],
                "cells": [_cell(grid.cell(service, editor), as_of) for editor in grid.editors],
            }
            for service in grid.services
        ],
    }
    if and_ is not None:
        answer |= {"and": and_} | _changes(database, category, *sorted((as_of, and_)))
    return answer


def comparable(catalogue: Path) -> dict[str, list[str]]:
    """The professions that can be compared, each with its dates, oldest first."""
    return store.compared(opened(catalogue))


def products_for_billing(catalogue: Path, prefix: str, limit: int = LIMIT) -> list[dict[str, Any]]:
    """Software that a practice may run, for the picker of a visit: found by its name or its editor's."""
    filters = Filters(kind="product", for_practices=True)
    return [result(hit) for hit in index.search(opened(catalogue), prefix, filters, limit).hits]


def as_of(catalogue: Path) -> dt.date:
    """The day of the reference base that the catalogue describes."""
    return dt.date.fromisoformat(store.stamp(opened(catalogue))["as_of"])


def headline_figures(catalogue: Path) -> list[Headline]:
    """The national indicators of the dashboard, each at its latest date."""
    headlines = []
    for topic, metric in _HEADLINES:
        found = store.find(opened(catalogue), DeploymentFigure, topic=topic, metric=metric)
        newest = max(found, key=lambda figure: figure.origin.as_of)
        earlier = [
            figure
            for figure in found
            if figure.origin.as_of < newest.origin.as_of and figure.unit == newest.unit
        ]
        before = max(earlier, key=lambda figure: figure.origin.as_of, default=None)
        headlines.append(Headline(newest, before))
    return headlines


def _changes(database: Database, category: str, earlier: str, later: str) -> dict[str, Any]:
    names = store.names(database)
    changed, silent = comparison.changes(_grid(database, category, earlier), _grid(database, category, later))
    return {
        "not_comparable": silent,
        "changed": [
            {
                "service": _code(change.service),
                "label": names[change.service],
                "editor": names[change.editor],
                "editor_id": change.editor,
                "before": cell(change.before),
                "after": cell(change.after),
            }
            for change in changed
        ],
    }


def _grid(database: Database, category: str, date: str) -> Comparison:
    dates = store.compared(database).get(category, [])
    if date not in dates:
        raise KnownError(
            "unknown-date",
            _("Le catalogue n'a pas de tableau de cette profession à cette date."),
            _("Dates connues : {dates}.").format(dates=", ".join(dates)),
        )
    return comparison.compare(store.find(database, Integration, profession=category, as_of=date))


def _cell(said: Integration | None, as_of: str) -> dict[str, Any]:
    if said is not None:
        return cell(said)
    nothing = dict.fromkeys(("value", "source", "locator", "prose_value", "prose_basis"))
    return nothing | {"status": str(Status.UNKNOWN), "as_of": as_of}


def _code(service_id: str) -> str:
    return service_id.partition(":")[2]
