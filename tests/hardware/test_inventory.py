"""What a computer has, read off trees as each system lays them out."""

from __future__ import annotations

import pytest

from fieldkit.hardware import inventory
from fieldkit.hardware.usb import UsbDevice
from fieldkit.paths import resource

SCANNERS = resource("devices", "scanners.json")


def test_this_system_is_named_in_the_words_of_a_workstation() -> None:
    found = inventory.operating_system()
    assert found["os"] in ("windows", "macos", "linux")
    assert found["os_version"]


@pytest.mark.parametrize(
    ("environment", "kind"),
    [
        ({}, ""),
        ({"SESSIONNAME": "Console"}, ""),
        ({"SESSIONNAME": "RDP-Tcp#0"}, "RDP"),
        ({"SESSIONNAME": "ICA-tcp#3"}, "Citrix"),
        ({"XRDP_SESSION": "1"}, "RDP"),
        ({"SSH_CONNECTION": "a b c d"}, "SSH"),
    ],
    ids=["none", "console", "rdp", "citrix", "xrdp", "ssh"],
)
def test_a_remote_session_is_told(environment: dict[str, str], kind: str) -> None:
    assert inventory.remote_session(environment) == kind


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
