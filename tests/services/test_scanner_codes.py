"""Codes as pictures and as a sheet, read back from the files."""

from __future__ import annotations

import re
import struct
import subprocess
import zlib
from pathlib import Path

import pytest

from fieldkit.errors import KnownError
from fieldkit.hardware.scanner import testcode
from fieldkit.hardware.scanner.decode import decode
from fieldkit.hardware.scanner.symbol import Symbology
from fieldkit.services.scanner_codes import write_code, write_sheet
from tests.reports import printed

SYMBOLOGIES: tuple[Symbology, ...] = ("qr", "datamatrix")


def gray(png: bytes) -> tuple[bytes, int, int]:
    """The pixels of a gray PNG without filters."""
    width, height = struct.unpack(">II", png[16:24])
    lines = zlib.decompress(png[png.index(b"IDAT") + 4 : png.index(b"IEND") - 8])
    return b"".join(lines[y * (width + 1) + 1 : (y + 1) * (width + 1)] for y in range(height)), width, height


@pytest.mark.parametrize("symbology", SYMBOLOGIES)
@pytest.mark.parametrize("kind", testcode.KINDS)
def test_a_picture_is_read_back_and_stays_valid(
    tmp_path: Path, kind: testcode.Kind, symbology: Symbology
) -> None:
    out = tmp_path / "code.png"
    told = write_code(kind, symbology, out)
    assert (told["symbology"], told["file"]) == (symbology, str(out))
    code = testcode.find(told["text"])
    assert code is not None
    assert (code.kind, code.kept) == (kind, True)
    [read] = decode(*gray(out.read_bytes()))
    assert (read.symbology, read.text) == (symbology, told["text"])


def test_an_svg_has_its_size_in_millimetres(tmp_path: Path) -> None:
    write_code("layout", "qr", tmp_path / "code.SVG")
    assert 'width="40mm"' in (tmp_path / "code.SVG").read_text("utf-8")


def test_another_ending_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KnownError) as caught:
        write_code("layout", "qr", tmp_path / "code.pdf")
    assert caught.value.code == "picture-unknown"
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    for write in (lambda out: write_code("layout", "qr", out.with_suffix(".png")), write_sheet):
        with pytest.raises(KnownError) as caught:
            write(tmp_path / "no" / "sheet.pdf")
        assert caught.value.code == "report-unwritable"


@pytest.fixture(scope="module")
def sheet(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, object]]:
    out = tmp_path_factory.mktemp("sheet") / "planche.pdf"
    return out, write_sheet(out)


def test_the_sheet_is_tagged_french_a4_and_says_what_to_do(sheet: tuple[Path, dict[str, object]]) -> None:
    out, told = sheet
    document = printed.opened(out.read_bytes())
    assert document.Root.MarkInfo.Marked
    assert str(document.Root.Lang) == "fr"
    assert len(document.pages) == 2
    assert [round(float(side)) for side in document.pages[0].MediaBox[2:]] == [595, 842]
    kinds = [kind for kind, _title in printed.structure(document)]
    assert kinds.count("Figure") == 2 * 9
    assert {"Title", "H1", "L"} <= set(kinds)
    words = printed.flowing(document).replace("’", "'")
    assert "Imprimez à 100 %" in words
    assert "aucune donnée de patient" in words
    assert f"Planche {told['mark']}" in words


@pytest.mark.parametrize(("page", "symbology"), [(1, "qr"), (2, "datamatrix")])
def test_every_code_of_the_sheet_is_read_from_its_picture(
    sheet: tuple[Path, dict[str, object]], page: int, symbology: str
) -> None:
    out, told = sheet
    try:
        printed_page = subprocess.run(
            ["pdftoppm", "-gray", "-r", "300", "-f", str(page), "-l", str(page), out],
            check=True, capture_output=True, timeout=60,
        ).stdout  # fmt: skip
    except FileNotFoundError:
        pytest.skip("no pdftoppm here")
    header = re.match(rb"P5\s(\d+) (\d+)\s255\s", printed_page)
    assert header is not None
    width, height = int(header[1]), int(header[2])
    read = {code.text for code in decode(printed_page[header.end() :], width, height)}
    codes = told["codes"]
    assert isinstance(codes, list)
    assert read == {code["text"] for code in codes if code["symbology"] == symbology}
