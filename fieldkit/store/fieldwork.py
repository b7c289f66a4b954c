"""The field data of one delegate: reading it, and opening a changeset to write it."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Self

from sqlite_utils import Database

from fieldkit.domain.clock import new_device
from fieldkit.domain.fieldwork import Record
from fieldkit.store import changes
from fieldkit.store.changes import Changeset
from fieldkit.store.database import check_integrity, open_encrypted, writing
from fieldkit.store.migrations import migrate

_FAMILY = """
    WITH RECURSIVE family(id) AS (
        SELECT ?
        UNION SELECT json_extract(doc, '$.merged_into') FROM family JOIN record USING (id)
        WHERE type = 'practice' AND json_extract(doc, '$.merged_into') IS NOT NULL
        UNION SELECT record.id FROM family JOIN record ON json_extract(record.doc, '$.merged_into') = family.id
        WHERE record.type = 'practice' AND json_extract(record.doc, '$.merged_into') IS NOT NULL
    ) SELECT id FROM family
"""
"""A practice and all that it was merged with."""
_COLUMNS = "type, id, scope, doc, stamps, archived"


class FieldStore:
    """The encrypted file of practices, visits and all that belongs to them."""

    def __init__(self, database: Database, folder: Path | None = None) -> None:
        self.database = database
        self.folder = folder
        """Where the file is, and what belongs to it stands beside it; None for one in memory."""
        migrate(database)
        self.device = changes.read_kv(database, "device") or self._become_a_device()

    @classmethod
    def open(cls, path: Path, key: str) -> Self:
        """Open (or make) the file at `path` with its 96-digit `key`, after a look at its soundness.

        Raises KnownError `database-corrupt`, `database-newer` or `database-unusable`.
        """
        database = open_encrypted(path, key)
        check_integrity(database)
        return cls(database, path.parent)

    def changeset(self, label: str) -> AbstractContextManager[Changeset]:
        """The only way to write: see `changes.changeset`."""
        return changes.changeset(self.database, self.device, label)

    def get(self, record_type: str, record_id: str) -> Record:
        """One record; raises KnownError `record-missing`."""
        record = changes.read_record(self.database, record_type, record_id)
        if record is None:
            raise changes.missing(record_id)
        return record

    def of(self, record_type: str, *, archived: bool = False) -> list[Record]:
        """All records of a type, oldest first."""
        return self._read("type = ? AND archived <= ?", [record_type, int(archived)])

    def of_practice(self, record_type: str, practice: str) -> list[Record]:
        """The records of a type that belong to one practice, or to one that it was merged with, oldest first."""
        return self._read(
            f"type = ? AND archived = 0 AND json_extract(doc, '$.practice') IN ({_FAMILY})",
            [record_type, practice],
        )

    def root_of(self, record_type: str, record_id: str) -> Record:
        """The record that stands for this one: itself, or the one that it was merged into.

        Where two were merged into each other, by two people apart, the older one. Raises KnownError
        `record-missing`.
        """
        chain = [self.get(record_type, record_id)]
        while (next_id := chain[-1]["merged_into"]) and next_id not in {record.id for record in chain}:
            found = changes.read_record(self.database, record_type, next_id)
            if found is None:  # not on this laptop
                return chain[-1]
            chain.append(found)
        if chain[-1]["merged_into"]:
            ring = chain[[record.id for record in chain].index(chain[-1]["merged_into"]) :]
            return min(ring, key=lambda record: record.id)
        return chain[-1]

    def of_visit(self, record_type: str, visit: str) -> list[Record]:
        """The records of a type that belong to one visit, oldest first."""
        return self._read(
            "type = ? AND archived = 0 AND json_extract(doc, '$.visit') = ?", [record_type, visit]
        )

    def is_known(self, record_type: str, record_id: str) -> bool:
        """Whether the registry has this record."""
        row = self.database.execute(
            "SELECT rev FROM record WHERE type = ? AND id = ?", [record_type, record_id]
        ).fetchone()
        return bool(row and row[0])

    def close(self) -> None:
        """Close the file; the write-ahead log is folded into it."""
        self.database.close()

    def _read(self, where: str, values: list[str | int]) -> list[Record]:
        rows = self.database.execute(f"SELECT {_COLUMNS} FROM record WHERE {where} ORDER BY id", values)
        return [changes.as_record(row) for row in rows]

    def _become_a_device(self) -> str:
        with writing(self.database):
            device = changes.read_kv(self.database, "device") or new_device()
            changes.write_kv(self.database, "device", device)
        return device
