"""The department of a place, by whichever of its numbers tells."""

from __future__ import annotations

import pytest

from fieldkit.domain.directory import department_of


@pytest.mark.parametrize(
    ("code", "commune", "postcode", "department"),
    [
        ("72", "", "", "72"),
        ("1", "75056", "75001", "01"),
        ("072", "", "", "72"),
        ("2a", "", "", "2A"),
        ("974", "97411", "97400", "974"),
        ("", "72181", "75000", "72"),
        ("", "2B033", "20200", "2B"),
        ("", "97209", "", "972"),
        ("", "", "72000", "72"),
        ("", "", "20000", "2A"),
        ("", "", "20137", "2A"),
        ("", "", "20200", "2B"),
        ("", "", "98800", "988"),
        ("", "", "F-720", ""),
        ("", "99", "", ""),
        ("", "", "", ""),
    ],
)
def test_the_department_of_a_place(code: str, commune: str, postcode: str, department: str) -> None:
    assert department_of(code, commune, postcode) == department
