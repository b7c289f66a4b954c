"""Workbooks: XLSX, XLS and ODS read alike, merged cells filled, traps refused before they are opened."""

from __future__ import annotations

import contextlib
import datetime as dt
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.errors import KnownError
from fieldkit.importers.tables import Sheet, StoppedError, archive, read
from tests.importers.tables import workbooks

ROWS = (("Éditeur", "Logiciel", "Nombre"), ("Weda", "Weda", 12), ("", "=cmd|'/C calc'!A0", 3.5))
READ = [("Éditeur", "Logiciel", "Nombre"), ("Weda", "Weda", "12"), ("", "=cmd|'/C calc'!A0", "3.5")]


def one(path: Path) -> Sheet:
    (sheet,) = read(path).sheets
    return sheet


def refusal(path: Path) -> str:
    with pytest.raises(KnownError) as refused:
        read(path)
    assert refused.value.hint
    return refused.value.code


def test_the_three_formats_say_the_same(tmp_path: Path) -> None:
    as_text = [[str(cell) for cell in row] for row in ROWS]
    for path in (
        workbooks.xlsx(tmp_path / "a.xlsx", ROWS),
        workbooks.xls(tmp_path / "a.xls", ROWS),
        workbooks.ods(tmp_path / "a.ods", workbooks.ods_table(as_text)),
    ):
        assert [tuple(row) for row in one(path).rows] == READ, path.name


def test_the_name_of_a_file_does_not_matter(tmp_path: Path) -> None:
    path = workbooks.xlsx(tmp_path / "a.xlsx", ROWS).rename(tmp_path / "a.csv")
    assert one(path).rows[1] == ("Weda", "Weda", "12")


