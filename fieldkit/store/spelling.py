"""Words spelt with one mistake: a letter too many, missing, wrong, or two in the wrong order."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from sqlite_utils import Database

_SHORTEST: Final = 4
"""Under it, one mistake turns a word into too many others."""

_MOST: Final = 12

_known: WeakKeyDictionary[Database, Vocabulary] = WeakKeyDictionary()


def reading(database: Database, words: Sequence[str]) -> tuple[str, list[str]]:
    """What `words` may be meant to say, as an FTS5 query; and the whole words it supposes, best first.

    Two readings: each word for itself, and all run together (which sees a space too many or missing). The
    query is empty where the words are like no name.
    """
    if database not in _known:
        terms = database.execute("SELECT term FROM entry_word WHERE col = 'names'").fetchall()
        _known[database] = Vocabulary(term for (term,) in terms)
    known = _known[database]
    together = known.near("".join(words))
    readings = [f"names : ({_any(together)})"] if together else []
    supposed = together
    if len(words) > 1:
        apart = [[word] if known.begins(word) else known.near(word) for word in words]
        if all(apart):
            readings.append(" AND ".join(f"({_any(several)})" for several in apart))
            supposed = list(dict.fromkeys((*together, *(word for several in apart for word in several))))
    return " OR ".join(f"({one})" for one in readings), supposed[:_MOST]


class Vocabulary:
    """The words that names are made of, the run-together ones included."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = sorted(set(words))
        self._beginnings: dict[int, list[str]] = {}

    def begins(self, word: str) -> bool:
        """Whether a known word begins so."""
        place = bisect_left(self._words, word)
        return place < len(self._words) and self._words[place].startswith(word)

    def near(self, word: str) -> list[str]:
        """The words that are `word` with at most one mistake, then the beginnings of words that are."""
        length = len(word)
        if length < _SHORTEST:
            return []
        near_lengths = (length, length + 1, length - 1)
        whole = [other for size in near_lengths for other in _alike(word, self._by_length.get(size, ()))]
        begun = [other for size in near_lengths[:2] for other in _alike(word, self._beginning(size))]
        return list(dict.fromkeys((*whole, *begun)))[:_MOST]

    @cached_property
    def _by_length(self) -> dict[int, list[str]]:
        found: dict[int, list[str]] = {}
        for word in self._words:
            found.setdefault(len(word), []).append(word)
        return found

    def _beginning(self, size: int) -> list[str]:
        if size not in self._beginnings:
            longer = (word[:size] for word in self._words if len(word) > size)
            self._beginnings[size] = list(dict.fromkeys(longer))
        return self._beginnings[size]


def _alike(word: str, choices: Sequence[str]) -> list[str]:
    from rapidfuzz import process  # here, for it is only needed once nothing is found
    from rapidfuzz.distance import OSA

    found = process.extract_iter(word, choices, scorer=OSA.distance, score_cutoff=1)
    return [choice for choice, _distance, _place in found]


def _any(words: Iterable[str]) -> str:
    return " OR ".join(f'"{word}"*' for word in words)
