"""What the search fields look through, as lines to show. Each runs on the worker of its file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

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


def catalogue(path: Path, text: str, **filters: Any) -> list[Hit]:
    """Catalogue entries that `text` names, best first; filters as in `services.catalogue.search`."""
    from fieldkit.services import catalogue as service

    found = service.search(path, text, **{"limit": _MOST, **filters})
    return [
        Hit(row["kind"], _(KINDS[row["kind"]]), row["name"], row["detail"], "catalogue", row["id"])
        for row in found["results"]
    ]


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
