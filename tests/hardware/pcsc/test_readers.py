"""What reader names tell, in the manner of each system (domain.md §3.3)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.hardware.pcsc.readers import Interface, parse

NAMES: list[tuple[str, str, int, Interface, bool]] = [
    # pcsc-lite
    ("KAPELSE KAP-GO 00 00", "KAPELSE KAP-GO", 0, "contact", False),
    ("KAPELSE KAP-GO 00 01", "KAPELSE KAP-GO", 1, "contact", False),
    ("KAPELSE KAP-GO [00012345 TL KAP-GO 1] 00 00", "KAPELSE KAP-GO", 0, "contact", False),
    ("KAPELSE KAP-GO [00012345 TL KAP-GO 2] 01 00", "KAPELSE KAP-GO", 1, "contact", False),
    ("Kapelse Ti-Kap [CCID Interface CLESS slot2] (0001) 02 00", "Kapelse Ti-Kap", 0, "contactless", False),
    ("KAPELSE KAP-eCV (12AB) 00 00", "KAPELSE KAP-eCV", 0, "contactless", False),
    ("Sensyl SSC-NFC Reader 00 00", "Sensyl SSC-NFC Reader", 0, "contactless", False),
    ("Sensyl SSC-HV Reader 00 00", "Sensyl SSC-HV Reader", 0, "contact", False),
    ("OMNIKEY 5422 Reader [OMNIKEY 5422CL Reader] (KN0) 00 00", "OMNIKEY 5422 Reader", 0, "contactless", False),
    ("ACS ACR1252 Dual Reader [ACR1252 Dual Reader SAM] (R1) 01 00", "ACS ACR1252 Dual Reader", 0, "sam", False),
    ("Identiv uTrust 4701 F [Contact Reader] (53692) 00 00", "Identiv uTrust 4701 F", 0, "contact", False),
    ("Gemalto PC Twin Reader (E1234567) 1A 00", "Gemalto PC Twin Reader", 0, "unknown", False),
    ("Virtual PCD 00 01", "Virtual PCD", 1, "unknown", True),
    ("Yubico YubiKey OTP+FIDO+CCID 00 00", "Yubico YubiKey OTP+FIDO+CCID", 0, "unknown", True),
    # Windows
    ("Identive CLOUD 2700 R Smart Card Reader 0", "Identive CLOUD 2700 R Smart Card Reader", 0, "unknown", False),
    ("Ingenico TL TELIUM 1 0", "Ingenico TL TELIUM", 0, "unknown", False),
    ("Ingenico TL TELIUM 3 0", "Ingenico TL TELIUM", 2, "unknown", False),
    ("SCM Microsystems Inc. SCR 3310 0", "SCM Microsystems Inc. SCR 3310", 0, "unknown", False),
    ("ACS ACR1252 Dual Reader PICC 0", "ACS ACR1252 Dual Reader PICC", 0, "contactless", False),
    ("Windows Hello for Business 1", "Windows Hello for Business", 1, "unknown", True),
    # macOS
    ("FEI USB Card Reader/QR Scanner", "FEI USB Card Reader/QR Scanner", 0, "unknown", False),
    ("FEI USB Card Reader/QR Scanner 01", "FEI USB Card Reader/QR Scanner", 1, "unknown", False),
    ("F600 F600 Smart Card Reader 02", "F600 F600 Smart Card Reader", 2, "unknown", False),
    ("Ingenico TL TELIUM(2)", "Ingenico TL TELIUM", 1, "unknown", False),
    ("", "", 0, "unknown", False),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "friendly", "slot", "interface", "virtual"), NAMES)
def test_known_names(raw: str, friendly: str, slot: int, interface: Interface, virtual: bool) -> None:
    name = parse(raw)
    assert (name.friendly, name.slot, name.interface, name.virtual) == (friendly, slot, interface, virtual)


@pytest.mark.parametrize("word", ["Class", "clip", "Sample", "Sampler", "NFCX", "Uncontacted"])
def test_markers_count_as_whole_words_only(word: str) -> None:
    assert parse(f"Maker {word} Reader 00 00").interface == "unknown"


words = st.text("ABCDEFGHJKLMNPQRSTUVWXYZ", min_size=2, max_size=8)
models = st.lists(words, min_size=1, max_size=4).map(" ".join)
serials = st.from_regex(r"[0-9]{5,12}", fullmatch=True)


@given(models, serials, st.integers(0, 15), st.integers(0, 15))
def test_pcsc_lite_names_lose_their_serial_and_nothing_else(
    model: str, serial: str, reader: int, slot: int
) -> None:
    for described in (f"{model} ({serial})", f"{model} [{serial} Interface]", f"{model} [Other] ({serial})"):
        name = parse(f"{described} {reader:02X} {slot:02X}")
        assert (name.friendly, name.slot) == (model, slot)


@given(models, st.integers(0, 99))
def test_windows_and_macos_names_lose_their_number_and_nothing_else(model: str, number: int) -> None:
    for raw in (f"{model} {number}", f"{model} {number:02}"):
        name = parse(raw)
        assert (name.friendly, name.slot) == (model, number)
    assert parse(model).friendly == model


@given(st.text())
def test_nothing_makes_the_parser_fail(raw: str) -> None:
    name = parse(raw)
    assert name.slot >= 0
    assert len(name.friendly) <= len(raw)
