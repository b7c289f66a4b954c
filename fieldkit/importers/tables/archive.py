"""XLSX and ODS files are zip archives of XML: what is in one, and whether it is safe to open.

A spreadsheet reader inflates the archive and lays its cells out in one rectangle, so a few kilobytes may ask
for all memory there is. Here the archive is inflated as a stream, counting, with no trust in the sizes that
it declares, and the cells are counted as they go by; nothing is kept but the merged cells of an ODS sheet.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Final
from xml.parsers import expat

from fieldkit.importers.tables import faults
from fieldkit.importers.tables.cells import CellCount, Ods, TooManyCellsError, Xlsx
from fieldkit.importers.tables.sheet import Span

MOST_INFLATED: Final = 200 * 1024 * 1024
_MOST_MEMBERS: Final = 3_000
_CHUNK: Final = 1 << 16
_LOCAL_HEADER: Final = 30


def examine(path: Path, cancelled: Callable[[], bool]) -> list[list[Span]]:
    """The merged cells of each sheet where the archive at `path` is an ODS file; none for XLSX.

    Raises KnownError `table-wrong-kind`, `table-incomplete`, `table-damaged`, `table-encrypted`,
    `table-bomb`.
    """
    try:
        with zipfile.ZipFile(path) as archive, path.open("rb") as file:
            members = archive.infolist()
            kind = _kind(path, {member.filename for member in members})
            if (
                len(members) > _MOST_MEMBERS
                or sum(member.file_size for member in members) > MOST_INFLATED
                or len({member.header_offset for member in members}) < len(members)
            ):
                raise faults.bomb(path)
            return _walk(path, file, members, kind, cancelled)
    except zipfile.BadZipFile as error:
        raise faults.incomplete(path) from error
    except TooManyCellsError as error:
        raise faults.bomb(path) from error
    except (zlib.error, ValueError, EOFError, expat.ExpatError, NotImplementedError) as error:
        raise faults.damaged(path) from error


def _kind(path: Path, names: set[str]) -> str:
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "content.xml" in names:
        return "ods"
    raise faults.not_a_table(path)


def _walk(
    path: Path, file: IO[bytes], members: list[zipfile.ZipInfo], kind: str, cancelled: Callable[[], bool]
) -> list[list[Span]]:
    left = MOST_INFLATED
    spans: list[list[Span]] = []
    for member in members:
        if member.flag_bits & 1:
            raise faults.encrypted(path)
        counter: CellCount = Ods() if kind == "ods" else Xlsx()
        parser = _parser(path, counter)
        is_xml: bool | None = None
        for chunk in _inflated(file, member):
            left -= len(chunk)
            if cancelled():
                return spans
            if left < 0:
                raise faults.bomb(path)
            if is_xml is None:
                is_xml = chunk.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")
            if is_xml:
                if b"encryption-data" in chunk and member.filename == "META-INF/manifest.xml":
                    raise faults.encrypted(path)
                parser.Parse(chunk, False)
        if is_xml:
            parser.Parse(b"", True)
        counter.done()
        if member.filename == "content.xml":
            spans = counter.spans
    return spans


def _parser(path: Path, counter: CellCount) -> expat.XMLParserType:
    def no_entities(*_declared: object) -> None:
        raise faults.bomb(path)

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.EntityDeclHandler = no_entities
    parser.StartElementHandler = counter.start
    parser.EndElementHandler = counter.end
    return parser


def _inflated(file: IO[bytes], member: zipfile.ZipInfo) -> Iterator[bytes]:
    """What is really in `member`, whatever size it declares. Raises ValueError or zlib.error."""
    file.seek(member.header_offset)
    header = file.read(_LOCAL_HEADER)
    if len(header) < _LOCAL_HEADER or header[:4] != b"PK\x03\x04":
        raise EOFError
    file.seek(int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little"), 1)
    left = member.compress_size
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise NotImplementedError
    stored = member.compress_type == zipfile.ZIP_STORED
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    while left > 0:
        raw = file.read(min(_CHUNK, left))
        if not raw:
            raise EOFError
        left -= len(raw)
        if stored:
            yield raw
            continue
        while raw and not inflate.eof:
            yield inflate.decompress(raw, _CHUNK * 16)
            raw = inflate.unconsumed_tail
