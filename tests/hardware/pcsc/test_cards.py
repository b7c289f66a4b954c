"""Which card is behind an answer to reset: the table of domain.md §2.2, and cards that are none of ours."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit import i18n
from fieldkit.hardware.pcsc.atr import parse, spaced
from fieldkit.hardware.pcsc.cards import Family, identify, shown

CPS3 = "3B AC 00 40 2A 00 12 25 00 64 80 00 03 10 00 90 00"
CPS4 = "3B 9B 18 80 01 00 12 25 00 64 80 04 01 00 00 90 44"

HEALTH: list[tuple[str, Family, str]] = [
    (CPS3, "cps3", "Carte CPS3"),
    ("3B 8F 80 01 00 31 B8 64 04 B0 EC C1 73 94 01 80 82 90 00 0E", "cps3-contactless", "Carte CPS3, sans contact"),
    (CPS4, "cps4", "Carte CPS4"),
    ("3B 9B 18 80 01 00 12 25 00 64 80 00 04 01 00 90 44", "cps4-rc", "Carte CPS4 (version candidate)"),
    ("3B DC 18 FF 00 00 12 25 00 64 80 00 04 01 00 90 00", "cps4-rc", "Carte CPS4 (version candidate)"),
    ("3B AC 00 40 2A 00 12 25 00 64 80 82 02 12 00 90 00", "cps2ter", "Carte CPS2ter"),
    *(
        (f"3B 75 13 00 00 {model} 09 {kind} 90 00", "vitale2", "Carte Vitale 2")
        for model, kind in [(f"4{digit}", "EA") for digit in "3456789BC"] + [("45", "FA")]
    ),
    *(
        (f"3F 65 25 00 {variant} 90 00", "vitale1", "Carte Vitale 1")
        for variant in (
            "2C 09 69", "22 09 69", "2C 09 F9", "22 09 F9", "52 09 6A", "A3 09 6A", "A4 09 6A",
        )
    ),
]  # fmt: skip

OTHERS: list[tuple[str, Family]] = [
    ("3B 67 00 00 2D 20 16 01 78 90 00", "agent"),
    ("3B 8F 80 01 00 31 B8 64 04 B0 EC C1 73 94 01 80 FF FF FF E3", "contactless-object"),
    ("3B 7F 18 00 00 00 31 B8 64 50 23 EC C1 73 94 01 80 82 90 00", "other"),
    ("3B FF 96 00 00 C0 0A 31 FE 43 80 31 80 65 B0 85 04 00 11 12 0F FF 82 90 00 AB", "other"),
    ("3B 65 00 00 20 63 CB 64 00", "other"),  # bank
    ("3B 65 00 00 43 04 6C 90 00", "other"),  # bank
    ("3F 65 25 00 2C 04 6C 90 00", "other"),  # bank: begins as a Vitale 1 does
    ("3B 19 96 80 67 93 27 01 02 02 04 01", "other"),  # SIM
    ("3B 3C 11 00 42 AF 20 A3 20 07 00 22 83 82 90 00", "other"),  # SIM
    ("3B 98 13 40 0A A5 03 01 01 01 AD 13 11", "other"),  # identity, Belgium
    ("3B 8F 80 01 80 4F 0C A0 00 00 03 06 03 00 01 00 00 00 00 6A", "contactless-object"),  # transport
    ("3B 80 80 01 01", "contactless-object"),  # phone
]


@pytest.mark.parametrize(("atr", "family", "label"), HEALTH)
def test_health_cards_are_recognised(atr: str, family: Family, label: str) -> None:
    card = identify(bytes.fromhex(atr))
    assert (card.family, card.health, card.label) == (family, True, label)
    assert card.source


@pytest.mark.parametrize(("atr", "family"), OTHERS)
def test_other_cards_are_not_health_cards(atr: str, family: Family) -> None:
    raw = bytes.fromhex(atr)
    assert parse(raw).damage is None, "the example itself must be sound"
    card = identify(raw)
    assert (card.family, card.health) == (family, False)


@given(interface=st.binary(min_size=3, max_size=3))
def test_a_professional_card_is_known_by_its_historical_bytes(interface: bytes) -> None:
    raw = bytes.fromhex(CPS3)
    varied = raw[:1] + bytes([0x7C]) + interface + raw[5:]
    assert identify(varied).family == "cps3"


def test_a_professional_card_of_a_new_generation_is_not_given_a_wrong_one() -> None:
    card = identify(bytes.fromhex(CPS3.replace("00 03 10", "00 09 09")))
    assert (card.family, card.health) == ("other", True)
    assert card.label == "Carte de la famille CPS, génération inconnue"


@pytest.mark.parametrize("damaged", [CPS4[:-2] + "45", CPS4[:-3], CPS4 + " 00", "", "7B 00"])
def test_a_damaged_answer_is_told_and_never_a_health_card(damaged: str) -> None:
    card = identify(bytes.fromhex(damaged))
    assert (card.family, card.health) == ("other", False)
    assert "endommagée" in card.label or card.label == "Carte sans réponse"


@given(st.binary(max_size=40))
def test_noise_is_never_a_health_card(raw: bytes) -> None:
    assert not identify(raw).health


def test_the_label_follows_the_language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(i18n._current, "gettext", lambda message: f"<{message}>")
    assert identify(bytes.fromhex(CPS3)).label == "<Carte CPS3>"


TRANSPORT = "3B 6F 00 00 80 5A 0A 07 06 20 04 2C 11 22 33 44 82 90 00"
"""A Calypso card: the four bytes before `82 90 00` are its own number."""


@pytest.mark.parametrize("atr", [atr for atr, *_ in HEALTH] + [atr for atr, _ in OTHERS[:4]])
def test_the_answer_of_a_known_class_is_shown_whole(atr: str) -> None:
    assert shown(bytes.fromhex(atr)) == atr


def test_an_answer_that_may_number_one_card_is_not_shown_whole() -> None:
    assert shown(bytes.fromhex(TRANSPORT)) == "3B 6F 00 00 … (suite masquée)"
    assert shown(bytes.fromhex(TRANSPORT)[:-2]) == "3B 6F 00 00 … (suite masquée)", "nor where it is damaged"
    assert shown(b"") == ""


@given(st.binary(min_size=1, max_size=40))
def test_historical_bytes_of_noise_are_never_shown(raw: bytes) -> None:
    atr = parse(raw)
    assert shown(raw).startswith(f"{spaced(raw[: 2 + len(atr.interface)])} … (")
