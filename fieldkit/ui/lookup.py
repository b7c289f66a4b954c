"""What the search fields look through, as lines to show. Runs on the database worker."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from fieldkit.domain.folding import fold
from fieldkit.i18n import N_, _
from fieldkit.ui.models.hits import Hit

if TYPE_CHECKING:
    from fieldkit.services.profile import Profile

KINDS: Final = {
    "editor": N_("Éditeur"),
    "product": N_("Logiciel"),
    "service": N_("Service"),
    "label": N_("Labellisation"),
}
"""Kinds of the catalogue, as a delegate calls them."""


def everywhere(folder: Path, profile: Profile | None, text: str, limit: int) -> list[Hit]:
    """Practices, visits and catalogue entries that `text` names, one's own first."""
    own = _own(profile, text)[: limit // 2] if profile else []
    return own + catalogue(folder, text, limit=limit - len(own))


def catalogue(folder: Path, text: str, **filters: Any) -> list[Hit]:
    """Catalogue entries that `text` names, best first; filters as in `services.catalogue.search`."""
    from fieldkit.services import catalogue as service
    from fieldkit.services.profile import catalogue_path

    found = service.search(catalogue_path(folder), text, **filters)
    return [as_hit(row) for row in found["results"]]


def as_hit(row: dict[str, Any]) -> Hit:
    """A result of `services.catalogue.search` as a line."""
    return Hit(row["kind"], _(KINDS[row["kind"]]), row["name"], row["detail"], "catalogue", row["id"])


def _own(profile: Profile, text: str) -> list[Hit]:
    from fieldkit.services import visits

    wanted = fold(text)
    hits = []
    for visit in visits.list_visits(profile.store):
        name = visit["practice"]["name"] or ""
        if wanted in fold(name):
            hits.append(Hit("visits", _("Visite"), name, visit["date"], "visits", visit["id"]))
    return hits
