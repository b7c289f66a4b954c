"""One search over everything in the catalogue, as you type.

Text is folded before it is indexed and before it is looked up, so what a person types is only ever letters
and digits by the time SQLite sees it. Every word typed must begin a word of the entry, or, from three
letters on, stand inside a word of its names. Matches are ranked: exact name, beginning of the name, other
name, word of a name, inside a word of a name, description; then the shorter name, then kind, then alphabet.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass
from functools import lru_cache
from typing import Any, Final

from sqlite_utils import Database

from fieldkit.domain import folding
from fieldkit.domain.catalogue import Catalogue
from fieldkit.store.catalogue_book import Link
from fieldkit.store.catalogue_entries import KINDS, Entry, entries

_MOST_WORDS: Final = 12
_LONGEST_WORD: Final = 40

_ALL: Final = "TRUE"
_SHOWN: Final = "kind, id, name, text, roles, links, source, as_of"

_SCHEMA: Final = """
    CREATE TABLE entry (
        number INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        kind TEXT NOT NULL,
        name TEXT NOT NULL,
        folded TEXT NOT NULL,
        name_words TEXT NOT NULL,
        others TEXT NOT NULL,
        other_words TEXT NOT NULL,
        for_practices INTEGER NOT NULL,
        since TEXT NOT NULL,
        text TEXT NOT NULL,
        roles TEXT NOT NULL,
        links TEXT NOT NULL,
        source TEXT NOT NULL,
        as_of TEXT NOT NULL,
        locator TEXT NOT NULL
    );
    CREATE INDEX entry_order ON entry (folded, number);
    CREATE TABLE facet (
        entry INTEGER NOT NULL REFERENCES entry (number),
        profession TEXT NOT NULL,
        service TEXT NOT NULL,
        as_of TEXT NOT NULL
    );
    CREATE INDEX facet_entry ON facet (entry, profession, service, as_of);
    CREATE VIRTUAL TABLE entry_text USING fts5 (
        names, inside, about, tokenize = 'unicode61 remove_diacritics 0', prefix = '1 2 3'
    );
