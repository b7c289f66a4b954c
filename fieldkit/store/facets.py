"""How many results each choice of a filter would give, the other filters staying as they are.

Which entries have a value is kept as one number per value whose bits are the entries' numbers, made at the
first use of a catalogue: counting what a choice gives is then one `&`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any, Final
from weakref import WeakKeyDictionary

from sqlite_utils import Database

from fieldkit.store.search_filters import Filters, condition

Counts = dict[str, int]
Bits = int
"""A set of entries."""

_ABOUT: Final = ("profession", "service")

_values: WeakKeyDictionary[Database, _Values] = WeakKeyDictionary()


def facets(database: Database, match: str | None, filters: Filters) -> dict[str, Counts]:
    """For `kind`, `profession`, `service`, `mobility`, `vintage`, `federation` and `date`, value by value.

    `match` is that of `search.Found`. What would give nothing is left out. `kind` counts both the kinds of
    entry and the kinds of product; `date` the months at which the catalogue knows something new.
    """
    if database not in _values:
        _values[database] = _Values(database)
    values = _values[database]

    @cache
    def entries(asked: Filters) -> Bits:
        return _matching(database, match, asked)

    def counted(among: Bits, sets: Iterable[tuple[str, Bits]]) -> Counts:
        counts = ((value, (among & bits).bit_count()) for value, bits in sets)
        return {value: count for value, count in counts if count}

    found = {
        name: counted(entries(filters.without(name)), values.simple[name].items()) for name in values.simple
    }
    bare = entries(filters.without(*_ABOUT, "as_of"))
    for name in _ABOUT:
        found[name] = counted(bare, values.about(name, filters.without(name)))
    found["date"] = counted(bare, values.dates(filters))
    return found


def _matching(database: Database, match: str | None, filters: Filters) -> Bits:
    where, asked = condition(filters)
    if match is not None:
        where = f"number IN (SELECT rowid FROM entry_text WHERE entry_text MATCH :match) AND {where}"
        asked["match"] = match or '""'
    return _bits(database.execute(f"SELECT number FROM entry WHERE {where}", asked).fetchall())


class _Values:
    """Which entries have which values."""

    def __init__(self, database: Database) -> None:
        def sets(query: str) -> dict[Any, Bits]:
            found: defaultdict[Any, list[tuple[int]]] = defaultdict(list)
            for number, *value in database.execute(query).fetchall():
                found[value[0] if len(value) == 1 else tuple(value)].append((number,))
            return {value: _bits(numbers) for value, numbers in found.items() if value}

        self.simple: Mapping[str, Mapping[str, Bits]] = {
            "kind": sets("SELECT number, kind FROM entry UNION ALL SELECT number, type FROM entry"),
            "mobility": sets("SELECT number, mobility FROM entry"),
            "vintage": sets("SELECT entry, value FROM tag WHERE sort = 'vintage'"),
            "federation": sets("SELECT entry, value FROM tag WHERE sort = 'federation'"),
        }
        self._facet: Mapping[tuple[str, str, str], Bits] = sets(
            "SELECT entry, profession, service, as_of FROM facet"
        )
        self._since: Mapping[str, Bits] = sets("SELECT number, since FROM entry")
        months = "SELECT substr(as_of, 1, 7) FROM facet UNION SELECT substr(as_of, 1, 7) FROM entry"
        self._months = [month for (month,) in database.execute(months).fetchall()]

    def about(self, name: str, filters: Filters) -> Iterator[tuple[str, Bits]]:
        """For each profession, or service, the entries that have to do with it by the date asked for."""
        found: defaultdict[str, Bits] = defaultdict(int)
        for (profession, service, day), bits in self._facet.items():
            value, other, wanted = (
                (profession, service, filters.service)
                if name == "profession"
                else (service, profession, filters.profession)
            )
            if value and wanted in ("", other) and _by(filters.as_of, day):
                found[value] |= bits
        yield from found.items()

    def dates(self, filters: Filters) -> Iterator[tuple[str, Bits]]:
        """For each month, the entries that are known by it to have to do with what is asked for."""
        days: Mapping[str, Bits] = self._since
        if filters.profession or filters.service:
            asked: defaultdict[str, Bits] = defaultdict(int)
            for (profession, service, day), bits in self._facet.items():
                if filters.profession in ("", profession) and filters.service in ("", service):
                    asked[day] |= bits
            days = asked
        for month in self._months:
            known = 0
            for day, bits in days.items():
                if _by(month, day):
                    known |= bits
            yield month, known


def _by(asked: str, day: str) -> bool:
    """Whether a day, as precise as the date asked for, is not after it."""
    return not asked or day[: len(asked)] <= asked


def _bits(numbers: Iterable[tuple[int]]) -> Bits:
    found = bytearray()
    for (number,) in numbers:
        place, bit = divmod(number, 8)
        if place >= len(found):
            found.extend(bytes(place - len(found) + 1))
        found[place] |= 1 << bit
    return int.from_bytes(found, "little")
