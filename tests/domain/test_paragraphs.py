"""Three-way merge of texts: both people's paragraphs, or nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.domain.paragraphs import three_way

TEXTS = st.lists(st.sampled_from("abcde"), max_size=6).map("\n".join)


@pytest.mark.parametrize(
    ("base", "one", "other", "merged"),
    [
        ("a\nb\nc", "A\nb\nc", "a\nb\nC", "A\nb\nC"),
        ("a\nb", "A\nb", "a\nB", "A\nB"),
        ("a\nb\nc", "b\nc", "a\nb\nc\nd", "b\nc\nd"),
        ("a\nb", "a\nx\nb", "a", "a\nx"),
        ("a\nb", "A\nb", "A\nb\nc", "A\nb\nc"),
        ("a", "A", "a\nb", "A\nb"),
        ("a\nb\nc", "a\nb\nc\nd", "b\nc", "b\nc\nd"),
        ("a\n", "a\nb\n", "A\n", "A\nb\n"),
    ],
)
def test_edits_of_different_paragraphs_are_both_kept(base: str, one: str, other: str, merged: str) -> None:
    assert three_way(base, one, other) == three_way(base, other, one) == merged


@pytest.mark.parametrize(
    ("base", "one", "other"),
    [
        ("a\nb", "A\nb", "AA\nb"),
        ("a\nb", "a\nb\nc", "a\nb\nd"),
        ("", "a", "b"),
        ("a\nb\nc", "x", "a\nB\nc"),
        ("a\nb\nc", "c", "a\nx\nb\nc"),
        ("a\nb", "b", "A\nb"),
    ],
)
def test_edits_of_one_place_are_not_merged(base: str, one: str, other: str) -> None:
    assert three_way(base, one, other) is None
    assert three_way(base, other, one) is None


@given(base=TEXTS, one=TEXTS, other=TEXTS)
def test_who_comes_first_does_not_matter(base: str, one: str, other: str) -> None:
    assert three_way(base, one, other) == three_way(base, other, one)


@given(base=TEXTS, one=TEXTS)
def test_an_edit_alone_is_taken_whole(base: str, one: str) -> None:
    assert three_way(base, one, base) == three_way(base, one, one) == one


@given(base=st.lists(st.sampled_from("abcde"), min_size=1, max_size=5), one=TEXTS, other=TEXTS)
def test_nothing_new_is_dropped(base: list[str], one: str, other: str) -> None:
    merged = three_way("\n".join(base), one.upper(), other.upper() + "\n" + "\n".join(base))
    if merged is not None:
        assert set(one.upper().split("\n")) <= set(merged.split("\n")) | {""}
