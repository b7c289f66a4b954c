"""Lists written as CSV, XLSX and JSON: aside first, nothing live in them, faults told."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from fieldkit.errors import KnownError
from fieldkit.reports import tables
from fieldkit.services import exports

COLUMNS = ("Nom", "Part", "Retenu", "Autres noms")
ROWS = (("=1+1", 12.5, True, ("a | b", "c")), ("+33 1", None, False, ()), ("L'été", -3, None, ("d",)))


def code(call: object) -> str:
    assert callable(call)
    with pytest.raises(KnownError) as refused:
        call()
    assert refused.value.hint
    return refused.value.code


def test_csv_opens_in_a_french_spreadsheet_without_a_formula(tmp_path: Path) -> None:
    assert exports.write(tmp_path / "a.csv", COLUMNS, ROWS) == 3
    raw = (tmp_path / "a.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    assert raw.decode("utf-8-sig").split("\r\n") == [
        "Nom;Part;Retenu;Autres noms", "'=1+1;12,5;oui;a \\| b | c", "'+33 1;;non;", "L'été;-3;;d", "",
    ]  # fmt: skip


def test_xlsx_has_texts_and_numbers_and_no_formula(tmp_path: Path) -> None:
    exports.write(tmp_path / "a.xlsx", COLUMNS, ROWS, name="Noms / [trop] longs pour une feuille : 31")
    with zipfile.ZipFile(tmp_path / "a.xlsx") as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "<t>=1+1</t>" in sheet
    assert "<v>12.5</v>" in sheet


def test_json_keeps_yes_numbers_and_lists(tmp_path: Path) -> None:
    exports.write(tmp_path / "a.json", COLUMNS, ROWS)
    rows = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))
    assert rows[0] == {"Nom": "=1+1", "Part": 12.5, "Retenu": True, "Autres noms": ["a | b", "c"]}
    several = [tables.Table("un", ("a",), [("1",)]), tables.Table("rien", ("b",), [])]
    tables.write(tmp_path / "b.json", several)
    assert json.loads((tmp_path / "b.json").read_text(encoding="utf-8")) == {"un": [{"a": "1"}], "rien": []}


@pytest.mark.parametrize("ending", exports.FORMATS)
def test_what_fails_half_way_leaves_what_was_there(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"a.{ending}"
    path.write_text("avant", encoding="utf-8")

    def rows() -> object:
        yield ("1",)
        raise OSError("disk")

    assert code(lambda: exports.write(path, ("a",), rows())) == "export-unwritable"  # type: ignore[arg-type]
    assert path.read_text(encoding="utf-8") == "avant"
    assert list(tmp_path.iterdir()) == [path]


def test_faults_are_told(tmp_path: Path) -> None:
    assert code(lambda: exports.write(tmp_path / "a.doc", ("a",), ())) == "export-format"
    assert code(lambda: exports.write(tmp_path / "absent" / "a.csv", ("a",), ())) == "export-unwritable"
    assert code(lambda: exports.write(tmp_path / "a.xlsx", ("a",), [("x" * 40_000,)])) == "export-too-big"
    assert list(tmp_path.iterdir()) == []


def test_a_number_that_a_spreadsheet_would_round_is_written_as_text(tmp_path: Path) -> None:
    exports.write(tmp_path / "a.xlsx", ("a",), [(0.1 + 0.2,), (float("inf"),)])
    with zipfile.ZipFile(tmp_path / "a.xlsx") as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "0.30000000000000004" in sheet
