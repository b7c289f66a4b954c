"""Lists as CSV, XLSX and JSON files; no cell of theirs is ever a live formula.

CSV is what a French spreadsheet opens without a question: UTF-8 with its mark, semicolons, decimal commas.
A file is written aside and takes its place in one rename.
"""

from __future__ import annotations

import csv
import json
import math
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, Final

from fieldkit.domain.cells import guarded, joined
from fieldkit.errors import KnownError
from fieldkit.i18n import _

Cell = str | int | float | bool | Sequence[str] | None

_MOST_ROWS: Final = 1_048_575
_MOST_LETTERS: Final = 32_767
_SHEET_NAME: Final = 31
_NOT_IN_NAMES: Final = re.compile(r"[\[\]:*?/\\]")


@dataclass(frozen=True, slots=True)
class Table:
    """A named list; every row has a cell for each of `columns`."""

    name: str
    columns: Sequence[str]
    rows: Iterable[Sequence[Cell]]


def write(path: Path, tables: Sequence[Table]) -> int:
    """Write `tables` to `path` in the format that its ending names; returns the number of rows.

    Several tables are the sheets of an XLSX file, the members of a JSON object, and in a CSV file the rows of
    one table with all columns. Raises KnownError `export-format`, `export-unwritable` or `export-too-big`.
    """
    writer = _WRITERS.get(path.suffix.casefold())
    if writer is None:
        raise KnownError(
            "export-format",
            _("Ce format d'export n'existe pas."),
            _("Terminez le nom du fichier par .csv, .xlsx ou .json."),
        )
    with _aside(path) as new:
        return writer(new, tables)


@contextmanager
def _aside(path: Path) -> Iterator[Path]:
    new = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        try:
            yield new
            new.replace(path)
        finally:
            with suppress(OSError):
                new.unlink(missing_ok=True)
    except OSError as error:
        raise KnownError(
            "export-unwritable",
            _("Le fichier {name} ne peut pas être écrit.").format(name=path.name),
            _("Fermez-le s'il est ouvert ailleurs, ou choisissez un autre dossier où il reste de la place."),
        ) from error


def _csv(path: Path, tables: Sequence[Table]) -> int:
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        lines = csv.writer(file, delimiter=";", lineterminator="\r\n")
        columns, rows = _as_one(tables)
        lines.writerow([_csv_cell(name) for name in columns])
        for row in rows:
            lines.writerow([_csv_cell(value) for value in row])
            count += 1
    return count


def _as_one(tables: Sequence[Table]) -> tuple[Sequence[str], Iterable[Sequence[Cell]]]:
    if len(tables) == 1:
        return tables[0].columns, tables[0].rows
    columns = list(dict.fromkeys(chain.from_iterable(table.columns for table in tables)))

    def rows() -> Iterator[Sequence[Cell]]:
        for table in tables:
            for row in table.rows:
                named = dict(zip(table.columns, row, strict=True))
                yield [named.get(column) for column in columns]

    return columns, rows()


def _csv_cell(value: Cell) -> str:
    if isinstance(value, float):
        return _plain(value).replace(".", ",")
    return _plain(value) if isinstance(value, int) else guarded(_plain(value))


def _xlsx(path: Path, tables: Sequence[Table]) -> int:
    import xlsxwriter

    count = 0
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    try:
        strong = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        for table in tables:
            sheet = book.add_worksheet(_sheet_name(table.name))
            sheet.freeze_panes(1, 0)
            sheet.set_column(0, max(len(table.columns) - 1, 0), 22)
            for column, name in enumerate(table.columns):
                sheet.write_string(0, column, name, strong)
            number = 0
            for number, row in enumerate(table.rows, start=1):
                if number > _MOST_ROWS:
                    raise _too_big()
                for column, value in enumerate(row):
                    _xlsx_cell(sheet, number, column, value)
            count += number
            if table.columns:
                sheet.autofilter(0, 0, number, len(table.columns) - 1)
    finally:
        _closed(book)
    return count


def _sheet_name(name: str) -> str:
    """`name` as a spreadsheet allows it."""
    return _NOT_IN_NAMES.sub(" ", name)[:_SHEET_NAME].strip(" '")


def _closed(book: Any) -> None:
    import xlsxwriter.exceptions

    try:
        book.close()
    except xlsxwriter.exceptions.XlsxWriterException as error:
        raise OSError(str(error)) from error


def _xlsx_cell(sheet: Any, row: int, column: int, value: Cell) -> None:
    if value is None or value == "":
        return
    if isinstance(value, (int, float)) and not isinstance(value, bool) and _fits(value):
        sheet.write_number(row, column, value)
        return
    text = _plain(value)
    if len(text) > _MOST_LETTERS:
        raise _too_big()
    sheet.write_string(row, column, text)


def _fits(number: float) -> bool:
    """Whether a spreadsheet keeps all of `number`: it has room for 16 digits."""
    return math.isfinite(number) and float(f"{number:.16G}") == number


def _json(path: Path, tables: Sequence[Table]) -> int:
    count = 0
    with path.open("w", encoding="utf-8") as file:
        several = len(tables) > 1
        file.write("{\n" if several else "")
        for place, table in enumerate(tables):
            file.write((",\n" if place else "") + (f"{json.dumps(table.name)}: " if several else ""))
            file.write("[")
            number = 0
            for number, row in enumerate(table.rows, start=1):
                line = json.dumps(dict(zip(table.columns, row, strict=True)), ensure_ascii=False)
                file.write((",\n " if number > 1 else "\n ") + line)
            file.write("\n]" if number else "]")
            count += number
        file.write("\n}\n" if several else "\n")
    return count


def _plain(value: Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, (str, int, float)):
        return str(value)
    return joined(value)


def _too_big() -> KnownError:
    return KnownError(
        "export-too-big",
        _("Cette liste ne tient pas dans un classeur XLSX."),
        _("Exportez-la en CSV ou en JSON, ou réduisez-la par un filtre."),
    )


_WRITERS: Final[Mapping[str, Callable[[Path, Sequence[Table]], int]]] = {
    ".csv": _csv,
    ".xlsx": _xlsx,
    ".json": _json,
}
