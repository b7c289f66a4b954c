"""The bytes of photos: kept under their digest, as encrypted as all field data, until the registry has them.

A photo's record is the link; it travels with its visit. The bytes travel apart, and only while a record that is
not put away links to them.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from sqlite_utils import Database

from fieldkit.store.database import DatabaseFault, writing

FRESH_DAYS: Final = 60
"""How old the photos of others may be that every synchronisation brings; older ones come with their visit."""

_LINKED: Final = (
    "SELECT json_extract(record.doc, '$.sha256') AS sha256, record.id AS id, visit.id AS visit, "
    "json_extract(record.doc, '$.made_at') AS made_at FROM record "
    "JOIN record AS visit ON visit.type = 'visit' AND visit.id = json_extract(record.doc, '$.visit') "
    "WHERE record.type = 'photo' AND record.archived = 0"
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A photo whose bytes the registry does not have yet: digest, number of bytes, and how trying went."""

    sha256: str
    size: int
    made_at: str | None
    visit: str
    """Of the visits that it is in, the first."""
    remote: str | None
    """The registry's name of the upload that was begun."""
    tries: int
    trouble: str | None
    """The code of what went wrong with this photo last."""


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
    return {sha256: small for sha256, small in found if small}


def states(database: Database, visit_id: str) -> dict[str, str]:
    """By digest, whether the bytes of a visit's photos are `pending` or `stored`; absent where not on this laptop."""
    rows = database.execute(
        "SELECT sha256, state FROM blob WHERE sha256 IN "
        "(SELECT json_extract(doc, '$.sha256') FROM record "
        "WHERE type = 'photo' AND archived = 0 AND json_extract(doc, '$.visit') = ?)",
        [visit_id],
    )
    return dict(map(tuple, rows))


def pending(database: Database) -> list[Waiting]:
    """What the registry does not have yet, smallest first."""
    rows = database.execute(
        "SELECT blob.sha256, blob.size, min(linked.made_at), min(linked.visit), remote, coalesce(tries, 0), trouble "
        f"FROM ({_LINKED}) AS linked JOIN blob USING (sha256) LEFT JOIN upload USING (sha256) "
        "WHERE blob.state = 'pending' GROUP BY blob.sha256 ORDER BY blob.size, blob.sha256"
    )
    return [Waiting(*row) for row in rows]


def elsewhere(database: Database, visit_id: str | None = None) -> list[str]:
    """Digests of photos that are not on this laptop, newest first: those of a visit, or all of `FRESH_DAYS`."""
    since = (dt.datetime.now(dt.UTC) - dt.timedelta(days=FRESH_DAYS)).isoformat(timespec="seconds")
    rows = database.execute(
        f"SELECT sha256 FROM ({_LINKED}) WHERE sha256 NOT IN (SELECT sha256 FROM blob) "
        "AND (visit = ?1 OR (?1 IS NULL AND made_at >= ?2)) GROUP BY sha256 ORDER BY max(id) DESC",
        [visit_id, since],
    )
    return [row[0] for row in rows]


