"""Reading the extraction: nothing is lost on the way, what is wrong is told, no file can do harm."""

from __future__ import annotations

import os
import random
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.domain.directory import SEPARATOR, SHOWN, Line
from fieldkit.errors import KnownError
from fieldkit.importers import annuaire, annuaire_source
from fieldkit.importers.annuaire import Fault, Tally
from tests.bench import annuaire_file
from tests.bench.annuaire_file import COLUMNS, PLACE

RPPS = "10003456786"
ADELI = "720000009"
FINESS = "750100125"
CELLS = {"Identifiant PP": RPPS, "Nom d'exercice": "DUPONT", "Prénom d'exercice": "Jean"}


def row(columns: Sequence[str] = COLUMNS, **cells: str) -> str:
    """A line with these cells, by column name; the others are empty."""
    told = CELLS | cells
    return SEPARATOR.join(told.get(name, "") for name in columns)


def text(*rows: str, columns: Sequence[str] = COLUMNS) -> str:
    """A file with these lines under its header."""
    return "\n".join([SEPARATOR.join(columns), *rows, ""])


def read(path: Path, *departments: str) -> tuple[list[Line], Tally]:
    """What is kept of a file, and what became of the rest."""
    tally = Tally()
    with annuaire_source.opened(path) as source:
        batches = annuaire.lines(source, frozenset(departments), tally, lambda _bytes: None)
        return [line for batch in batches for line in batch], tally


def refusal(path: Path) -> KnownError:
    """Why a file is not read."""
    with pytest.raises(KnownError) as caught:
        read(path)
    assert caught.value.hint
    return caught.value


def zipped(
    folder: Path, names: Iterable[str] = ("PS_LibreAcces_Personne_activite_202611250800.txt",)
) -> Path:
    """An archive whose members all hold one line."""
    path = folder / "PS_LibreAcces.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, text(row()))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_generated_file_is_read_whatever_its_encoding(tmp_path: Path, encoding: str, end: str) -> None:
    written = annuaire_file.write(tmp_path / "f.txt", 1_500, encoding=encoding, end=end)
    lines, tally = read(written.path)
    assert tally.encodings == ["cp1252" if encoding == "cp1252" else "utf-8"]
    assert tally.read == 1_500
    assert tally.refused == written.wrong_identity + written.truncated
    assert tally.set_aside == written.wrong_finess + written.wrong_siret
    assert len(lines) == tally.kept == 1_500 - tally.refused
    assert len(tally.faults) == tally.refused + tally.set_aside
    assert {"BESANÇON", "NÎMES"} & {line[3][0] for line in lines}
    assert tally.missing_columns == tally.unknown_columns == []
    assert not tally.reordered


def test_faults_are_told_with_row_and_column(tmp_path: Path) -> None:
    path = tmp_path / "f.txt"
    wrong = {"Numéro FINESS site": "750100126", "Numéro SIRET site": "12345678901234"}
    rows = [row(), row(**{"Identifiant PP": "10003456780"}), row(**wrong), row()[:20]]
    path.write_text(text(*rows), encoding="utf-8")
    lines, tally = read(path)
    assert [line[0] for line in lines] == [RPPS, RPPS]
    assert (lines[1][5], dict(zip(SHOWN, lines[1][6].split(SEPARATOR), strict=True))["siret"]) == ("", "")
    assert [(fault.row, fault.column) for fault in tally.faults] == [
        (3, "Identifiant PP"), (4, "Numéro FINESS site"), (4, "Numéro SIRET site"), (5, ""),
    ]  # fmt: skip
    assert all(fault.reason and fault.file == "f.txt" for fault in tally.faults)
    assert (tally.read, tally.kept, tally.refused, tally.set_aside) == (4, 2, 2, 2)


def test_the_list_of_faults_is_bounded_and_their_count_is_not(tmp_path: Path) -> None:
    path = tmp_path / "f.txt"
    path.write_text(text(*["tronquée"] * 500), encoding="utf-8")
    _lines, tally = read(path)
    assert (tally.refused, len(tally.faults)) == (500, annuaire.MOST_LISTED)


@pytest.mark.parametrize(
    ("identity", "kept"),
    [(RPPS, RPPS), (ADELI, ADELI), ("1000 3456 786", RPPS), ("720000008", ""), ("", ""), ("²" * 11, "")],
)
def test_a_person_is_known_by_rpps_or_adeli(tmp_path: Path, identity: str, kept: str) -> None:
    path = tmp_path / "f.txt"
    path.write_text(text(row(**{"Identifiant PP": identity})), encoding="utf-8")
    lines, tally = read(path)
    assert [line[0] for line in lines] == ([kept] if kept else [])
    assert tally.refused == (not kept)


