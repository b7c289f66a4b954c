"""The file of the catalogue: loaded when it has to be, opened once, ready to read."""

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
from fieldkit.store.database import open_plain

if TYPE_CHECKING:
    from sqlite_utils import Database

_OPEN_FILES: Final = 8

_Signature = tuple[int, int] | None


def opened(path: Path) -> Database:
    """The catalogue at `path`, to read from this thread; loaded first where it has to be.

    The handle is kept as long as the file stays the same. Raises as `load`.
    """
    return _opened(path, threading.get_ident(), _signature(path))


def as_of(path: Path) -> dt.date:
    """The day of the reference base that the catalogue describes."""
    return dt.date.fromisoformat(store.stamp(opened(path))["as_of"])


def load(path: Path, tables: Path, readers: Path | None = None) -> Database:
    """The catalogue at `path`, to read; built from the files it is made of unless it already is theirs.

    These are the CSV files in `tables`, and the lists of readers (those of the app unless given). A missing,
    damaged or older file is replaced. Where another process is first and holds its file, that one is as
    good. Raises KnownError `catalogue-damaged`, `devices-damaged`, `catalogue-unwritable`, `disk-full` or
    `profile-unusable`.
    """
    readers = readers or resource("devices")
    wanted = fingerprint(tables, readers)
    current = store.open_current(path, wanted)
    if current is not None:
        return current
    ensure_folder(path.parent)
    try:
        store.build(path, wanted, _read(tables, readers))
    except KnownError:
        current = store.open_current(path, wanted)
        if current is None:
            raise
        return current
    return open_plain(path, read_only=True)


def fingerprint(tables: Path, readers: Path) -> str:
    """What a catalogue made of these files bears: it changes when, and only when, one of them does."""
    return f"{starting_catalogue.fingerprint(tables)} {devices.fingerprint(readers)}"


def _read(tables: Path, readers: Path) -> Catalogue:
    start = starting_catalogue.read(tables)
    return merged(start, devices.as_catalogue(devices.read(readers), start))


@lru_cache(maxsize=_OPEN_FILES)
def _opened(path: Path, _thread: int, _signature: _Signature) -> Database:
    return load(path, resource("catalogue"))


def _signature(path: Path) -> _Signature:
    """What tells one file at `path` from its successor; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns
