"""One search over everything in the catalogue, as you type.

Text is folded before it is indexed and before it is looked up, so what a person types is only ever letters
and digits by the time SQLite sees it. Every word typed must begin a word of the entry, or, from three
letters on, stand inside a word of its names. Matches are ranked: exact name, beginning of the name, other
name, word of a name, inside a word of a name, description; then the shorter name, then kind, then alphabet.
Where no name has the words and little else does, names spelt almost so follow (`spelling`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from sqlite_utils import Database

from fieldkit.domain import folding
from fieldkit.store import spelling
from fieldkit.store.catalogue_book import Link
from fieldkit.store.search_filters import ALL, Filters, condition

_MOST_WORDS: Final = 12
_LONGEST_WORD: Final = 40

_BY_NAME: Final = 4
"""The last tier of those that match a word of a name from its beginning."""
_OTHERWISE: Final = (2, 4, 5)
"""The tiers that may owe their match to another name of the entry."""
_LITTLE: Final = 8
"""With as many matches, a text that is no name is a description, not a mistake."""

_SHOWN: Final = "kind, id, name, text, roles, links, aliases, source, as_of"


@dataclass(frozen=True, slots=True)
class Hit:
    """One result; `text`, `roles` and `links` are what its line can say of it.

    `known_as` is the other name that was found, where it was; `near` marks a name spelt almost as typed.
    """

    kind: str
    id: str
    name: str
    text: str
    roles: tuple[str, ...]
    links: tuple[Link, ...]
    source: str
    as_of: str
    known_as: str = ""
    near: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """How many entries match, and the first of them; `match` is what they match, for `facets`."""

    total: int
    hits: list[Hit]
    match: str | None


def search(database: Database, text: str, filters: Filters, limit: int) -> Found:
    """What matches `text` and `filters`, best first, `limit` hits at most.

    Blank text matches every entry; text without a letter or a digit matches none. Never raises for any text.
    """
    query = folding.fold(text)
    words = tuple(word[:_LONGEST_WORD] for word in query.split()[:_MOST_WORDS])
    where, values = condition(filters)
    if not words:
        if text.strip():
            return Found(0, [], "")
        rows = database.execute(_alphabetical(where, limit), values).fetchall()
        return Found(_total(database, None, where, values, rows, limit), [_hit(row) for row in rows], None)
    match = " ".join(f'"{word}"*' for word in words)
    asked = {"query": query, "length": len(query), "match": match, **values}
    asked.update((f"word{number}", word) for number, word in enumerate(words))
    rows = _best(database, asked, len(words), where, limit)
    total = _total(database, match, where, values, rows, limit)
    hits = [_hit(row, words) for row in rows]
    if _by_name(rows) or total >= _LITTLE or not _rare(database, asked, len(words)):
        return Found(total, hits, match)
    meant, supposed = spelling.reading(database, words)
    if not meant:
        return Found(total, hits, match)
    more, almost = _near(database, meant, match, supposed, where, values, limit)
    return Found(total + more, (hits + almost)[:limit], f"({match}) OR {meant}")


def _best(
    database: Database, asked: dict[str, Any], words: int, where: str, limit: int
) -> list[Sequence[Any]]:
    """The first `limit` rows: those by name alone where they are enough, for many more match otherwise."""
    query = _ranked(words, where, limit)
    named: list[Sequence[Any]] = database.execute(
        query, {**asked, "match": f"names : ({asked['match']})"}
    ).fetchall()
    if len(named) == limit and (not named or named[-1][-1] <= _BY_NAME):
        return named
    return list(database.execute(query, asked).fetchall())


def _by_name(rows: Sequence[Sequence[Any]]) -> bool:
    return bool(rows) and rows[0][-1] <= _BY_NAME


def _rare(database: Database, asked: dict[str, Any], words: int) -> bool:
    """Whether, filters aside, no name has the words and few descriptions do: then they may be a mistake.

    Filters play no part, so that the same text is read the same way under all of them.
    """
    rows = _best(database, asked, words, ALL, _LITTLE)
    return not _by_name(rows) and len(rows) < _LITTLE


def _near(
    database: Database,
    meant: str,
    match: str,
    supposed: list[str],
    where: str,
    values: dict[str, str],
    limit: int,
) -> tuple[int, list[Hit]]:
    """How many more entries bear names spelt almost as typed, and the first: those of whole words lead."""
    asked = {"meant": meant, "match": match, **values}
    asked.update((f"word{number}", f" {word} ") for number, word in enumerate(supposed))
    numbers = range(len(supposed))
    whole = " OR ".join(f"instr(name_words || ' ', :word{number})" for number in numbers)
    other = " OR ".join(f"instr(other_words || ' ', :word{number})" for number in numbers)
    among = f"""
        FROM entry_text JOIN entry ON number = entry_text.rowid
        WHERE entry_text MATCH :meant AND {where}
        AND number NOT IN (SELECT rowid FROM entry_text WHERE entry_text MATCH :match)
    """
    tier = f"CASE WHEN {whole} THEN 0 WHEN {other} THEN 1 ELSE 2 END"
    shown = f"SELECT {_SHOWN}, {tier} AS tier {among} ORDER BY tier, number LIMIT {limit}"
    rows = database.execute(shown, asked).fetchall()
    total = database.execute(f"SELECT count(*) {among}", asked).fetchone()[0]
    return total, [_hit(row, near=supposed) for row in rows]


@lru_cache(maxsize=128)
def _alphabetical(where: str, limit: int) -> str:
    return f"SELECT {_SHOWN}, 0 FROM entry WHERE {where} ORDER BY folded, number LIMIT {limit}"


@lru_cache(maxsize=128)
def _ranked(words: int, where: str, limit: int) -> str:
    """The query for so many words. Entries are numbered in the order of ties, so these need no further look.

    The limit is part of the text: SQLite plans anew at each run what has a variable for a limit.
    """
    numbers = range(words)
    named = " AND ".join(f"instr(name_words, ' ' || :word{number})" for number in numbers)
    named_otherwise = " AND ".join(f"instr(other_words, ' ' || :word{number})" for number in numbers)
    inside = " AND ".join(
        f"(instr(name_words, :word{number}) OR instr(other_words, :word{number}))" for number in numbers
    )
    return f"""
        SELECT {_SHOWN}, tier FROM (
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
            WHERE entry_text MATCH :match AND {where}
            ORDER BY tier, found LIMIT {limit}
        ) JOIN entry ON number = found ORDER BY tier, found
    """


def _total(
    database: Database,
    match: str | None,
    where: str,
    values: dict[str, str],
    rows: Sequence[object],
    limit: int,
) -> int:
    if len(rows) < limit:
        return len(rows)
    asked = values if match is None else {"match": match, **values}
    return int(database.execute(_counted(match is not None, where), asked).fetchone()[0])


@lru_cache(maxsize=128)
def _counted(words: bool, where: str) -> str:
    if where == ALL:
        return "SELECT count(*) FROM " + ("entry_text WHERE entry_text MATCH :match" if words else "entry")
    matching = "number IN (SELECT rowid FROM entry_text WHERE entry_text MATCH :match) AND " if words else ""
    return f"SELECT count(*) FROM entry WHERE {matching}{where}"


def _hit(row: Sequence[Any], words: Sequence[str] = (), near: Sequence[str] = ()) -> Hit:
    kind, entry_id, name, text, roles, links, aliases, source, as_of, tier = row
    told = tuple(Link(*link) for link in json.loads(links)) if links else ()
    known_as = ""
    if aliases and near:
        known_as = _alias(name, json.loads(aliases), lambda known: any(word in known for word in near))
    elif aliases and tier in _OTHERWISE:
        known_as = _alias(
            name,
            json.loads(aliases),
            lambda known: all(any(one.startswith(word) for one in known) for word in words),
        )
    return Hit(kind, entry_id, name, text, tuple(roles.split()), told, source, as_of, known_as, bool(near))


def _alias(name: str, aliases: Iterable[str], matches: Callable[[list[str]], bool]) -> str:
    """The first of `aliases` that matches, unless the name itself does."""
    if matches(folding.words(name)):
        return ""
    return next((alias for alias in aliases if matches(folding.words(alias))), "")