def test_only_the_departments_asked_for_are_kept(tmp_path: Path) -> None:
    written = annuaire_file.write(tmp_path / "f.txt", 2_000, faults=False)
    lines, tally = read(written.path, "72", "2A")
    assert {line[3][2] for line in lines} == {"72", "2A"}
    assert len(lines) == written.by_department["72"] + written.by_department["2A"]
    assert (tally.read, tally.refused) == (2_000, 0)


cells = st.text(st.characters(exclude_characters="|\n\r", exclude_categories=["Cs"]), max_size=12)


@given(rows=st.lists(st.tuples(cells, cells, cells, cells, cells), max_size=6), mixed=st.randoms())
def test_what_is_written_is_read(
    rows: list[tuple[str, ...]], mixed: random.Random, tmp_path_factory: pytest.TempPathFactory
) -> None:
    columns = list(COLUMNS)
    mixed.shuffle(columns)
    names = ("Nom d'exercice", "Prénom d'exercice", "Libellé profession", f"Libellé commune {PLACE}",
             "Raison sociale site")  # fmt: skip
    path = tmp_path_factory.mktemp("written") / "f.txt"
    told = text(*(row(columns, **dict(zip(names, told, strict=True))) for told in rows), columns=columns)
    path.write_text(told, encoding="utf-8", newline="")
    lines, tally = read(path)
    place = SHOWN.index("name")
    found = [(line[1], line[2], line[4][0], line[3][0], line[6].split(SEPARATOR)[place]) for line in lines]
    assert found == rows
    assert tally.faults == []


def test_quotes_are_content(tmp_path: Path) -> None:
    path = tmp_path / "f.txt"
    path.write_text(text(row(**{"Nom d'exercice": 'LE "GRAND'}), row()), encoding="utf-8")
    lines, _tally = read(path)
    assert [line[1] for line in lines] == ['LE "GRAND', "DUPONT"]


def test_columns_may_be_missing_new_or_elsewhere(tmp_path: Path) -> None:
    columns = [*reversed(COLUMNS), "Numéro de fantaisie"]
    columns.remove("Libellé rôle")
    columns.remove("Numéro FINESS site")
    path = tmp_path / "f.txt"
    path.write_text(text(row(columns), columns=columns), encoding="utf-8")
    lines, tally = read(path)
    assert [line[:3] for line in lines] == [(RPPS, "DUPONT", "Jean")]
    assert sorted(tally.missing_columns) == ["Libellé rôle", "Numéro FINESS site"]
    assert tally.unknown_columns == ["Numéro de fantaisie"]
    assert tally.reordered


def test_a_separator_at_the_end_of_each_line_is_no_column(tmp_path: Path) -> None:
    path = tmp_path / "f.txt"
    path.write_text(text(row() + "|").replace("\n", "|\n", 1), encoding="utf-8")
    lines, tally = read(path)
    assert (len(lines), tally.unknown_columns) == (1, [])


def test_a_file_without_what_is_needed_names_it(tmp_path: Path) -> None:
    columns = [name for name in COLUMNS if name != "Nom d'exercice"]
    path = tmp_path / "f.txt"
    path.write_text(text(columns=columns), encoding="utf-8")
    error = refusal(path)
    assert error.code == "directory-columns-missing"
    assert "Nom d'exercice" in error.message


def test_bytes_of_another_encoding_spoil_their_own_line_only(tmp_path: Path) -> None:
    path = tmp_path / "f.txt"
    path.write_bytes(
        text(row(**{"Nom d'exercice": "LEFÈVRE"})).encode()
        + row(**{"Nom d'exercice": "ANDRÉ"}).encode("cp1252")
        + b"\n\x81"
    )
    lines, tally = read(path)
    assert [line[1] for line in lines] == ["LEFÈVRE", "ANDRÉ"]
    assert tally.refused == 1


