"""What this computer is and has: system, session, scanners. Names and versions only."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from fieldkit.hardware.usb import UsbDevice

_SYSTEMS: Final = {"Windows": "windows", "Darwin": "macos", "Linux": "linux"}


def operating_system() -> dict[str, str]:
    """This computer's system, in the words of a workstation's fields `os` and `os_version`."""
    system = _SYSTEMS.get(platform.system(), platform.system().lower())
    version = platform.mac_ver()[0] if system == "macos" else platform.release()
    if system == "linux":
        version = f"{platform.release()} · {_distribution()}"  # the kernel first: rules compare it
    return {"os": system, "os_version": version, "machine": platform.machine()}


def remote_session(environment: Mapping[str, str] = os.environ) -> str:
    """The kind of remote session we run in (`RDP`, `Citrix`, `SSH`), "" on the computer's own desk.

    Windows names the session (`RDP-Tcp#0`, `ICA-tcp#1`, `Console`); Linux remote desktops and ssh leave
    variables of their own.
    """
    session = environment.get("SESSIONNAME", "").upper()
    if session.startswith("RDP") or "XRDP_SESSION" in environment:
        return "RDP"
    if session.startswith("ICA"):
        return "Citrix"
    return "SSH" if "SSH_CONNECTION" in environment else ""


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
    return {
        "maker": maker["maker"],
        "model": model or device.name,
        "vid_pid": device.vid_pid,
        "mode": mode,
    }


def _distribution() -> str:
    try:
        return platform.freedesktop_os_release().get("PRETTY_NAME", "Linux")
    except OSError:
        return "Linux"
