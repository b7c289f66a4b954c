"""The parts of an answer to reset, and damage told as damage."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import xor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.hardware.pcsc.atr import LONGEST, Damage, parse, spaced


@dataclass(frozen=True)
class Made:
    """An answer to reset built after the standard, and what was put in it."""

    raw: bytes
    interface: dict[str, int]
    protocols: tuple[int, ...]
    historical: bytes


@st.composite
def answers(draw: st.DrawFn) -> Made:
    start = draw(st.sampled_from([0x3B, 0x3F]))
    historical = draw(st.binary(max_size=15))
    protocols = draw(st.lists(st.integers(0, 15), max_size=4))
    levels = [
        {letter: draw(st.integers(0, 255)) for letter in "ABC" if draw(st.booleans())}
        for _ in range(len(protocols) + 1)
    ]
    interface: dict[str, int] = {}
    announced = []
    for number, level in enumerate(levels, start=1):
        nibble = sum(1 << "ABC".index(letter) for letter in level)
        announced.append(nibble | (8 if number <= len(protocols) else 0))
    for number, level in enumerate(levels, start=1):
        interface |= {f"T{letter}{number}": value for letter, value in level.items()}
        if number <= len(protocols):
            interface[f"TD{number}"] = announced[number] << 4 | protocols[number - 1]
    body = bytes([announced[0] << 4 | len(historical), *interface.values()]) + historical
    check = bytes([reduce(xor, body)]) if any(protocols) else b""
    return Made(bytes([start]) + body + check, interface, tuple(protocols) or (0,), historical)


fitting = answers().filter(lambda made: len(made.raw) <= LONGEST)


@given(fitting)
def test_every_part_is_found_again(made: Made) -> None:
    atr = parse(made.raw)
    assert atr.damage is None
    assert (atr.interface, atr.protocols, atr.historical) == (made.interface, made.protocols, made.historical)
    assert (atr.check is not None) == any(made.protocols)
    assert atr.inverse == (made.raw[0] == 0x3F)


@given(fitting, st.data())
def test_a_cut_answer_is_damaged(made: Made, data: st.DataObject) -> None:
    end = data.draw(st.integers(0, len(made.raw) - 1))
    assert parse(made.raw[:end]).damage == ("empty" if end == 0 else "short")


@given(fitting, st.binary(min_size=1, max_size=40))
def test_an_answer_with_more_behind_it_is_damaged(made: Made, more: bytes) -> None:
    assert parse(made.raw + more).damage == "long"


def test_no_answer_is_longer_than_the_standard_allows() -> None:
    chain = bytes.fromhex("000000F0") * 4 + bytes.fromhex("00000000")
    assert parse(bytes.fromhex("3BFF") + chain + bytes(15)).damage == "long"


@given(fitting.filter(lambda made: bool(made.historical) and any(made.protocols)), st.data())
def test_a_changed_byte_is_caught_by_the_check_byte(made: Made, data: st.DataObject) -> None:
    first = len(made.raw) - 1 - len(made.historical)
    at = data.draw(st.integers(first, len(made.raw) - 1))
    changed = bytearray(made.raw)
    changed[at] ^= data.draw(st.integers(1, 255))
    assert parse(bytes(changed)).damage == "checksum"


@given(st.binary(max_size=60))
def test_nothing_makes_the_parser_fail(raw: bytes) -> None:
    atr = parse(raw)
    assert atr.raw == raw
    assert bytes.fromhex(spaced(raw)) == raw


@pytest.mark.parametrize(
    ("raw", "damage"), [("", "empty"), ("00 3B", "start"), ("3B", "short"), ("3B 10", "short")]
)
def test_damage_by_hand(raw: str, damage: Damage) -> None:
    assert parse(bytes.fromhex(raw)).damage == damage


def test_the_contact_cps3_by_hand() -> None:
    atr = parse(bytes.fromhex("3BAC00402A001225006480000310009000"))
    assert atr.interface == {"TB1": 0x00, "TD1": 0x40, "TC2": 0x2A}
    assert atr.protocols == (0,)
    assert atr.historical.hex() == "001225006480000310009000"
    assert spaced(atr.raw) == "3B AC 00 40 2A 00 12 25 00 64 80 00 03 10 00 90 00"
