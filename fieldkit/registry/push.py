"""Taking changesets: each exactly once, in the order of its device, in one transaction with its answer."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

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


def take(db: Connection, who: Holder, device_id: str, changeset: Changeset) -> Outcome:
    """Apply one changeset, or tell again what became of it.

    What is wrong with its data is an outcome (`refused`). Raises ProtocolError `seq-gap` or `device-forked`.
    """
    ours = db.execute(select(device).where(device.c.id == device_id).with_for_update()).one()
    digest = hashlib.blake2b(changeset.ops, digest_size=16).hexdigest()
    if changeset.seq <= ours.last_seq:
        return _again(db, ours, changeset.seq, digest)
    if changeset.seq != ours.last_seq + 1:
        raise ProtocolError("seq-gap", 409, expected=ours.last_seq + 1)
    known = db.scalar(select(applied.c.outcome).where(applied.c.digest == digest).limit(1))
    stamp = ours.stamp
    if known is not None:  # it came before, from this laptop under another device identity
        outcome = msgspec.json.decode(known, type=Outcome)
        outcome.seq = changeset.seq
        answer = _repeated(outcome)
    else:
        outcome, stamp = _first_time(db, who, ours, changeset)
        answer = outcome
    text = msgspec.json.encode(outcome).decode()
    db.execute(insert(applied).values(device=ours.id, seq=changeset.seq, digest=digest, outcome=text))
    last = {"last_seq": changeset.seq, "stamp": stamp, "seen_at": now_ms()}
    db.execute(update(device).where(device.c.id == ours.id).values(**last))
    return answer


def _again(db: Connection, ours: Row[Any], seq: int, digest: str) -> Outcome:
    key = (applied.c.device == ours.id, applied.c.seq == seq)
    known = db.execute(select(applied.c.digest, applied.c.outcome).where(*key)).one_or_none()
    if known is None or known.digest != digest:
        raise ProtocolError("device-forked", 409)
    return _repeated(msgspec.json.decode(known.outcome, type=Outcome))


def _repeated(first: Outcome) -> Outcome:
    return Outcome(first.seq, "dup", first=first)


def _first_time(
    db: Connection, who: Holder, ours: Row[Any], changeset: Changeset
) -> tuple[Outcome, str | None]:
    previous = Stamp.parse(ours.stamp) if ours.stamp else None
    try:
        ops = rules.read_ops(changeset)
        scopes = _stored_scopes(who, ops)
        ledger = Ledger(db, ours.id, changeset.seq, previous, scopes.values())
        gone = erasure.among(db, ops)
        for op in ops:
            _write(ledger, op, scopes[op.s], gone)
    except KnownError as reason:
        return _refused(db, who, ours.id, changeset, reason), ours.stamp
    upto, conflicts = ledger.save()
    blobs.name(db, who.user, ((scopes[op.s], op) for op in ops if op.i not in gone))
    outcome = Outcome(changeset.seq, "ok", upto=own_scopes(upto, who.user), conflicts=conflicts)
    return outcome, str(ledger.last) if ledger.last else None


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
