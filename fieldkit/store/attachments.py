"""The bytes of photos: kept under their digest, as encrypted as all field data, until the registry has them.

A photo's record is the link; it travels with its visit. The bytes travel apart, and only while a record that is
not put away links to them.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import BinaryIO, Final

from sqlite_utils import Database

from fieldkit.store.database import DatabaseFault, writing

_LINKED: Final = (
    "SELECT json_extract(record.doc, '$.sha256') FROM record "
    "JOIN record AS visit ON visit.type = 'visit' AND visit.id = json_extract(record.doc, '$.visit') "
    "WHERE record.type = 'photo' AND record.archived = 0"
)


@dataclass(frozen=True, slots=True)
class Blob:
    """Bytes that the registry does not have yet: their digest, their number, and the way to read them."""

    sha256: str
    size: int
    mime: str
    _database: Database

    def open(self) -> BinaryIO:
        """The bytes, from their beginning."""
        return io.BytesIO(read(self._database, self.sha256) or b"")


def keep(database: Database, content: bytes, mime: str, small: bytes) -> str:
    """Keep `content` inside the caller's changeset, or find it kept already; returns its digest."""
    sha256 = hashlib.sha256(content).hexdigest()
    database.execute(
        "INSERT OR IGNORE INTO blob (sha256, mime, size, small, bytes) VALUES (?, ?, ?, ?, ?)",
        [sha256, mime, len(content), small, content],
    )
    return sha256


def read(database: Database, sha256: str) -> bytes | None:
    """The bytes of this digest; None where this laptop does not have them, or its disk has damaged them."""
    return _read(database, "bytes", sha256)


def read_small(database: Database, digests: Iterable[str]) -> dict[str, bytes]:
    """The small pictures of these digests; those that `read` would not find are left out."""
    found = ((sha256, _read(database, "small", sha256)) for sha256 in digests)
    return {sha256: small for sha256, small in found if small is not None}


def states(database: Database, visit_id: str) -> dict[str, str]:
    """By digest, whether the bytes of a visit's photos are `pending` or `stored`; absent where not on this laptop."""
    rows = database.execute(
        "SELECT sha256, state FROM blob WHERE sha256 IN "
        "(SELECT json_extract(doc, '$.sha256') FROM record "
        "WHERE type = 'photo' AND archived = 0 AND json_extract(doc, '$.visit') = ?)",
        [visit_id],
    )
    return dict(map(tuple, rows))


def pending(database: Database) -> list[Blob]:
    """What the registry does not have yet, smallest first."""
    rows = database.execute(
        f"SELECT sha256, size, mime FROM blob WHERE state = 'pending' AND sha256 IN ({_LINKED}) ORDER BY size, sha256"
    )
    return [Blob(sha256, size, mime, database) for sha256, size, mime in rows]


def mark_stored(database: Database, sha256: str, now: dt.datetime) -> None:
    """Note that the registry has these bytes, by its own digest of them."""
    with writing(database):
        database.execute(
            "UPDATE blob SET state = 'stored', stored_at = ? WHERE sha256 = ?",
            [now.isoformat(timespec="seconds"), sha256],
        )


def forget_removed(database: Database, visit_id: str) -> None:
    """Inside the changeset that freezes a visit: forget the bytes that were in it for a while and are no more.

    A photo may have been taken out because it showed what must not be kept.
    """
    photos = {
        row[0]
        for row in database.execute(
            "SELECT id FROM record WHERE type = 'photo' AND json_extract(doc, '$.visit') = ?", [visit_id]
        )
    }
    once: set[str] = set()
    for (ops,) in database.execute("SELECT ops FROM outbox WHERE ops LIKE '%\"photo\"%'"):
        for op in json.loads(ops):
            if op["i"] in photos:
                once.update(
                    filter(None, [op.get("d", {}).get("sha256"), *op.get("c", {}).get("sha256", ())[:2]])
                )
    still = (
        f"{_LINKED} UNION SELECT json_extract(record.doc, '$.sha256') FROM record "
        "JOIN record AS visit ON visit.type = 'visit' AND visit.id = json_extract(record.doc, '$.visit') "
        "WHERE record.type = 'photo' AND json_extract(visit.doc, '$.state') = 'draft'"
    )
    database.execute(
        f"DELETE FROM blob WHERE sha256 IN (SELECT value FROM json_each(?)) AND sha256 NOT IN ({still})",
        [json.dumps(sorted(once))],
    )


def forget_unlinked(database: Database) -> None:
    """Inside the transaction that removes records for good: forget the bytes that no photo, put away or not, has."""
    database.execute(
        "DELETE FROM blob WHERE NOT EXISTS (SELECT 1 FROM record "
        "WHERE record.type = 'photo' AND json_extract(record.doc, '$.sha256') = blob.sha256)"
    )


def _read(database: Database, column: str, sha256: str) -> bytes | None:
    try:
        row = database.execute(f"SELECT {column} FROM blob WHERE sha256 = ?", [sha256]).fetchone()
    except DatabaseFault:
        return None
    return None if row is None else bytes(row[0])
