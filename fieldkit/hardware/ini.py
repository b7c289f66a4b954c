"""Configuration files of the health components (`galss.ini`, `sesam.ini`): what they say of readers, no more."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_SECTION: Final = re.compile(r"\s*\[([^\]]+)\]")
_ENTRY: Final = re.compile(r"\s*([^;#=\s][^=]*?)\s*=\s*(.*?)\s*$")
_SERIAL: Final = re.compile(r"\d{3,6}\s*(,\s*\d+\s*){3,}")
"""Speed, then bits and parity: `9600,1,8,0,0` (domain.md §1.7 R1)."""

Sections = dict[str, dict[str, str]]


@dataclass(frozen=True, slots=True)
class Galss:
    """What `galss.ini` says: the libraries of its channels (`PSSINW64.DLL`: PSS; `PCSCW64.DLL`: PC/SC), by name in
    upper case, and whether a channel is serial."""

    libraries: tuple[str, ...]
    serial: bool

    @property
    def pss(self) -> bool:
        """Whether a channel speaks PSS, the protocol of readers in GALSS mode, rather than PC/SC."""
        return any(name.startswith("PSS") for name in self.libraries)


def sections(text: str) -> Sections:
    """Entries by section, all names in lower case; what is no entry is passed over, so nothing here fails."""
    found: Sections = {}
    current = found.setdefault("", {})
    for line in text.splitlines():
        if section := _SECTION.match(line):
            current = found.setdefault(section[1].strip().lower(), {})
        elif entry := _ENTRY.match(line):
            current[entry[1].lower()] = entry[2]
    return found


def read(path: Path) -> Sections:
    """The sections of a file. Raises OSError where it cannot be read."""
    return sections(path.read_bytes().decode("cp1252", errors="replace"))


def galss(found: Sections) -> Galss:
    """What the sections of a `galss.ini` say."""
    entries = [(key, value) for section in found.values() for key, value in section.items()]
    names = (re.split(r"[\\/]", value.strip('"'))[-1].upper() for key, value in entries if key == "nomlib")
    serial = any(key == "caracteristiques" and _SERIAL.match(value) for key, value in entries)
    return Galss(tuple(sorted(set(filter(None, names)))), serial)
