"""The health components of a computer, read off trees laid out as each system lays them."""

from __future__ import annotations

import plistlib
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.hardware import components, drivers, ini, programs
from fieldkit.hardware.components import Component
from fieldkit.hardware.ini import Galss

GALSS_INI = """; written by an installer
[Canal1]
NomLib=C:\\Windows\\System32\\PSSINW64.DLL
Caracteristiques=9600,1,8,0,0
[CANAL2]
 nomlib = "PCSCW64.DLL"
"""
PRODUCTS = [
    ("fsv-1.40.1413", ""),
    ("GALSS v3.45", "3.45.00"),
    ("Composants Cryptographiques CPS v5.2.2 (x64)", "5.2.2"),
    ("Composant SrvSvCnam 5.10.04", ""),
    ("mica 4.01.00", ""),
    ("amelipro connect 2.3.3", ""),
    ("DiagAM V3 : collecte de suivi de parc et diagnostic poste 3.2.16", ""),
    ("ATSAM", "4.51.00"),
    ("Micaceous Rock Viewer 1.0", "1.0"),
    ("LibreOffice 24.8.3", "24.8.3"),
]


def windows(root: Path) -> None:
    """A practice's computer after `domain.md` §3.5."""
    for folder in (
        "Program Files (x86)/santesocial/CPS",
        "Program Files (x86)/santesocial/diagAM",
        "Program Files/santesocial/galss",
        "ProgramData/santesocial/fsv/1.40.9",
        "ProgramData/santesocial/fsv/1.40.14/conf",
        "Windows/System32",
    ):
        (root / folder).mkdir(parents=True)
    (root / "Windows/galss.ini").write_text(GALSS_INI, encoding="cp1252")
    (root / "Windows/sesam.ini").write_text("[MGC]\nx=1\n", encoding="cp1252")
    (root / "ProgramData/santesocial/fsv/1.40.14/conf/sesam.ini").write_text("[Autre]\n", encoding="cp1252")
    (root / "Windows/System32/cps3_pkcs11_w64.dll").touch()


def macos(root: Path) -> None:
    receipts = root / "var/db/receipts"
    receipts.mkdir(parents=True)
    (receipts / "fr.asipsante.pkg.cryptolibCPS.plist").write_bytes(
        plistlib.dumps({"PackageVersion": "5.1.4"})
    )
    (receipts / "fr.sesamvitale.mica.pkg.plist").write_bytes(b"not a list")
    agents = root / "Library/LaunchAgents"
    agents.mkdir(parents=True)
    (agents / "fr.sesam-vitale.diagam.collecte.plist").touch()
    (root / "Library/Preferences").mkdir()
    (root / "Library/Preferences/galss.ini").write_text("[Canal1]\nNomLib=PCSC.dylib\n")


def test_windows(tmp_path: Path) -> None:
    windows(tmp_path)
    found = components.installed("windows", tmp_path, PRODUCTS)
    assert {(c.name, c.version) for c in found if not c.path} == {
        ("FSV", "1.40.1413"),
        ("GALSS", "3.45"),
        ("Cryptolib CPS", "5.2.2"),
        ("SrvSvCnam", "5.10.04"),
        ("MICA", "4.01.00"),
        ("amelipro connect", "2.3.3"),
        ("DiagAM", "3.2.16"),
        ("ATSAM", "4.51.00"),
    }
    assert {(c.name, c.path, c.version) for c in found if c.path} == {
        ("CPS", "/Program Files (x86)/santesocial/CPS", None),
        ("DiagAM", "/Program Files (x86)/santesocial/diagAM", None),
        ("GALSS", "/Program Files/santesocial/galss", None),
        ("GALSS", "/Windows/galss.ini", None),
        ("FSV", "/ProgramData/santesocial/fsv", "1.40.14"),
        ("FSV", "/Windows/sesam.ini", None),
        ("Cryptolib CPS", "/Windows/System32/cps3_pkcs11_w64.dll", None),
    }
    assert components.galss_configuration("windows", tmp_path) == Galss(("PCSCW64.DLL", "PSSINW64.DLL"), True)
    assert components.sesam_without_mgc("windows", tmp_path) == [
        "/ProgramData/santesocial/fsv/1.40.14/conf/sesam.ini"
    ]


def test_macos(tmp_path: Path) -> None:
    macos(tmp_path)
    assert components.installed("macos", tmp_path) == [
        Component("GALSS", "/Library/Preferences/galss.ini", None),
        Component("DiagAM", "/Library/LaunchAgents/fr.sesam-vitale.diagam.collecte.plist", None),
        Component("MICA", "/var/db/receipts/fr.sesamvitale.mica.pkg.plist", None),
        Component("Cryptolib CPS", "/var/db/receipts/fr.asipsante.pkg.cryptolibCPS.plist", "5.1.4"),
    ]
    found = components.galss_configuration("macos", tmp_path)
    assert found is not None
    assert (found.pss, found.serial) == (False, False)


