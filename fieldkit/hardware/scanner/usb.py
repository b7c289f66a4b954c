"""Scanners that the USB bus shows, and the mode each of them is in: also the one that no program hears.

Known by their ids (resources/devices/scanners.json); where those do not tell the mode, the classes of their
interfaces may (domain.md §1.6).
"""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fieldkit.hardware import inventory, usb
from fieldkit.paths import resource

_CLASSES: Final = {("03", "01", "01"): "keyboard", ("02", "02", ""): "serial"}
"""Class, subclass and protocol of an interface → mode; "" for any protocol."""


@dataclass(frozen=True, slots=True)
class UsbScanner:
    """A scanner on USB. `mode`: keyboard, serial, hid-pos, snapi, ibm, or "" where it is not known."""

    maker: str
    model: str
    vid_pid: str
    mode: str

    @property
    def name(self) -> str:
        """Maker and model, as far as they are known."""
        return " ".join(part for part in (self.maker, self.model) if part)


def scanners(root: Path | None = None) -> list[UsbScanner] | None:
    """The scanners on this computer's USB (or below `root`, as Linux lays it out); None where it does not tell."""
    try:
        devices = usb.devices() if root is None else usb.from_sysfs(root)
    except (OSError, subprocess.SubprocessError):
        return None
    if devices is None:
        return None
    modes = _interface_modes(root or usb.SYSFS)
    found = inventory.scanners_among(devices, resource("devices", "scanners.json"))
    return [
        UsbScanner(one["maker"], one["model"], one["vid_pid"], one["mode"] or modes.get(one["vid_pid"], ""))
        for one in found
    ]


def _interface_modes(root: Path) -> dict[str, str]:
    """`VID:PID` → mode, for devices of which one interface tells it."""
    modes: dict[str, str] = {}
    for folder in sorted(root.glob("*:*")):
        device = root / folder.name.partition(":")[0]
        ids = ":".join(_line(device / name).upper() for name in ("idVendor", "idProduct"))
        kind = [_line(folder / f"bInterface{name}") for name in ("Class", "SubClass", "Protocol")]
        for (*whole, protocol), mode in _CLASSES.items():
            if kind[:2] == whole and protocol in ("", kind[2]):
                modes.setdefault(ids, mode)
    return modes


def _line(path: Path) -> str:
    try:
        return path.read_text(errors="replace").strip()
    except OSError:
        return ""
