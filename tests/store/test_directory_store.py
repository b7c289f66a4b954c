"""The directory: found as the words say, in order, and replaced whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlite_utils import Database

from fieldkit.domain.directory import Line
from fieldkit.domain.folding import fold
from fieldkit.errors import KnownError
from fieldkit.importers import annuaire, annuaire_source
from fieldkit.store import directory, directory_lists, directory_search
from fieldkit.store.directory_search import Filters
from tests.bench import annuaire_file

ROWS = 1_500
EVERYONE = 10 * ROWS
SAINTS = {"saint": "st", "sainte": "ste", "st": "saint", "ste": "sainte"}


def line(surname: str, first: str = "", identity: str = "10003456786", town: str = "LE MANS") -> Line:
    """A line of somebody."""
    return identity, surname, first, (town, "72000", "72"), ("Infirmier", ""), "", "|" * 18


def build(path: Path, *lines: Line) -> None:
    """A directory of these lines."""
    with directory.rebuilding(path) as new:
        new.add(lines)
        new.index(lambda _share: None)
        new.seal({"rows": len(lines)})


def opened(path: Path) -> Database:
    """The directory at `path`."""
    found = directory.open_current(path)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def country(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Line], Database]:
    """Generated lines, and the directory of them."""
    folder = tmp_path_factory.mktemp("country")
    written = annuaire_file.write(folder / "f.txt", ROWS)
    with annuaire_source.opened(written.path) as source:
        batches = annuaire.lines(source, frozenset(), annuaire.Tally(), lambda _bytes: None)
        lines = [line for batch in batches for line in batch]
    build(folder / "directory.db", *lines)
    return lines, opened(folder / "directory.db")


@cache
def words_of(text: str, *, town: bool = False) -> list[str]:
    """Under which words a text is found."""
    words = fold(text).split()
    saints = [SAINTS[word] for word in words if town and word in SAINTS]
    return [*words, "".join(words), *saints]


def matches(line: Line, query: str) -> bool:
    """What the search promises: every word typed begins a word of the line, or a number is one's beginning."""
    typed = fold(query).split()[:8]
    number = "".join(typed).upper()
    if 3 <= len(number) <= 11 and any(n.startswith(number) for n in (line[0], line[5])):
        return True
    _identity, surname, first, town, trade, _finess, _shown = line
    known = [
        *words_of(surname), *words_of(first), *words_of(f"{town[0]} {town[1]}", town=True), *words_of(" ".join(trade)),
    ]  # fmt: skip
    return bool(typed) and all(any(word.startswith(part[:40]) for word in known) for part in typed)


@st.composite
def queries(draw: st.DrawFn, lines: list[Line]) -> str:
    """Beginnings of the words of one line, or of several, as people type them."""
    parts = []
    for _word in range(draw(st.integers(1, 4))):
        _identity, surname, first, town, trade, finess, _shown = draw(st.sampled_from(lines))
        text = draw(st.sampled_from([surname, first, town[0], town[1], trade[0], trade[1], finess]))
        word = draw(st.sampled_from(text.split() or ["x"]))
        parts.append(word[: draw(st.integers(1, max(len(word), 1)))])
    return " ".join(parts)


@given(data=st.data())
def test_search_finds_what_its_words_say_and_nothing_else(
    country: tuple[list[Line], Database], data: st.DataObject
) -> None:
    lines, database = country
    query = data.draw(queries(lines))
    department = data.draw(st.sampled_from(["", "75", "72", "2A"]))
    profession = data.draw(st.sampled_from(["", "Infirmier", "Médecin"]))
    found = directory_search.search(database, query, Filters(department, profession), EVERYONE)
    wanted = [
        number for number, line in enumerate(lines, start=1)
        if matches(line, query) and department in ("", line[3][2]) and profession in ("", line[4][0])
    ]  # fmt: skip
    assert sorted(found) == wanted


@given(text=st.text(max_size=60), limit=st.integers(1, 30))
def test_search_never_raises(country: tuple[list[Line], Database], text: str, limit: int) -> None:
    found = directory_search.search(country[1], text, Filters(), limit)
    assert len(found) <= limit
    assert len(set(found)) == len(found)


@pytest.mark.parametrize(
    "text", ['"', "*", "a*", "NEAR(", "%", "_", "'; DROP TABLE line", "\x00", "l'h", "-", "  "]
)
def test_whatever_is_typed_is_harmless(country: tuple[list[Line], Database], text: str) -> None:
    directory_search.search(country[1], text, Filters(), 20)
    assert directory_lists.count(country[1]) == len(country[0])


def test_the_list_is_in_the_order_of_names(country: tuple[list[Line], Database]) -> None:
    lines, database = country
    rows = directory_lists.rows(database, Filters())
    listed = directory_lists.at_rows(database, rows)
    told = [(fold(item.surname), fold(item.first_name)) for item in listed]
    assert [name for name, _first in told] == sorted(fold(line[1]) for line in lines)
    assert sorted(item.line for item in listed) == list(range(1, len(lines) + 1))
    assert directory_lists.at_rows(database, rows[700:705]) == listed[700:705]


