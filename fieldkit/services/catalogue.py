"""What a delegate asks of the catalogue: find, read a card, compare editors, and the national figures.

Answers are the shapes of `cli.md`, as plain dictionaries; the window and the command line use the same.
Every function takes the path of the catalogue (`profile.catalogue_path`), which is loaded at its first use:
see `catalogue_file.load` for what can go wrong then.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fieldkit.errors import KnownError
from fieldkit.i18n import _
from fieldkit.services.catalogue_cards import card
from fieldkit.services.catalogue_comparison import comparable, compare
from fieldkit.services.catalogue_figures import Headline, figures, headline_figures
from fieldkit.services.catalogue_file import as_of, opened
from fieldkit.services.catalogue_search import LIMIT, result, search
from fieldkit.store import catalogue as store
from fieldkit.store import search as index
from fieldkit.store.search_filters import Filters

__all__ = [
    "Headline",
    "as_of",
    "comparable",
    "compare",
    "figures",
    "headline_figures",
    "products_for_billing",
    "search",
    "show",
]


def show(catalogue: Path, entry_id: str) -> dict[str, Any]:
    """The card of an entry: see `catalogue_cards.card` for its shape. Raises KnownError `unknown-entry`."""
    database = opened(catalogue)
    known = store.identifier(database, entry_id)
    if known is None:
        raise KnownError(
            "unknown-entry",
            _("Aucune fiche du catalogue ne porte cet identifiant."),
            _("Cherchez-la par son nom avec « fieldkit catalogue search »."),
        )
    return card(database, known)


def products_for_billing(catalogue: Path, prefix: str, limit: int = LIMIT) -> list[dict[str, Any]]:
    """Software that a practice may run, for the picker of a visit: found by its name or its editor's."""
    filters = Filters(kind="product", for_practices=True)
    return [result(hit) for hit in index.search(opened(catalogue), prefix, filters, limit).hits]