class Shelf:
    """The bytes as an exchange with the registry needs them; each public method is one short piece of work."""

    def __init__(self, database: Database, small: Callable[[bytes], bytes]) -> None:
        """`small` makes the small picture of a photo that came; empty where it cannot."""
        self._database = database
        self._small = small

    def to_send(self) -> list[Waiting]:
        """What the registry does not have yet, smallest first, of records that it has: else it could not erase it."""
        rows = self._database.execute(
            "SELECT json_extract(doc, '$.sha256') FROM record WHERE type = 'photo' AND rev > 0"
        )
        known = {row[0] for row in rows}
        return [photo for photo in pending(self._database) if photo.sha256 in known]

    def to_fetch(self, visit_id: str | None = None) -> list[str]:
        """Digests of photos that are not on this laptop, newest first."""
        return elsewhere(self._database, visit_id)

    def read(self, digests: Iterable[str]) -> dict[str, bytes]:
        """Their bytes; those that the disk has damaged are left out."""
        found = ((sha256, read(self._database, sha256)) for sha256 in digests)
        return {sha256: content for sha256, content in found if content is not None}

    def begun(self, sha256: str, remote: str | None) -> None:
        """Note under which name the registry takes these bytes; None where it does not any more."""
        with writing(self._database):
            self._database.execute(
                "INSERT INTO upload (sha256, remote) VALUES (?, ?) "
                "ON CONFLICT (sha256) DO UPDATE SET remote = excluded.remote",
                [sha256, remote],
            )

    def stored(self, digests: Sequence[str]) -> None:
        """Note that the registry has these bytes, by its own digest of them."""
        now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
        with writing(self._database):
            self._database.conn.executemany(
                "UPDATE blob SET state = 'stored', stored_at = ? WHERE sha256 = ?",
                [(now, sha256) for sha256 in digests],
            )
            self._database.conn.executemany(
                "DELETE FROM upload WHERE sha256 = ?", [(sha256,) for sha256 in digests]
            )

    def failed(self, sha256: str, trouble: str) -> None:
        """Note what went wrong with one photo."""
        with writing(self._database):
            self._database.execute(
                "INSERT INTO upload (sha256, tries, trouble) VALUES (?, 1, ?) "
                "ON CONFLICT (sha256) DO UPDATE SET tries = tries + 1, trouble = excluded.trouble",
                [sha256, trouble],
            )

    def ready(self, content: bytes) -> tuple[bytes, bytes]:
        """Bytes that came, with their small picture: slow, and touches no database."""
        return content, self._small(content)

    def keep(self, sha256: str, content: bytes, small: bytes) -> None:
        """Keep bytes that came from the registry, under the digest that was checked."""
        with writing(self._database):
            self._database.execute(
                "INSERT OR IGNORE INTO blob (sha256, mime, size, state, stored_at, small, bytes) "
                "VALUES (?, 'image/jpeg', ?, 'stored', ?, ?, ?)",
                [sha256, len(content), dt.datetime.now(dt.UTC).isoformat(timespec="seconds"), small, content],
            )
            self._database.execute("INSERT OR IGNORE INTO fetched (sha256) VALUES (?)", [sha256])


def send_again(database: Database) -> None:
    """Inside a transaction: send every photo of this laptop once more, to a registry that may have lost it."""
    database.execute("UPDATE blob SET state = 'pending' WHERE sha256 NOT IN (SELECT sha256 FROM fetched)")
    database.execute("UPDATE upload SET remote = NULL")


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
        f"SELECT sha256 FROM ({_LINKED}) UNION SELECT json_extract(record.doc, '$.sha256') FROM record "
        "JOIN record AS visit ON visit.type = 'visit' AND visit.id = json_extract(record.doc, '$.visit') "
        "WHERE record.type = 'photo' AND json_extract(visit.doc, '$.state') = 'draft'"
    )
    database.execute(
        f"DELETE FROM blob WHERE sha256 IN (SELECT value FROM json_each(?)) AND sha256 NOT IN ({still})",
        [json.dumps(sorted(once))],
    )


def forget_unnamed(database: Database) -> None:
    """Inside the transaction that takes erased records away: forget the bytes that nothing names any more."""
    database.execute(
        "DELETE FROM blob WHERE NOT EXISTS "
        "(SELECT 1 FROM record WHERE type = 'photo' AND instr(doc || coalesce(server, ''), blob.sha256)) "
        "AND NOT EXISTS (SELECT 1 FROM outbox WHERE instr(ops, blob.sha256)) "
        "AND NOT EXISTS (SELECT 1 FROM aside WHERE instr(ops, blob.sha256))"
    )


def _read(database: Database, column: str, sha256: str) -> bytes | None:
    try:
        row = database.execute(f"SELECT {column} FROM blob WHERE sha256 = ?", [sha256]).fetchone()
    except DatabaseFault:
        return None
    return None if row is None else bytes(row[0])
