"""The file of the catalogue: loaded when it has to be, opened once, ready to read.

It is a pure function of the tables that travel with the app, of the edition that was received in their place, and
of the imports that are applied: where any has changed it is built anew, at the next opening at the latest.
"""

from __future__ import annotations

import datetime as dt
import threading
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fieldkit.domain.catalogue import Catalogue, merged
from fieldkit.errors import KnownError
from fieldkit.importers import devices, starting_catalogue
from fieldkit.paths import ensure_folder, resource
from fieldkit.store import catalogue as store
from fieldkit.store import edition, imports
from fieldkit.store.database import open_plain

if TYPE_CHECKING:
    from sqlite_utils import Database

_OPEN_FILES: Final = 8

_Signature = tuple[int, int] | None


def opened(path: Path) -> Database:
    """The catalogue at `path`, to read from this thread; loaded first where it has to be.

    The handle is kept as long as the file and that of the imports stay the same. Raises as `load`.
    """
    made_of = _signature(imports.beside(path)), _signature(edition.beside(path))
    return _opened(path, threading.get_ident(), _signature(path), made_of)


def as_of(path: Path) -> dt.date:
    """The day of the reference base that the catalogue describes."""
    return dt.date.fromisoformat(store.stamp(opened(path))["as_of"])


def load(path: Path, tables: Path, readers: Path | None = None) -> Database:
    """The catalogue at `path`, to read; built from what it is made of unless it already is.

    That is the CSV files in `tables`, the lists of readers (those of the app unless given), and the edition and
    the imports beside it. A missing, damaged or older file is replaced. Where another process is first and holds its
    file, that one is as good. Raises KnownError `catalogue-damaged`, `devices-damaged`,
    `catalogue-unwritable`, `disk-full` or `profile-unusable`.
    """
    readers = readers or resource("devices")
    wanted = fingerprint(tables, readers, path)
    current = store.open_current(path, wanted)
    if current is not None:
        return current
    ensure_folder(path.parent)
    _opened.cache_clear()  # Windows does not replace a file that is still open
    try:
        store.build(path, wanted, _with_imports(base(path, tables, readers), imports.beside(path)))
    except KnownError:
        current = store.open_current(path, wanted)
        if current is None:
            raise
        return current
    return open_plain(path, read_only=True)


def fingerprint(tables: Path, readers: Path, path: Path) -> str:
    """What a catalogue at `path`, made of these files and of what is beside it, bears: it changes when they do."""
    made_of = (
        starting_catalogue.fingerprint(tables),
        devices.fingerprint(readers),
        edition.digest(edition.beside(path)),
        imports.digest(imports.beside(path)),
    )
    return " ".join(filter(None, made_of))


def base(path: Path, tables: Path | None = None, readers: Path | None = None) -> Catalogue:
    """What the imports of the catalogue at `path` are laid over: the edition that was received, or `shipped`.

    The later counts, by the day of its reference base; the edition where both are of one day. Raises as `shipped`.
    """
    own = shipped(tables, readers)
    received = received_edition(path)
    return own if received is None or received.as_of < own.as_of else received


def received_edition(path: Path) -> Catalogue | None:
    """The edition that was received for the catalogue at `path`; None where there is none that can be read."""
    if not edition.beside(path).is_file():
        return None
    from fieldkit.importers import edition as importer

    try:
        return importer.read(edition.beside(path))
    except KnownError:  # an older app than the one that received it, or a damaged disk: the app's own serves
        return None


def shipped(tables: Path | None = None, readers: Path | None = None) -> Catalogue:
    """The catalogue that travels with the app, without any import.

    Raises KnownError `catalogue-damaged` or `devices-damaged`.
    """
    start = starting_catalogue.read(tables or resource("catalogue"))
    return merged(start, devices.as_catalogue(devices.read(readers or resource("devices")), start))


def _with_imports(base: Catalogue, beside: Path) -> Catalogue:
    applied = imports.applied(beside)
    if not applied:
        return base
    from fieldkit.domain.catalogue.layers import layered

    return layered(base, (change for changes in applied.values() for change in changes))


@lru_cache(maxsize=_OPEN_FILES)
def _opened(
    path: Path, _thread: int, _signature: _Signature, _made_of: tuple[_Signature, _Signature]
) -> Database:
    return load(path, resource("catalogue"))


def _signature(path: Path) -> _Signature:
    """What tells one file at `path` from its successor; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns
