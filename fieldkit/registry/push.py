"""Taking changesets: each exactly once, in the order of its device, in one transaction with its answer."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, Row, insert, select, update

from fieldkit.domain.clock import Stamp, new_id, now_ms
from fieldkit.errors import KnownError
from fieldkit.i18n import _
from fieldkit.registry import audit, blobs, erasure, rules
from fieldkit.registry.ledger import Ledger
from fieldkit.registry.problems import ProtocolError
from fieldkit.registry.tables import applied, device, quarantine
from fieldkit.registry.tokens import WRITER, Holder
from fieldkit.sync.protocol import PRIVATE, Changeset, Op, Outcome, Problem, own_scopes

RUN: Final = 100
RUN_BYTES: Final = 256 << 10
"""How many changesets, and bytes of them, one transaction takes."""


@dataclass(slots=True)
class _New:
    """A changeset that came for the first time, and what becomes of it."""

    changeset: Changeset
    digest: str
    ops: list[Op] = field(default_factory=list)
    scopes: Mapping[str, str] = field(default_factory=dict)
    reason: KnownError | None = None
    """Why it is refused."""
    conflicts: list[str] = field(default_factory=list)


def runs(changesets: Sequence[Changeset]) -> Iterator[Sequence[Changeset]]:
    """Cut into pieces whose seqs follow each other, none so large that it keeps other writers waiting for long."""
    first = 0
    size = 0
    for n, one in enumerate(changesets):
        follows = n == first or one.seq == changesets[n - 1].seq + 1
        if not follows or n - first >= RUN or (size and size + len(one.ops) > RUN_BYTES):
            yield changesets[first:n]
            first, size = n, 0
        size += len(one.ops)
    if first < len(changesets):
        yield changesets[first:]


def take(db: Connection, who: Holder, device_id: str, changeset: Changeset) -> Outcome:
    """Apply one changeset, or tell again what became of it.

    What is wrong with its data is an outcome (`refused`). Raises ProtocolError `seq-gap` or `device-forked`.
    """
    return take_all(db, who, device_id, [changeset])[0]


def take_all(db: Connection, who: Holder, device_id: str, changesets: Sequence[Changeset]) -> list[Outcome]:
    """Apply changesets whose seqs follow each other, all in the caller's transaction.

    One that is refused leaves the others as they are. Raises ProtocolError, for all of them, as `take` does.
    """
    ours = db.execute(select(device).where(device.c.id == device_id).with_for_update()).one()
    digests = [hashlib.blake2b(one.ops, digest_size=16).hexdigest() for one in changesets]
    if changesets[0].seq > ours.last_seq + 1:
        raise ProtocolError("seq-gap", 409, expected=ours.last_seq + 1)
    before = select(applied.c.digest, applied.c.outcome).where(applied.c.digest.in_(digests))
    known = {row.digest: row.outcome for row in db.execute(before)}
    answers: dict[int, Outcome] = {}
    new: dict[str, _New] = {}
    twins: list[tuple[int, str]] = []
    for one, digest in zip(changesets, digests, strict=True):
        if one.seq <= ours.last_seq:
            answers[one.seq] = _again(db, ours, one.seq, digest)
        elif (
            digest in known or digest in new
        ):  # it came before, from this laptop under another device identity
            twins.append((one.seq, digest))
        else:
            new[digest] = _New(one, digest)
    firsts, stamp = _first_time(db, who, ours, list(new.values()))
    rows = [(outcome.seq, digest, outcome) for digest, outcome in firsts.items()]
    answers |= {outcome.seq: outcome for outcome in firsts.values()}
    for seq, digest in twins:
        first = firsts.get(digest) or msgspec.json.decode(known[digest], type=Outcome)
        rows.append((seq, digest, msgspec.structs.replace(first, seq=seq)))
        answers[seq] = _repeated(rows[-1][2])
    if rows:
        _note(db, ours, rows, stamp)
    return [answers[one.seq] for one in changesets]


def _note(
    db: Connection, ours: Row[Any], rows: Iterable[tuple[int, str, Outcome]], stamp: str | None
) -> None:
    """Keep the answers, in the transaction of the effects."""
    kept = [
        {"device": ours.id, "seq": seq, "digest": digest, "outcome": msgspec.json.encode(outcome).decode()}
        for seq, digest, outcome in rows
    ]
    db.execute(insert(applied), kept)
    last = {"last_seq": max(row["seq"] for row in kept), "stamp": stamp, "seen_at": now_ms()}
    db.execute(update(device).where(device.c.id == ours.id).values(**last))


def _again(db: Connection, ours: Row[Any], seq: int, digest: str) -> Outcome:
    key = (applied.c.device == ours.id, applied.c.seq == seq)
    known = db.execute(select(applied.c.digest, applied.c.outcome).where(*key)).one_or_none()
    if known is None or known.digest != digest:
        raise ProtocolError("device-forked", 409)
    return _repeated(msgspec.json.decode(known.outcome, type=Outcome))


def _repeated(first: Outcome) -> Outcome:
    return Outcome(first.seq, "dup", first=first)


def _first_time(
    db: Connection, who: Holder, ours: Row[Any], new: Sequence[_New]
) -> tuple[dict[str, Outcome], str | None]:
    """Apply changesets. Returns their outcomes by digest, and the greatest stamp of the device."""
    for one in new:
        try:
            one.ops = rules.read_ops(one.changeset)
            one.scopes = _stored_scopes(who, one.ops)
        except KnownError as reason:
            one.reason = reason
    sound = [one for one in new if one.reason is None]
    previous = Stamp.parse(ours.stamp) if ours.stamp else None
    ledger = Ledger(db, ours.id, previous, {scope for one in sound for scope in one.scopes.values()})
    ledger.load((one.scopes[op.s], op) for one in sound for op in one.ops)
    gone = erasure.among(db, [op for one in sound for op in one.ops])
    before = set(gone)
    for one in sound:
        try:
            one.conflicts = _apply(ledger, one, gone)
        except KnownError as reason:
            one.reason = reason
    heads = ledger.save(gone)
    erasure.erase_what_leads_to(db, gone - before)
    outcomes = {}
    for one in new:
        if one.reason is not None:
            outcomes[one.digest] = _refused(db, who, ours.id, one.changeset, one.reason)
            continue
        blobs.name(db, who.user, ((one.scopes[op.s], op) for op in one.ops if op.i not in gone))
        upto = {scope: heads[scope] for scope in one.scopes.values()}
        outcomes[one.digest] = Outcome(
            one.changeset.seq, "ok", upto=own_scopes(upto, who.user), conflicts=one.conflicts
        )
    return outcomes, str(ledger.last) if ledger.last else None


def _apply(ledger: Ledger, one: _New, gone: set[str]) -> list[str]:
    """Write the ops of one changeset, all or none. Returns the conflicts they made."""
    before = set(gone)
    try:
        with ledger.changeset(one.changeset.seq) as conflicts:
            for op in one.ops:
                _write(ledger, op, one.scopes[op.s], gone)
        return conflicts
    except KnownError:
        gone &= before
        raise


def _write(ledger: Ledger, op: Op, scope_id: str, gone: set[str]) -> None:
    """Write one op, unless it is for a record that was erased, or leads to one; such a record adds to `gone`."""
    leads_to = erasure.links(op.d) | erasure.links({name: cell[1] for name, cell in op.c.items()})
    if op.i in gone or (op.op == "create" and leads_to & gone):
        gone.add(op.i)
        ledger.erase(op, scope_id)
    elif not leads_to & gone:
        ledger.write(op, scope_id)


def _stored_scopes(who: Holder, ops: Iterable[Op]) -> Mapping[str, str]:
    """The scopes of `ops`, as the laptop names them and as the registry does."""
    scopes = {op.s: f"user:{who.user}" if op.s == PRIVATE else op.s for op in ops}
    if any(who.roles.get(scope) != WRITER for scope in scopes.values()):
        raise KnownError(
            "scope-denied",
            _("Vous n'avez pas le droit d'écrire dans ce département."),
            _("Demandez ce droit à la personne qui tient le registre ; la saisie reste sur ce poste."),
        )
    return scopes


def _refused(
    db: Connection, who: Holder, device_id: str, changeset: Changeset, reason: KnownError
) -> Outcome:
    problem = Problem.of(reason.code, reason.message, detail=reason.hint)
    identity = new_id()
    ops = rules.masked(changeset.ops)
    db.execute(
        insert(quarantine).values(
            id=identity,
            at=now_ms(),
            sub=who.user,
            device=device_id,
            seq=changeset.seq,
            problem=msgspec.json.encode(problem).decode(),
            ops="" if erasure.mentioned(db, ops) else ops,
        )
    )
    audit.note(db, who.user, "refused", quarantine=identity, code=reason.code)
    return Outcome(changeset.seq, "refused", problem=problem, quarantine=identity)
