"""CSV as it is met: any delimiter, any quoting, any of the encodings that spreadsheets write."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from pathlib import Path
from typing import Final

from fieldkit.domain.cells import unguarded
from fieldkit.importers.tables import faults
from fieldkit.importers.tables.sheet import Row, Sheet

DELIMITERS: Final = (";", "\t", ",", "|")

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE: Final = 60
_SAMPLE_LETTERS: Final = 1 << 17
_LONGEST: Final = 1 << 20
_LAST: Final = "\x1efin"
"""A line of our own after the last: where it is not read back as it is, a quote was never closed."""
_NOT_TEXT: Final = re.compile("[\x00-\x08\x0e-\x1a\x1c\x1d\x1f\x7f]")
_SINGLE: Final = re.compile(r"(?:^|[;,\t|])'[^'\r\n]*'(?=[;,\t|\r\n]|$)", re.MULTILINE)
_BACKSLASHED: Final = re.compile(r'\\"[^;,\t|\r\n]')


def parse(path: Path, raw: bytes) -> Sheet:
    """The table in `raw`. Raises KnownError `table-incomplete`, `table-wrong-kind` or `table-empty`."""
    text = decoded(path, raw)
    if _NOT_TEXT.search(text):
        raise faults.not_a_table(path)
    if not text.strip("\ufeff \t\r\n;,|"):
        raise faults.empty(path)
    text, told = _told_delimiter(text)
    quote = "'" if _in_single_quotes(text[:_SAMPLE_LETTERS]) else '"'
    escape = "\\" if '""' not in text and _BACKSLASHED.search(text) else None
    delimiter = told or _delimiter(text, quote)
    rows = _rows(path, text, delimiter, quote, escape)
    return Sheet(path.name, ([()] if told else []) + rows)


def decoded(path: Path, raw: bytes) -> str:
    """`raw` as text. Raises KnownError `table-incomplete` where it stops inside a character."""
    encoding = next((name for mark, name in _MARKS if raw.startswith(mark)), None) or _without_mark(raw)
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        if "end of data" in error.reason or "truncated" in error.reason:
            raise faults.incomplete(path) from error
        if encoding != "utf-8":
            raise faults.not_a_table(path) from error
    try:
        return raw.decode("cp1252")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _without_mark(raw: bytes) -> str:
    """UTF-16 shows by its zeros, every second byte; all else is taken for UTF-8 first."""
    head = raw[:4096]
    for first, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        if len(head) >= 4 and head[first::2].count(0) > 0.7 * len(head[first::2]):
            return encoding
    return "utf-8"


def _in_single_quotes(sample: str) -> bool:
    """Whether every line has a cell between apostrophes: one that merely begins with one is guarded."""
    return '"' not in sample and len(_SINGLE.findall(sample)) >= max(2, sample.strip().count("\n") + 1)


def _told_delimiter(text: str) -> tuple[str, str]:
    """Excel takes a first line `sep=;` for an order, and so do we."""
    text = text.removeprefix("\ufeff")
    first, _end, rest = text.partition("\n")
    told = first.strip('\r" ').casefold()
    if told.startswith("sep=") and len(told) == 5:
        return rest, told[-1]
    return text, ""


def _delimiter(text: str, quote: str) -> str:
    """The delimiter that cuts most rows into the same number of columns, the more columns the better."""
    sample = text[:_SAMPLE_LETTERS]

    def score(delimiter: str) -> float:
        widths: Counter[int] = Counter()
        reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter, quotechar=quote)
        try:
            for row in reader:
                if any(row):
                    widths[len(row)] += 1
                if reader.line_num > _SAMPLE:
                    break
        except csv.Error:
            return 0
        wide = {width: count for width, count in widths.items() if width > 1}
        if not wide:
            return 0
        width, count = max(wide.items(), key=lambda item: (item[1], item[0]))
        return count / widths.total() * (2 - 1 / width)

    return max(DELIMITERS, key=score)


def _rows(path: Path, text: str, delimiter: str, quote: str, escape: str | None) -> list[Row]:
    source = io.StringIO(f"{text.removesuffix(chr(10)).removesuffix(chr(13))}\n{_LAST}\n", newline="")
    reader = csv.reader(source, delimiter=delimiter, quotechar=quote, escapechar=escape)
    rows: list[Row] = []
    line = 1
    try:
        csv.field_size_limit(_LONGEST)
        for row in reader:
            rows.append(tuple(unguarded(cell) for cell in row))
            line, last = reader.line_num + 1, line
    except csv.Error as error:
        raise faults.unclosed(path, line) from error
    if rows.pop() != (_LAST,):
        raise faults.unclosed(path, last)
    return rows
