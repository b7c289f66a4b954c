"""Attachments: their bytes as files named by their SHA-256, and who may read them.

Bytes are given out to whoever gave them, and in the scopes where such a person has named them in a record: to name
the digest of somebody else's photo opens nothing.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, and_, delete, func, insert, or_, select, update
from sqlalchemy.exc import DBAPIError

from fieldkit.domain.clock import now_ms
from fieldkit.registry import database
from fieldkit.registry.problems import ProtocolError
from fieldkit.registry.tables import blob, link, upload
from fieldkit.registry.tokens import Holder
from fieldkit.sync.protocol import Op

FIELD: Final = "sha256"
"""The field of a record that names an attachment."""
SHA256: Final = re.compile("[0-9a-f]{64}")
MOST_OPEN: Final = 1000
"""How many unfinished uploads one user may have."""

KEEP_MS: Final = 7 * 24 * 3600 * 1000
"""How long an unfinished upload is kept, from its beginning."""


@dataclass(frozen=True, slots=True)
class Upload:
    """Bytes that somebody gives, piece by piece."""

    id: str
    sub: str
    sha256: str
    length: int
    until: int
    stored: bool


class Shelf:
    """The folder of the bytes: `blobs/<2 digits>/<sha256>`, and `uploads/<id>` until they are all there."""

    def __init__(self, folder: Path) -> None:
        self._blobs = folder / "blobs"
        self._uploads = folder / "uploads"

    def blob(self, sha256: str) -> Path:
        """Where the bytes of this digest are, or would be."""
        return self._blobs / sha256[:2] / sha256

    def upload(self, upload_id: str) -> Path:
        """Where the bytes of this upload are until then."""
        return self._uploads / upload_id

    def begin(self, upload_id: str) -> None:
        """Make the file of an upload. Raises OSError."""
        self._uploads.mkdir(parents=True, exist_ok=True)
        self.upload(upload_id).touch(exist_ok=False)

    def offset(self, upload_id: str, sha256: str) -> int:
        """How many bytes have come."""
        part = self.upload(upload_id)
        # Between the moment the bytes were put away and the one that says so in the database there may be a crash.
        return (part if part.exists() else self.blob(sha256)).stat().st_size

    def put_away(self, upload_id: str, sha256: str) -> bool:
        """Move a whole upload to its place. False, and it is thrown away, where its bytes have another digest."""
        part, place = self.upload(upload_id), self.blob(sha256)
        try:
            with part.open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
            if found != sha256:
                part.unlink()
                return False
            place.parent.mkdir(parents=True, exist_ok=True)
            part.replace(place)
        except FileNotFoundError:  # another request, or one before a crash, was first
            return place.exists()
        _sync_folder(place.parent)
        return True


def begin(engine: Engine, shelf: Shelf, who: Holder, sha256: str, length: int) -> Upload:
    """A new upload; those that took too long are forgotten. Raises ProtocolError `busy` beyond MOST_OPEN, OSError."""
    new = Upload(secrets.token_hex(16), who.user, sha256, length, now_ms() + KEEP_MS, stored=False)

    def note(db: Connection) -> list[str]:
        late = list(db.scalars(select(upload.c.id).where(upload.c.until <= now_ms())))
        db.execute(delete(upload).where(upload.c.id.in_(late)))
        mine = select(func.count()).where(upload.c.sub == who.user, upload.c.stored.is_(False))
        if (db.scalar(mine) or 0) >= MOST_OPEN:
            raise ProtocolError("busy", 429, wait=60)
        db.execute(insert(upload).values(asdict(new)))
        return late

    shelf.begin(new.id)
    try:
        late = database.write(engine, note)
    except (ProtocolError, DBAPIError):
        shelf.upload(new.id).unlink()  # who is refused leaves nothing behind
        raise
    for name in late:
        shelf.upload(name).unlink(missing_ok=True)
    return new


def take_whole(engine: Engine, shelf: Shelf, who: Holder, sha256: str, content: bytes) -> Upload:
    """An upload whose bytes are all here already: put away and noted in one go, for there may be many.

    Raises ProtocolError `digest-differs`, OSError.
    """
    new = Upload(secrets.token_hex(16), who.user, sha256, len(content), now_ms() + KEEP_MS, stored=True)
    shelf.begin(new.id)
    with shelf.upload(new.id).open("wb", buffering=0) as file:
        file.write(content)
        os.fsync(file.fileno())
    if not shelf.put_away(new.id, sha256):
        raise ProtocolError("digest-differs", 422)

    def note(db: Connection) -> None:
        db.execute(insert(upload).values(asdict(new)))
        _note_giver(db, new)

    database.write(engine, note)
    return new


def find(engine: Engine, who: Holder, upload_id: str) -> Upload:
    """An upload of this user. Raises ProtocolError `no-such-upload` or `upload-expired`."""
    with database.reading(engine) as db:
        row = db.execute(
            select(upload).where(upload.c.id == upload_id, upload.c.sub == who.user)
        ).one_or_none()
    if row is None:
        raise ProtocolError("no-such-upload", 404)
    if row.until <= now_ms():
        raise ProtocolError("upload-expired", 410)
    return Upload(**row._mapping)


def complete(engine: Engine, shelf: Shelf, whole: Upload) -> None:
    """Put away an upload whose bytes are all there, and note who gave them.

    Raises ProtocolError `digest-differs`, and forgets the upload, where they have another digest; OSError.
    """
    sound = shelf.put_away(whole.id, whole.sha256)

    def note(db: Connection) -> None:
        mine = upload.c.id == whole.id
        if not sound:
            db.execute(delete(upload).where(mine))
            return
        db.execute(update(upload).where(mine).values(stored=True))
        _note_giver(db, whole)

    database.write(engine, note)
    if not sound:
        raise ProtocolError("digest-differs", 422)


def _note_giver(db: Connection, whole: Upload) -> None:
    if db.scalar(select(blob.c.at).where(blob.c.sha256 == whole.sha256, blob.c.sub == whole.sub)) is None:
        about = {"sha256": whole.sha256, "sub": whole.sub, "size": whole.length}
        db.execute(insert(blob).values(**about, at=now_ms()))


def name(db: Connection, user: str, ops: Iterable[tuple[str, Op]]) -> None:
    """Note the attachments that a user's ops name, each in its scope as the registry calls it."""
    for scope_id, op in ops:
        digest = op.c[FIELD][1] if FIELD in op.c else op.d.get(FIELD)
        if not (isinstance(digest, str) and SHA256.fullmatch(digest)):
            continue
        key = {"scope": scope_id, "sha256": digest, "sub": user}
        if db.scalar(select(link.c.sub).filter_by(**key)) is None:
            db.execute(insert(link).values(**key))


def may_read(db: Connection, who: Holder, sha256: str) -> bool:
    """Whether the registry has these bytes and gives them to `who`."""
    named = and_(link.c.sha256 == blob.c.sha256, link.c.sub == blob.c.sub)
    theirs = select(link.c.sub).where(named, link.c.scope.in_(who.roles)).exists()
    found = select(blob.c.at).where(blob.c.sha256 == sha256, or_(blob.c.sub == who.user, theirs))
    return db.execute(found.limit(1)).first() is not None


def _sync_folder(folder: Path) -> None:
    """Have the names in a folder outlive a power cut, where the system can."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
