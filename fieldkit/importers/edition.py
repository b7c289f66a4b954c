"""An edition of the whole catalogue, as `catalogue export` writes it in JSON, read back into facts."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

from fieldkit.domain.catalogue import Catalogue, Provenance, unmatched
from fieldkit.errors import KnownError
from fieldkit.i18n import _
from fieldkit.importers import lists, shapes, tables
from fieldkit.importers.lists import Choices
from fieldkit.importers.matching import Names
from fieldkit.importers.starting_catalogue import reference_day


def read(path: Path) -> Catalogue:
    """Every fact of the edition in the file at `path`, in its order.

    Raises KnownError `table-…` where it is no table, `edition-faulty` where it is not all of a catalogue.
    """
    found = lists.locate(tables.read(path), Choices())
    if any(table.shape != shapes.OWN for table in found):
        raise _faulty(path, _("ce n'est pas un export du catalogue"))
    kinds: defaultdict[str, list[Any]] = defaultdict(list)
    for item in lists.read(found, Names(Catalogue(""), {}), Provenance("", "", ""), {}, lambda: False):
        if item.statement is None:
            fault = item.faults[0]
            raise _faulty(path, f"{item.sheet}, {item.line}, {fault.column} {fault.reason}")
        kind, fact = item.statement.main
        kinds[kind].append(fact)
    held: dict[str, Any] = {kind: tuple(facts) for kind, facts in kinds.items()}
    try:
        as_of = reference_day(held.get("deployment_figures", ()))
    except ValueError as error:
        raise _faulty(path, _("la date de la base de référence manque")) from error
    catalogue = Catalogue(as_of=as_of, **held)
    if strange := next(unmatched(catalogue), None):
        raise _faulty(
            path, _("un fait cite une fiche absente : {origin}").format(origin=strange.origin.locator)
        )
    return catalogue


def _faulty(path: Path, detail: str) -> KnownError:
    return KnownError(
        "edition-faulty",
        _("{name} n'est pas une édition complète du catalogue ({detail}).").format(
            name=path.name, detail=detail
        ),
        _("Publiez un fichier écrit par « fieldkit catalogue export SORTIE.json »."),
    )
