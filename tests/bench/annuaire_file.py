"""Writes files shaped as the free-access extraction of the Annuaire Santé (`domain.md` §5.5), at any size.

Every name in them is made up. The same seed gives the same file, with a few names and towns that are very
common and many that are rare, several places of work for some people, and what goes wrong in real files:
wrong keys, stray quotes, empty fields, a last line cut short.

`python -m tests.bench.annuaire_file OUT ROWS` writes one by hand.
"""

from __future__ import annotations

import random
import sys
import zipfile
from bisect import bisect
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import Final, Generic, TypeVar

from tests.bench import french_names as names

T = TypeVar("T")

PLACE: Final = "(coord. structure)"
COLUMNS: Final = (
    "Type d'identifiant PP", "Identifiant PP", "Identification nationale PP", "Code civilité d'exercice",
    "Libellé civilité d'exercice", "Code civilité", "Libellé civilité", "Nom d'exercice", "Prénom d'exercice",
    "Code profession", "Libellé profession", "Code catégorie professionnelle",
    "Libellé catégorie professionnelle", "Code type savoir-faire", "Libellé type savoir-faire",
    "Code savoir-faire", "Libellé savoir-faire", "Code mode exercice", "Libellé mode exercice",
    "Numéro SIRET site", "Numéro SIREN site", "Numéro FINESS site", "Numéro FINESS établissement juridique",
    "Identifiant technique de la structure", "Raison sociale site", "Enseigne commerciale site",
    f"Complément destinataire {PLACE}", f"Complément point géographique {PLACE}", f"Numéro Voie {PLACE}",
    f"Indice répétition voie {PLACE}", f"Code type de voie {PLACE}", f"Libellé type de voie {PLACE}",
    f"Libellé Voie {PLACE}", f"Mention distribution {PLACE}", f"Bureau cedex {PLACE}", f"Code postal {PLACE}",
    f"Code commune {PLACE}", f"Libellé commune {PLACE}", f"Code pays {PLACE}", f"Libellé pays {PLACE}",
    f"Téléphone {PLACE}", f"Téléphone 2 {PLACE}", f"Télécopie {PLACE}", f"Adresse e-mail {PLACE}",
    "Code Département (structure)", "Libellé Département (structure)", "Ancien identifiant de la structure",
    "Autorité d'enregistrement", "Code secteur d'activité", "Libellé secteur d'activité",
    "Code section tableau pharmaciens", "Libellé section tableau pharmaciens", "Code rôle", "Libellé rôle",
    "Code genre activité", "Libellé genre activité",
)  # fmt: skip
"""Of `domain.md` §5.5, in order."""

_SURNAMES: Final = 220_000
_TOWNS: Final = 14_000


@dataclass
class Written:
    """What stands in a file that was written: lines after the header, and how many of which fault."""

    path: Path
    rows: int = 0
    wrong_identity: int = 0
    wrong_finess: int = 0
    wrong_siret: int = 0
    truncated: int = 0
    by_department: dict[str, int] = field(default_factory=dict)


def write(
    path: Path,
    rows: int,
    *,
    seed: int = 20261125,
    encoding: str = "utf-8",
    faults: bool = True,
    columns: Sequence[str] = COLUMNS,
    end: str = "\n",
) -> Written:
    """Write `rows` lines under a header to `path` (a `.zip` holds the text file); returns what is in it.

    `columns` may be in another order, lack some or have more (which stay empty).
    """
    if path.suffix != ".zip":
        return _write_text(path, rows, seed, encoding, faults, columns, end)
    text = path.with_suffix(".txt.part")
    written = _write_text(text, rows, seed, encoding, faults, columns, end)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr(
            "PS_LibreAcces_SavoirFaire_202611250800.txt", "Identifiant PP|Libellé savoir-faire\n"
        )
        archive.write(text, "PS_LibreAcces_Personne_activite_202611250800.txt")
    text.unlink()
    written.path = path
    return written


