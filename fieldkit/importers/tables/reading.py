"""One file, judged and read: its sheets, its fingerprint, and whether it stayed the same meanwhile."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fieldkit.importers.tables import archive, faults, own, text, workbook
from fieldkit.importers.tables.sheet import Sheet

MOST_MB: Final = 50
"""The largest file that is opened; the largest table of the trade so far has 2 MB."""

_ZIP: Final = b"PK\x03\x04"
_EMPTY_ZIP: Final = b"PK\x05\x06"
_OTHERS: Final = (
    b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"%PDF", b"\x7fELF", b"MZ", b"RIFF", b"II*\x00", b"MM\x00*",
    b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"SQLite format 3", b"<!DOCTYPE", b"<!doctype", b"<html", b"<HTML",
    b"{\\rtf",
)  # fmt: skip


class StoppedError(Exception):
    """Whoever asked wants no more of it."""


@dataclass(frozen=True, slots=True)
class Book:
    """What is in a file; `stamp` tells it from the same file written later."""

    name: str
    sha256: str
    stamp: tuple[int, int]
    sheets: tuple[Sheet, ...]


def read(path: Path, cancelled: Callable[[], bool] = lambda: False) -> Book:
    """Every sheet of the file at `path` that holds something.

    Raises KnownError (`table-…`, each with its way out), or `StoppedError` once `cancelled` says so.
    """
    try:
        stamp = _stamp(path)
        if not path.is_file():
            raise faults.missing(path)
        if stamp[0] > MOST_MB * 1024 * 1024:
            raise faults.too_big(path, MOST_MB)
        raw = path.read_bytes()
        if not raw:
            raise faults.empty(path)
        sheets = _sheets(path, raw, cancelled)
        if cancelled():
            raise StoppedError
        if _stamp(path) != stamp or len(raw) != stamp[0]:
            raise faults.incomplete(path)
    except OSError as error:
        raise faults.missing(path) from error
    if not sheets:
        raise faults.empty(path)
    return Book(path.name, hashlib.sha256(raw).hexdigest(), stamp, tuple(sheets))


def still_the_same(path: Path, book: Book) -> None:
    """Raise KnownError `table-incomplete` where the file has changed since it was read as `book`."""
    try:
        same = _stamp(path) == book.stamp
    except OSError:
        same = False
    if not same:
        raise faults.incomplete(path)


def _sheets(path: Path, raw: bytes, cancelled: Callable[[], bool]) -> list[Sheet]:
    if raw.startswith(_ZIP):
        spans = archive.examine(path, cancelled)
        return workbook.parse(path, spans, cancelled)
    if raw.startswith(workbook.OLE):
        if workbook.is_encrypted(raw):
            raise faults.encrypted(path)
        return workbook.parse(path, (), cancelled)
    if raw.startswith((*_OTHERS, _EMPTY_ZIP)):
        raise faults.not_a_table(path)
    if not raw.strip(b"\x00"):
        raise faults.incomplete(path)  # room is kept for it, and nothing has come yet
    if path.suffix.casefold() == ".json" or raw.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
        return own.parse(path, raw)
    return [text.parse(path, raw)]


def _stamp(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_size, found.st_mtime_ns
