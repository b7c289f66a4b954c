"""A laptop whose copy of a scope differs from the registry's: found by its sum, mended range by range.

A sum is taken over what the registry is known to hold, not over what this laptop wrote on top of it. It costs a
look at every record, so that a scope is checked once a day, or when a person asks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import Final, Protocol

import msgspec

from fieldkit.sync.client import ProblemError, Registry
from fieldkit.sync.engine import OnDatabase, Row, as_row
from fieldkit.sync.protocol import LAST_ID, SUM_SPACE, DigestRequest, RangeSum, ScopeState, record_sum

EVERY_DAYS: Final = 1
FEW: Final = 256
"""A range of so many records is asked for whole."""

Range = tuple[str, str]
"""Identities after the first, up to the second."""


class Copy(Protocol):
    """What this needs of the laptop's database: `store.replica.Replica`, which tells it all."""

    def unchecked(self, days: int) -> Mapping[str, int]: ...
    def held(self, scope: str, after: str, upto: str) -> Sequence[Row]: ...
    def mend(self, scope: str, within: tuple[str, str], rows: Iterable[Row]) -> int: ...
    def checked(self, scope: str) -> None: ...


class Mending:
    """One look at the scopes that are due; records that had to be mended are counted."""

    def __init__(
        self,
        registry: Registry,
        copy: Copy,
        on_database: OnDatabase,
        *,
        cancelled: Callable[[], bool] = lambda: False,
        now: bool = False,
    ) -> None:
        """With `now` every scope is due."""
        self._registry = registry
        self._copy = copy
        self._db = on_database
        self._cancelled = cancelled
        self._days = 0 if now else EVERY_DAYS
        self.mended = 0

    def run(self) -> None:
        """Compare and mend every scope that is due and whose newest records are here."""
        due = self._db(partial(self._copy.unchecked, self._days))
        if due:
            with suppress(ProblemError):  # what the registry wants first is for the next synchronisation
                for scope in self._registry.session(due).scopes:
                    if due.get(scope.id) == scope.head and not self._cancelled():
                        self._compare(scope)

    def _compare(self, scope: ScopeState) -> None:
        rows = self._db(partial(self._copy.held, scope.id, "", LAST_ID))
        if _summed(rows) != (scope.n, scope.sum):
            self._look(scope.id, RangeSum("", LAST_ID, scope.n, scope.sum))
        self._db(partial(self._copy.checked, scope.id))

    def _look(self, scope: str, differing: RangeSum) -> None:
        """Find what differs in a range, and mend it."""
        if differing.n <= FEW:
            self._take(scope, (differing.after, differing.upto))
            return
        within = DigestRequest(scope, differing.after, differing.upto)
        _records, sums = self._registry.digest(within)
        for part in sums:
            if self._cancelled():
                return
            rows = self._db(partial(self._copy.held, scope, part.after, part.upto))
            if _summed(rows) != (part.n, part.sum):
                self._look(scope, part)

    def _take(self, scope: str, within: Range) -> None:
        """Take every record of a range from the registry, page by page."""
        after, upto = within
        while after < upto and not self._cancelled():
            records, sums = self._registry.digest(DigestRequest(scope, after, upto, records=True))
            rows = [as_row(record) for record in records]
            reached = sums[-1].upto
            self.mended += self._db(partial(self._copy.mend, scope, (after, reached), rows))
            after = reached if reached > after else upto


def _summed(rows: Iterable[Row]) -> tuple[int, int]:
    n = total = 0
    for kind, identity, _scope, doc, stamps, archived, rev in rows:
        n += 1
        total += record_sum(
            kind, identity, rev, msgspec.json.decode(doc), msgspec.json.decode(stamps), bool(archived)
        )
    return n, total % SUM_SPACE
