"""Mending a scope whose sum differs on a laptop: sums of ever smaller ranges, then the records of one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import ColumnElement, Connection, select

from fieldkit.registry.pull import pulled, readable
from fieldkit.registry.tables import record
from fieldkit.registry.tokens import Holder
from fieldkit.sync.protocol import PAGE_BYTES, PAGE_RECORDS, SUM_SPACE, DigestRequest, Pulled, RangeSum


def digest(db: Connection, who: Holder, request: DigestRequest) -> Iterator[Pulled | RangeSum]:
    """Sums of the range's parts, which hold about as many records each and leave no identity out.

    With `records` first the records of the range, then one sum of those that the page held.
    Raises ProtocolError `scope-denied`.
    """
    stored = readable(who, request.scope)
    living = ~((record.c.stamps == "{}") & record.c.archived)
    inside = (record.c.scope == stored, record.c.id > request.after, record.c.id <= request.upto, living)
    if request.records:
        yield from _records(db, request, inside)
        return
    rows = db.execute(select(record.c.id, record.c.sum).where(*inside).order_by(record.c.id)).all()
    size = max(1, -(-len(rows) // request.parts))
    after = request.after
    for first in range(0, max(1, len(rows)), size):
        part = rows[first : first + size]
        upto = part[-1].id if first + size < len(rows) else request.upto
        yield RangeSum(after, upto, len(part), sum(row.sum for row in part) % SUM_SPACE)
        after = upto


def _records(
    db: Connection, request: DigestRequest, inside: Sequence[ColumnElement[bool]]
) -> Iterator[Pulled | RangeSum]:
    upto, n, total, room = request.upto, 0, 0, PAGE_BYTES
    for row in db.execute(select(record).where(*inside).order_by(record.c.id).limit(PAGE_RECORDS)):
        yield pulled(row, request.scope)
        n, total, room = n + 1, total + row.sum, room - len(row.doc) - len(row.stamps)
        if n == PAGE_RECORDS or room <= 0:
            upto = row.id
            break
    yield RangeSum(request.after, upto, n, total % SUM_SPACE)
