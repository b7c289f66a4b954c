"""The schema of the field data, as named steps: each is applied once, in order, in its own transaction.

Data that are there already are copied beside their file first, as encrypted as they are.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

from sqlite_utils import Database

from fieldkit.errors import KnownError
from fieldkit.i18n import _
from fieldkit.store.database import writing

STEPS: Final[tuple[tuple[str, str], ...]] = (
    (
        "0001 records and outbox",
        """
        CREATE TABLE record (
            type TEXT NOT NULL,
            id TEXT NOT NULL,
            scope TEXT NOT NULL,
            doc TEXT NOT NULL,
            stamps TEXT NOT NULL,
            archived INTEGER NOT NULL DEFAULT 0,
            rev INTEGER NOT NULL DEFAULT 0,
            server TEXT,
            PRIMARY KEY (type, id)
        ) WITHOUT ROWID;
        CREATE INDEX record_practice ON record (json_extract(doc, '$.practice')) WHERE archived = 0;
        CREATE INDEX record_visit ON record (json_extract(doc, '$.visit')) WHERE archived = 0;
        CREATE TABLE outbox (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            made_at TEXT NOT NULL,
            schema INTEGER NOT NULL,
            label TEXT NOT NULL,
            ops TEXT NOT NULL,
            digest TEXT NOT NULL,
            state TEXT NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'acked', 'refused')),
            tried INTEGER NOT NULL DEFAULT 0,
            outcome TEXT,
            answered_at TEXT,
            upto TEXT
        );
        CREATE INDEX outbox_state ON outbox (state, seq);
        CREATE TABLE cursor (
            scope TEXT PRIMARY KEY,
            seq INTEGER NOT NULL DEFAULT 0,
            staged INTEGER NOT NULL DEFAULT 0
        );
        CREATE TABLE pull_stage (
            type TEXT NOT NULL,
            id TEXT NOT NULL,
            scope TEXT NOT NULL,
            doc TEXT NOT NULL,
            stamps TEXT NOT NULL,
            archived INTEGER NOT NULL,
            rev INTEGER NOT NULL,
            PRIMARY KEY (type, id)
        ) WITHOUT ROWID;
        CREATE TABLE sync_kv (key TEXT PRIMARY KEY, value TEXT NOT NULL);
        """,
    ),
    (
        "0002 undo",
        """
        CREATE TABLE inverse (id TEXT PRIMARY KEY, of TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE overtaken (id TEXT PRIMARY KEY) WITHOUT ROWID;
        """,
    ),
    (
        "0003 photos",
        """
        CREATE TABLE blob (
            sha256 TEXT PRIMARY KEY,
            mime TEXT NOT NULL,
            size INTEGER NOT NULL,
            state TEXT NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'stored')),
            stored_at TEXT,
            small BLOB NOT NULL,
            bytes BLOB NOT NULL
        );
        """,
    ),
    (
        "0004 carried",
        """
        CREATE TABLE upload (
            sha256 TEXT PRIMARY KEY,
            remote TEXT,
            tries INTEGER NOT NULL DEFAULT 0,
            trouble TEXT
        ) WITHOUT ROWID;
        CREATE TABLE fetched (sha256 TEXT PRIMARY KEY) WITHOUT ROWID;
        CREATE TABLE aside (
            n INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            made_at TEXT NOT NULL,
            schema INTEGER NOT NULL,
            label TEXT NOT NULL,
            ops TEXT NOT NULL,
            digest TEXT NOT NULL
        );
        CREATE INDEX record_merged ON record (json_extract(doc, '$.merged_into'))
            WHERE json_extract(doc, '$.merged_into') IS NOT NULL;
        """,
    ),
)
"""`record.rev` is the registry's revision, 0 while it has none; `record.server` is its state of the record as
JSON `{doc, stamps, archived}` where local edits cover it. `outbox.upto` gives, of an answered entry that no
pull has brought back yet, the head of each of its scopes. `cursor.staged` is how far `pull_stage` reaches.
`inverse` says which outbox entry undoes which; those in `overtaken` cannot be undone or done again any more.
`blob.bytes` come last, so that all else of a row is read without them. `upload` says how far a photo is on its
way: `remote` is the registry's name of an upload that was begun; those in `fetched` came from there. `aside`
holds changesets that were taken out of the queue; an empty one keeps the number of each in `outbox`."""


def migrate(database: Database) -> None:
    """Bring `database` to the newest schema.

    Raises KnownError `database-newer` where a newer version of the app has written it, `copy-failed` where
    what is there cannot be copied first; nothing is touched then.
    """
    database.execute(
        "CREATE TABLE IF NOT EXISTS migration (name TEXT PRIMARY KEY, at TEXT DEFAULT CURRENT_TIMESTAMP)"
    )
    done = {row[0] for row in database.execute("SELECT name FROM migration")}
    if done - {name for name, _sql in STEPS}:
        raise KnownError(
            "database-newer",
            _("Ce profil a été ouvert par une version plus récente de Fieldkit."),
            _("Installez cette version ou une plus récente sur ce poste, puis rouvrez le profil."),
        )
    for name, sql in STEPS:
        if name not in done:
            if done:
                _keep_copy(database, name)
            _apply(database, name, sql)


def _keep_copy(database: Database, step: str) -> None:
    """Copy the file, with its write-ahead log, to `….before-0002`; the write lock keeps both still meanwhile."""
    path = Path(database.execute("PRAGMA database_list").fetchone()[2])
    beside = path.with_name(f"{path.name}.before-{step.split()[0]}")
    try:
        with writing(database):
            for end in ("", "-wal"):
                if Path(f"{path}{end}").exists():
                    shutil.copy2(f"{path}{end}", f"{beside}{end}")
    except OSError as error:
        raise KnownError(
            "copy-failed",
            _("Vos données n'ont pas pu être copiées avant leur mise à jour."),
            _("Libérez de la place sur le disque, puis rouvrez Fieldkit : rien n'a été touché."),
        ) from error


def _apply(database: Database, name: str, sql: str) -> None:
    with database.atomic():
        # Another process may have applied it between our look and our lock.
        if database.execute("SELECT 1 FROM migration WHERE name = ?", [name]).fetchone():
            return
        for statement in filter(str.strip, sql.split(";")):
            database.execute(statement)
        database.execute("INSERT INTO migration (name) VALUES (?)", [name])
