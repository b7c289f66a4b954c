"""The card-reader drivers on this computer: which version, and which devices they know by USB id."""

from __future__ import annotations

import plistlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from xml.parsers.expat import ExpatError

_PLACES: Final[dict[str, tuple[str, ...]]] = {
    "linux": ("usr/lib/pcsc/drivers", "usr/lib64/pcsc/drivers", "usr/local/lib/pcsc/drivers"),
    "macos": (
        "usr/libexec/SmartCardServices/drivers",
        "usr/local/libexec/SmartCardServices/drivers",
        "Library/Security/SmartCardServices/drivers",
    ),
}
"""Where pcsc-lite and Apple's CryptoTokenKit look for bundles. Windows installs drivers otherwise."""


_CALLED: Final = {"ifd-ccid": "libccid"}
"""What people call a bundle."""


@dataclass(frozen=True, slots=True)
class Driver:
    """A driver bundle; `version` None where it does not tell, `devices` as `2947:0103`."""

    name: str
    version: str | None
    devices: frozenset[str]


def installed(system: str, root: Path | None = None) -> list[Driver] | None:
    """The driver bundles below `root` (the system disk); None where this system does not tell (Windows)."""
    places = _PLACES.get(system)
    if places is None:
        return None
    top = root or Path(Path.cwd().anchor)
    bundles = (
        info for place in places for info in sorted((top / place).glob("*.bundle/Contents/Info.plist"))
    )
    return [driver for info in bundles for driver in _read(info)]


def _read(info: Path) -> Iterator[Driver]:
    """The driver that `info` describes; none where the file is damaged."""
    try:
        told: dict[str, Any] = plistlib.loads(info.read_bytes())
    except (OSError, ValueError, ExpatError):  # InvalidFileException is a ValueError
        return
    vendors, products = told.get("ifdVendorID", []), told.get("ifdProductID", [])
    ids = frozenset(
        f"{_digits(vendor)}:{_digits(product)}" for vendor, product in zip(vendors, products, strict=False)
    )
    version = told.get("CFBundleShortVersionString")
    name = info.parents[1].name.removesuffix(".bundle")
    yield Driver(_CALLED.get(name, name), str(version) if version else None, ids)


def _digits(number: object) -> str:
    return str(number).lower().removeprefix("0x").upper().zfill(4)
