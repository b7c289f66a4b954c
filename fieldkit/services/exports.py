"""Export of any list to a file that others can open: CSV, XLSX or JSON, as the name of the file ends."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from fieldkit.reports import tables
from fieldkit.reports.tables import Cell

FORMATS = ("csv", "xlsx", "json")


def write(path: Path, columns: Sequence[str], rows: Iterable[Sequence[Cell]], *, name: str = "Liste") -> int:
    """Write `rows`, each with a cell for every one of `columns`, to `path`; returns how many there were.

    `rows` may be endless in memory's eyes: they are written as they come. A cell is a text, a number, a
    yes or no, several texts, or None for nothing known. `name` is that of the sheet in XLSX.
    Raises KnownError `export-format`, `export-unwritable` or `export-too-big`; what was at `path` is then
    untouched.
    """
    return tables.write(path, [tables.Table(name, columns, rows)])
