"""The lists of readers: typed, looked up by what a computer shows, and part of the catalogue."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.domain.catalogue import Device, KnownDevices, ProductKind, latest, merged
from fieldkit.errors import KnownError
from fieldkit.hardware.pcsc.readers import parse
from fieldkit.importers import devices, starting_catalogue
from fieldkit.paths import resource
from fieldkit.services import devices as service

LISTS = resource("devices")
MODES = {"pcsc", "keyboard", "serial", "hid", "hid-pos", "snapi", "ibm", "oem", "config"}


@pytest.fixture(scope="module")
def listed() -> tuple[Device, ...]:
    return devices.read(LISTS)


@pytest.fixture(scope="module")
def known(listed: tuple[Device, ...]) -> KnownDevices:
    return KnownDevices(listed)


def test_every_device_is_well_formed_and_has_its_source(listed: tuple[Device, ...]) -> None:
    for device in listed:
        assert re.fullmatch(r"([0-9A-F]{4}:[0-9A-F]{4})?", device.usb)
        assert device.usb or device.names
        assert set(device.modes) <= MODES
        assert set(device.interfaces) <= {"contact", "contactless", "sam"}
        assert device.origin.source
        assert device.origin.as_of
        assert re.fullmatch(r"(\d+\.\d+\.\d+)?", device.libccid)
    ids = [device.usb for device in listed if device.usb]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(
    ("vid", "pid", "model", "slots", "libccid"),
    [
        ("2947", "0103", "KAP-GO", 2, "1.5.5"),
        ("2947", "101", "KAP-LINK", 2, "1.5.2"),
        ("356f", "22fc", "SSC-NFC", None, "1.5.1"),
        ("1C34", "AFC3", "AF Care Two", 2, "1.4.32"),
        ("08E6", "3437", "PC Twin, IDBridge CT30, K50", None, ""),
    ],
)
def test_a_card_reader_is_known_by_its_usb_id(
    known: KnownDevices, vid: str, pid: str, model: str, slots: int | None, libccid: str
) -> None:
    device = known.by_usb(vid, pid)
    assert device is not None
    assert (device.model, device.slots, device.libccid) == (model, slots, libccid)
    assert device.kind is ProductKind.CARD_READER


@pytest.mark.parametrize(
    ("usb", "model", "modes"),
    [
        ("1EAB:1C03", "HR2150", ("keyboard",)),
        ("1EAB:1C06", "HR2150", ("serial",)),
        ("1EAB:0110", "HR200", ("hid-pos",)),
        ("05F9:2206", "Gryphon", ("keyboard",)),
        ("05E0:1701", "", ("serial",)),
        ("05E0:1200", "", ()),
        ("2947:0112", "KAP-eCV", ("pcsc", "hid", "serial")),
    ],
)
def test_the_way_a_scanner_shows_itself_is_told(
    known: KnownDevices, usb: str, model: str, modes: tuple[str, ...]
) -> None:
    device = known.by_usb(*usb.split(":"))
    assert device is not None
    assert (device.model, device.modes) == (model, modes)


@pytest.mark.parametrize(
    ("name", "model"),
    [
        ("KAPELSE KAP-LINK [12 TL KAP-LINK 1] 00 00", "KAP-LINK"),
        ("KAPELSE KAP-LINK2 (12) 00 01", "KAP-LINK2"),
        ("kapelse kap-go", "KAP-GO"),
        ("Identive CLOUD 2700 R Smart Card Reader 0", "CLOUD 2700 R"),
        ("Ingenico TL TELIUM 1 0", "TL Telium (famille PRIUM-4)"),
        ("Ingenico TL TELIUM(3)", "TL Telium (famille PRIUM-4)"),
        ("F600 F600 Smart Card Reader 02", "F600"),
        ("FEI USB Card Reader/QR Scanner 01", "FEI, lecteur de cartes et de QR code"),
        ("Virtual PCD 00 00", None),
        ("KAPELSE", None),
        ("", None),
    ],
)
def test_a_reader_is_known_by_the_name_that_pcsc_gives(
    known: KnownDevices, name: str, model: str | None
) -> None:
    found = known.by_pcsc_name(name)
    assert (found.model if found else None) == model
    friendly = known.by_pcsc_name(parse(name).friendly)
    assert (friendly.model if friendly else None) == model


def test_every_name_finds_its_own_model(listed: tuple[Device, ...], known: KnownDevices) -> None:
    for device in listed:
        for name in device.names:
            found = known.by_pcsc_name(f"{name} 00 00")
            assert found is not None
            assert found.product == device.product


@given(st.text(), st.text(max_size=6))
def test_nothing_that_a_computer_tells_raises(known: KnownDevices, name: str, pid: str) -> None:
    known.by_pcsc_name(name)
    assert known.by_usb("FFFF", pid) is None


def test_what_no_source_states_is_not_in_the_lists(listed: tuple[Device, ...]) -> None:
    """`domain.md` §9: these USB ids were looked for and not found."""
    assert {device.model for device in listed if not device.usb} == {
        "TL Telium (famille PRIUM-4)",
        "FEI, lecteur de cartes et de QR code",
        "F600",
    }


def test_readers_are_products_of_the_catalogue_with_their_makers(listed: tuple[Device, ...]) -> None:
    start = starting_catalogue.read(resource("catalogue"))
    extra = devices.as_catalogue(listed, start)
    whole = merged(start, extra)
    assert len(latest(whole.editors)) == len(whole.editors)
    assert len(latest(whole.products)) == len(whole.products)
    kinds = {product.id: product.kind for product in extra.products}
    assert kinds["product:kapelse-kap-go"] is ProductKind.CARD_READER
    assert kinds["product:kapelse-kap-ecv"] is ProductKind.COMBINED_READER
    assert kinds["product:newland-hr200"] is ProductKind.QR_READER
    assert {editor.name for editor in extra.editors} >= {"HID Global", "Honeywell", "Thales"}
    assert not {editor.id for editor in extra.editors} & {editor.id for editor in start.editors}
    assert {device.product for device in extra.devices} == set(kinds)


def test_the_fingerprint_follows_the_lists(tmp_path: Path) -> None:
    folder = shutil.copytree(LISTS, tmp_path / "devices")
    before = devices.fingerprint(folder)
    assert before == devices.fingerprint(LISTS)
    (folder / "scanners.json").chmod(0o644)
    (folder / "scanners.json").write_text("{}")
    assert devices.fingerprint(folder) != before


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"makers": [{"vid": "0C2E"}]}'])
def test_a_list_that_is_not_one_is_told(tmp_path: Path, content: str) -> None:
    folder = shutil.copytree(LISTS, tmp_path / "devices")
    (folder / "scanners.json").chmod(0o644)
    (folder / "scanners.json").write_text(content)
    with pytest.raises(KnownError) as refused:
        devices.read(folder)
    assert refused.value.code == "devices-damaged"
    with pytest.raises(KnownError):
        devices.read(tmp_path)


def test_the_list_that_travels_with_the_app_is_read_once() -> None:
    assert service.known() is service.known()
    assert json.loads((LISTS / "card_readers.json").read_text(encoding="utf-8"))["readers"]
