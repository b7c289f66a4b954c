"""Scanners on USB, known by their ids and interfaces, from a made-up sysfs."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldkit.hardware.scanner import manuals
from fieldkit.hardware.scanner.serial import PortInfo
from fieldkit.hardware.scanner.usb import UsbScanner, scanners
from fieldkit.services import scanner_devices
from fieldkit.services.scanner_devices import Seen

KEYBOARD = ("03", "01", "01")
SERIAL = ("02", "02", "01")


def plug(root: Path, place: str, vid: str, pid: str, product: str, *interfaces: tuple[str, str, str]) -> None:
    """A device in a made-up sysfs."""
    device = root / place
    device.mkdir(parents=True)
    for name, text in (("idVendor", vid), ("idProduct", pid), ("product", product)):
        (device / name).write_text(text + "\n")
    for n, interface in enumerate(interfaces):
        folder = root / f"{place}:1.{n}"
        folder.mkdir()
        for name, text in zip(("Class", "SubClass", "Protocol"), interface, strict=True):
            (folder / f"bInterface{name}").write_text(text + "\n")


@pytest.mark.parametrize(
    ("vid", "pid", "interfaces", "maker", "mode"),
    [
        ("05e0", "1900", [("ff", "ff", "ff")], "Zebra (Symbol)", "snapi"),
        ("05e0", "1200", [KEYBOARD], "Zebra (Symbol)", "keyboard"),
        ("05e0", "1200", [("03", "00", "00")], "Zebra (Symbol)", ""),
        ("1eab", "1a10", [("03", "00", "00")], "Newland", "hid-pos"),
        ("1eab", "1a06", [SERIAL], "Newland", "serial"),
        ("0c2e", "0b61", [SERIAL, ("0a", "00", "00")], "Honeywell", "serial"),
        ("05f9", "2206", [], "Datalogic", "keyboard"),
    ],
)
def test_maker_and_mode(
    tmp_path: Path, vid: str, pid: str, interfaces: list[tuple[str, str, str]], maker: str, mode: str
) -> None:
    plug(tmp_path, "1-2", vid, pid, "Scanner", *interfaces)
    plug(tmp_path, "1-1", "046d", "c31c", "Keyboard K120", KEYBOARD)
    found = scanners(tmp_path)
    assert found is not None
    [one] = found
    assert (one.maker, one.vid_pid, one.mode) == (maker, f"{vid}:{pid}".upper(), mode)


def test_a_system_that_does_not_tell(tmp_path: Path) -> None:
    assert scanners(tmp_path / "nothing") is None


@pytest.mark.parametrize("mode", ["snapi", "hid-pos", "ibm", "oem"])
def test_a_scanner_that_no_program_hears_is_named_with_the_mode_to_choose(mode: str) -> None:
    mute = UsbScanner("Zebra (Symbol)", "DS2208", "05E0:1900", mode)
    seen = Seen((UsbScanner("Newland", "HR22", "1EAB:1A03", "keyboard"), mute))
    assert scanner_devices.silent(seen) == mute
    assert "DS2208" in scanner_devices.mode_words(mute)
    words = scanner_devices.mode_advice(mute)
    assert "clavier USB" in words
    assert "HID Keyboard Emulation" in words
    assert "Honeywell" not in words


def test_a_scanner_that_types_is_not_mute() -> None:
    assert scanner_devices.silent(Seen((UsbScanner("Newland", "", "1EAB:1A03", "keyboard"),))) is None
    assert scanner_devices.silent(Seen()) is None


@pytest.mark.parametrize(
    ("seen", "said"),
    [
        (Seen(None), "mode clavier USB"),
        (Seen(()), "Aucun lecteur de codes connu"),
        (Seen((), (PortInfo("/dev/ttyACM0", "Newland", "HR22", "1EAB:1A06"),)), "onglet « Port série »"),
        (Seen((UsbScanner("Zebra (Symbol)", "", "05E0:1900", "snapi"),)), "SNAPI"),
    ],
)
def test_nothing_read_leads_through_five_things(seen: Seen, said: str) -> None:
    found = scanner_devices.steps(seen)
    assert [step.title for step in found] == [
        *("Alimentation", "Mode", "Luminosité", "Distance", "Protection d'écran")
    ]
    assert said in found[1].text


def test_looking_asks_both_and_names_each_once() -> None:
    usb = [UsbScanner("Newland", "HR22", "1EAB:1A06", "serial")]
    on_usb = [PortInfo("/dev/ttyACM0", "Newland", "HR22", "1EAB:1A06"), PortInfo("/dev/ttyS0")]
    seen = scanner_devices.look(lambda: usb, lambda: on_usb)
    assert seen.names == ["Newland HR22 (1EAB:1A06)"]
    assert scanner_devices.look(lambda: None, lambda: on_usb).names == ["Newland HR22 (1EAB:1A06)"]


@pytest.mark.parametrize("setting", ["layout", "caps", "delay", "prefix", "suffix", "keyboard-mode"])
def test_four_makers_have_words_for_each_setting(setting: str) -> None:
    assert set(manuals.names(setting)) == {"Honeywell", "Zebra", "Datalogic", "Newland"}
    assert manuals.in_words(setting, "Zebra (Symbol)").startswith("Zebra")
    assert "Newland" not in manuals.in_words(setting, "Zebra (Symbol)")
    assert manuals.in_words("no such setting") == ""