def test_linux(tmp_path: Path) -> None:
    (tmp_path / "usr/local/lib").mkdir(parents=True)
    (tmp_path / "usr/local/lib/libcps3_pkcs11_lux.so").touch()
    (found,) = components.installed("linux", tmp_path)
    assert found.as_dict() == {
        "component": "Cryptolib CPS",
        "path": "/usr/local/lib/libcps3_pkcs11_lux.so",
        "version": None,
    }


@pytest.mark.parametrize("system", ["windows", "macos", "linux", "haiku"])
def test_nothing_is_made_up_on_an_empty_computer(system: str, tmp_path: Path) -> None:
    assert components.installed(system, tmp_path) == []
    assert components.galss_configuration(system, tmp_path) is None
    assert components.sesam_without_mgc(system, tmp_path) == []


class Registry(ModuleType):
    """winreg over two lists of products, one for each view."""

    KEY_WOW64_64KEY, KEY_WOW64_32KEY, KEY_READ, HKEY_LOCAL_MACHINE = 0x100, 0x200, 0x1, "HKLM"

    class Key:
        def __init__(self, values: Any) -> None:
            self.values = values

        def __enter__(self) -> Registry.Key:
            return self

        def __exit__(self, *_: object) -> None: ...

    def __init__(self, views: dict[int, list[dict[str, str]]]) -> None:
        super().__init__("winreg")
        self.views = views

    def OpenKey(self, parent: Any, name: Any, _reserved: int, access: int) -> Registry.Key:
        if parent == "HKLM":
            return Registry.Key(self.views[access & ~self.KEY_READ])
        return Registry.Key(parent.values[int(name)])

    def QueryInfoKey(self, key: Registry.Key) -> tuple[int, int, int]:
        return len(key.values), 0, 0

    def EnumKey(self, _key: Registry.Key, number: int) -> str:
        return str(number)

    def QueryValueEx(self, key: Registry.Key, name: str) -> tuple[str, int]:
        if name not in key.values:
            raise FileNotFoundError(name)
        return key.values[name], 1


def test_windows_lists_its_products_in_both_views(monkeypatch: pytest.MonkeyPatch) -> None:
    views: dict[int, list[dict[str, str]]] = {
        0x100: [{"DisplayName": "fsv-1.40.1413", "DisplayVersion": "1.40.1413"}, {}],
        0x200: [{"DisplayName": "mica 4.01.00"}],
    }
    monkeypatch.setitem(sys.modules, "winreg", Registry(views))
    monkeypatch.setattr(sys, "platform", "win32")
    assert components.installed_products() == [
        ("fsv-1.40.1413", "1.40.1413"),
        ("", ""),
        ("mica 4.01.00", ""),
    ]
    monkeypatch.setattr(sys, "platform", "linux")
    assert components.installed_products() == []


@given(st.text(max_size=300))
def test_no_configuration_file_makes_the_reader_fail(text: str) -> None:
    found = ini.galss(ini.sections(text))
    assert all(name == name.upper() and name for name in found.libraries)


@given(
    st.dictionaries(
        st.from_regex(r"[a-z][a-z0-9]{0,8}", fullmatch=True),
        st.from_regex(r"[a-z0-9,.]{0,9}", fullmatch=True),
    )
)
def test_entries_are_found_again(entries: dict[str, str]) -> None:
    text = "[Part]\r\n" + "".join(
        f"  {key.upper()} =  {value} \r\n; note\r\n" for key, value in entries.items()
    )
    assert ini.sections(text)["part"] == entries


def test_a_driver_bundle_tells_its_version_and_its_devices(tmp_path: Path) -> None:
    for name, content in {
        "ifd-ccid": plistlib.dumps(
            {
                "CFBundleShortVersionString": "1.5.2",
                "ifdVendorID": ["0x2947", "0x08E6", "0x1"],
                "ifdProductID": ["0x0101", "0x3437"],
            }
        ),
        "broken": b"<plist",
        "silent": plistlib.dumps({}),
    }.items():
        contents = tmp_path / f"usr/lib/pcsc/drivers/{name}.bundle/Contents"
        contents.mkdir(parents=True)
        (contents / "Info.plist").write_bytes(content)
    assert drivers.installed("linux", tmp_path) == [
        drivers.Driver("libccid", "1.5.2", frozenset({"2947:0101", "08E6:3437"})),
        drivers.Driver("silent", None, frozenset()),
    ]
    assert drivers.installed("macos", tmp_path) == []
    assert drivers.installed("windows", tmp_path) is None


def test_the_programs_that_fight_for_a_reader_are_known_by_name() -> None:
    names = [
        "PyxVital.exe",
        "SrvSvCnam.exe",
        "jfse-agent",
        "firefox",
        "Gestion Lecteur SV.exe",
        "reweda",
        "my-weda",
    ]
    assert programs.suspects(names) == [
        "Gestion Lecteur SV (jFSE)",
        "Pyxvital",
        "SrvSvCnam",
        "Weda",
        "jFSE (Cegedim)",
    ]
    assert programs.suspects(["bash", "Xorg", "python3"]) == []


def test_running_programs_are_seen() -> None:
    assert any("python" in name or "pytest" in name for name in programs.running())
