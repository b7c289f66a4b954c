"""Workbooks for tests: XLSX as our exports write it, ODS and XLS written by hand."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

import xlsxwriter

Rows = Sequence[Sequence[Any]]

_ODS = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2">'
    "<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
)
_SECTOR = 512


def xlsx(path: Path, rows: Rows, merged: Sequence[tuple[int, int, int, int, str]] = ()) -> Path:
    """A workbook of one sheet; `merged` are (top, left, bottom, right, text)."""
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("Liste")
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, str) and value:
                    sheet.write_string(number, column, value)
                elif value is not None and value != "":
                    sheet.write(number, column, value)
        for span in merged:
            sheet.merge_range(*span)
    return path


def ods(path: Path, tables: str) -> Path:
    """An OpenDocument spreadsheet of these `<table:table>` elements."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        archive.writestr("content.xml", _ODS.format(tables=tables))
        archive.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
    return path


def ods_table(rows: Rows, name: str = "Liste", after: str = "") -> str:
    """A `<table:table>` of text cells; a cell may be a ready element."""
    lines = "".join(f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in rows)
    return f'<table:table table:name="{name}">{lines}{after}</table:table>'


def _ods_cell(value: str) -> str:
    if value.startswith("<table:"):
        return value
    if not value:
        return "<table:table-cell/>"
    return f'<table:table-cell office:value-type="string"><text:p>{escape(value)}</text:p></table:table-cell>'


def xls(path: Path, rows: Rows) -> Path:
    """An Excel 97 workbook of one sheet of texts and numbers, as [MS-XLS] and [MS-CFB] have it."""
    sheet = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0))
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            place = struct.pack("<HHH", number, column, 0)
            if isinstance(value, str):
                letters = value.encode("utf-16-le")
                sheet += _record(0x0204, place + struct.pack("<HB", len(value), 1) + letters)
            else:
                sheet += _record(0x0203, place + struct.pack("<d", value))
    sheet += _record(0x000A, b"")
    start = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0))
    name = struct.pack("<BB", 5, 0) + b"Liste"
    begins = len(start) + 4 + 6 + len(name) + 4
    book = start + _record(0x0085, struct.pack("<IBB", begins, 0, 0) + name) + _record(0x000A, b"")
    path.write_bytes(compound("Workbook", book + sheet))
    return path


def compound(stream: str, data: bytes) -> bytes:
    """A compound file with one stream in it: what XLS files and encrypted XLSX files are."""
    data = data.ljust(max(4096, -(-len(data) // _SECTOR) * _SECTOR), b"\0")
    sectors = len(data) // _SECTOR
    fat = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, sectors + 2), 0xFFFFFFFE]
    assert len(fat) <= _SECTOR // 4
    table = struct.pack("<128I", *fat, *([0xFFFFFFFF] * (128 - len(fat))))
    head = struct.pack(
        "<8s16sHHHHH6xIIIIIIIII", bytes.fromhex("d0cf11e0a1b11ae1"), b"", 0x3E, 3, 0xFFFE, 9, 6,
        0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0,
    ) + struct.pack("<109I", 0, *([0xFFFFFFFF] * 108))  # fmt: skip
    entries = _entry("Root Entry", 5, 1, 0xFFFFFFFE, 0) + _entry(stream, 2, 0xFFFFFFFF, 2, len(data))
    return head + table + entries.ljust(_SECTOR, b"\0") + data


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    letters = name.encode("utf-16-le") + b"\0\0"
    none = 0xFFFFFFFF
    return struct.pack(
        "<64sHBBIII16sI8s8sIQ",
        letters,
        len(letters),
        kind,
        1,
        none,
        none,
        child,
        b"",
        0,
        b"",
        b"",
        start,
        size,
    )


def _record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data