"""


@dataclass(frozen=True, slots=True)
class Filters:
    """What results must have to do with; an empty field asks nothing. `as_of`: known by that date."""

    kind: str = ""
    profession: str = ""
    service: str = ""
    as_of: str = ""
    for_practices: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """One result; `text`, `roles` and `links` are what its line can say of it."""

    kind: str
    id: str
    name: str
    text: str
    roles: tuple[str, ...]
    links: tuple[Link, ...]
    source: str
    as_of: str


def index(database: Database, catalogue: Catalogue) -> None:
    """Make the index of `catalogue` in a database that has none."""
    for statement in filter(str.strip, _SCHEMA.split(";")):
        database.execute(statement)
    found = sorted(entries(catalogue), key=_order)
    database.table("entry").insert_all(_row(number, entry) for number, entry in enumerate(found, start=1))
    database.table("entry_text").insert_all(
        _text(number, entry) for number, entry in enumerate(found, start=1)
    )
    database.table("facet").insert_all(
        {"entry": number, **dict(zip(("profession", "service", "as_of"), astuple(facet), strict=True))}
        for number, entry in enumerate(found, start=1)
        for facet in sorted(entry.facets, key=astuple)
    )


def search(database: Database, text: str, filters: Filters, limit: int) -> tuple[int, list[Hit]]:
    """How many entries match `text` and `filters`, and the first `limit` of them, best first.

    Blank text matches every entry; text without a letter or a digit matches none. Never raises for any text.
    """
    query = folding.fold(text)
    words = tuple(word[:_LONGEST_WORD] for word in query.split()[:_MOST_WORDS])
    if text.strip() and not words:
        return 0, []
    condition, values = _condition(filters)
    asked: dict[str, Any] = {"query": query, "length": len(query), **values}
    if words:
        asked["match"] = " ".join(f'"{word}"*' for word in words)
        asked.update((f"word{number}", word) for number, word in enumerate(words))
    rows = database.execute(_ranked(len(words), condition, limit), asked).fetchall()
    total = len(rows)
    if total == limit:
        total = database.execute(_counted(bool(words), condition), asked).fetchone()[0]
    return total, [_hit(row) for row in rows]


@lru_cache(maxsize=128)
def _ranked(words: int, condition: str, limit: int) -> str:
    """The query for so many words. Entries are numbered by `_order`, so that ties need no further look.

    The limit is part of the text: SQLite plans anew at each run what has a variable for a limit.
    """
    if not words:
        return f"SELECT {_SHOWN} FROM entry WHERE {condition} ORDER BY folded, number LIMIT {limit}"
    numbers = range(words)
    named = " AND ".join(f"instr(name_words, ' ' || :word{number})" for number in numbers)
    named_otherwise = " AND ".join(f"instr(other_words, ' ' || :word{number})" for number in numbers)
    inside = " AND ".join(
        f"(instr(name_words, :word{number}) OR instr(other_words, :word{number}))" for number in numbers
    )
    return f"""
        SELECT {_SHOWN} FROM (
            SELECT number AS found,
                CASE
                    WHEN folded = :query THEN 0
                    WHEN substr(folded, 1, :length) = :query THEN 1
                    WHEN instr(others, '|' || :query) THEN 2
                    WHEN {named} THEN 3
                    WHEN {named_otherwise} THEN 4
                    WHEN {inside} THEN 5
                    ELSE 6
                END AS tier
            FROM entry_text JOIN entry ON number = entry_text.rowid
            WHERE entry_text MATCH :match AND {condition}
            ORDER BY tier, found LIMIT {limit}
        ) JOIN entry ON number = found ORDER BY tier, found
    """


@lru_cache(maxsize=128)
def _counted(words: bool, condition: str) -> str:
    if condition == _ALL:
        return "SELECT count(*) FROM " + ("entry_text WHERE entry_text MATCH :match" if words else "entry")
    matching = "number IN (SELECT rowid FROM entry_text WHERE entry_text MATCH :match) AND " if words else ""
    return f"SELECT count(*) FROM entry WHERE {matching}{condition}"


def _condition(filters: Filters) -> tuple[str, dict[str, str]]:
    """The part of the WHERE clause that `filters` ask for, and its values."""
    asked = {name: getattr(filters, name) for name in ("kind", "profession", "service", "as_of")}
    values = {name: value for name, value in asked.items() if value}
    parts = ["kind = :kind"] if filters.kind else []
    if filters.for_practices:
        parts.append("for_practices")
    if filters.profession or filters.service:
        together = [f"facet.{name} = :{name}" for name in ("profession", "service") if name in values]
        if filters.as_of:
            together.append(_by("facet.as_of"))
        parts.append(f"EXISTS (SELECT 1 FROM facet WHERE entry = number AND {' AND '.join(together)})")
    elif filters.as_of:
        parts.append(_by("since"))
    return " AND ".join(parts) or _ALL, values


def _by(date: str) -> str:
    """A date as precise as the one asked for, and not after it."""
    return f"substr({date}, 1, length(:as_of)) <= :as_of"


def _order(entry: Entry) -> tuple[int, int, str, str]:
    """Of two entries that match a text equally well, the lesser comes first."""
    folded = folding.fold(entry.name)
    return len(folded), KINDS.index(entry.kind), folded, entry.id


def _row(number: int, entry: Entry) -> dict[str, Any]:
    return {
        "number": number,
        "id": entry.id,
        "kind": entry.kind,
        "name": entry.name,
        "folded": folding.fold(entry.name),
        "name_words": "".join(f" {word}" for word in folding.words(entry.name)),
        "others": "".join(f"|{folding.fold(name)}" for name in entry.other_names),
        "other_words": "".join(f" {word}" for word in _words(entry.other_names)),
        "for_practices": entry.for_practices,
        "since": entry.since,
        "text": entry.text,
        "roles": " ".join(entry.roles),
        "links": json.dumps([astuple(link) for link in entry.links], ensure_ascii=False)
        if entry.links
        else "",
        "source": entry.origin.source,
        "as_of": entry.origin.as_of,
        "locator": entry.origin.locator,
    }


def _text(number: int, entry: Entry) -> dict[str, Any]:
    names = _words((entry.name, *entry.other_names))
    return {
        "rowid": number,
        "names": " ".join(names),
        "inside": " ".join(dict.fromkeys(end for word in names for end in folding.inner(word))),
        "about": folding.fold(" ".join(entry.about)),
    }


def _words(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(word for name in names for word in folding.words(name)))


def _hit(row: Sequence[str]) -> Hit:
    kind, entry_id, name, text, roles, links, source, as_of = row
    told = tuple(Link(*link) for link in json.loads(links)) if links else ()
    return Hit(kind, entry_id, name, text, tuple(roles.split()), told, source, as_of)
