"""How many results each choice of a filter would give, the other filters staying as they are."""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

from sqlite_utils import Database

from fieldkit.store.search_filters import Filters, about_condition, condition
from fieldkit.store.search_index import FEDERATION, VINTAGE

Counts = dict[str, int]

_TAGS: Final = (VINTAGE, FEDERATION)
_ABOUT: Final = ("profession", "service")


def facets(database: Database, match: str | None, filters: Filters) -> dict[str, Counts]:
    """For `kind`, `profession`, `service`, `mobility`, `vintage`, `federation` and `date`, value by value.

    `match` is that of `search.Found`. What would give nothing is left out. `kind` counts both the kinds of
    entry and the kinds of product; `date` the months at which the catalogue knows something new.
    """
    counter = _Counter(database, match)
    found = {
        "kind": counter.columns(("kind", "type"), filters.without("kind")),
        "mobility": counter.columns(("mobility",), filters.without("mobility")),
        "date": counter.dates(filters),
    }
    found |= {sort: counter.tags(sort, filters.without(sort)) for sort in _TAGS}
    found |= {name: counter.about(name, filters.without(name)) for name in _ABOUT}
    return found


class _Counter:
    """Counts among the entries that match a text."""

    def __init__(self, database: Database, match: str | None) -> None:
        self.database = database
        self.matching = (
            "number IN (SELECT rowid FROM entry_text WHERE entry_text MATCH :match) AND " if match else ""
        )
        self.values = {"match": match} if match else {}
        self.nothing = match == ""

    def columns(self, columns: tuple[str, ...], filters: Filters) -> Counts:
        where, values = condition(filters)
        return {
            value: count
            for column in columns
            for value, count in self._rows(
                f"SELECT {column}, count(*) FROM entry WHERE {self.matching}{where} AND {column} <> ''"
                f" GROUP BY {column}",
                values,
            )
        }

    def tags(self, sort: str, filters: Filters) -> Counts:
        where, values = condition(filters)
        query = f"""
            SELECT value, count(*) FROM tag AS own JOIN entry ON number = own.entry
            WHERE sort = '{sort}' AND {self.matching}{where} GROUP BY value
        """
        return dict(self._rows(query, values))

    def about(self, name: str, filters: Filters) -> Counts:
        """By profession or service, which a date must go with."""
        where, values = condition(filters.without("profession", "service", "as_of"))
        also, asked = about_condition(filters, always=True)
        query = f"""
            SELECT {name}, count(DISTINCT entry) FROM facet JOIN entry ON number = facet.entry
            WHERE {name} <> '' AND {self.matching}{where} AND {also} GROUP BY {name}
        """
        return dict(self._rows(query, values | asked))

    def dates(self, filters: Filters) -> Counts:
        """By month: an entry counts from the first day on which it is known to match."""
        undated = filters.without("as_of")
        about, asked = about_condition(undated)
        where, values = condition(undated.without("profession", "service"))
        if about:
            first = f"""
                SELECT min(facet.as_of) FROM facet JOIN entry ON number = facet.entry
                WHERE {about} AND {self.matching}{where} GROUP BY entry
            """
        else:
            first = f"SELECT since FROM entry WHERE {self.matching}{where}"
        known = Counter(row[0] for row in self._rows(first, values | asked))
        months = self.database.execute(
            "SELECT substr(as_of, 1, 7) FROM facet UNION SELECT substr(as_of, 1, 7) FROM entry"
        )
        counts = {
            month: sum(count for day, count in known.items() if day[: len(month)] <= month)
            for (month,) in months.fetchall()
        }
        return {month: count for month, count in counts.items() if count}

    def _rows(self, query: str, values: dict[str, str]) -> list[Any]:
        if self.nothing:
            return []
        return list(self.database.execute(query, self.values | values).fetchall())
