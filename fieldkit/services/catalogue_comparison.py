"""Editors side by side, and what changed between two dates."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from fieldkit.domain import comparison
from fieldkit.domain.catalogue import Integration
from fieldkit.domain.comparison import Comparison
from fieldkit.errors import KnownError
from fieldkit.i18n import _
from fieldkit.services.catalogue_facts import cell, no_cell
from fieldkit.services.catalogue_file import opened
from fieldkit.services.catalogue_search import known_profession
from fieldkit.store import catalogue as store

if TYPE_CHECKING:
    from sqlite_utils import Database


def compare(
    catalogue: Path, profession: str, as_of: str, and_: str | None = None, *, differences: bool = False
) -> dict[str, Any]:
    """Services × editors for a profession at a date: `{profession, as_of, editors, editor_ids, rows}`.

    `rows`: `[{service, label, differs, cells}]`; `differs` says that the known answers are not all the same
    (unknown is no answer), and with `differences` only such rows are given. `cells`, one per editor:
    `{status: yes|no|text|unknown, value, as_of, source, locator, prose_value, prose_basis, stated_in_text}`;
    `stated_in_text` marks a cell whose printed answer is lost and whose `prose_value` the text states.

    With `and_`, another date, also `changed`: `[{service, label, editor, editor_id, before, after}]`, the
    cells known at both dates that differ, from the earlier to the later, and `not_comparable`: how many
    cells one of the dates has lost. Raises KnownError `unknown-profession` or `unknown-date`.
    """
    database = opened(catalogue)
    category = known_profession(profession)
    names = store.names(database)
    grid = _grid(database, category, as_of)
    rows = (
        {
            "service": _code(service),
            "label": names[service],
            "differs": comparison.differs(grid, service),
            "cells": [_cell(grid.cell(service, editor), as_of) for editor in grid.editors],
        }
        for service in grid.services
    )
    answer: dict[str, Any] = {
        "profession": category,
        "as_of": as_of,
        "editors": [names[editor] for editor in grid.editors],
        "editor_ids": list(grid.editors),
        "rows": [row for row in rows if row["differs"] or not differences],
    }
    if and_ is not None:
        answer |= {"and": and_} | _changes(database, category, *sorted((as_of, and_)))
    return answer


def comparable(catalogue: Path) -> dict[str, list[str]]:
    """The professions that can be compared, each with its dates, oldest first."""
    return store.compared(opened(catalogue))


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
    return no_cell(as_of) if said is None else cell(said)


def _code(service_id: str) -> str:
    return service_id.partition(":")[2]