def test_a_filtered_list_has_its_lines_in_order(country: tuple[list[Line], Database]) -> None:
    lines, database = country
    for filters in (Filters("75"), Filters("", "Médecin"), Filters("75", "Infirmier")):
        rows = directory_lists.rows(database, filters)
        listed = directory_lists.at_rows(database, rows)
        assert list(rows) == sorted(rows)
        assert len(listed) == sum(
            filters.department in ("", line[3][2]) and filters.profession in ("", line[4][0])
            for line in lines
        )
    assert not directory_lists.rows(database, Filters("99"))
    assert not directory_lists.rows(database, Filters("", "Méd"))


@pytest.fixture
def few(tmp_path: Path) -> Iterator[Database]:
    """A directory of a few lines whose order says how results are ranked."""
    build(
        tmp_path / "directory.db",
        line("PETIT", "Jean", "10003456786", "MARTIN-ÉGLISE"),
        line("DURAND", "Martine", "10003456787"),
        line("LE MARTINET", "Anne", "10003456788"),
        line("MARTINEZ", "Anne", "10003456789"),
        line("MARTIN", "Zoé", "10003456790"),
        line("MARTIN", "Anne-Marie", "10003456791"),
        line("MARTIN", "Marie", "10003456792"),
    )
    database = opened(tmp_path / "directory.db")
    yield database
    database.close()


def names(database: Database, text: str) -> list[str]:
    """The names found, best first."""
    found = directory_search.search(database, text, Filters(), 20)
    return [item.name for item in directory_lists.lines(database, found)]


def test_surnames_come_first_then_inner_words_first_names_and_towns(few: Database) -> None:
    assert names(few, "martin") == [
        "MARTIN Anne-Marie", "MARTIN Marie", "MARTIN Zoé", "MARTINEZ Anne", "LE MARTINET Anne", "DURAND Martine",
        "PETIT Jean",
    ]  # fmt: skip


def test_a_first_word_goes_before_an_inner_one(few: Database) -> None:
    assert names(few, "martin marie") == ["MARTIN Marie", "MARTIN Anne-Marie"]


def test_a_name_is_found_run_together_and_without_accents(few: Database) -> None:
    assert names(few, "lemartinet") == ["LE MARTINET Anne"]
    assert names(few, "zoe martin") == ["MARTIN Zoé"]
    assert names(few, "eglise") == ["PETIT Jean"]
    assert len(names(few, "72000")) == 7
    assert "PETIT Jean" not in names(few, "le mans martin")


def test_an_rpps_typed_in_groups_is_found(few: Database) -> None:
    assert names(few, "1000 3456 792") == ["MARTIN Marie"]
    assert len(names(few, "100034567")) == 7


def test_the_old_one_serves_until_the_new_one_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "directory.db"
    build(path, line("ANCIEN"))
    old = opened(path)
    with directory.rebuilding(path) as new:
        new.add([line("NOUVEAU"), line("NOUVELLE")])
        new.index(lambda _share: None)
        new.seal({})
        assert names(opened(path), "a") == ["ANCIEN"]
    assert names(old, "ancien") == ["ANCIEN"]
    assert names(opened(path), "n") == ["NOUVEAU", "NOUVELLE"]
    assert [file.name for file in tmp_path.iterdir()] == ["directory.db"]


def test_a_failed_import_leaves_the_old_one_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "directory.db"
    build(path, line("ANCIEN"))
    before = path.read_bytes()

    def give_up(share: float) -> None:
        if share > 0.5:
            raise InterruptedError

    with pytest.raises(InterruptedError), directory.rebuilding(path) as new:
        new.add([line("NOUVEAU")])
        new.index(give_up)
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["directory.db"]


def test_whoever_gives_up_while_sqlite_works_is_told_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(directory, "_EVERY", 10)
    shares: list[float] = []

    def give_up(share: float) -> None:
        shares.append(share)
        if shares.count(0.0) > 1:
            raise RuntimeError("nobody waits")

    with pytest.raises(RuntimeError, match="nobody waits"), directory.rebuilding(tmp_path / "d.db") as new:
        new.add(line(f"NOM{number}") for number in range(500))
        new.index(give_up)
    assert list(tmp_path.iterdir()) == []


def test_two_imports_at_once(tmp_path: Path) -> None:
    path = tmp_path / "directory.db"
    with directory.rebuilding(path) as first:
        first.add([line("PREMIER")])
        with pytest.raises(KnownError) as caught, directory.rebuilding(path):
            raise AssertionError("it began")
        assert caught.value.code == "directory-busy"
        first.index(lambda _share: None)
        first.seal({})
    assert names(opened(path), "premier") == ["PREMIER"]


@pytest.mark.parametrize("left", [b"", b"rest of a crash" * 1000])
def test_what_a_crash_left_is_thrown_away(tmp_path: Path, left: bytes) -> None:
    path = tmp_path / "directory.db"
    (tmp_path / "directory.db.new").write_bytes(left)
    build(path, line("NOUVEAU"))
    assert names(opened(path), "nouveau") == ["NOUVEAU"]


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(KnownError) as caught, directory.rebuilding(tmp_path / "nowhere" / "directory.db"):
        raise AssertionError("it began")
    assert caught.value.code == "directory-unwritable"


def test_what_is_no_directory_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "directory.db"
    assert directory.open_current(path) is None
    path.write_bytes(b"")
    assert directory.open_current(path) is None
    path.write_bytes(b"something else" * 1000)
    assert directory.open_current(path) is None
