"""The health components installed on a computer, by their places and receipts. Names and versions only.

Places and product names: `domain.md` §3.5 and §2.6.
"""

from __future__ import annotations

import plistlib
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from xml.parsers.expat import ExpatError

from fieldkit.hardware.ini import Galss, galss, read

_PLACES: Final[dict[str, tuple[tuple[str, str], ...]]] = {
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
        ("DiagAM", "Library/LaunchAgents/fr.sesam-vitale.diagam*"),
    ),
    "linux": (
        ("Cryptolib CPS", "usr/lib/libcps3_pkcs11_lux.so"),
        ("Cryptolib CPS", "usr/lib64/libcps3_pkcs11_lux.so"),
        ("Cryptolib CPS", "usr/local/lib/libcps3_pkcs11_lux.so"),
    ),
}
_RECEIPTS: Final = {
    "fr.sesamvitale.galss.pkg": "GALSS",
    "fr.sesamvitale.mica.pkg": "MICA",
    "fr.asipsante.pkg.cryptolibCPS": "Cryptolib CPS",
    "fr.sesam-vitale.navigateur-amelipro": "Navigateur amelipro",
}
_RECEIPT_FOLDER: Final = "var/db/receipts"
_PRODUCTS: Final = tuple(
    (re.compile(pattern, re.IGNORECASE), component)
    for pattern, component in (
        (r"fsv-\d", "FSV"),
        (r"galss\b", "GALSS"),
        (r"composants cryptographiques cps\b", "Cryptolib CPS"),
        (r"composant srvsvcnam\b", "SrvSvCnam"),
        (r"mica\b", "MICA"),
        (r"diagam\b", "DiagAM"),
        (r"amelipro connect\b", "amelipro connect"),
        (r".*\batsam\b", "ATSAM"),
    )
)
_VERSION: Final = re.compile(r"\d+(?:\.\d+)+")
_GALSS_INI: Final = {"windows": "Windows/galss.ini", "macos": "Library/Preferences/galss.ini"}
_SESAM_INI: Final = ("Windows/sesam.ini", "ProgramData/santesocial/fsv/*/conf/sesam.ini")
_UNINSTALL: Final = r"SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall"


@dataclass(frozen=True, slots=True)
class Component:
    """A health component: where it was seen ("" for a list of installed products) and its version if that tells."""

    name: str
    path: str
    version: str | None

    def as_dict(self) -> dict[str, str | None]:
        """`{component, path, version}`."""
        return {"component": self.name, "path": self.path, "version": self.version}


def installed(
    system: str, root: Path | None = None, products: Iterable[tuple[str, str]] | None = None
) -> list[Component]:
    """The health components below `root` (the system disk) and among `products`, names and versions as Windows
    lists them (by default this computer's own). A version nobody tells is None: unknown."""
    top = root or _disk()
    listed = installed_products() if products is None and root is None else products or ()
    return [*_by_place(system, top), *_by_receipt(system, top), *_by_product(listed)]


def galss_configuration(system: str, root: Path | None = None) -> Galss | None:
    """What `galss.ini` says, None where there is none. Raises OSError where it cannot be read."""
    place = _GALSS_INI.get(system)
    path = None if place is None else (root or _disk()) / place
    return None if path is None or not path.is_file() else galss(read(path))


def sesam_without_mgc(system: str, root: Path | None = None) -> list[str]:
    """The `sesam.ini` files that have no section [MGC] (domain.md §1.7 R10). Raises OSError."""
    top = root or _disk()
    found = [path for place in _SESAM_INI for path in sorted(top.glob(place))] if system == "windows" else []
    return [f"/{path.relative_to(top).as_posix()}" for path in found if "mgc" not in read(path)]


def installed_products() -> list[tuple[str, str]]:
    """Names and versions of the installed products that Windows lists; nothing on other systems."""
    if sys.platform != "win32":
        return []
    return list(_registry())  # type: ignore[unreachable,unused-ignore]  # checked on each system


def _by_place(system: str, top: Path) -> Iterator[Component]:
    for name, place in _PLACES.get(system, ()):
        for path in sorted(top.glob(place)):
            yield Component(name, f"/{path.relative_to(top).as_posix()}", _version_below(path))


def _by_receipt(system: str, top: Path) -> Iterator[Component]:
    if system != "macos":
        return
    for package, name in _RECEIPTS.items():
        receipt = top / _RECEIPT_FOLDER / f"{package}.plist"
        if receipt.is_file():
            yield Component(name, f"/{_RECEIPT_FOLDER}/{receipt.name}", _receipt_version(receipt))


def _by_product(products: Iterable[tuple[str, str]]) -> Iterator[Component]:
    for product, listed_version in products:
        for pattern, name in _PRODUCTS:
            if pattern.match(product):
                told = _VERSION.findall(product)
                yield Component(name, "", told[-1] if told else listed_version or None)


def _version_below(path: Path) -> str | None:
    """The highest version that names a folder in `path` (`fsv/1.40.14`); None where none does."""
    if not path.is_dir():
        return None
    versions = [child.name for child in path.iterdir() if _VERSION.fullmatch(child.name)]
    return max(versions, key=lambda name: [int(part) for part in name.split(".")], default=None)


def _receipt_version(receipt: Path) -> str | None:
    try:
        told: Any = plistlib.loads(receipt.read_bytes())
    except (OSError, ValueError, ExpatError):
        return None
    version = told.get("PackageVersion") if isinstance(told, dict) else None
    return str(version) if version else None


def _registry() -> Iterator[tuple[str, str]]:
    """Both halves of the list, 64 and 32 bits. Not run on Windows yet."""
    import winreg

    registry: Any = winreg
    for view in (registry.KEY_WOW64_64KEY, registry.KEY_WOW64_32KEY):
        access = registry.KEY_READ | view
        with registry.OpenKey(registry.HKEY_LOCAL_MACHINE, _UNINSTALL, 0, access) as products:
            for number in range(registry.QueryInfoKey(products)[0]):
                with registry.OpenKey(products, registry.EnumKey(products, number), 0, access) as product:
                    yield (
                        _value(registry, product, "DisplayName"),
                        _value(registry, product, "DisplayVersion"),
                    )


def _value(registry: Any, key: Any, name: str) -> str:
    try:
        return str(registry.QueryValueEx(key, name)[0])
    except OSError:
        return ""


def _disk() -> Path:
    return Path(Path.cwd().anchor)
