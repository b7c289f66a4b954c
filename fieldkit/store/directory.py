"""The directory in its own file, beside the catalogue: written whole, then only read.

As the catalogue, a new file is built aside and takes the place of the old one in one rename; the old one serves
until then. It holds public data of professionals, and no field data.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from sqlite_utils import Database

from fieldkit.domain.directory import Line
from fieldkit.errors import KnownError
from fieldkit.i18n import _
from fieldkit.store.database import DatabaseFault, in_use, open_plain, writing
from fieldkit.store.directory_tables import Filling

_FORMAT: Final = "1"
"""Raised when the tables change shape: a directory of another format has to be imported again."""
_CACHE_KB: Final = 20_000
"""What SQLite sorts in one go, too: measured, more is slower."""
_EVERY: Final = 2_000_000
"""Steps of SQLite between two looks at whether anybody still wants the result; some tenths of a second."""
_PATIENCE_S: Final = 10

OnStep = Callable[[float], None]


def open_current(path: Path) -> Database | None:
    """The directory at `path`, to read; None where there is none of this format."""
    if not path.is_file():
        return None
    database = None
    try:
        database = open_plain(path, read_only=True)
        if stamp(database).get("format") == _FORMAT:
            return database
    except (KnownError, DatabaseFault):
        pass
    if database is not None:
        database.close()
    return None


def stamp(database: Database) -> dict[str, Any]:
    """What the file says of itself, as it was given to `NewDirectory.seal`; beside it `format`."""
    return {row["key"]: json.loads(row["value"]) for row in database.query("SELECT key, value FROM stamp")}


class NewDirectory:
    """A directory that is being written aside."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._tables = Filling(database)

    def add(self, lines: Iterable[Line]) -> None:
        """Write these lines."""
        self._tables.add(lines)

    def index(self, on_step: OnStep) -> None:
        """Make the lines searchable. `on_step` is told the share that is done, and may raise to give up."""
        share = 0.0
        given_up: list[Exception] = []

        def tell(now: float) -> None:
            nonlocal share
            share = now
            on_step(now)

        def look() -> int:
            try:
                on_step(share)
            except Exception as error:  # noqa: BLE001  told once SQLite has let go
                given_up.append(error)
                return 1
            return 0

        self._database.conn.set_progress_handler(look, _EVERY)
        try:
            self._tables.index(tell)
        except DatabaseFault:
            if given_up:
                raise given_up[0] from None
            raise
        finally:
            self._database.conn.set_progress_handler(None, 0)

    def seal(self, about: dict[str, Any]) -> None:
        """Write what the file says of itself."""
        marks = {"format": _FORMAT, **about}
        rows = [(key, json.dumps(value, ensure_ascii=False)) for key, value in marks.items()]
        self._database.conn.executemany("INSERT INTO stamp VALUES (?,?)", rows)


@contextmanager
def rebuilding(path: Path) -> Iterator[NewDirectory]:
    """A new directory, which takes the place of what is at `path` when the block ends well.

    Raises KnownError `directory-busy` (another import is under way), `directory-unwritable` or `disk-full`;
    what was at `path` is then untouched.
    """
    aside = path.with_name(path.name + ".new")
    database = _claim(aside)
    try:
        with writing(database):
            yield NewDirectory(database)
        database.close()
        try:
            _to_disk(aside)
            _swap(aside, path)
        except OSError as error:
            raise _unwritable() from error
    finally:
        database.close()
        aside.unlink(missing_ok=True)


def _claim(aside: Path) -> Database:
    """An empty file that nobody else writes; what an import left that was cut off is thrown away."""
    if aside.exists() and in_use(aside):
        raise KnownError(
            "directory-busy",
            _("Un autre import de l'annuaire est en cours dans ce profil."),
            _("Attendez qu'il ait fini, puis recommencez."),
        )
    try:
        aside.unlink(missing_ok=True)
        database = open_plain(aside)
    except (OSError, KnownError) as error:
        raise _unwritable() from error
    # Nothing is there yet that would have to be undone: a crash leaves a file that is thrown away.
    for pragma in ("journal_mode = MEMORY", "synchronous = OFF", "locking_mode = EXCLUSIVE"):
        database.execute(f"PRAGMA {pragma}")
    database.execute("BEGIN EXCLUSIVE")
    database.execute("COMMIT")  # the lock stays until the file is closed
    database.execute(f"PRAGMA cache_size = -{_CACHE_KB}")
    database.execute("PRAGMA temp_store = FILE")  # SQLCipher would sort in memory
    database.execute("PRAGMA threads = 2")
    return database


def _to_disk(aside: Path) -> None:
    with aside.open("rb+") as file:
        os.fsync(file.fileno())


def _swap(aside: Path, path: Path) -> None:
    """Windows renames nothing over a file that is open: whoever reads the old one has a while to let go."""
    until = time.monotonic() + _PATIENCE_S
    while True:
        try:
            aside.replace(path)
            return
        except PermissionError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


def _unwritable() -> KnownError:
    return KnownError(
        "directory-unwritable",
        _("L'annuaire ne peut pas être enregistré dans le profil."),
        _("Vérifiez la place libre (1 Go pour toute la France) et vos droits sur le dossier du profil."),
    )
