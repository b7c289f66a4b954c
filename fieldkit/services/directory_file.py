"""The file of the directory: opened once for each thread that reads it, and let go of when it is replaced."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from fieldkit.errors import KnownError
from fieldkit.i18n import _
from fieldkit.store import directory as store
from fieldkit.store.database import DatabaseFault

if TYPE_CHECKING:
    from sqlite_utils import Database

Mark = tuple[int, int]
_open = threading.local()


@contextmanager
def reading(path: Path) -> Iterator[Database]:
    """The directory at `path`, to read from this thread; the handle is kept as long as the file is the same.

    Raises KnownError `directory-missing` where none was imported (or one of an older format), and
    `directory-damaged` where the file turns out to be.
    """
    database = _current(path)
    if database is None:
        raise KnownError(
            "directory-missing",
            _("Aucun annuaire n'est encore importé dans ce profil."),
            _("Importez l'extraction en libre accès de l'Annuaire Santé : page Annuaire (F4), ou "
              "« fieldkit directory import FICHIER »."),
        )  # fmt: skip
    try:
        yield database
    except DatabaseFault as error:
        let_go()
        raise KnownError(
            "directory-damaged",
            _("Le fichier de l'annuaire est endommagé."),
            _("Importez de nouveau l'extraction ; vos visites ne sont pas touchées."),
        ) from error


def present(path: Path) -> bool:
    """Whether there is a directory to read at `path`."""
    return _current(path) is not None


def let_go() -> None:
    """Close what this thread has open, so that Windows can put another file in its place."""
    _path, _mark, database = getattr(_open, "kept", (None, None, None))
    _open.kept = (None, None, None)
    if database is not None:
        database.close()


def _current(path: Path) -> Database | None:
    signature = mark(path)
    kept: tuple[Path | None, Mark | None, Database | None]
    kept = getattr(_open, "kept", (None, None, None))
    if kept[:2] != (path, signature):
        let_go()
        kept = (path, signature, None if signature is None else store.open_current(path))
        _open.kept = kept
    return kept[2]


def mark(path: Path) -> Mark | None:
    """What tells one file at `path` from its successor; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns
