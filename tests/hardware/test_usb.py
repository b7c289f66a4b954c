"""What is plugged into USB, as each system tells it."""

from __future__ import annotations

import plistlib
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from fieldkit.hardware import usb
from fieldkit.hardware.usb import UsbDevice

# In the form Microsoft documents for `pnputil /enum-devices`; keys and values follow the language of the system.
FRENCH_PNPUTIL = r"""Utilitaire PnP Microsoft

ID d'instance :                USB\VID_2947&PID_0103\00012345
Description du périphérique :  Périphérique USB composite
Statut :                       Démarré

ID d'instance :                USB\VID_2947&PID_0103&MI_00\6&1a2b3c4d&0&0000
Description du périphérique :  Lecteur de cartes
Statut :                       Problème
Code du problème :             28 (0x1C) [CM_PROB_FAILED_INSTALL]

ID d'instance :                ACPI\PNP0C0A\1
Statut :                       Démarré

ID d'instance :                USB\vid_08e6&pid_3437\5&11
Statut :                       Démarré
"""


def sysfs(root: Path, name: str, files: dict[str, str]) -> None:
    folder = root / name
    folder.mkdir(parents=True)
    for file, content in files.items():
        (folder / file).write_text(content + "\n", encoding="utf-8")


def test_linux_tells_devices_and_the_kinds_of_their_interfaces(tmp_path: Path) -> None:
    sysfs(tmp_path, "1-1", {"idVendor": "2947", "idProduct": "0112", "product": "KAP-eCV"})
    for number, kind in enumerate(("0b", "03", "02")):
        sysfs(tmp_path, f"1-1:1.{number}", {"bInterfaceClass": kind})
    sysfs(tmp_path, "1-11", {"idVendor": "1eab", "idProduct": "1c06"})
    sysfs(tmp_path, "1-11:1.0", {"bInterfaceClass": "02"})
    sysfs(tmp_path, "usb1", {"idVendor": "1d6b", "idProduct": "0002"})
    sysfs(tmp_path, "odd", {})
    assert usb.from_sysfs(tmp_path) == [
        UsbDevice("2947", "0112", "KAP-eCV", frozenset({"0B", "03", "02"})),
        UsbDevice("1EAB", "1C06", "", frozenset({"02"})),
        UsbDevice("1D6B", "0002", "", None),
    ]


def test_windows_tells_devices_and_their_problems_in_any_language() -> None:
    assert usb.from_pnputil(FRENCH_PNPUTIL) == [
        UsbDevice("2947", "0103", "", problem="CM_PROB_FAILED_INSTALL"),
        UsbDevice("08E6", "3437", ""),
    ]
    assert usb.from_pnputil(FRENCH_PNPUTIL.replace("\n", "\r\n")) == usb.from_pnputil(FRENCH_PNPUTIL)


def test_macos_tells_devices_behind_hubs() -> None:
    reader = {"idVendor": 0x0F14, "idProduct": 0x003B, "USB Product Name": "Leo"}
    hub = {"idVendor": 0x05AC, "idProduct": 0x1006, "IORegistryEntryChildren": [reader]}
    tree = {"IORegistryEntryName": "Root", "IORegistryEntryChildren": [hub, {"idVendor": "text"}]}
    assert usb.from_ioreg(plistlib.dumps(tree)) == [
        UsbDevice("05AC", "1006", ""),
        UsbDevice("0F14", "003B", "Leo"),
    ]
    assert usb.from_ioreg(b"") == []


@given(st.binary(max_size=60))
def test_what_is_no_property_list_is_told_as_such(told: bytes) -> None:
    assume(told.strip() and not told.startswith(b"bplist"))
    with pytest.raises(ValueError, match="no property list"):
        usb.from_ioreg(told)


@given(st.text(max_size=200))
def test_no_text_makes_the_windows_parser_fail(told: str) -> None:
    assert all(len(device.vid_pid) == 9 for device in usb.from_pnputil(told))


@pytest.mark.parametrize(
    ("platform", "told", "command"),
    [("win32", FRENCH_PNPUTIL.encode(), "pnputil"), ("darwin", plistlib.dumps({}), "ioreg")],
)
def test_each_system_is_asked_with_its_own_tool(
    monkeypatch: pytest.MonkeyPatch, platform: str, told: bytes, command: str
) -> None:
    asked: list[Any] = []

    def run(program: Any, **options: Any) -> subprocess.CompletedProcess[bytes]:
        asked.append((program[0], options["check"], options["timeout"] > 0))
        return subprocess.CompletedProcess(program, 0, told)

    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(subprocess, "run", run)
    assert usb.devices() is not None
    assert asked == [(command, True, True)]


def test_a_linux_without_usb_does_not_tell(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(usb, "SYSFS", tmp_path / "nowhere")
    assert usb.devices() is None
    monkeypatch.setattr(usb, "SYSFS", tmp_path)
    assert usb.devices() == []
