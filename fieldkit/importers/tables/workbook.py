"""XLSX, XLS and ODS workbooks, through python-calamine: values only, no formula is run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from fieldkit.errors import KnownError
from fieldkit.importers.tables import faults
from fieldkit.importers.tables.cells import MOST_CELLS
from fieldkit.importers.tables.sheet import Sheet, Span, as_text

OLE: Final = bytes.fromhex("d0cf11e0a1b11ae1")
"""How XLS files begin, and encrypted XLSX files."""
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")


def parse(path: Path, spans: Sequence[Sequence[Span]], cancelled: Callable[[], bool]) -> list[Sheet]:
    """The sheets that hold something; `spans` are the merged cells of each where the library has none.

    Raises KnownError `table-damaged`, `table-encrypted` or `table-bomb`.
    """
    import python_calamine as calamine

    try:
        with calamine.CalamineWorkbook.from_path(path) as book:
            sheets = []
            for number, name in enumerate(book.sheet_names):
                if cancelled():
                    break
                found = book.get_sheet_by_index(number)
                if found.total_height * found.total_width > MOST_CELLS:
                    raise faults.bomb(path)
                cells = found.to_python(skip_empty_area=False)
                rows = [tuple(map(as_text, row)) for row in cells]
                sheets.append(Sheet(name, rows, _spans(found.merged_cell_ranges, spans, number)))
    except calamine.PasswordError as error:
        raise faults.encrypted(path) from error
    except KnownError:
        raise
    except (calamine.CalamineError, OSError, ValueError, OverflowError) as error:
        raise faults.damaged(path) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # a fault inside the Rust library, on a damaged file
            raise
        raise faults.damaged(path) from None
    return [sheet for sheet in sheets if any(any(row) for row in sheet.rows)]


def is_encrypted(raw: bytes) -> bool:
    """Whether a file that begins as `OLE` is a workbook behind a password."""
    return _ENCRYPTED in raw


def _spans(
    merged: list[tuple[tuple[int, int], tuple[int, int]]] | None,
    known: Sequence[Sequence[Span]],
    number: int,
) -> Sequence[Span]:
    if merged is not None:
        return [Span(*start, *end) for start, end in merged]
    return known[number] if number < len(known) else ()