def test_days_numbers_and_yes_are_written_out(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    import xlsxwriter

    with xlsxwriter.Workbook(str(path), {"default_date_format": "dd/mm/yyyy"}) as book:
        sheet = book.add_worksheet()
        sheet.write_datetime(2, 1, dt.datetime(2024, 1, 31))
        sheet.write_number(2, 2, 1e6)
        sheet.write_boolean(2, 3, True)
        sheet.write_formula(2, 4, "=1+1", None, 2)
    assert [tuple(row) for row in one(path).rows][2] == ("", "2024-01-31", "1000000", "oui", "2")


def test_merged_cells_say_the_same_in_every_cell_they_cover(tmp_path: Path) -> None:
    rows = [["", "", ""], ["", "Nom", "Ville"], ["1", "Weda", "Lyon"]]
    spans = [(0, 1, 0, 2, "Éditeur"), (0, 0, 1, 0, "Rang")]
    table = workbooks.ods_table(
        [
            [
                '<table:table-cell table:number-rows-spanned="2" office:value-type="string">'
                "<text:p>Rang</text:p></table:table-cell>",
                '<table:table-cell table:number-columns-spanned="2" office:value-type="string">'
                "<text:p>Éditeur</text:p></table:table-cell>",
                "<table:covered-table-cell/>",
            ],
            ["<table:covered-table-cell/>", "Nom", "Ville"],
            ["1", "Weda", "Lyon"],
        ]
    )
    for path in (
        workbooks.xlsx(tmp_path / "a.xlsx", rows, spans),
        workbooks.ods(tmp_path / "a.ods", table),
    ):
        filled = one(path).filled()
        assert [tuple(row) for row in filled.rows[:2]] == [
            ("Rang", "Éditeur", "Éditeur"),
            ("Rang", "Nom", "Ville"),
        ], path.name


def test_the_empty_end_of_an_ods_sheet_costs_nothing(tmp_path: Path) -> None:
    end = (
        '<table:table-row table:number-rows-repeated="1048570">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )
    path = workbooks.ods(tmp_path / "a.ods", workbooks.ods_table([["a", "b"]], after=end))
    assert [tuple(row) for row in one(path).rows] == [("a", "b")]


def test_a_bomb_of_repeated_cells_is_refused(tmp_path: Path) -> None:
    end = (
        '<table:table-row table:number-rows-repeated="1048570"><table:table-cell '
        'table:number-columns-repeated="16384" office:value-type="string"><text:p>x</text:p>'
        "</table:table-cell></table:table-row>"
    )
    path = workbooks.ods(tmp_path / "a.ods", workbooks.ods_table([["a"]], after=end))
    assert refusal(path) == "table-bomb"


def test_two_far_corners_are_refused(tmp_path: Path) -> None:
    path = workbooks.xlsx(tmp_path / "a.xlsx", [["a"]])
    import xlsxwriter

    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write_string(0, 0, "a")
        sheet.write_string(1_048_575, 16_383, "b")
    assert refusal(path) == "table-bomb"


def test_a_zip_bomb_is_refused_whatever_size_it_declares(tmp_path: Path) -> None:
    path = workbooks.xlsx(tmp_path / "a.xlsx", [["a"]])
    honest = tmp_path / "honest.xlsx"
    swollen = b"<worksheet>" + b" " * (archive.MOST_INFLATED + 1)
    rewrite(path, honest, "xl/worksheets/sheet1.xml", swollen)
    assert honest.stat().st_size < 1_000_000
    assert refusal(honest) == "table-bomb"
    lying = tmp_path / "lying.xlsx"
    lying.write_bytes(
        honest.read_bytes().replace(len(swollen).to_bytes(4, "little"), (200).to_bytes(4, "little"))
    )
    assert refusal(lying) == "table-bomb"


def test_entities_that_multiply_are_refused(tmp_path: Path) -> None:
    path = workbooks.xlsx(tmp_path / "a.xlsx", [["a"]])
    laughs = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><worksheet>&b;</worksheet>'
    rewrite(path, tmp_path / "b.xlsx", "xl/worksheets/sheet1.xml", laughs)
    assert refusal(tmp_path / "b.xlsx") == "table-bomb"


def test_members_that_share_their_bytes_are_refused(tmp_path: Path) -> None:
    path = workbooks.xlsx(tmp_path / "a.xlsx", [["a"]])
    with zipfile.ZipFile(path, "a") as book:
        member = zipfile.ZipInfo("xl/worksheets/sheet2.xml")
        book.writestr(member, "<worksheet/>")
        book.filelist[-1].header_offset = book.filelist[0].header_offset
    assert refusal(path) == "table-bomb"


def test_encrypted_workbooks_ask_for_a_copy_without_password(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(workbooks.compound("EncryptedPackage", b"secret"))
    assert refusal(path) == "table-encrypted"
    manifest = '<manifest:file-entry xmlns:manifest="m"><manifest:encryption-data/></manifest:file-entry>'
    book = workbooks.ods(tmp_path / "a.ods", workbooks.ods_table([["a"]]))
    rewrite(book, tmp_path / "b.ods", "META-INF/manifest.xml", manifest.encode())
    assert refusal(tmp_path / "b.ods") == "table-encrypted"


def test_a_truncated_workbook_is_incomplete(tmp_path: Path) -> None:
    path = workbooks.xlsx(tmp_path / "a.xlsx", ROWS)
    path.write_bytes(path.read_bytes()[:-200])
    assert refusal(path) == "table-incomplete"


def test_another_archive_is_no_table(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as book:
        book.writestr("photo.jpg", b"...")
    assert refusal(path) == "table-wrong-kind"
    with zipfile.ZipFile(path, "w"):
        pass
    assert refusal(path) == "table-wrong-kind"


def test_an_empty_workbook_is_empty(tmp_path: Path) -> None:
    assert refusal(workbooks.xlsx(tmp_path / "a.xlsx", [])) == "table-empty"


def test_reading_stops_when_nobody_waits_for_it(tmp_path: Path) -> None:
    with pytest.raises(StoppedError):
        read(workbooks.xlsx(tmp_path / "a.xlsx", ROWS), lambda: True)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    """Sound workbooks, made once: each bears the moment in which it was made."""
    folder = tmp_path_factory.mktemp("sound")
    return [make(folder / "a", ROWS).read_bytes() for make in (workbooks.xlsx, workbooks.xls)]


@given(st.data())
def test_any_damage_is_a_known_error_or_another_table(
    tmp_path_factory: pytest.TempPathFactory, sound: list[bytes], data: st.DataObject
) -> None:
    path = tmp_path_factory.mktemp("damage") / "a"
    raw = bytearray(data.draw(st.sampled_from(sound)))
    for _ in range(data.draw(st.integers(1, 6))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(raw)
    with contextlib.suppress(KnownError):
        assert read(path).sheets


def rewrite(path: Path, out: Path, name: str, content: bytes) -> None:
    """A copy of an archive with another member `name`."""
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.namelist():
            new.writestr(member, content if member == name else old.read(member))
