"""Days as people type them."""

from __future__ import annotations

import contextlib
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.errors import KnownError
from fieldkit.ui.widgets.day import read_day

TODAY = dt.date(2026, 11, 22)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("31/12/2026", "2026-12-31"),
        (" 31.12.26 ", "2026-12-31"),
        ("1-2-2027", "2027-02-01"),
        ("31 12", "2026-12-31"),
        ("22/11", "2026-11-22"),
        ("21/11", "2027-11-21"),
        ("2026-12-31", "2026-12-31"),
    ],
)
def test_a_day_is_read_in_every_usual_form(text: str, day: str) -> None:
    assert read_day(text, TODAY).isoformat() == day


@pytest.mark.parametrize("text", ["", "demain", "31/02/2026", "12/2026", "1/1/123", "2026-13-01", "0/0"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(KnownError) as caught:
        read_day(text, TODAY)
    assert caught.value.code == "not-a-date"


@given(st.dates(min_value=dt.date(1000, 1, 1)))
def test_a_day_that_is_shown_can_be_typed_back(day: dt.date) -> None:
    assert read_day(day.strftime("%d/%m/%Y"), TODAY) == day


@given(st.text(max_size=20))
def test_no_text_is_too_much(text: str) -> None:
    with contextlib.suppress(KnownError):
        assert isinstance(read_day(text, TODAY), dt.date)
