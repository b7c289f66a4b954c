"""Erasing a practice or a person for good: from records, history, quarantine and attachments, on every laptop.

What is left are identities: in `erased`, in a record without content that laptops pull, and in a file beside the
database, from which a registry restored from an older backup is told again.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, delete, insert, select, update

from fieldkit.domain.clock import now_ms
from fieldkit.domain.fieldwork import LINKS
from fieldkit.errors import KnownError
from fieldkit.i18n import _
from fieldkit.registry import audit
from fieldkit.registry.blobs import FIELD, Shelf
from fieldkit.registry.database import pieces
from fieldkit.registry.tables import blob, erased, link, quarantine, record, scope, upload, version
from fieldkit.sync.protocol import SUM_SPACE, Op

JOURNAL: Final = "erased.txt"
_IDENTITY: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Target(NamedTuple):
    """One record to erase."""

    scope: str
    id: str
    type: str


def targets(db: Connection, wanted: str) -> list[Target]:
    """What belongs to a record, by its identity, or to a practice or person, by RPPS: all that leads to it.

    Raises KnownError `record-missing`.
    """
    rows = {Target(*row[:3]): json.loads(row.doc) for row in db.execute(_LIVING)}
    found = {target for target, doc in rows.items() if target.id == wanted or doc.get("rpps") == wanted}
    if not found:
        raise KnownError(
            "record-missing",
            _("Rien ne porte l'identifiant {id}.").format(id=wanted),
            _("« fieldkit registry show practice » donne les cabinets, avec leurs numéros RPPS."),
        )
    return sorted(found | _led_to(rows, {target.id for target in found}))


def erase_what_leads_to(db: Connection, names: set[str]) -> None:
    """Erase what came before a record that was erased on its arrival, and belongs to it."""
    if names:
        rows = {Target(*row[:3]): json.loads(row.doc) for row in db.execute(_LIVING)}
        those = _led_to(rows, names)
        living = {doc.get(FIELD) for target, doc in rows.items() if target not in those}
        remember(db, (target.id for target in those))
        for target in sorted(those):
            digest = rows[target].get(FIELD)
            for book in (
                () if digest in living else (link, blob, upload)
            ):  # nobody is given its bytes any more
                db.execute(delete(book).where(book.c.sha256 == digest))
            _erase_record(db, target)


def _led_to(rows: Mapping[Target, Mapping[str, Any]], names: set[str]) -> set[Target]:
    found: set[Target] = set()
    while more := {target for target, doc in rows.items() if target not in found and links(doc) & names}:
        found |= more
        names = names | {target.id for target in more}
    return found


def erase(db: Connection, shelf: Shelf, those: Iterable[Target]) -> list[Path]:
    """Erase records, wherever the database has them. Returns files to remove once that is committed."""
    those = list(those)
    digests = {digest for target in those if (digest := _digest(db, target))}
    remember(db, (target.id for target in those))
    for target in those:
        _erase_record(db, target)
    _mask_quarantine(db, {target.id for target in those})
    audit.note(db, "keeper", "erased", records=[target.id for target in those])
    living = {json.loads(row.doc).get(FIELD) for row in db.execute(_LIVING)} if digests else set()
    files = []
    for digest in digests - living:
        db.execute(delete(link).where(link.c.sha256 == digest))
        db.execute(delete(blob).where(blob.c.sha256 == digest))
        files.append(shelf.blob(digest))
        begun = db.scalars(select(upload.c.id).where(upload.c.sha256 == digest)).all()
        db.execute(delete(upload).where(upload.c.id.in_(begun)))
        files += [shelf.upload(name) for name in begun]
    return files


def among(db: Connection, ops: Iterable[Op]) -> set[str]:
    """The erased records that ops write or lead to."""
    names: set[str] = set()
    for op in ops:
        names |= {op.i} | links(op.d) | links({name: cell[1] for name, cell in op.c.items()})
    found: set[str] = set()
    for some in pieces(names):
        found |= set(db.scalars(select(erased.c.id).where(erased.c.id.in_(some))))
    return found


def mentioned(db: Connection, text: str) -> bool:
    """Whether a text names an erased record."""
    names = set(_IDENTITY.findall(text))
    return bool(names) and db.scalar(select(erased.c.at).where(erased.c.id.in_(names)).limit(1)) is not None


def links(doc: Mapping[str, Any]) -> set[str]:
    """The records that a document leads to."""
    return {value for name in LINKS if isinstance(value := doc.get(name), str)}


def remember(db: Connection, names: Iterable[str]) -> None:
    """Note that records are erased."""
    wanted = set(names)
    if wanted:
        known = (db.scalars(select(erased.c.id).where(erased.c.id.in_(some))) for some in pieces(wanted))
        new = wanted.difference(*known)
        if new:
            db.execute(insert(erased), [{"id": name, "at": now_ms()} for name in sorted(new)])


def journal(folder: Path, those: Iterable[Target]) -> None:
    """Note them in the file beside the database, before anything else is done."""
    with (folder / JOURNAL).open("a", encoding="utf-8") as file:
        file.writelines(" ".join(target) + "\n" for target in those)
        file.flush()
        os.fsync(file.fileno())


def strike(folder: Path, unwanted: Callable[[Target], bool]) -> None:
    """Take lines out of that file."""
    if not (folder / JOURNAL).exists():
        return
    kept = [target for target in _noted(folder) if not unwanted(target)]
    fresh = folder / (JOURNAL + ".new")
    fresh.write_text("".join(" ".join(target) + "\n" for target in kept), encoding="utf-8")
    with fresh.open("rb") as file:
        os.fsync(file.fileno())
    fresh.replace(folder / JOURNAL)


def forgotten(db: Connection, folder: Path) -> list[Target]:
    """What the file knows to be erased and the database does not: it was restored from an older backup."""
    noted = dict.fromkeys(_noted(folder))
    known = set(db.scalars(select(erased.c.id))) if noted else set()
    return [target for target in noted if target.id not in known]


def _noted(folder: Path) -> list[Target]:
    file = folder / JOURNAL
    lines = file.read_text("utf-8").splitlines() if file.exists() else []
    return [Target(*line.split(" ")) for line in lines if line.count(" ") == 2]


_LIVING: Final = select(record.c.scope, record.c.id, record.c.type, record.c.doc).where(
    ~((record.c.stamps == "{}") & record.c.archived)
)


def _digest(db: Connection, target: Target) -> str | None:
    doc = db.scalar(select(record.c.doc).where(record.c.scope == target.scope, record.c.id == target.id))
    return json.loads(doc).get(FIELD) if doc else None


def _erase_record(db: Connection, target: Target) -> None:
    db.execute(delete(version).where(version.c.scope == target.scope, version.c.id == target.id))
    its_scope = select(scope).where(scope.c.id == target.scope).with_for_update()
    state = db.execute(its_scope).one_or_none()
    if state is None:
        db.execute(insert(scope).values(id=target.scope))
        state = db.execute(its_scope).one()
    here = (record.c.scope == target.scope, record.c.id == target.id)
    old = db.execute(
        select(record.c.rev, record.c.sum, record.c.stamps, record.c.archived).where(*here)
    ).first()
    empty = {"seq": state.head + 1, "doc": "{}", "stamps": "{}", "archived": True, "sum": 0}
    if old is None:
        db.execute(insert(record).values(**target._asdict(), rev=1, **empty))
    else:
        db.execute(update(record).where(*here).values(rev=old.rev + 1, **empty))
    living = old is not None and not (old.stamps == "{}" and old.archived)
    total = (state.sum - (old.sum if old else 0)) % SUM_SPACE
    values = {"head": state.head + 1, "n": state.n - living, "sum": total}
    db.execute(update(scope).where(scope.c.id == target.scope).values(**values))


def _mask_quarantine(db: Connection, names: set[str]) -> None:
    for row in db.execute(select(quarantine.c.id, quarantine.c.ops)).all():
        if names & set(_IDENTITY.findall(row.ops)):
            db.execute(update(quarantine).where(quarantine.c.id == row.id).values(ops=""))
