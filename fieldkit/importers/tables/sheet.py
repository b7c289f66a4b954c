"""A sheet as rows of text, each cell where it stood in its file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

Row = tuple[str, ...]

_EXACT: Final = 1e15
"""Up to here a float tells every whole number apart."""


@dataclass(frozen=True, slots=True)
class Span:
    """Cells merged into one, both corners included; counted from 0."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows from the first of the file on, empty ones too: row `n` here is line `n + 1` there."""

    name: str
    rows: Sequence[Row]
    spans: Sequence[Span] = field(default=())

    def filled(self) -> Sheet:
        """The same, with what a merged cell says in every cell that it covers."""
        if not self.spans:
            return self
        rows = [list(row) for row in self.rows]
        for span in self.spans:
            said = _cell(rows, span.top, span.left)
            if not said:
                continue
            for row in rows[span.top : span.bottom + 1]:
                for column in range(span.left, min(span.right + 1, len(row))):
                    row[column] = said
        return Sheet(self.name, [tuple(row) for row in rows])


def as_text(value: object) -> str:
    """A cell of a workbook as text: whole numbers without decimals, days as ISO, yes or no in words."""
    match value:
        case bool():
            return "oui" if value else "non"
        case float() if value.is_integer() and abs(value) < _EXACT:
            return str(int(value))
        case dt.datetime() if value.time() == dt.time():
            return value.date().isoformat()
        case dt.datetime():
            return value.isoformat(sep=" ", timespec="seconds")
        case dt.date() | dt.time():
            return value.isoformat()
        case None:
            return ""
        case _:
            return str(value)


def _cell(rows: Sequence[Sequence[str]], row: int, column: int) -> str:
    return rows[row][column] if row < len(rows) and column < len(rows[row]) else ""
