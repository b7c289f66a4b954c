"""How many cells a sheet would be laid out in, counted from its XML as it goes by."""

from __future__ import annotations

import re
from typing import Final

from fieldkit.importers.tables.sheet import Span

MOST_CELLS: Final = 3_000_000
"""Of the rectangle that holds all cells of a sheet: 100,000 rows of 30 columns."""

_PLACE: Final = re.compile(r"([A-Za-z]{1,3})(\d{1,7})")
_MOST_SPANS: Final = 20_000

Attributes = dict[str, str]


class TooManyCellsError(Exception):
    """A sheet has more cells than any table of the trade."""


class CellCount:
    """Hears the elements of one XML file. Raises `TooManyCellsError`."""

    def __init__(self) -> None:
        self.spans: list[list[Span]] = []
        self._rows = 0
        self._columns = 0

    def start(self, name: str, attributes: Attributes) -> None:
        """An element begins."""

    def end(self, name: str) -> None:
        """An element ends."""

    def done(self) -> None:
        """The file is over."""

    def _reach(self, rows: int, columns: int) -> None:
        self._rows, self._columns = max(self._rows, rows), max(self._columns, columns)
        if self._rows * self._columns > MOST_CELLS:
            raise TooManyCellsError


class Xlsx(CellCount):
    """A worksheet: `<row r><c r="B7"><v>`; the places are optional."""

    def __init__(self) -> None:
        super().__init__()
        self._row = 0
        self._column = 0

    def start(self, name: str, attributes: Attributes) -> None:
        match name.rpartition(":")[2]:
            case "row":
                self._row = _whole(attributes.get("r"), self._row + 1)
                self._column = 0
            case "c":
                place = _PLACE.fullmatch(attributes.get("r", ""))
                self._column = _column(place[1]) if place else self._column + 1
                self._row = int(place[2]) if place else max(self._row, 1)
            case "v" | "is" | "f":
                self._reach(self._row, self._column)


class Ods(CellCount):
    """A table: rows and cells say how often they are repeated; empty ones at an end are not laid out."""

    def __init__(self) -> None:
        super().__init__()
        self._row = 0
        self._column = 0
        self._width = 0

    def start(self, name: str, attributes: Attributes) -> None:
        match name.rpartition(":")[2]:
            case "table":
                self._rows = self._columns = self._row = 0
                self.spans.append([])
            case "table-row":
                self._column = self._width = 0
                self._repeated = _whole(attributes.get("table:number-rows-repeated"), 1)
            case "table-cell" | "covered-table-cell":
                self._cell(attributes)
            case "p":
                self._width = self._column

    def end(self, name: str) -> None:
        if name.rpartition(":")[2] == "table-row":
            self._row += self._repeated
            if self._width:
                self._reach(self._row, self._width)

    def _cell(self, attributes: Attributes) -> None:
        down = _whole(attributes.get("table:number-rows-spanned"), 1)
        across = _whole(attributes.get("table:number-columns-spanned"), 1)
        if (down > 1 or across > 1) and self.spans and len(self.spans[-1]) < _MOST_SPANS:
            corner = self._row, self._column
            span = Span(*corner, corner[0] + down - 1, corner[1] + across - 1)
            self.spans[-1].append(span)
        self._column += _whole(attributes.get("table:number-columns-repeated"), 1)
        if "office:value-type" in attributes or "office:value" in attributes:
            self._width = self._column


def _whole(written: str | None, otherwise: int) -> int:
    return int(written) if written and written.isascii() and written.isdigit() else otherwise


def _column(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
