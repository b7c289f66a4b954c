"""Opening SQLite files: the encrypted field data, and plain reference data beside it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import sqlcipher3.dbapi2 as sqlcipher

# sqlite-utils catches the exceptions of the driver it finds under these names; without this it would
# look for those of the standard library and miss SQLCipher's.
sys.modules.setdefault("pysqlite3", sqlcipher)
sys.modules.setdefault("pysqlite3.dbapi2", sqlcipher)

# It would load numpy, and that for nothing: values of numpy's types are none of ours. 50 ms and 15 MB each time.
_numpy_was_there = "numpy" in sys.modules
if not _numpy_was_there:
    sys.modules["numpy"] = None  # type: ignore[assignment]
from sqlite_utils import Database  # noqa: E402  (its driver is chosen above)

if not _numpy_was_there:
    del sys.modules["numpy"]

from fieldkit.errors import KnownError  # noqa: E402  after numpy is out of the way
from fieldkit.i18n import _  # noqa: E402  after numpy is out of the way

DatabaseFault: Final[type[Exception]] = sqlcipher.DatabaseError
BUSY_MS: Final = 10_000
_PHOTOS: Final = "blob"


def open_plain(path: Path, *, read_only: bool = False) -> Database:
    """A file of public reference data (catalogue, directory), not encrypted.

    Raises KnownError `database-corrupt` where the file is not a database.
    """
    return _open(path, None, read_only=read_only)


def open_encrypted(path: Path, key: str) -> Database:
    """The field data of one delegate; `key` is 96 hexadecimal digits: 32 bytes of key, 16 of salt.

    Every commit is on the disk before it returns (`synchronous=FULL`).
    Raises KnownError `database-corrupt` where the key does not open the file or it is damaged.
    """
    return _open(path, key, read_only=False)


@contextmanager
def writing(database: Database) -> Iterator[None]:
    """One transaction that holds the write lock from its start, so that what it reads stays true.

    Raises KnownError `disk-full` or `database-busy` where SQLite cannot write; nothing is kept then.
    """
    try:
        database.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            database.rollback()
            raise
        database.execute("COMMIT")
    except sqlcipher.OperationalError as error:
        if database.conn.in_transaction:
            database.rollback()
        known = _not_written(str(error))
        if known is None:
            raise
        raise known from error


def check_integrity(database: Database) -> None:
    """Raise KnownError `database-corrupt` unless SQLite finds every page sound.

    The insides of photos are left out: they are many pages, and each photo is known by the digest of its bytes.
    """
    try:
        tables = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        parts = ["(1)"]
        if _PHOTOS in tables:
            parts = [f"({name})" for name in tables if name != _PHOTOS]
            database.execute(f"SELECT sum(size) FROM {_PHOTOS}").fetchone()  # its table
            database.execute(f"SELECT max(sha256), count(sha256) FROM {_PHOTOS}").fetchone()  # its index
        rows = [row[0] for part in parts for row in database.execute(f"PRAGMA quick_check{part}")]
    except sqlcipher.DatabaseError as error:
        raise corrupt() from error
    if any(row != "ok" for row in rows):
        raise corrupt()


def in_use(path: Path) -> bool:
    """Whether somebody has the database at `path` for themselves just now."""
    probe = sqlcipher.connect(
        path.absolute().as_uri() + "?mode=ro", uri=True, timeout=0, isolation_level=None
    )
    try:
        probe.execute("SELECT count(*) FROM sqlite_master")
    except sqlcipher.DatabaseError as error:
        return "locked" in str(error)
    finally:
        probe.close()
    return False


def corrupt() -> KnownError:
    """The error of a damaged database, with the way out."""
    return KnownError(
        "database-corrupt",
        _("La base de données est endommagée et n'a pas pu être ouverte."),
        _(
            "Rien n'a été effacé. Faites une copie du dossier du profil, puis restaurez votre dernière "
            "sauvegarde, ou ouvrez un nouveau profil : les visites déjà envoyées reviendront du registre."
        ),
    )


def _open(path: Path, key: str | None, *, read_only: bool) -> Database:
    # Reads run on the worker that opened the file; the file itself is what processes share.
    try:
        if read_only:
            connection = sqlcipher.connect(
                path.absolute().as_uri() + "?mode=ro", uri=True, check_same_thread=False, isolation_level=None
            )
        else:
            connection = sqlcipher.connect(str(path), check_same_thread=False, isolation_level=None)
        _prepare(connection, key, read_only=read_only)
    except sqlcipher.OperationalError as error:
        raise _unusable(path) from error
    except sqlcipher.DatabaseError as error:
        raise corrupt() from error
    return Database(connection)


def _prepare(connection: Any, key: str | None, *, read_only: bool) -> None:
    connection.row_factory = sqlcipher.Row
    execute = connection.execute
    if key is not None:
        execute("PRAGMA cipher_log_level = NONE")  # it would write to standard error
        execute(f"PRAGMA key = \"x'{key}'\"")
    execute(f"PRAGMA busy_timeout = {BUSY_MS}")
    execute("SELECT count(*) FROM sqlite_master").fetchone()
    if not read_only:
        execute("PRAGMA journal_mode = WAL")
        execute("PRAGMA synchronous = FULL")
    execute("PRAGMA foreign_keys = ON")


def _unusable(path: Path) -> KnownError:
    return KnownError(
        "database-unusable",
        _("Le fichier {name} ne peut pas être ouvert.").format(name=path.name),
        _("Vérifiez que le disque n'est pas plein et que vous avez le droit d'écrire dans le profil."),
    )


def _not_written(said: str) -> KnownError | None:
    if "locked" in said or "busy" in said:
        return KnownError(
            "database-busy",
            _("Une autre fenêtre de Fieldkit écrit dans ce profil."),
            _("Attendez qu'elle ait fini, puis recommencez."),
        )
    if any(word in said for word in ("full", "readonly", "disk I/O", "unable to open")):
        return KnownError(
            "disk-full",
            _("L'enregistrement a échoué : le disque est plein ou protégé."),
            _("Libérez de la place ; ce qui est à l'écran n'est pas encore enregistré."),
        )
    return None
