"""Stamps never go back; identities sort by time."""

from __future__ import annotations

import uuid
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.domain.clock import Clock, Stamp, id_at, new_device, new_id

MOMENTS = st.integers(0, 10**13 - 1)


@given(st.lists(MOMENTS, min_size=2, max_size=40))
def test_stamps_only_grow_whatever_the_wall_clock_does(walls: list[int]) -> None:
    ticks = iter(walls)
    clock = Clock("d", now=lambda: next(ticks))
    stamps = [clock.tick() for _wall in walls]
    assert all(a < b for a, b in pairwise(stamps))
    assert sorted(map(str, stamps)) == [str(s) for s in stamps]


@given(MOMENTS, st.integers(0, 0xFFFF), MOMENTS)
def test_a_stamp_seen_is_outdone_by_the_next_own(ms: int, counter: int, wall: int) -> None:
    clock = Clock("mine", now=lambda: wall)
    seen = Stamp(ms, counter, "theirs")
    clock.see(seen)
    own = clock.tick()
    assert (own.ms, own.counter) > (seen.ms, seen.counter)


@given(MOMENTS, st.integers(0, 0xFFFF), st.text("0123456789abcdef-", min_size=1))
def test_text_form_reads_back(ms: int, counter: int, device: str) -> None:
    stamp = Stamp(ms, counter, device)
    assert Stamp.parse(str(stamp)) == stamp


@pytest.mark.parametrize(
    "text", ["", "1-2-3", "0000000000000-0000-", "x000000000000-0000-d", "0000000000000-0000"]
)
def test_other_text_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        Stamp.parse(text)


def test_identities_are_uuid7_in_order_of_time() -> None:
    early, late = new_id(lambda: 1_000), new_id(lambda: 1_001)
    assert early < late
    assert uuid.UUID(early).version == 7
    assert uuid.UUID(early).variant == uuid.RFC_4122
    assert uuid.UUID(late).int >> 80 == 1_001
    assert len({new_device() for _n in range(100)}) == 100


@given(
    st.lists(st.builds(Stamp, st.integers(0, 2**48 - 1), st.integers(0, 0xFFFF), st.just("d")), unique=True)
)
def test_identities_sort_as_their_stamps_do(stamps: list[Stamp]) -> None:
    made = [id_at(stamp) for stamp in sorted(stamps)]
    assert made == sorted(made)
    assert all(uuid.UUID(one).version == 7 and uuid.UUID(one).variant == uuid.RFC_4122 for one in made)
    assert id_at(Stamp(1, 0, "d")) != id_at(Stamp(1, 0, "d"))
