"""What a delegate asks of the directory: find a practitioner, read a card, page through lists.

Every function takes the path of the directory (`profile.directory_path`) and raises KnownError
`directory-missing` where none was imported; see `directory_import` for that.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

from fieldkit import settings
from fieldkit.domain import professions
from fieldkit.domain.directory import Listed, Practitioner, Site
from fieldkit.domain.folding import fold
from fieldkit.errors import KnownError
from fieldkit.i18n import _, ngettext
from fieldkit.services.directory_file import present, reading
from fieldkit.store import directory as store
from fieldkit.store import directory_lists as lists
from fieldkit.store import directory_search as index
from fieldkit.store.directory_search import Filters

LIMIT: Final = 20
SOURCE: Final = "Annuaire Santé"
KIND: Final = "practitioner"
_MOST_LISTED: Final = 40


@dataclass(frozen=True, slots=True)
class Listing:
    """A list to page through: which rows of the directory it has, in the order of names."""

    rows: Sequence[int]

    def __len__(self) -> int:
        return len(self.rows)


def search(
    directory: Path,
    text: str,
    *,
    department: str | None = None,
    profession: str | None = None,
    limit: int = LIMIT,
) -> dict[str, Any]:
    """`{query, took_ms, total, more, results}`, best first, each practitioner once; `id` is the RPPS (else ADELI).

    `total` counts the results given; `more` tells that there are others, which nobody has counted.
    Raises KnownError `directory-missing`, `department-unknown` or `unknown-profession`.
    """
    with reading(directory) as database:
        started = time.perf_counter()
        filters = _filters(directory, department, profession)
        people, more = _people(directory, text, filters, max(limit, 0))
        as_of = store.stamp(database)["as_of"]
        results = [_result(sites, as_of) for sites in people]
        took_ms = round((time.perf_counter() - started) * 1000, 3)
    return {"query": text, "took_ms": took_ms, "total": len(results), "more": more, "results": results}


def hits(
    directory: Path,
    text: str,
    *,
    department: str | None = None,
    profession: str | None = None,
    limit: int = LIMIT,
) -> list[Listed]:
    """The first lines that match, `limit` at most, a practitioner of several places having one for each."""
    with reading(directory) as database:
        filters = _filters(directory, department, profession)
        found = lists.lines(database, index.search(database, text, filters, limit))
    return list({replace(line, line=0): line for line in reversed(found)}.values())[::-1]


def listing(directory: Path, *, department: str | None = None, profession: str | None = None) -> Listing:
    """Every line, or those of a department and a profession, in the order of names."""
    with reading(directory) as database:
        return Listing(lists.rows(database, _filters(directory, department, profession)))


def page(directory: Path, listing: Listing, start: int, count: int) -> list[Listed]:
    """At most `count` lines of `listing` from place `start` (the first is 0) on."""
    with reading(directory) as database:
        return lists.at_rows(database, listing.rows[start : start + count])


def practitioner(directory: Path, identity: str) -> dict[str, Any]:
    """The card of a practitioner, by RPPS or ADELI number, with its sites:
    `{id, name, title, trades, sites, source, as_of, file}`.

    Raises KnownError `unknown-practitioner`.
    """
    with reading(directory) as database:
        found = lists.practitioner(database, "".join(identity.split()).upper())
        about = store.stamp(database)
    if found is None:
        raise KnownError(
            "unknown-practitioner",
            _("Personne ne porte ce numéro dans l'annuaire importé."),
            _("Vérifiez le numéro, ou importez l'extraction d'un autre département."),
        )
    return _card(found) | {
        "source": SOURCE,
        "as_of": about["as_of"],
        "file": ", ".join(file["name"] for file in about["files"]),
    }


def status(directory: Path) -> dict[str, Any]:
    """`{present}` and, where there is a directory, where it comes from:
    `{rows, as_of, imported, departments, files: [{name, bytes, day}], encoding}`."""
    if not present(directory):
        return {"present": False}
    with reading(directory) as database:
        about = store.stamp(database)
    about.pop("format")
    return {"present": True, **about}


def choices(directory: Path) -> dict[str, dict[str, int]]:
    """What lists can be narrowed by: `{departments, professions}`, each with its number of lines."""
    with reading(directory) as database:
        departments = {code: n for code, n in lists.departments(database).items() if code}
        return {"departments": departments, "professions": lists.professions(database)}


def visit_fields(listed: Listed) -> dict[str, str]:
    """What a line tells of the practice to visit, as fields of a `practice` (those it does not tell are left out)."""
    town, _postcode, department = listed.town
    told = {
        "name": listed.place or f"{listed.surname} {listed.first_name}".strip(),
        "rpps": listed.identity if len(listed.identity) == 11 else "",
        "finess": listed.finess,
        "department": department,
        "city": town,
        "profession": professions.category(listed.trade[0]) or listed.trade[0],
    }
    return {field: text for field, text in told.items() if text}


def _people(directory: Path, text: str, filters: Filters, limit: int) -> tuple[list[list[Listed]], bool]:
    """The lines found, gathered by practitioner, and whether there are more practitioners than `limit`."""
    wanted = limit + limit // 4 + 1  # most have one line
    while True:
        with reading(directory) as database:
            found = lists.lines(database, index.search(database, text, filters, wanted))
        people: dict[str, list[Listed]] = {}
        for line in found:
            people.setdefault(line.identity, []).append(line)
        if len(people) > limit or len(found) < wanted:
            return list(people.values())[:limit], len(people) > limit
        wanted *= 2


def _result(sites: Sequence[Listed], as_of: str) -> dict[str, Any]:
    told = [line for line in sites if line.place or any(line.town)]
    first = (told or sites)[0]
    places = len({(line.place, line.town, line.finess) for line in told})
    return {
        "kind": KIND,
        "id": first.identity,
        "name": first.name,
        "detail": detail(first, places),
        "source": SOURCE,
        "as_of": as_of,
    }


def detail(listed: Listed, places: int = 1) -> str:
    """The second line of a practitioner in a list: what, and where."""
    return f"{trade(listed)} · {where(listed, places)}"


def trade(listed: Listed) -> str:
    """What a practitioner does, as precisely as the extraction says it in a few words."""
    return listed.trade[1] or listed.trade[0] or _("profession non renseignée")


def where(listed: Listed, places: int = 1) -> str:
    """Where a practitioner works: town, place, and how many `places` there are in all."""
    town, postcode, _department = listed.town
    told = [f"{postcode} {town}".strip() or _("lieu non renseigné"), listed.place]
    if places > 1:
        told.append(ngettext("{n} lieu", "{n} lieux", places).format(n=places))
    return " · ".join(filter(None, told))


def _card(found: Practitioner) -> dict[str, Any]:
    return {
        "id": found.identity,
        "kind": KIND,
        "name": f"{found.surname} {found.first_name}".strip(),
        "title": found.title,
        "trades": [{"profession": profession, "skill": skill} for profession, skill in found.trades],
        "sites": [_site(site) for site in found.sites],
    }


def _site(site: Site) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(site).items()}


def _filters(directory: Path, department: str | None, profession: str | None) -> Filters:
    codes = settings.parse_departments(department) if department else ()
    return Filters(
        department=codes[0] if codes else "",
        profession=_known_profession(directory, profession) if profession else "",
    )


def _known_profession(directory: Path, text: str) -> str:
    with reading(directory) as database:
        known = lists.professions(database)
    if text in known:
        return text
    for name in known:
        if _plain(name) == _plain(text):
            return name
    raise KnownError(
        "unknown-profession",
        _("L'annuaire ne connaît pas cette profession."),
        _("Professions connues : {professions}.").format(professions=", ".join(list(known)[:_MOST_LISTED])),
    )


def _plain(text: str) -> str:
    """A profession whatever its accents, case or number."""
    return " ".join(word.rstrip("s") for word in fold(text).split())
