"""The settings file: kept whole, read with care, never fatal."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit import settings
from fieldkit.errors import KnownError
from fieldkit.settings import Settings
from tests.examples import examples

FULL = Settings("Camille Martin", "CPAM de la Sarthe", ("72", "2A"), "en", "dark", 150)


def test_what_was_saved_is_read_again(tmp_path: Path) -> None:
    settings.save(tmp_path / "new", FULL)
    assert settings.load(tmp_path / "new") == FULL
    assert [file.name for file in (tmp_path / "new").iterdir()] == ["settings.json"]


def test_a_new_profile_has_the_defaults(tmp_path: Path) -> None:
    assert settings.load(tmp_path) == Settings()


@pytest.mark.parametrize("content", ["", "{", "[]", "\0", '"text"'])
def test_a_broken_file_is_set_aside_and_kept(tmp_path: Path, content: str) -> None:
    (tmp_path / "settings.json").write_text(content, encoding="utf-8")
    assert settings.load(tmp_path) == Settings()
    assert (tmp_path / "settings.json.broken").read_text("utf-8") == content


def test_a_value_out_of_range_falls_back_alone(tmp_path: Path) -> None:
    odd = {
        "name": "Camille",
        "theme": "pink",
        "text_size": 7,
        "language": "xx",
        "departments": ["99"],
        "more": 1,
    }
    (tmp_path / "settings.json").write_text(json.dumps(odd), encoding="utf-8")
    assert settings.load(tmp_path) == Settings(name="Camille")


@examples(40, 1_000)
@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists))
def test_no_value_at_all_makes_it_fail(tmp_path_factory: pytest.TempPathFactory, value: object) -> None:
    folder = tmp_path_factory.mktemp("any")
    fields = dict.fromkeys(("name", "organisation", "departments", "language", "theme", "text_size"), value)
    (folder / "settings.json").write_text(json.dumps(fields), encoding="utf-8")
    settings.load(folder)


def test_a_disk_that_refuses_is_told_and_what_was_there_stays(tmp_path: Path) -> None:
    settings.save(tmp_path, FULL)
    (tmp_path / "settings.json.new").mkdir()
    with pytest.raises(KnownError) as caught:
        settings.save(tmp_path, Settings())
    assert caught.value.code == "settings-unwritable"
    assert settings.load(tmp_path) == FULL


@pytest.mark.parametrize("field", ["name", "organisation"])
def test_a_nir_is_refused(tmp_path: Path, field: str) -> None:
    with pytest.raises(KnownError) as caught:
        settings.save(tmp_path, Settings(**{field: "2 69 05 49 588 157 80"}))  # type: ignore[arg-type]
    assert caught.value.code == "nir-refused"
    assert not (tmp_path / "settings.json").exists()


@pytest.mark.parametrize(
    ("text", "codes"),
    [("", ()), ("72", ("72",)), ("72, 2a;974 72", ("72", "2A", "974")), ("1 53", ("01", "53"))],
)
def test_departments_as_people_type_them(text: str, codes: tuple[str, ...]) -> None:
    assert settings.parse_departments(text) == codes


@pytest.mark.parametrize("text", ["20", "96", "2C", "7200", "Sarthe", "00"])
def test_what_is_no_department_is_refused(text: str) -> None:
    with pytest.raises(KnownError) as caught:
        settings.parse_departments(text)
    assert caught.value.code == "department-unknown"
