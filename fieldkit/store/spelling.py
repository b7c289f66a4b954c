"""Words spelt with one mistake: a letter too many, missing, wrong, or two in the wrong order."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from sqlite_utils import Database

_SHORTEST: Final = 4
"""Under it, one mistake turns a word into too many others."""

_MOST: Final = 12

_known: WeakKeyDictionary[Database, tuple[str, ...]] = WeakKeyDictionary()


def reading(database: Database, words: Sequence[str]) -> tuple[str, list[str]]:
    """What `words` may be meant to say, as an FTS5 query; and the whole words it supposes, best first.

    Two readings: each word for itself, and all run together (which sees a space too many or missing). The
    query is empty where the words are like no name.
    """
    known = _vocabulary(database)
    together = near("".join(words), known)
    apart = [[word] if _begins(word, known) else near(word, known) for word in words]
    readings = []
    if together:
        readings.append(f"names : ({_any(together)})")
    if len(words) > 1 and all(apart):
        readings.append(" AND ".join(f"({_any(several)})" for several in apart))
    supposed = dict.fromkeys((*together, *(word for several in apart for word in several)))
    return " OR ".join(f"({one})" for one in readings), list(supposed)[:_MOST]


def near(word: str, known: Sequence[str]) -> list[str]:
    """The words of `known` that are `word` with at most one mistake, then those that begin so."""
    from rapidfuzz import process  # here, for it is only needed once nothing is found
    from rapidfuzz.distance import OSA

    length = len(word)
    if length < _SHORTEST:
        return []

    def alike(choices: Iterable[str]) -> list[str]:
        found = process.extract_iter(word, list(choices), scorer=OSA.distance, score_cutoff=1)
        return [choice for choice, _distance, _place in found]

    whole = alike(other for other in known if abs(len(other) - length) <= 1)
    longer = [other for other in known if len(other) > length]
    begun = alike(dict.fromkeys(other[:end] for end in (length, length + 1) for other in longer))
    return list(dict.fromkeys((*whole, *begun)))[:_MOST]


def _vocabulary(database: Database) -> tuple[str, ...]:
    """Every word of a name in the index, the run-together ones included, in order."""
    if database not in _known:
        query = "SELECT term FROM entry_word WHERE col = 'names' ORDER BY term"
        _known[database] = tuple(term for (term,) in database.execute(query).fetchall())
    return _known[database]


def _begins(word: str, known: Sequence[str]) -> bool:
    place = bisect_left(known, word)
    return place < len(known) and known[place].startswith(word)


def _any(words: Iterable[str]) -> str:
    return " OR ".join(f'"{word}"*' for word in words)
