"""Faults counted on sequences damaged on purpose."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from fieldkit.hardware.scanner.alignment import Alignment, align, at_least

texts = st.text("abcdef", max_size=12)
DISTINCT = "abcdefghijklmnop"
places = st.integers(1, len(DISTINCT) - 3)


def faults(way: Alignment) -> dict[str, int]:
    names = ("before", "after", "late", "cut", "lost", "doubled", "swapped", "changed", "extra")
    return {name: getattr(way, name) for name in names if getattr(way, name)}


@given(texts)
def test_equal_sequences_cost_nothing(text: str) -> None:
    way = align(text, text)
    assert (way.cost, faults(way), way.kept) == (0, {}, frozenset(range(len(text))))


@given(texts, texts)
def test_the_cost_is_bounded_on_both_sides(expected: str, received: str) -> None:
    cost = align(expected, received).cost
    assert at_least(Counter(expected), Counter(received)) <= cost <= max(len(expected), len(received))
    assert (cost == 0) == (expected == received)


@given(texts, texts)
def test_kept_items_arrived_in_order(expected: str, received: str) -> None:
    rest = iter(received)
    assert all(expected[index] in rest for index in sorted(align(expected, received).kept))


@given(texts, texts)
def test_every_item_is_accounted_for(expected: str, received: str) -> None:
    way = align(expected, received)
    missing = way.late + way.cut + way.lost
    added = way.before + way.after + way.doubled + way.extra
    assert len(way.kept) + way.changed + 2 * way.swapped + missing == len(expected)
    assert len(way.kept) + way.changed + 2 * way.swapped + added == len(received)


@given(places)
def test_one_lost(place: int) -> None:
    assert faults(align(DISTINCT, DISTINCT[:place] + DISTINCT[place + 1 :])) == {"lost": 1}


@given(places)
def test_one_doubled(place: int) -> None:
    assert faults(align(DISTINCT, DISTINCT[: place + 1] + DISTINCT[place:])) == {"doubled": 1}


@given(places)
def test_two_swapped(place: int) -> None:
    pair = DISTINCT[place : place + 2]
    assert faults(align(DISTINCT, DISTINCT.replace(pair, pair[::-1]))) == {"swapped": 1}


@given(places)
def test_one_changed(place: int) -> None:
    assert faults(align(DISTINCT, DISTINCT[:place] + "?" + DISTINCT[place + 1 :])) == {"changed": 1}


@given(places)
def test_a_piece_missing_at_an_end_is_one_event(place: int) -> None:
    cut, late = align(DISTINCT, DISTINCT[:place]), align(DISTINCT, DISTINCT[place:])
    assert (cut.cost, faults(cut)) == (1, {"cut": len(DISTINCT) - place})
    assert (late.cost, faults(late)) == (1, {"late": place})


def test_what_comes_around_is_told_from_what_comes_inside() -> None:
    assert faults(align(DISTINCT, f"]Q1{DISTINCT}##")) == {"before": 3, "after": 2}
    assert faults(align(DISTINCT, f"{DISTINCT[:5]}?{DISTINCT[5:]}")) == {"extra": 1}
