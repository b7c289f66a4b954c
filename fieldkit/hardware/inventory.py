"""What this computer is and has: system, USB devices, health components. Names and versions only."""

from __future__ import annotations

import json
import platform
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

_SYSTEMS: Final = {"Windows": "windows", "Darwin": "macos", "Linux": "linux"}

# Where each component is found, and which pattern of its folder or file name carries a version
# (`domain.md` §3.5 and §2.6).
_COMPONENTS: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "windows": (
        ("CPS", "Program Files (x86)/santesocial/CPS"),
        ("CPS", "Program Files/santesocial/CPS"),
        ("DiagAM", "Program Files (x86)/santesocial/diagAM"),
        ("FSV", "Program Files (x86)/santesocial/fsv"),
        ("FSV", "Program Files/santesocial/fsv"),
        ("FSV", "ProgramData/santesocial/fsv"),
        ("MICA", "Program Files (x86)/santesocial/mica"),
        ("SrvSvCnam", "Program Files (x86)/santesocial/srvsvcnam"),
        ("GALSS", "Program Files/santesocial/galss"),
        ("GALSS", "Windows/galss.ini"),
        ("FSV", "Windows/sesam.ini"),
        ("Cryptolib CPS", "Windows/System32/cps3_pkcs11_w64.dll"),
        ("Cryptolib CPS", "Windows/System32/cps3_pkcs11_w32.dll"),
    ),
    "macos": (
        ("Cryptolib CPS", "usr/local/lib/libcps3_pkcs11_osx.dylib"),
        ("Cryptolib CPS", "Library/Preferences/santesocial/CPS/cps3_pkcs11.conf"),
        ("GALSS", "Library/Preferences/galss.ini"),
    ),
    "linux": (
        ("Cryptolib CPS", "usr/lib/libcps3_pkcs11_lux.so"),
        ("Cryptolib CPS", "usr/local/lib/libcps3_pkcs11_lux.so"),
    ),
}


@dataclass(frozen=True, slots=True)
class UsbDevice:
    """A device on the USB bus: vendor and product in four hexadecimal digits, and its own name if it has one."""

    vid: str
    pid: str
    name: str


def operating_system() -> dict[str, str]:
    """This computer's system, in the words of a workstation's fields `os` and `os_version`."""
    system = _SYSTEMS.get(platform.system(), platform.system().lower())
    version = platform.mac_ver()[0] if system == "macos" else platform.release()
    if system == "linux":
        version = f"{platform.release()} · {_distribution()}"  # the kernel first: rules compare it
    return {"os": system, "os_version": version, "machine": platform.machine()}


def health_components(system: str, root: Path | None = None) -> list[dict[str, str | None]]:
    """The health components whose places exist below `root` (the system disk): `{component, path, version}`.

    A version is given only where a folder's name is one (`fsv/1.40.14`), else None: unknown.
    """
    top = root or Path(Path.cwd().anchor)
    found = []
    for component, place in _COMPONENTS.get(system, ()):
        path = top / place
        if path.exists():
            found.append({"component": component, "path": f"/{place}", "version": _version_below(path)})
    return found


def usb_devices(root: Path = Path("/sys/bus/usb/devices")) -> list[UsbDevice] | None:
    """The devices on the USB bus; None where this system does not tell without more rights (not Linux)."""
    if not root.is_dir():
        return None
    devices = []
    for folder in sorted(root.iterdir()):
        vid, pid = _line(folder / "idVendor"), _line(folder / "idProduct")
        if vid and pid:
            devices.append(UsbDevice(vid.upper(), pid.upper(), _line(folder / "product")))
    return devices


def scanners_among(devices: list[UsbDevice], catalogue: Path) -> list[dict[str, str]]:
    """Those of `devices` whose maker makes 2D scanners: `{maker, model, vid_pid, mode}`; "" is unknown."""
    makers = {maker["vid"]: maker for maker in json.loads(catalogue.read_text())["makers"]}
    found = []
    for device in devices:
        maker = makers.get(device.vid)
        if maker is None or (maker.get("only_listed") and device.pid not in maker["products"]):
            continue
        found.append(_scanner(device, maker))
    return found


def _scanner(device: UsbDevice, maker: dict[str, Any]) -> dict[str, str]:
    model, mode = maker["products"].get(device.pid, ["", ""])
    mode = mode or maker.get("mode_by_last_byte", {}).get(device.pid[2:], "")
    vid_pid = f"{device.vid}:{device.pid}"
    return {"maker": maker["maker"], "model": model or device.name, "vid_pid": vid_pid, "mode": mode}


def _version_below(path: Path) -> str | None:
    if not path.is_dir():
        return None
    versions = [child.name for child in path.iterdir() if re.fullmatch(r"\d+(\.\d+)+", child.name)]
    return max(versions, key=lambda name: [int(part) for part in name.split(".")], default=None)


def _distribution() -> str:
    try:
        return platform.freedesktop_os_release().get("PRETTY_NAME", "Linux")
    except OSError:
        return "Linux"


def _line(path: Path) -> str:
    try:
        return path.read_text(errors="replace").strip()
    except OSError:
        return ""
