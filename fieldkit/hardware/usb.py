"""What is plugged into USB, as the system tells it without more rights: ids, names, kinds of interface, faults."""

from __future__ import annotations

import plistlib
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from xml.parsers.expat import ExpatError

CARD_READER, SERIAL, KEYBOARD = "0B", "02", "03"
"""Classes of USB interface (usb.org, defined class codes): CCID, communications, human interface."""

SYSFS: Final = Path("/sys/bus/usb/devices")
_WINDOWS: Final = ("pnputil", "/enum-devices", "/connected")
_MACOS: Final = ("ioreg", "-a", "-l", "-p", "IOUSB")
_PATIENCE: Final = 20.0
_INSTANCE: Final = re.compile(r"USB\\VID_(?P<vid>[0-9A-F]{4})&PID_(?P<pid>[0-9A-F]{4})", re.IGNORECASE)
_PROBLEM: Final = re.compile(r"CM_PROB_\w+")


@dataclass(frozen=True, slots=True)
class UsbDevice:
    """A device on the USB bus: vendor and product in four hexadecimal digits, and its own name if it has one.

    `kinds`: the classes of its interfaces, None where the system does not tell. `problem`: the system's own
    code for what keeps the device from working (Windows: `CM_PROB_FAILED_INSTALL`), "" for none.
    """

    vid: str
    pid: str
    name: str
    kinds: frozenset[str] | None = None
    problem: str = ""

    @property
    def vid_pid(self) -> str:
        """`2947:0103`."""
        return f"{self.vid}:{self.pid}"


def devices() -> list[UsbDevice] | None:
    """The devices plugged in now; None where this system does not tell.

    Raises OSError or subprocess.SubprocessError where the system's own tool cannot be run.
    """
    if sys.platform == "win32":
        return from_pnputil(_told_by(_WINDOWS).decode(errors="replace"))
    if sys.platform == "darwin":
        return from_ioreg(_told_by(_MACOS))
    return from_sysfs(SYSFS) if SYSFS.is_dir() else None


def from_sysfs(root: Path) -> list[UsbDevice]:
    """Linux: a folder per device, `1-1`, and one per interface of it, `1-1:1.0`."""
    found = []
    for folder in sorted(root.iterdir()):
        vid, pid = _line(folder / "idVendor"), _line(folder / "idProduct")
        if vid and pid:
            interfaces = root.glob(f"{folder.name}:*/bInterfaceClass")
            kinds = frozenset(_line(interface).upper() for interface in interfaces)
            found.append(UsbDevice(vid.upper(), pid.upper(), _line(folder / "product"), kinds or None))
    return found


def from_pnputil(told: str) -> list[UsbDevice]:
    """Windows: paragraphs of `key: value` in the language of the system; only codes are read, so any language does.

    Written after Microsoft's documentation of pnputil, not run on Windows. A composite device has a
    paragraph for itself and for each of its interfaces: they count as one, with the first problem told.
    """
    found: dict[tuple[str, str], str] = {}
    for paragraph in re.split(r"\r?\n\s*\r?\n", told):
        if instance := _INSTANCE.search(paragraph):
            problem = _PROBLEM.search(paragraph)
            key = instance["vid"].upper(), instance["pid"].upper()
            found[key] = found.get(key) or (problem[0] if problem else "")
    return [UsbDevice(vid, pid, "", problem=problem) for (vid, pid), problem in found.items()]


def from_ioreg(told: bytes) -> list[UsbDevice]:
    """macOS: a property list of nested entries. Written after Apple's documentation of ioreg, not run on macOS.

    Raises ValueError for what is no property list.
    """
    try:
        tree = plistlib.loads(told) if told.strip() else {}
    except (ValueError, ExpatError) as error:
        raise ValueError("ioreg gave no property list") from error
    return list(_entries(tree))


def _entries(node: Any) -> Iterator[UsbDevice]:
    for entry in node if isinstance(node, list) else [node]:
        if not isinstance(entry, dict):
            continue
        vid, pid = entry.get("idVendor"), entry.get("idProduct")
        if isinstance(vid, int) and isinstance(pid, int):
            name = entry.get("USB Product Name") or entry.get("kUSBProductString") or ""
            yield UsbDevice(f"{vid:04X}", f"{pid:04X}", str(name))
        yield from _entries(entry.get("IORegistryEntryChildren", []))


def _told_by(command: tuple[str, ...]) -> bytes:
    window: int = getattr(subprocess, "CREATE_NO_WINDOW", 0)
    done = subprocess.run(command, capture_output=True, timeout=_PATIENCE, check=True, creationflags=window)
    return done.stdout


def _line(path: Path) -> str:
    try:
        return path.read_text(errors="replace").strip()
    except OSError:
        return ""
