"""Everything that is not on the registry yet, in one encrypted file: the last resort, for another laptop to send.

The file is an SQLCipher database under a passphrase of its own. Changesets keep their bytes, so that sending them
from two laptops takes effect once: the registry knows them by their digest.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from sqlite_utils import Database

from fieldkit.errors import KnownError
from fieldkit.i18n import _
from fieldkit.store import attachments
from fieldkit.store.aside import EMPTY
from fieldkit.store.changes import digest, read_kv
from fieldkit.store.database import DatabaseFault, writing
from fieldkit.store.replica import Replica

FORMAT: Final = "fieldkit-unsent-1"
LEAST_PASSPHRASE: Final = 8

_COLUMNS: Final = "made_at, schema, label, ops, digest"


def export(database: Database, path: Path, passphrase: str) -> dict[str, int]:
    """Write what waits, is aside or was refused, and photos not yet stored. Returns `{changes, photos}`.

    The file appears whole or not at all, and replaces an earlier one. Raises KnownError `passphrase-short`,
    `export-unwritable`, or `nothing-unsent`: an earlier file is not replaced by an empty one.
    """
    if len(passphrase) < LEAST_PASSPHRASE:
        raise KnownError(
            "passphrase-short",
            _("Cette phrase de passe est trop courte."),
            _("Il en faut {n} caractères au moins ; elle sera demandée pour ouvrir le fichier.").format(
                n=LEAST_PASSPHRASE
            ),
        )
    part = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        with part.open("wb"):
            part.chmod(0o600)
        with _attached(database, part, passphrase), writing(database):
            counts = _write(database)
        if not any(counts.values()):
            raise KnownError(
                "nothing-unsent",
                _("Il n'y a rien à exporter : tout est parti."),
                _("Aucun fichier n'a été écrit."),
            )
        with part.open("rb") as file:
            os.fsync(file.fileno())
        part.replace(path)
    except (OSError, DatabaseFault) as error:
        raise KnownError(
            "export-unwritable",
            _("L'export n'a pas pu être écrit."),
            _("Choisissez un autre dossier, et vérifiez la place libre."),
        ) from error
    finally:
        part.unlink(missing_ok=True)
    return counts


def import_(database: Database, path: Path, passphrase: str) -> dict[str, int]:
    """Queue here what a file holds and this laptop does not. Returns `{changes, photos}`: how many were new.

    Raises KnownError `unsent-unreadable`, `unsent-of-another`.
    """
    if not path.is_file():
        raise _unreadable()
    try:
        with _attached(database, path, passphrase):
            about = dict(map(tuple, database.execute("SELECT key, value FROM unsent.about")))
            if about.get("format") != FORMAT:
                raise _unreadable()
            _refuse_another(about.get("user"), read_kv(database, "user"))
            entries: list[Mapping[str, Any]] = [
                dict(row)
                for row in database.execute(f"SELECT state, {_COLUMNS} FROM unsent.entry ORDER BY n")
            ]
            if any(digest(entry["ops"]) != entry["digest"] for entry in entries):
                raise _unreadable()
            photos = _take_photos(database)
            return {"changes": Replica(database).adopt(entries), "photos": photos}
    except DatabaseFault as error:
        raise _unreadable() from error


def _write(database: Database) -> dict[str, int]:
    execute = database.execute
    for statement in (
        "CREATE TABLE unsent.about (key TEXT PRIMARY KEY, value TEXT NOT NULL)",
        "CREATE TABLE unsent.entry (n INTEGER PRIMARY KEY, state TEXT NOT NULL, made_at TEXT NOT NULL, "
        "schema INTEGER NOT NULL, label TEXT NOT NULL, ops TEXT NOT NULL, digest TEXT NOT NULL, outcome TEXT)",
        "CREATE TABLE unsent.blob (sha256 TEXT PRIMARY KEY, mime TEXT NOT NULL, size INTEGER NOT NULL, "
        "small BLOB NOT NULL, bytes BLOB NOT NULL)",
    ):
        execute(statement)
    about = {"format": FORMAT, "device": read_kv(database, "device"), "user": read_kv(database, "user")}
    for key, value in about.items():
        if value is not None:
            execute("INSERT INTO unsent.about VALUES (?, ?)", [key, value])
    execute(
        f"INSERT INTO unsent.entry (state, {_COLUMNS}, outcome) SELECT state, {_COLUMNS}, outcome FROM ("
        f"SELECT state, {_COLUMNS}, outcome FROM main.outbox WHERE state <> 'acked' AND ops <> '{EMPTY}' "
        f"UNION ALL SELECT 'aside', {_COLUMNS}, NULL FROM main.aside) ORDER BY json_extract(ops, '$[0].st')"
    )
    for photo in attachments.pending(database):
        execute(
            "INSERT INTO unsent.blob SELECT sha256, mime, size, small, bytes FROM main.blob WHERE sha256 = ?",
            [photo.sha256],
        )
    return {name: _count(database, f"unsent.{table}") for name, table in _PARTS.items()}


_PARTS: Final = {"changes": "entry", "photos": "blob"}


def _take_photos(database: Database) -> int:
    before = _count(database, "main.blob")
    with writing(database):
        database.execute(
            "INSERT OR IGNORE INTO main.blob (sha256, mime, size, small, bytes) "
            "SELECT sha256, mime, size, small, bytes FROM unsent.blob"
        )
        return _count(database, "main.blob") - before


def _count(database: Database, table: str) -> int:
    return int(database.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


@contextmanager
def _attached(database: Database, path: Path, passphrase: str) -> Iterator[None]:
    database.execute("ATTACH DATABASE ? AS unsent KEY ?", [str(path), passphrase])
    try:
        yield
    finally:
        database.execute("DETACH DATABASE unsent")


def _refuse_another(theirs: str | None, ours: str | None) -> None:
    if theirs and ours and theirs != ours:
        raise KnownError(
            "unsent-of-another",
            _("Ce fichier a été écrit par une autre personne ({user}).").format(user=theirs),
            _("Ouvrez-le dans un profil de cette personne : ses saisies partiront sous son nom."),
        )


def _unreadable() -> KnownError:
    return KnownError(
        "unsent-unreadable",
        _("Ce fichier ne s'ouvre pas : ce n'est pas la bonne phrase de passe, ou pas un export de Fieldkit."),
        _("Vérifiez la phrase de passe et le fichier. Rien n'a été modifié."),
    )
