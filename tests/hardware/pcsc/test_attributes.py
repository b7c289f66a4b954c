"""What a driver says of its reader, and everything a driver can do wrong."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.hardware.pcsc import errors, tlv
from fieldkit.hardware.pcsc.asking import answer, ask
from fieldkit.hardware.pcsc.attributes import Attributes, Reading, read
from fieldkit.hardware.pcsc.scard import EMPTY, PRESENT

# As libccid answers for a reader with a PIN pad (ifdhandler.c), and as PC/SC part 10 writes them.
FEATURES = bytes.fromhex("06 04 42 33 00 06  07 04 42 33 00 07  0A 04 42 33 00 0A  12 04 42 33 00 12")
PROPERTIES = bytes.fromhex("01 02 02 10  03 01 00  09 01 00  0A 04 00 00 01 00  0B 02 47 29  0C 02 03 01") + (
    b"\x08\x05v1.02"
)
GET_FEATURES, GET_PROPERTIES = 0x42000D48, 0x42330012
VENDOR, MODEL, VERSION, SERIAL = 0x10100, 0x10101, 0x10102, 0x10103


class Driver(ModuleType):
    """pyscard over one reader, which keeps a record of what it was told to do."""

    SCARD_SCOPE_USER, SCARD_SHARE_DIRECT = 0, 3

    def __init__(
        self,
        states: list[int] | None = None,
        attributes: dict[int, list[int]] | None = None,
        controls: dict[int, list[int]] | None = None,
        connect: int = 0,
    ) -> None:
        super().__init__("driver")
        self.states = states or [EMPTY]
        self.attributes = attributes or {}
        self.controls = controls or {}
        self.connect = connect
        self.done: list[tuple[Any, ...]] = []

    def SCARD_CTL_CODE(self, code: int) -> int:
        return 0x42000000 + code

    def SCardEstablishContext(self, _scope: int) -> tuple[int, int]:
        return 0, 1

    def SCardReleaseContext(self, _context: int) -> int:
        self.done.append(("release",))
        return 0

    def SCardGetStatusChange(self, _context: int, _timeout: int, ask: list[Any]) -> tuple[int, list[Any]]:
        state = self.states.pop(0) if len(self.states) > 1 else self.states[0]
        return 0, [(ask[0][0], 0x10000 | state, [])]

    def SCardConnect(self, _context: int, name: str, mode: int, protocol: int) -> tuple[int, int, int]:
        self.done.append(("connect", name, mode, protocol))
        return self.connect, 7, 0

    def SCardDisconnect(self, _line: int, disposition: int) -> int:
        self.done.append(("disconnect", disposition))
        return 0

    def SCardGetAttrib(self, _line: int, number: int) -> tuple[int, list[int]]:
        found = self.attributes.get(number)
        return (0, found) if found is not None else (errors.READER_UNAVAILABLE, [])

    def SCardControl(self, _line: int, code: int, data: list[int]) -> tuple[int, list[int]]:
        self.done.append(("control", code, data))
        found = self.controls.get(code)
        return (0, found) if found is not None else (errors.INVALID_HANDLE, [])


TALKATIVE: dict[str, Any] = {
    "attributes": {
        VENDOR: list(b"KAPELSE\0"),
        MODEL: list(b"KAP-GO\0junk"),
        VERSION: [0, 0, 0x30, 0x03],
        SERIAL: list(b"00012345"),
    },
    "controls": {
        GET_FEATURES: list(FEATURES),
        GET_PROPERTIES: [b - 256 if b > 127 else b for b in PROPERTIES],
    },
}


def test_a_talkative_driver_is_heard() -> None:
    driver = Driver(**TALKATIVE)
    assert read("KAP-GO 00 00", driver) == Reading(
        "read", Attributes("KAPELSE", "KAP-GO", "v1.02", "00012345", "2947:0103")
    )
    assert driver.done == [
        ("connect", "KAP-GO 00 00", 3, 0),
        ("control", GET_FEATURES, []),
        ("control", GET_PROPERTIES, []),
        ("disconnect", 0),
        ("release",),
    ]


def test_the_version_of_the_device_stands_in_for_a_firmware_that_is_not_told() -> None:
    driver = Driver(attributes=TALKATIVE["attributes"])
    assert read("KAP-GO 00 00", driver).attributes.firmware == "3.30"


def test_a_silent_driver_tells_nothing_and_that_is_no_fault() -> None:
    assert read("Virtual PCD 00 00", Driver()) == Reading("read")


@pytest.mark.parametrize("state", [PRESENT, EMPTY | PRESENT, 0x0004, 0x0008, 0])
def test_a_slot_that_is_not_empty_for_certain_is_never_connected_to(state: int) -> None:
    driver = Driver([state], **TALKATIVE)
    assert read("KAP-GO 00 00", driver) == Reading("occupied")
    assert driver.done == [("release",)]


def test_a_card_that_comes_while_connecting_is_left_alone() -> None:
    driver = Driver([EMPTY, PRESENT], **TALKATIVE)
    assert read("KAP-GO 00 00", driver) == Reading("occupied")
    assert [step[0] for step in driver.done] == ["connect", "disconnect", "release"]


def test_a_driver_that_refuses_is_told_with_its_code() -> None:
    driver = Driver(connect=errors.SHARING_VIOLATION - (1 << 32))
    assert read("KAP-GO 00 00", driver) == Reading("refused", code=errors.SHARING_VIOLATION)


def test_a_computer_without_card_service_is_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "smartcard.scard", None)
    assert read("KAP-GO 00 00") == Reading("refused", code=errors.NO_SERVICE)


@pytest.mark.parametrize(
    ("program", "expected"),
    [
        ("import sys; sys.exit(3)", Reading("crashed", code=3)),
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", Reading("crashed", code=-11)),
        ("print('no answer of ours')", Reading("crashed")),
        ('print(\'{"outcome":"surprise"}\')', Reading("crashed")),
        ("import threading; threading.Event().wait(60)", Reading("timed-out")),
    ],
    ids=["exit", "segfault", "noise", "surprise", "hang"],
)
def test_a_child_that_ends_badly_is_a_finding(program: str, expected: Reading) -> None:
    patience = 0.5 if expected.outcome == "timed-out" else 30.0
    assert ask("KAP-GO 00 00", command=[sys.executable, "-c", program], patience=patience) == expected


def test_a_child_that_cannot_be_started_is_a_finding() -> None:
    assert ask("KAP-GO 00 00", command=["/nowhere/at/all"]).outcome == "crashed"


def test_the_child_gets_the_name_as_it_is_and_its_answer_comes_back() -> None:
    reading = Reading("read", Attributes(model="Lecteur à puce", vid_pid="2947:0103"), 0)
    name = "Lecteur à puce (№1) 00 00"
    program = f"import sys; assert sys.stdin.buffer.read().decode() == {name!r}; print({answer(reading)!r})"
    assert ask(name, command=[sys.executable, "-X", "utf8", "-c", program]) == reading


entries = st.lists(st.tuples(st.integers(0, 255), st.binary(max_size=20)), max_size=8)


@given(entries, st.binary(max_size=1))
def test_every_entry_of_a_list_is_found_again(made: list[tuple[int, bytes]], rest: bytes) -> None:
    raw = b"".join(bytes([tag, len(value)]) + value for tag, value in made)
    assert tlv.properties(raw + rest) == dict(made)
    assert tlv.features(raw) == {tag: int.from_bytes(value) for tag, value in made if len(value) == 4}


@given(st.binary(max_size=80))
def test_nothing_makes_the_parsers_fail(raw: bytes) -> None:
    found = tlv.properties(raw)
    assert sum(2 + len(value) for value in found.values()) <= len(raw)
    number = tlv.usb_id(found)
    assert number is None or len(number) == 9
    words = tlv.text(raw)
    assert words is None or (words == words.strip() and words.isprintable() and 0 < len(words) <= 100)
    tlv.version(raw)


@given(st.integers(1, 0xFFFF), st.integers(1, 0xFFFF))
def test_usb_ids_come_least_significant_byte_first(vid: int, pid: int) -> None:
    found = {tlv.VENDOR_ID: vid.to_bytes(2, "little"), tlv.PRODUCT_ID: pid.to_bytes(2, "little")}
    assert tlv.usb_id(found) == f"{vid:04X}:{pid:04X}"


@pytest.mark.parametrize(
    ("raw", "expected"), [("00003003", "3.30"), ("01001204", "4.12.1"), ("00000000", None), ("0303", None)]
)
def test_versions(raw: str, expected: str | None) -> None:
    assert tlv.version(bytes.fromhex(raw)) == expected
