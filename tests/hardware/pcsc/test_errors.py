"""Every code a reader can answer is told in French, with something to do, on each system."""

from __future__ import annotations

from typing import get_args

import pytest

from fieldkit.hardware.pcsc.errors import KNOWN_CODES, System, explain, explain_absence, this_system

SYSTEMS: tuple[System, ...] = get_args(System)
PROMISED = [
    *("1D", "1E", "2E", "09", "17", "0C", "69", "68", "66", "67", "65"),
    *("0B", "0F", "10", "0A", "02", "6A", "2F", "13", "08", "1F"),
]


@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize("end", PROMISED)
def test_every_promised_code_says_what_and_what_to_do(end: str, system: System) -> None:
    code = 0x80100000 + int(end, 16)
    fault = explain(code, system)
    assert fault.code == code
    assert fault.name.startswith("SCARD_")
    assert fault.message.endswith(".")
    assert fault.hint


def test_no_two_codes_share_their_words() -> None:
    told = [explain(0x80100000 + int(end, 16), "linux") for end in PROMISED]
    assert len({fault.message for fault in told}) == len({fault.name for fault in told}) == len(PROMISED)


def test_the_sign_of_a_code_does_not_matter() -> None:
    assert explain(0x8010001D - (1 << 32), "linux") == explain(0x8010001D, "linux")


def test_every_code_of_the_header_has_its_name() -> None:
    names = [explain(code, "linux").name for code in KNOWN_CODES]
    assert len(set(names)) == len(names) == 60
    assert all(name.startswith("SCARD_") for name in names)


def test_an_unknown_code_keeps_its_number() -> None:
    fault = explain(0x80100ABC, "linux")
    assert fault.as_dict()["code"] == "0x80100ABC"
    assert "code inconnu" in fault.message


def test_a_windows_computer_that_never_had_a_reader_is_not_at_fault() -> None:
    assert "c'est normal" in explain(0x8010001D, "windows").hint


def test_a_card_that_does_not_answer_is_turned_over_first() -> None:
    assert explain(0x80100066, "macos").hint.startswith("Retournez la carte")


def test_each_system_has_its_own_way_to_start_the_service() -> None:
    assert len({explain(0x8010001D, system).hint for system in SYSTEMS}) == len(SYSTEMS)
    assert "apt install pcscd" in explain_absence("linux").hint


@pytest.mark.parametrize(
    ("name", "system"), [("Windows", "windows"), ("Darwin", "macos"), ("Linux", "linux"), ("AIX", "linux")]
)
def test_this_system(monkeypatch: pytest.MonkeyPatch, name: str, system: System) -> None:
    monkeypatch.setattr("platform.system", lambda: name)
    assert this_system() == system
