"""Finding things in the catalogue: what is asked for is checked, what is found is put in words."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from fieldkit.domain import professions
from fieldkit.domain.catalogue import Membership, ProductKind, Service
from fieldkit.domain.dates import is_date
from fieldkit.domain.folding import fold
from fieldkit.errors import KnownError
from fieldkit.i18n import _
from fieldkit.services import catalogue_wording as wording
from fieldkit.services.catalogue_file import opened
from fieldkit.store import catalogue as store
from fieldkit.store import search as index
from fieldkit.store.catalogue_entries import KINDS
from fieldkit.store.facets import facets as counted
from fieldkit.store.search_filters import Filters

if TYPE_CHECKING:
    from sqlite_utils import Database

LIMIT: Final = 20

_DATE: Final = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
_YEAR: Final = re.compile(r"\d{4}")
_KNOWN_KINDS: Final = (*KINDS, *ProductKind)
_MOBILITY: Final = ("yes", "no")
_ORDERS: Final[Mapping[str, tuple[str, ...]]] = {
    "kind": _KNOWN_KINDS,
    "mobility": _MOBILITY,
    "profession": professions.CATEGORIES,
}


def search(
    catalogue: Path,
    text: str,
    *,
    kind: str | None = None,
    profession: str | None = None,
    service: str | None = None,
    as_of: str | None = None,
    mobility: str | None = None,
    vintage: str | None = None,
    federation: str | None = None,
    limit: int = LIMIT,
    facets: bool = False,
) -> dict[str, Any]:
    """`{query, took_ms, total, results}`, best first.

    `results`: `[{kind, id, name, detail, source, as_of, near}]`. `near` is true where no name has what was
    typed and this one is spelt almost so. `detail` says under which other name an entry was found.

    `kind` is editor, product, service or label, or the kind of a product (`card-reader`, `billing-software`…,
    see `ProductKind`). `service` (code or label) keeps who is stated to offer it. `as_of` (`2023-12`): known
    by then. `mobility`: `yes` or `no`, as stated. `vintage`: a PRO-PS year. `federation`: its identifier or
    name.

    With `facets`, also `facets`: `{kind, profession, service, mobility, vintage, federation, date}`, each
    `[{value, label, count}]`: `value` is what to give to the filter of that name (`as_of` for `date`),
    `count` how many results that would give under the other filters; values without any are left out.
    `took_ms` is the search alone, without loading or opening the catalogue, and without facets.

    Raises KnownError `unknown-kind`, `unknown-profession`, `unknown-service`, `unknown-date`,
    `unknown-mobility`, `unknown-vintage` or `unknown-federation`.
    """
    database = opened(catalogue)
    started = time.perf_counter()
    filters = Filters(
        kind=_known_kind(kind),
        profession=known_profession(profession) if profession else "",
        service=_known_service(database, service) if service else "",
        as_of=_known_date(as_of),
        mobility=_known_mobility(mobility),
        vintage=_known_vintage(vintage),
        federation=_known_federation(database, federation) if federation else "",
    )
    found = index.search(database, text, filters, max(limit, 0))
    results = [result(hit) for hit in found.hits]
    took_ms = round((time.perf_counter() - started) * 1000, 3)
    answer: dict[str, Any] = {"query": text, "took_ms": took_ms, "total": found.total, "results": results}
    if facets:
        answer["facets"] = _facets(database, counted(database, found.match, filters))
    return answer


def result(hit: index.Hit) -> dict[str, Any]:
    """One line of the results."""
    return {
        "kind": hit.kind,
        "id": hit.id,
        "name": hit.name,
        "detail": wording.detail(hit),
        "source": hit.source,
        "as_of": hit.as_of,
        "near": hit.near,
    }


def known_profession(text: str) -> str:
    """The category that `text` names. Raises KnownError `unknown-profession`."""
    category = professions.category(text)
    if category is None:
        raise KnownError(
            "unknown-profession",
            _("Le catalogue ne connaît pas cette profession."),
            _("Professions connues : {professions}.").format(professions=", ".join(professions.CATEGORIES)),
        )
    return category


def _facets(database: Database, counts: Mapping[str, Mapping[str, int]]) -> dict[str, list[dict[str, Any]]]:
    names = store.names(database)
    said = {"kind": wording.kind, "mobility": wording.mobility}
    return {
        facet: [
            {
                "value": value.partition(":")[2] if facet == "service" else value,
                "label": said[facet](value) if facet in said else names.get(value, value),
                "count": found[value],
            }
            for value in _ordered(facet, found)
        ]
        for facet, found in counts.items()
    }


def _ordered(facet: str, found: Mapping[str, int]) -> list[str]:
    """In the trade's order where there is one; dates the newest first; others the most numerous first."""
    if facet in _ORDERS:
        return sorted(found, key=_ORDERS[facet].index)
    if facet in ("date", "vintage"):
        return sorted(found, reverse=True)
    return sorted(found, key=lambda value: (-found[value], value))


def _known_kind(kind: str | None) -> str:
    if kind and kind not in _KNOWN_KINDS:
        raise KnownError(
            "unknown-kind",
            _("Ce genre de fiche n'existe pas."),
            _("Genres connus : {kinds}.").format(kinds=", ".join(_KNOWN_KINDS)),
        )
    return kind or ""


def _known_service(database: Database, text: str) -> str:
    services = store.find(database, Service)
    wanted = fold(text)
    for service in services:
        if wanted in (fold(service.code), fold(service.label)):
            return service.id
    raise KnownError(
        "unknown-service",
        _("Le catalogue ne connaît pas ce service."),
        _("Services connus : {services}.").format(services=", ".join(service.code for service in services)),
    )


def _known_date(text: str | None) -> str:
    if text and not (_DATE.fullmatch(text) and is_date(text)):
        raise KnownError(
            "unknown-date", _("Cette date n'est pas reconnue."), _("Écrivez-la ainsi : 2023-12.")
        )
    return text or ""


def _known_mobility(text: str | None) -> str:
    if text and text not in _MOBILITY:
        raise KnownError(
            "unknown-mobility",
            _("Cette réponse n'est pas reconnue pour la mobilité."),
            _("Réponses connues : {answers}.").format(answers=", ".join(_MOBILITY)),
        )
    return text or ""


def _known_vintage(text: str | None) -> str:
    if text and not _YEAR.fullmatch(text):
        raise KnownError(
            "unknown-vintage", _("Un millésime PRO-PS est une année."), _("Écrivez-le ainsi : 2024.")
        )
    return text or ""


def _known_federation(database: Database, text: str) -> str:
    names = store.names(database)
    federations = dict.fromkeys(member.federation for member in store.find(database, Membership))
    wanted = fold(text)
    for federation in federations:
        if wanted in (fold(federation), fold(names[federation])):
            return federation
    known = ", ".join(names[federation] for federation in federations)
    raise KnownError(
        "unknown-federation",
        _("Le catalogue ne connaît pas cette fédération."),
        _("Fédérations connues : {federations}.").format(federations=known),
    )
