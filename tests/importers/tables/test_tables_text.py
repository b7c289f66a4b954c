"""CSV of any delimiter, quoting and encoding is read as it was meant; what is no table is told apart."""

from __future__ import annotations

import contextlib
import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.domain.cells import guarded, joined, several, unguarded
from fieldkit.errors import KnownError
from fieldkit.importers.tables import read

ROWS = (("Éditeur", "Logiciel", "Nombre"), ("Œuvre & fils", "L'été, à l'œil", "12"), ("Weda", "Weda", "3"))
LETTERS = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"))
WORDS = st.text(LETTERS, max_size=12)


def cells(path: Path) -> list[tuple[str, ...]]:
    (sheet,) = read(path).sheets
    return [tuple(row) for row in sheet.rows]


def written(delimiter: str, **how: object) -> str:
    file = io.StringIO()
    csv.writer(file, delimiter=delimiter, **how).writerows(ROWS)  # type: ignore[arg-type]
    return file.getvalue()


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL], ids=["minimal", "all"])
def test_every_delimiter_encoding_and_quoting(
    tmp_path: Path, delimiter: str, encoding: str, quoting: int
) -> None:
    path = tmp_path / "liste.csv"
    path.write_bytes(written(delimiter, quoting=quoting).encode(encoding))
    assert cells(path) == list(ROWS)


def test_latin_1_is_read_where_windows_has_no_such_letter(tmp_path: Path) -> None:
    path = tmp_path / "liste.csv"
    path.write_bytes("Éditeur;Prix\nWeda;12\x81é\n".encode("latin-1"))
    assert cells(path)[0] == ("Éditeur", "Prix")


def test_excel_says_its_delimiter_in_the_first_line(tmp_path: Path) -> None:
    path = tmp_path / "liste.csv"
    path.write_text("sep=|\nÉditeur|Note\nWeda|a;b;c;d\n", encoding="utf-8")
    assert cells(path) == [(), ("Éditeur", "Note"), ("Weda", "a;b;c;d")]


def test_single_quotes_and_backslashes_are_quoting_where_they_are_used_so(tmp_path: Path) -> None:
    path = tmp_path / "liste.csv"
    path.write_text("".join(f"'éditeur; {n}';'x'\n" for n in range(4)), encoding="utf-8")
    assert cells(path)[3] == ("éditeur; 3", "x")
    path.write_text('"a \\"b\\" c";"d"\n"e";"f"\n', encoding="utf-8")
    assert cells(path) == [('a "b" c', "d"), ("e", "f")]


def test_line_ends_inside_a_cell_and_of_any_system(tmp_path: Path) -> None:
    path = tmp_path / "liste.csv"
    path.write_bytes(b'a;b\r"1\n2";3\r4;5')
    assert cells(path) == [("a", "b"), ("1\n2", "3"), ("4", "5")]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "table-empty"),
        (b"\xef\xbb\xbf\r\n\r\n", "table-empty"),
        (b'a;b\n1;"jamais ferme\n2;3\n', "table-incomplete"),
        ("é;b\n1;é".encode()[:-1], "table-incomplete"),
        ("a;b\n".encode("utf-16") + b"\x00", "table-incomplete"),
        (b"\x00" * 4000, "table-incomplete"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, "table-wrong-kind"),
        (b"\xff\xd8\xff\xe0 jpeg", "table-wrong-kind"),
        (b"%PDF-1.7", "table-wrong-kind"),
        (b"MZ\x90\x00", "table-wrong-kind"),
        (b"a;b\x01\x02\n", "table-wrong-kind"),
        (b"<!DOCTYPE html><html></html>", "table-wrong-kind"),
        (b'{"editors": [', "table-incomplete"),
        (b'{"editors": 3}', "table-wrong-kind"),
        (b"[1, 2]", "table-wrong-kind"),
        (b"[" * 200_000, "table-bomb"),
    ],
)
def test_what_is_no_table_is_told_with_the_way_out(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "image.csv"
    path.write_bytes(content)
    with pytest.raises(KnownError) as refused:
        read(path)
    assert refused.value.code == code
    assert refused.value.hint


def test_a_hundred_megabytes_are_refused_before_they_are_read(tmp_path: Path) -> None:
    path = tmp_path / "faux.csv"
    with path.open("wb") as file:
        file.truncate(100 * 1024 * 1024)
    with pytest.raises(KnownError, match="50 Mo") as refused:
        read(path)
    assert refused.value.code == "table-too-big"


def test_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    for path in (tmp_path / "absent.csv", tmp_path):
        with pytest.raises(KnownError) as refused:
            read(path)
        assert refused.value.code == "table-unreadable"


def test_a_file_that_grows_while_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "liste.csv"
    path.write_text("a;b\n1;2\n", encoding="utf-8")

    def write_on() -> bool:
        with path.open("a", encoding="utf-8") as file:
            file.write("3;4\n")
        return False

    with pytest.raises(KnownError) as refused:
        read(path, write_on)
    assert refused.value.code == "table-incomplete"


@given(st.binary(max_size=300))
def test_any_bytes_are_a_table_or_a_known_error(tmp_path_factory: pytest.TempPathFactory, raw: bytes) -> None:
    path = tmp_path_factory.mktemp("bytes") / "liste.csv"
    path.write_bytes(raw)
    with contextlib.suppress(KnownError):
        assert read(path).sheets


@given(st.text(LETTERS | st.sampled_from("=+-@'\t\r\n"), max_size=8))
def test_a_guarded_cell_is_no_formula_and_comes_back(text: str) -> None:
    shown = guarded(text)
    assert unguarded(shown) == text
    assert not shown.startswith(("=", "+", "@", "\t", "\r"))


@pytest.mark.parametrize("text", ["=cmd|'/C calc'!A0", "+33 1 02", "@SUM(A1)", "-2+3", "\t=1", "'=1"])
def test_formulas_are_guarded(text: str) -> None:
    assert guarded(text) == f"'{text}"


@pytest.mark.parametrize("text", ["-12", "-12,5", "l'été", "'62", "a=b"])
def test_numbers_and_words_are_left_alone(text: str) -> None:
    assert guarded(text) == text


@given(st.lists(WORDS.map(str.strip).filter(bool) | st.sampled_from(["a | b", "\\", "|", "\\|"])))
def test_several_texts_in_one_cell_come_back(values: list[str]) -> None:
    assert several(joined(values)) == tuple(values)
