"""What the search fields look through, as lines to show. Each runs on the worker of its file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from fieldkit.domain.directory import Listed
from fieldkit.domain.folding import fold
from fieldkit.i18n import N_, _
from fieldkit.ui.models.hits import Hit
from fieldkit.ui.words import french_date

if TYPE_CHECKING:
    from fieldkit.store.fieldwork import FieldStore

KINDS: Final = {
    "editor": N_("Éditeur"),
    "product": N_("Produit"),
    "service": N_("Service"),
    "label": N_("Labellisation"),
}
"""Kinds of the catalogue, as a delegate calls them."""

_MOST: Final = 12


@dataclass(frozen=True, slots=True)
class Found:
    """What a search of the catalogue found: of `total` entries the first, and counts for the filters.

    `near`: none has the name that was typed, these come near it.
    """

    hits: list[Hit]
    total: int
    facets: Mapping[str, Sequence[Mapping[str, Any]]]
    near: bool


def found(path: Path, text: str, **filters: Any) -> Found:
    """What `text` and `filters` (those of `services.catalogue.search`) find, with counts."""
    from fieldkit.services import catalogue as service

    answer = service.search(path, text, **filters, facets=True)
    hits = [_hit(row) for row in answer["results"]]
    near = bool(hits) and all(row["near"] for row in answer["results"])
    return Found(hits, answer["total"], answer["facets"], near)


def catalogue(path: Path, text: str, **filters: Any) -> list[Hit]:
    """Catalogue entries that `text` names, best first; filters as in `services.catalogue.search`."""
    from fieldkit.services import catalogue as service

    answer = service.search(path, text, **{"limit": _MOST, **filters})
    return [_hit(row) for row in answer["results"]]


def _hit(row: Mapping[str, Any]) -> Hit:
    detail = french_date(row["detail"])
    return Hit(row["kind"], _(KINDS[row["kind"]]), row["name"], detail, "catalogue", row["id"])


def visits(store: FieldStore, text: str) -> list[Hit]:
    """The latest visits to practices that `text` names."""
    from fieldkit.services import visits as service

    wanted = fold(text)
    found = [row for row in service.list_visits(store) if wanted in fold(row["practice"]["name"] or "")]
    return [
        Hit(
            "visits",
            _("Visite"),
            row["practice"]["name"],
            french_date(row["date"] or ""),
            "visits",
            row["id"],
        )
        for row in found[: _MOST // 2]
    ]


def directory_lines(path: Path, text: str, **filters: Any) -> list[Listed]:
    """Lines of the directory that `text` finds, best first; filters as in `services.directory.hits`."""
    from fieldkit.services import directory as service

    return service.hits(path, text, **filters)


def lines_to_visit(path: Path, text: str, limit: int) -> list[Listed]:
    """As `directory_lines`; none where no directory was imported."""
    from fieldkit.services.directory_file import present

    return directory_lines(path, text, limit=limit) if present(path) else []


def people(path: Path, text: str) -> list[Hit]:
    """Practitioners that `text` finds; none where no directory was imported."""
    from fieldkit.services import directory as service
    from fieldkit.services.directory_file import present

    if not present(path):
        return []
    found = service.search(path, text, limit=_MOST // 2)
    kind = _("Professionnel")
    return [
        Hit("directory", kind, row["name"], row["detail"], "directory", row["id"]) for row in found["results"]
    ]


def listed(line: Listed) -> Hit:
    """A line of the directory, to show; its target is the number of the practitioner."""
    from fieldkit.services.directory import trade, where

    return Hit("directory", trade(line), line.name, where(line), "directory", line.identity)
