"""What a computer has, read off trees as each system lays them out."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldkit.hardware import inventory
from fieldkit.hardware.inventory import UsbDevice
from fieldkit.paths import resource

SCANNERS = resource("devices", "scanners.json")


def test_this_system_is_named_in_the_words_of_a_workstation() -> None:
    found = inventory.operating_system()
    assert found["os"] in ("windows", "macos", "linux")
    assert found["os_version"]


def test_components_are_found_by_their_places_with_the_version_a_folder_tells(tmp_path: Path) -> None:
    for version in ("1.40.13", "1.40.14", "1.40.9", "conf"):
        (tmp_path / "ProgramData/santesocial/fsv" / version).mkdir(parents=True)
    (tmp_path / "Windows").mkdir()
    (tmp_path / "Windows/galss.ini").write_text("[Canal1]\nNomLib=PSSINW64.DLL\n")
    found = {
        (item["component"], item["version"]) for item in inventory.health_components("windows", tmp_path)
    }
    assert found == {("FSV", "1.40.14"), ("GALSS", None)}


@pytest.mark.parametrize("system", ["windows", "macos", "linux", "haiku"])
def test_nothing_is_made_up_on_an_empty_computer(system: str, tmp_path: Path) -> None:
    assert inventory.health_components(system, tmp_path) == []


def test_usb_devices_are_read_from_the_system(tmp_path: Path) -> None:
    hub, scanner, odd = tmp_path / "usb1", tmp_path / "1-1", tmp_path / "1-1:1.0"
    for folder in (hub, scanner, odd):
        folder.mkdir()
    (scanner / "idVendor").write_text("1eab\n")
    (scanner / "idProduct").write_text("1c06\n")
    (scanner / "product").write_text("Newland HR2150\n")
    assert inventory.usb_devices(tmp_path) == [UsbDevice("1EAB", "1C06", "Newland HR2150")]
    assert inventory.usb_devices(tmp_path / "nowhere") is None


@pytest.mark.parametrize(
    ("device", "expected"),
    [
        (UsbDevice("1EAB", "1C06", "HR2150"), ("Newland", "HR2150", "serial")),
        (UsbDevice("1EAB", "0103", ""), ("Newland", "", "keyboard")),
        (UsbDevice("1EAB", "0110", ""), ("Newland", "", "hid-pos")),
        (UsbDevice("05F9", "2206", "PSC"), ("Datalogic", "Gryphon", "keyboard")),
        (UsbDevice("05E0", "1200", "Scanner"), ("Zebra (Symbol)", "Scanner", "")),
        (UsbDevice("2947", "0112", ""), ("Kapelse", "KAP-eCV", "")),
    ],
)
def test_scanners_are_told_from_their_ids(device: UsbDevice, expected: tuple[str, str, str]) -> None:
    (found,) = inventory.scanners_among([device], SCANNERS)
    assert (found["maker"], found["model"], found["mode"]) == expected
    assert found["vid_pid"] == f"{device.vid}:{device.pid}"


def test_other_devices_are_not_scanners() -> None:
    others = [
        UsbDevice("2947", "0103", "KAP-GO"),
        UsbDevice("04B4", "6560", "Hub"),
        UsbDevice("1234", "5678", ""),
    ]
    assert inventory.scanners_among(others, SCANNERS) == []
