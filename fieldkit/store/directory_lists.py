"""What a directory tells of its lines: a page of a list, a practitioner, and what there is to filter by."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from fieldkit.domain.directory import SEPARATOR, SHOWN, Listed, Practitioner, Site, Town, Trade
from fieldkit.store.directory_search import Filters, condition
from fieldkit.store.directory_tables import TRADE

if TYPE_CHECKING:
    from sqlite_utils import Database

_SITE_NAME: Final = SHOWN.index("name")
_TOLD: Final = """
    SELECT line.id, identity, s.text, f.text, r.text, t.text, finess, shown FROM {source}
    JOIN term s ON s.field = 0 AND s.id = line.surname JOIN term f ON f.field = 1 AND f.id = line.first
    JOIN term t ON t.field = 2 AND t.id = line.town JOIN term r ON r.field = 3 AND r.id = line.trade
    WHERE {where}
"""
_ROWS: Final = "key CROSS JOIN line ON line.id = key.line"


def count(database: Database) -> int:
    """How many lines the directory has."""
    return int(database.execute("SELECT max(row) FROM key").fetchone()[0] or 0)


def rows(database: Database, filters: Filters) -> Sequence[int]:
    """The rows of the lines that `filters` let pass, in the order of names; four bytes each."""
    if filters == Filters():
        return range(1, count(database) + 1)
    only = condition(database, filters)
    if only is None:
        return array("I")
    source = "key_department" if filters.department else "key_trade"
    query = f"SELECT row FROM key INDEXED BY {source} WHERE {only[0]}"
    found = array("I", (row[0] for row in database.execute(query, only[1])))
    return found if filters.department else array("I", sorted(found))


def at_rows(database: Database, wanted: Sequence[int]) -> list[Listed]:
    """The lines at these rows, in their order."""
    if isinstance(wanted, range):
        where, asked = "key.row BETWEEN ? AND ?", [wanted.start, wanted.stop - 1]
    else:
        where, asked = f"key.row IN ({','.join('?' * len(wanted))})", list(wanted)
    query = _TOLD.format(source=_ROWS, where=f"{where} ORDER BY key.row")
    return [_listed(row) for row in database.execute(query, asked)]


def lines(database: Database, wanted: Sequence[int]) -> list[Listed]:
    """The lines of these identifiers, in their order."""
    query = _TOLD.format(source="line", where=f"line.id IN ({','.join(map(str, wanted))})")
    found = {row[0]: _listed(row) for row in database.execute(query)}
    return [found[line] for line in wanted]


def practitioner(database: Database, identity: str) -> Practitioner | None:
    """Who has this number, with each place once; None where nobody has."""
    query = _TOLD.format(source="line", where="identity = ? ORDER BY line.id")
    found = database.execute(query, [identity]).fetchall()
    if not found:
        return None
    shown = [dict(zip(SHOWN, row[7].split(SEPARATOR), strict=True)) for row in found]
    trades = list(dict.fromkeys(_trade(row[4]) for row in found))
    sites: dict[Site, list[str]] = {}
    for row, cells in zip(found, shown, strict=True):
        if site := _site(_town(row[5]), row[6], cells):
            sites.setdefault(site, []).extend(
                cells[name] for name in ("mode", "role", "activity") if cells[name]
            )
    return Practitioner(
        identity=identity,
        surname=found[0][2],
        first_name=found[0][3],
        title=shown[0]["title"],
        trades=tuple(trades),
        sites=tuple(_with_modes(site, modes) for site, modes in sites.items()),
    )


def departments(database: Database) -> dict[str, int]:
    """Every department with its number of lines, in order; the empty one has those whose place is not told."""
    return dict(map(tuple, database.execute("SELECT code, lines FROM department ORDER BY code")))


def professions(database: Database) -> dict[str, int]:
    """Every profession with its number of lines, the most frequent first."""
    found: dict[str, int] = {}
    for text, number in database.execute("SELECT text, lines FROM term WHERE field = ?", [TRADE]):
        profession = _trade(text)[0]
        found[profession] = found.get(profession, 0) + number
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))


def _listed(row: Any) -> Listed:
    line, identity, surname, first, trade, town, finess, shown = row
    place = shown.split(SEPARATOR, _SITE_NAME + 1)[_SITE_NAME]
    return Listed(line, identity, surname, first, _trade(trade), _town(town), place, finess)


def _town(text: str) -> Town:
    name, postcode, department = text.split(SEPARATOR)
    return name, postcode, department


def _trade(text: str) -> Trade:
    profession, skill = text.split(SEPARATOR)
    return profession, skill


def _site(town: Town, finess: str, cells: Mapping[str, str]) -> Site | None:
    """The place a line tells of; None where it tells of none."""
    name, postcode, department = town
    address = _address(cells, town)
    phones = tuple(dict.fromkeys(filter(None, (cells["phone"], cells["phone2"]))))
    known = (cells["name"] or cells["sign"], name, finess, cells["siret"], cells["email"], *address, *phones)
    if not any(known):
        return None
    return Site(
        name=cells["name"] or cells["sign"],
        address=address,
        town=name,
        postcode=postcode,
        department=department,
        phones=phones,
        email=cells["email"],
        finess=finess,
        siret=cells["siret"],
        sector=cells["sector"],
    )


def _address(cells: Mapping[str, str], town: Town) -> tuple[str, ...]:
    street = " ".join(filter(None, (cells["number"], cells["repetition"], cells["way"], cells["street"])))
    end = cells["cedex"] or f"{town[1]} {town[0]}".strip()
    sign = cells["sign"] if cells["name"] and cells["sign"] != cells["name"] else ""
    told = (sign, cells["addressee"], cells["spot"], street, cells["distribution"], end)
    return tuple(part.strip() for part in told if part.strip())


def _with_modes(site: Site, modes: Sequence[str]) -> Site:
    return replace(site, modes=tuple(dict.fromkeys(modes)))
