"""Dates are read as people write them, and never made more precise than they are."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.domain import dates


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("2024", "2024"), ("2024-02", "2024-02"), ("2024-02-09", "2024-02-09"), ("2024/2/9", "2024-02-09"),
        ("09/02/2024", "2024-02-09"), ("9.2.2024", "2024-02-09"), ("02/2024", "2024-02"), ("202402", "2024-02"),
        ("20240209", "2024-02-09"), ("février 2024", "2024-02"), ("Févr. 2024", "2024-02"),
        ("1er août 2023", "2023-08-01"), ("12 décembre 2023", "2023-12-12"), ("2024-02-09 00:00:00", "2024-02-09"),
        (" 2024-02 ", "2024-02"),
    ],
)  # fmt: skip
def test_dates_as_written(written: str, iso: str) -> None:
    assert dates.read(written) == iso


@pytest.mark.parametrize(
    "written", ["", "2024-13", "31/02/2024", "hier", "12", "1899", "3024-01", "20241301", "brumaire 2024"]
)
def test_what_is_no_date(written: str) -> None:
    assert dates.read(written) is None


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("ps_2024-02.csv", "2024-02"), ("liste au 14/12/2023", "2023-12-14"), ("du_20240131.xlsx", "2024-01-31"),
        ("Situation à fin avril 2024", "2024-04"), ("n° 123456789", None), ("version 12.4", None), ("", None),
    ],
)  # fmt: skip
def test_a_date_inside_a_name(text: str, iso: str | None) -> None:
    assert dates.inside(text) == iso


@pytest.mark.parametrize(
    ("text", "good"),
    [("2021", True), ("2023-Q4", True), ("2021-06 / 2023-12", True), ("2023-Q5", False), ("2021-00", False),
     ("", False), ("2021 / ", False)],
)  # fmt: skip
def test_the_forms_of_the_catalogue(text: str, good: bool) -> None:
    assert dates.is_date(text) is good


@given(st.dates(dt.date(1950, 1, 1), dt.date(2100, 12, 31)))
def test_every_day_is_read_back_from_every_writing(day: dt.date) -> None:
    for written in (day.isoformat(), day.strftime("%d/%m/%Y"), day.strftime("%Y%m%d")):
        assert dates.read(written) == day.isoformat()
    assert dates.is_date(day.isoformat())


@given(st.text(max_size=20))
def test_any_text_is_a_date_or_none(text: str) -> None:
    for found in (dates.read(text), dates.inside(text)):
        assert found is None or dates.is_date(found)
