"""Editions packed whole or as differences: what comes out is what went in, or nothing does."""

from __future__ import annotations

from pathlib import Path

import pytest
import zstandard
from hypothesis import example, given, settings
from hypothesis import strategies as st

from fieldkit.services import catalogue_export, catalogue_file
from fieldkit.sync import editions
from fieldkit.sync.editions import Edition, EditionDamagedError

LINES = st.lists(
    st.sampled_from([b"a" * 40, b"b", b"", b'{"fact": "editors"}', b"c\x00" * 9, b"\xff"]), max_size=30
)
CONTENT = LINES.map(b"\n".join)


def edition(content: bytes) -> Edition:
    """What is said of it."""
    return Edition(1, "2026-11-25", "2026-11-25T00:00:00+00:00", editions.digest(content), len(content))


@given(CONTENT, CONTENT)
@example(b"", b"")
@example(b"", b"x")
@example(b"x", b"")
def test_an_edition_and_the_difference_make_the_next_edition(before: bytes, after: bytes) -> None:
    packed = editions.pack(before)
    difference = editions.pack(after, before)
    first = editions.unpack(packed, edition(before))
    assert editions.unpack(difference, edition(after), first) == after
    assert editions.unpack(editions.pack(after), edition(after)) == after


@settings(max_examples=8)
@given(st.data())
def test_a_difference_of_the_whole_catalogue_leads_to_the_next(data: st.DataObject) -> None:
    before = exported()
    lines = before.split(b"\n")
    for _edit in range(data.draw(st.integers(0, 6))):
        place = data.draw(st.integers(0, len(lines) - 1))
        lines[place : place + data.draw(st.integers(0, 3))] = data.draw(LINES)[:3]
    after = b"\n".join(lines)
    assert editions.unpack(editions.pack(after, before), edition(after), before) == after


@given(CONTENT, CONTENT, CONTENT)
def test_a_difference_fits_the_very_edition_before_and_no_other(
    before: bytes, after: bytes, other: bytes
) -> None:
    difference = editions.pack(after, before)
    try:
        assert editions.unpack(difference, edition(after), other) == after
    except EditionDamagedError:
        assert other != before


@given(CONTENT, st.integers(0, 500), st.integers(0, 7))
def test_a_bit_that_turned_is_noticed(content: bytes, place: int, bit: int) -> None:
    packed = bytearray(editions.pack(content))
    packed[place % len(packed)] ^= 1 << bit
    try:
        assert editions.unpack(bytes(packed), edition(content)) == content
    except EditionDamagedError:
        return


def test_what_would_burst_is_not_opened() -> None:
    bomb = zstandard.compress(bytes(editions.MOST_BYTES // 4))
    with pytest.raises(EditionDamagedError):
        editions.unpack(bomb, edition(b"small"))
    with pytest.raises(EditionDamagedError):
        editions.unpack(b"not packed", edition(b"small"))
    with pytest.raises(EditionDamagedError):
        editions.told(
            {"number": 1, "as_of": "", "published": "", "sha256": "", "size": editions.MOST_BYTES + 1}
        )
    with pytest.raises(EditionDamagedError):
        editions.told(None)


def test_a_difference_of_the_catalogue_is_small() -> None:
    before = exported()
    lines = before.split(b"\n")
    after = b"\n".join(line.replace(b"2023", b"2024") for line in lines[: len(lines) // 2]) + b"\n"
    assert len(editions.pack(after, before)) < len(editions.pack(after)) / 3


def test_names_of_files_tell_their_line() -> None:
    assert editions.line_of(editions.whole(editions.directory("2A"))) == "directory/2A"
    assert editions.line_of(editions.since(editions.CATALOGUE, "ab")) is None
    assert editions.unshelved(editions.shelved(b"abc")) == b"abc"
    assert editions.unshelved(b"spoilt") is None


_exported: list[bytes] = []


def exported() -> bytes:
    """The catalogue of the app as it is exported."""
    if not _exported:
        import tempfile

        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder) / "catalogue.json"
            catalogue_export.write(catalogue_file.shipped(), out)
            _exported.append(out.read_bytes())
    return _exported[0]
