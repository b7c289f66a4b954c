"""Giving out: where each scope stands, and the latest state of what changed since a cursor."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Raw
from sqlalchemy import Connection, Row, select

from fieldkit.domain.clock import now_ms
from fieldkit.registry.database import epoch
from fieldkit.registry.problems import ProtocolError
from fieldkit.registry.tables import applied, record, scope
from fieldkit.registry.tokens import Holder
from fieldkit.sync.protocol import (
    PAGE_BYTES,
    PAGE_RECORDS,
    PRIVATE,
    Pulled,
    PullRequest,
    ScopeState,
    Session,
    Trailer,
    own_scopes,
)


def session(db: Connection, who: Holder, device_id: str, cursors: Mapping[str, int]) -> Session:
    """Where the registry stands for this user and device."""
    states = select(scope).where(scope.c.id.in_(who.roles)).order_by(scope.c.id)
    known = own_scopes({row.id: row for row in db.execute(states)}, who.user)
    roles = own_scopes(who.roles, who.user)
    last = select(applied.c.seq, applied.c.digest).where(applied.c.device == device_id)
    seq, digest = db.execute(last.order_by(applied.c.seq.desc()).limit(1)).one_or_none() or (0, "")
    return Session(
        epoch=epoch(db),
        time=now_ms(),
        user=who.user,
        last_seq=seq,
        last_digest=digest,
        scopes=[ScopeState(name, roles[name], s.head, s.n, s.sum) for name, s in known.items()],
        revoked=sorted(cursors.keys() - roles.keys()),
    )


def pull(db: Connection, who: Holder, request: PullRequest) -> Iterator[Pulled | Trailer]:
    """Records changed since the cursors, each scope followed by its trailer.

    Raises ProtocolError `scope-denied`, and `cursor-expired` for a cursor beyond the head: this database is
    older than the one that gave it.
    """
    room, bytes_left = min(max(request.limit, 1), PAGE_RECORDS), PAGE_BYTES
    for name, cursor in request.cursors.items():
        stored = readable(who, name)
        head, n, total = db.execute(
            select(scope.c.head, scope.c.n, scope.c.sum).where(scope.c.id == stored)
        ).one()
        if cursor > head:
            raise ProtocolError("cursor-expired", 410)
        reached = cursor
        if room > 0 and bytes_left > 0:
            changed = select(record).where(record.c.scope == stored, record.c.seq > cursor)
            for row in db.execute(changed.order_by(record.c.seq).limit(room)):
                yield pulled(row, name)
                reached, room = row.seq, room - 1
                bytes_left -= len(row.doc) + len(row.stamps)
                if bytes_left <= 0:
                    break
        full = room <= 0 or bytes_left <= 0
        reached = reached if full else max(reached, head)
        yield Trailer(name, next=reached, more=reached < head, head=max(reached, head), n=n, sum=total)


def pulled(row: Row[Any], name: str) -> Pulled:
    """A row of `record` as it travels, in the scope that its reader calls `name`."""
    return Pulled(
        *(row.type, row.id, name, row.rev, Raw(row.doc.encode()), Raw(row.stamps.encode())), a=row.archived
    )


def readable(who: Holder, name: str) -> str:
    """The registry's name of a scope that `who` may read. Raises ProtocolError `scope-denied`."""
    stored = f"user:{who.user}" if name == PRIVATE else name
    if stored not in who.roles:
        raise ProtocolError("scope-denied", 403)
    return stored
