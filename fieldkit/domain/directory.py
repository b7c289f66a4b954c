"""The directory of practitioners: what is known of a line of the Annuaire Santé extraction (`domain.md` §5.5).

The extraction has a line for each professional and place of work. It has millions of them, so a line travels
from the file to the store as a plain tuple, and what is only ever shown stays together in one text.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

Town = tuple[str, str, str]
"""Name, postal code, department."""

Trade = tuple[str, str]
"""Profession and know-how (`savoir-faire`), as the extraction words them; the second is often empty."""

Line = tuple[str, str, str, Town, Trade, str, str]
"""Identity (RPPS, or ADELI), surname, first name, town, trade, FINESS of the place, and the `SHOWN` cells."""

SEPARATOR: Final = "|"
"""Between the cells of the extraction, which therefore hold none; and between those of `SHOWN`."""

SHOWN: Final = (
    "title", "mode", "siret", "name", "sign", "addressee", "spot", "number", "repetition", "way", "street",
    "distribution", "cedex", "phone", "phone2", "email", "sector", "role", "activity",
)  # fmt: skip
"""What a card shows of a line and nobody searches: the title of the person and the mode of practice; then the
place, in the words of the extraction (its `name` is the "raison sociale", its `sign` the "enseigne")."""


@dataclass(frozen=True, slots=True)
class Site:
    """A place where a practitioner works; what the extraction does not say is empty."""

    name: str = ""
    address: tuple[str, ...] = ()
    """The lines of the postal address, without the name."""
    town: str = ""
    postcode: str = ""
    department: str = ""
    phones: tuple[str, ...] = ()
    email: str = ""
    finess: str = ""
    siret: str = ""
    sector: str = ""
    modes: tuple[str, ...] = ()
    """How the practitioner works there: mode, role, kind of activity."""


@dataclass(frozen=True, slots=True)
class Practitioner:
    """One person of the directory, with every place of work that was kept."""

    identity: str
    """RPPS number (11 digits), or ADELI number (9 characters) of those who have no RPPS."""
    surname: str
    first_name: str
    title: str
    trades: tuple[Trade, ...]
    sites: tuple[Site, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """A practitioner at a place, as a line of a list tells it. `line` tells it from the others of this directory."""

    line: int
    identity: str
    surname: str
    first_name: str
    trade: Trade
    town: Town
    place: str
    """The name of the place; empty where the extraction gives none."""
    finess: str

    @property
    def name(self) -> str:
        """The name as one says it in a directory: surname first."""
        return f"{self.surname} {self.first_name}".strip()


def department_of(code: str, commune: str, postcode: str) -> str:
    """The department (`72`, `2A`, `974`) of a place: the code given for it, else that of its INSEE commune
    number, else that of its postal code; empty where none tells.

    The postal codes of Corsica begin with 20 for both departments: 200 and 201 are Corse-du-Sud.
    """
    code = code.strip().upper().removeprefix("0") if len(code.strip()) == 3 else code.strip().upper()
    if code:
        return code.zfill(2)
    for number in (commune.strip().upper(), postcode.strip()):
        if len(number) == 5 and number[2:].isdigit():
            if number.startswith(("97", "98")):
                return number[:3]
            if number.startswith("20"):
                return "2A" if number.startswith(("200", "201")) else "2B"
            if number[:2].isdigit() or number[:2] in ("2A", "2B"):
                return number[:2]
    return ""
