"""Which slots are of one reader, in the manner of each system (domain.md §3.3)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.hardware.pcsc.pairing import paired
from fieldkit.hardware.simulated import SimulatedScard
from fieldkit.services.readers import list_readers

BENCHES: list[tuple[tuple[str, ...], list[tuple[str, int]]]] = [
    (
        ("KAPELSE KAP-GO [00012345 TL KAP-GO 1] 00 00", "KAPELSE KAP-GO [00012345 TL KAP-GO 2] 01 00"),
        [("KAPELSE KAP-GO", 2)],
    ),
    (("Virtual PCD 00 00", "Virtual PCD 00 01"), [("Virtual PCD", 2)]),
    (
        (
            "OMNIKEY 5422 [OMNIKEY 5422CL Reader] (KN0) 00 00",
            "OMNIKEY 5422 [OMNIKEY 5422 Reader] (KN0) 01 00",
        ),
        [("OMNIKEY 5422", 2)],
    ),
    (
        ("Ingenico TL TELIUM 1 0", "Ingenico TL TELIUM 2 0", "Ingenico TL TELIUM 3 0"),
        [("Ingenico TL TELIUM", 3)],
    ),
    (
        ("HID Global OMNIKEY 5422 Smartcard Reader 0", "HID Global OMNIKEY 5422CL Smartcard Reader 0"),
        [("HID Global OMNIKEY 5422 Smartcard Reader", 2)],
    ),
    (
        ("ACS ACR1252 Dual Reader PICC 0", "ACS ACR1252 Dual Reader SAM 0", "Gemalto PC Twin Reader 0"),
        [("ACS ACR1252 Dual Reader", 2), ("Gemalto PC Twin Reader", 1)],
    ),
    (("Ingenico TL TELIUM(1)", "Ingenico TL TELIUM(2)"), [("Ingenico TL TELIUM", 2)]),
    (
        ("FEI USB Card Reader/QR Scanner", "FEI USB Card Reader/QR Scanner 01"),
        [("FEI USB Card Reader/QR Scanner", 2)],
    ),
    (
        ("Gemalto PC Twin Reader (E1) 00 00", "Gemalto PC Twin Reader (E2) 01 00"),
        [("Gemalto PC Twin Reader", 1), ("Gemalto PC Twin Reader (2)", 1)],
    ),
]


@pytest.mark.parametrize(("names", "expected"), BENCHES)
def test_slots_are_grouped_by_reader(names: tuple[str, ...], expected: list[tuple[str, int]]) -> None:
    found = paired(list_readers(SimulatedScard(names)).readers)
    assert [(device.name, len(device.slots)) for device in found] == expected


@given(st.lists(st.text(min_size=1, max_size=40), max_size=5, unique=True))
def test_no_slot_is_lost_or_found_twice(names: list[str]) -> None:
    slots = list_readers(SimulatedScard(names)).readers
    assert sorted(slot.raw for device in paired(slots) for slot in device.slots) == sorted(names)
    assert all(device.name or not device.slots[0].name for device in paired(slots))