@pytest.mark.parametrize(
    "content",
    [b"", b"\n", b"PK", b"a;b;c\n1;2;3\n", b"\x00" * 4096, "Nom|Prénom\n".encode("utf-16"), b"%PDF-1.7\n"],
)
def test_another_file_is_told_as_such(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "f.txt"
    path.write_bytes(content)
    assert refusal(path).code == "directory-not-annuaire"


def test_a_hundred_megabytes_of_something_else_are_not_read(tmp_path: Path) -> None:
    path = tmp_path / "film.bin"
    with path.open("wb") as file:
        os.truncate(file.fileno(), 100 << 20)
    assert refusal(path).code == "directory-not-annuaire"


def test_a_line_that_never_ends_is_not_of_the_extraction(tmp_path: Path) -> None:
    path = tmp_path / "f.txt"
    path.write_bytes(text().encode() + b"x" * (3 * annuaire_source.BLOCK))
    assert refusal(path).code == "directory-not-annuaire"


def test_an_archive_is_read_as_its_file_and_tells_its_day(tmp_path: Path) -> None:
    path = zipped(
        tmp_path, ["PS_LibreAcces_SavoirFaire_1.txt", "PS_LibreAcces_Personne_activite_202611250800.txt"]
    )
    with annuaire_source.opened(path) as source:
        assert (source.name, source.day) == ("PS_LibreAcces_Personne_activite_202611250800.txt", "2026-11-25")
    assert len(read(path)[0]) == 1


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("PS_LibreAcces_Personne_activite_20261125.txt", "2026-11-25"),
        ("ps-libreacces-personne-activite.txt", ""),
        ("PS_20269925.txt", ""),
        ("123202611251.txt", ""),
    ],
)
def test_the_day_is_that_of_the_name_or_unknown(tmp_path: Path, name: str, day: str) -> None:
    path = tmp_path / name
    path.write_text(text(row()), encoding="utf-8")
    with annuaire_source.opened(path) as source:
        assert source.day == day


def test_an_archive_without_the_file(tmp_path: Path) -> None:
    assert refusal(zipped(tmp_path, ["PS_LibreAcces_SavoirFaire_1.txt"])).code == "directory-archive-empty"
    assert refusal(zipped(tmp_path, [])).code == "directory-archive-empty"


def test_an_archive_that_is_still_being_downloaded(tmp_path: Path) -> None:
    written = annuaire_file.write(tmp_path / "f.zip", 500)
    written.path.write_bytes(written.path.read_bytes()[:-200])
    assert refusal(written.path).code == "directory-archive-damaged"


def test_an_archive_with_a_wrong_byte_is_noticed(tmp_path: Path) -> None:
    path = annuaire_file.write(tmp_path / "f.zip", 500).path
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)
    assert refusal(path).code == "directory-archive-damaged"


def test_an_archive_made_to_burst_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "PS_LibreAcces.zip"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("PS_LibreAcces_Personne_activite_1.txt", "w") as member,
    ):
        member.write(text().encode())
        for _megabyte in range(64):
            member.write(b"\n" * (1 << 20))
    assert path.stat().st_size < 1 << 20
    assert refusal(path).code == "directory-archive-too-large"


def test_a_locked_archive(tmp_path: Path) -> None:
    path = zipped(tmp_path)
    content = path.read_bytes()
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.index(mark) + flags
        content = content[:at] + b"\x01\x00" + content[at + 2 :]
    path.write_bytes(content)
    assert refusal(path).code == "directory-archive-locked"


def test_a_file_that_changes_meanwhile_is_not_trusted(tmp_path: Path) -> None:
    path = tmp_path / "f.txt"
    path.write_text(text(row()), encoding="utf-8")
    with pytest.raises(KnownError) as caught, annuaire_source.opened(path) as source:
        list(annuaire.lines(source, frozenset(), Tally(), lambda _bytes: None))
        with path.open("a") as file:
            file.write(row())
    assert caught.value.code == "directory-file-changing"


def test_what_fails_elsewhere_is_not_laid_to_the_file(tmp_path: Path) -> None:
    path = tmp_path / "f.txt"
    path.write_text(text(row()), encoding="utf-8")
    with pytest.raises(BrokenPipeError), annuaire_source.opened(path) as source:
        for _lines in annuaire.lines(source, frozenset(), Tally(), lambda _bytes: None):
            raise BrokenPipeError


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert refusal(tmp_path / "f.txt").code == "directory-file-unreadable"
    assert refusal(tmp_path).code == "directory-file-unreadable"


def test_a_fault_has_a_file_a_row_a_column_and_a_reason() -> None:
    tally = Tally()
    tally.note("f.txt", 3, "Identifiant PP", "faux")
    assert tally.faults == [Fault("f.txt", 3, "Identifiant PP", "faux")]