def _write_text(
    path: Path, rows: int, seed: int, encoding: str, faults: bool, columns: Sequence[str], end: str
) -> Written:
    written = Written(path)
    places = {name: n for n, name in enumerate(COLUMNS)}
    order = None if tuple(columns) == COLUMNS else [places.get(name) for name in columns]
    with path.open("w", encoding=encoding, errors="replace", newline="") as stream:
        stream.write("|".join(columns))
        for line in _Country(rows, seed, faults, written).lines():
            if order is not None:
                cells = line.split("|")
                line = "|".join("" if at is None else cells[at] for at in order)
            stream.write(end)
            if faults and written.rows == rows:
                line = line[: len(line) // 3]
                written.truncated = 1
            stream.write(line)
        stream.write("" if faults else end)
    return written


class _Pool(Generic[T]):
    """Things of which the first are drawn far more often than the last."""

    def __init__(self, things: Sequence[T], weight: Callable[[int], float]) -> None:
        self.things = things
        self.cumulated = list(accumulate(weight(n) for n in range(len(things))))

    def any(self, chance: random.Random) -> T:
        """One of them."""
        return self.things[bisect(self.cumulated, chance.random() * self.cumulated[-1])]


@dataclass(frozen=True, slots=True)
class _Town:
    name: str
    department: str
    postcode: str
    commune: str


@dataclass(frozen=True, slots=True)
class _Site:
    department: str
    cells: str
    wrong_finess: bool
    wrong_siret: bool


_NOWHERE: Final = _Site("", "|" * 30, False, False)


class _Country:
    """The people, places and towns of one file."""

    def __init__(self, rows: int, seed: int, faults: bool, written: Written) -> None:
        self.chance = random.Random(seed)
        self.wanted, self.faults, self.written = rows, faults, written
        self.surnames, self.first, self.towns = _surnames(), _first_names(), _all_towns()
        self.professions = _Pool(names.PROFESSIONS, lambda n: names.PROFESSIONS[n][2])
        self.sites = _Pool([self._site(n) for n in range(max(20, rows // 6))], lambda n: (n + 60) ** -0.6)

    def lines(self) -> Iterator[str]:
        """Each line; what goes wrong in it is counted just before."""
        chance, counted = self.chance, self.written
        person = 0
        while counted.rows < self.wanted:
            who, wrong = self._person(person)
            person += 1
            for _place in range(
                min(chance.choice((1, 1, 1, 1, 1, 1, 1, 1, 2, 3)), self.wanted - counted.rows)
            ):
                site = _NOWHERE if chance.random() < 0.06 else self.sites.any(chance)
                counted.rows += 1
                if not (self.faults and counted.rows == self.wanted):  # which is the one cut short
                    counted.wrong_identity += wrong
                    counted.wrong_finess += site.wrong_finess and not wrong
                    counted.wrong_siret += site.wrong_siret and not wrong
                    place = site.department
                    counted.by_department[place] = counted.by_department.get(place, 0) + 1
                yield f"{who}|{site.cells}|||||{chance.choice(('GENR01|Activité libérale', '|'))}"

    def _person(self, number: int) -> tuple[str, bool]:
        """The first 19 cells of a line, and whether the key of the identity is wrong."""
        chance = self.chance
        code, profession, _weight, skill = self.professions.any(chance)
        adeli = profession in ("Psychologue", "Opticien-Lunetier") and number % 3 == 0
        body = (
            f"{chance.randrange(1, 96):02}9{number % 100_000:05}"
            if adeli
            else f"10{100_000_00 + number * 3:08}"
        )
        identity, wrong = self._keyed(body, 2_000)
        title = ("M|Monsieur", "MME|Madame")[chance.random() < 0.6]
        doctor = "DR|Docteur" if profession in ("Médecin", "Chirurgien-Dentiste") else "|"
        skills = f"S|Spécialité ordinale|SM54|{skill}" if skill and chance.random() < 0.6 else "|||"
        mode = ("L|Libéral,indépendant,artisan,commerçant", "S|Salarié")[chance.random() < 0.45]
        name = self.surnames.any(chance)
        first = "" if chance.random() < 0.0005 else self.first.any(chance)
        kind = "0" if adeli else "8"
        head = f"{kind}|{identity}|{kind}{identity}|{doctor}|{title}|{name}|{first}|{code}|{profession}"
        return f"{head}|C|Civil|{skills}|{mode}", wrong

    def _site(self, number: int) -> _Site:
        """A place of work: 31 cells, from the SIRET to the sector."""
        chance, town = self.chance, self.towns.any(self.chance)
        siret, wrong_siret = self._keyed(f"{chance.randrange(10**12, 10**13)}", 3_000)
        if chance.random() < 0.45:
            siret, wrong_siret = "", False
        corsica = town.department in ("2A", "2B")
        body = f"{town.department:0<2.2}{chance.randrange(10**6):06}"
        finess, wrong_finess = (
            (f"{body}{chance.randrange(10)}", False) if corsica else self._keyed(body, 3_000)
        )
        if chance.random() < 0.35:
            finess, wrong_finess = "", False
        name = chance.choice(names.PLACES).format(name=self.surnames.any(chance), town=town.name)
        if self.faults and number % 500 == 7:
            name = f'"{name}' if number % 1000 == 7 else name.replace(" ", ' "', 1)
        code, way = chance.choice(names.WAYS)
        phone = f"0{chance.randrange(1, 6)}{chance.randrange(10**8):08}" if chance.random() < 0.7 else ""
        mail = f"contact{number}@sante.example" if chance.random() < 0.12 else ""
        cedex = f"{town.postcode} {town.name} CEDEX" if number % 9 == 0 else f"{town.postcode} {town.name}"
        street = f"{chance.randrange(1, 200)}||{code}|{way}|{chance.choice(names.STREETS)}||{cedex}"
        postal = f"{town.postcode}|{town.commune}|{town.name}|99000|France"
        known = f"{siret}|{siret[:9]}|{finess}||{'F' if finess else 'R'}{number + 10**9}|{name}|"
        extra = "BATIMENT B" if number % 11 == 0 else ""
        sector = (
            "SA07|Cabinet individuel",
            "SA01|Etablissement public de santé",
            "SA33|Pharmacie d'officine",
        )
        cells = f"{known}|{extra}||{street}|{postal}|{phone}|||{mail}|{town.department}|||ARS|{sector[number % 3]}"
        return _Site(town.department, cells, wrong_finess, wrong_siret)

    def _keyed(self, body: str, one_in: int) -> tuple[str, bool]:
        """`body` with its Luhn key, which one time in so many is wrong."""
        key = _luhn_key(body)
        wrong = self.faults and self.chance.randrange(one_in) == 0
        return f"{body}{(key + 1) % 10 if wrong else key}", wrong


def _luhn_key(body: str) -> int:
    total = 0
    for place, digit in enumerate(reversed(body)):
        value = int(digit) * (2 - place % 2)
        total += value - 9 if value > 9 else value
    return -total % 10


@cache
def _surnames() -> _Pool[str]:
    common = names.SURNAMES.split()
    return _Pool([_surname(n, common) for n in range(_SURNAMES)], lambda n: (n + 30) ** -0.85)


@cache
def _first_names() -> _Pool[str]:
    common = names.FIRST_NAMES.split()
    return _Pool([*common, *(_first(n, common) for n in range(4_000))], lambda n: (n + 4) ** -1.05)


@cache
def _all_towns() -> _Pool[_Town]:
    return _Pool(_towns(), lambda n: names.TOWNS[n][2] if n < len(names.TOWNS) else 0.06)


def _surname(number: int, common: Sequence[str]) -> str:
    """The name of a rank: the common ones, then ever rarer ones made of syllables."""
    if number < len(common):
        return common[number].replace("~", " ")
    number, start = divmod(number, len(names.STARTS))
    number, end = divmod(number, len(names.ENDS))
    number, middle = divmod(number, len(names.MIDDLES))
    made = f"{names.STARTS[start]}{names.MIDDLES[middle] if number % 3 else ''}{names.ENDS[end]}".upper()
    if number % 7 == 3:
        return f"{made}-{common[(start * 7 + number) % len(common)].replace('~', ' ')}"
    particle = ("DE ", "LE ", "", "", "", "")[number % 6]
    return f"{particle}{made}{names.MIDDLES[number % len(names.MIDDLES)].upper() if number else ''}"


def _first(number: int, common: Sequence[str]) -> str:
    number, other = divmod(number, 60)
    return f"{common[number % len(common)]}{'-' if other % 2 else ' '}{common[(number + other * 7 + 1) % len(common)]}"


def _towns() -> list[_Town]:
    """The large ones, then small ones all over the country."""
    made = [_town(name, department, n) for n, (name, department, _weight) in enumerate(names.TOWNS)]
    departments = [department for _name, department, _weight in names.TOWNS]
    for n in range(_TOWNS):
        rest, saint = divmod(n, len(names.SAINTS))
        rest, river = divmod(rest, len(names.RIVERS))
        root = (
            f"{names.STARTS[rest % len(names.STARTS)]}{names.ENDS[(rest + river) % len(names.ENDS)]}"
            if rest
            else f"Saint-{names.SAINTS[saint]}"
        )
        name = f"{root}-sur-{names.RIVERS[river]}" if saint % 2 or not rest else f"{root}-{names.ENDS[saint]}"
        made.append(_town(name.upper(), departments[(n * 7) % len(departments)], n))
    return made


def _town(name: str, department: str, number: int) -> _Town:
    post = {"2A": "20", "2B": "20"}.get(department, department)
    postcode = f"{post}{number * 10 % 1000:03}"[:5] if len(post) == 2 else f"{post}{number * 10 % 100:02}"
    return _Town(name, department, postcode, f"{department}{number % 900 + 1:03}"[:5])


if __name__ == "__main__":
    print(write(Path(sys.argv[1]), int(sys.argv[2])))
