"""Reads `PS_LibreAcces_Personne_activite`, the free-access extraction of the Annuaire Santé (`domain.md` §5.5).

Cells stand apart by `|` and are never quoted: a quote is content. Columns are found by their names. The file
has millions of lines, of which one block at a time is in memory; the loop over them is written for speed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from operator import itemgetter
from typing import Any, Final

from fieldkit.domain import identifiers
from fieldkit.domain.directory import SEPARATOR, Line, Town, department_of
from fieldkit.domain.folding import fold
from fieldkit.errors import KnownError
from fieldkit.i18n import _
from fieldkit.importers.annuaire_source import Source, blocks, not_the_extraction

MOST_LISTED: Final = 200
"""How many faults are listed one by one; all are counted."""

_MOST_TOWNS: Final = 60_000
_PLACE: Final = "(coord. structure)"
_IDENTITY: Final = "Identifiant PP"
_FINESS: Final = "Numéro FINESS site"
_SIRET: Final = "Numéro SIRET site"
_NAMES: Final = (_IDENTITY, "Nom d'exercice", "Prénom d'exercice")
_TRADE: Final = ("Libellé profession", "Libellé savoir-faire")
_TOWN: Final = (
    f"Libellé commune {_PLACE}", f"Code postal {_PLACE}", f"Code commune {_PLACE}", "Code Département (structure)",
)  # fmt: skip
_NEEDED: Final = (*_NAMES, _TRADE[0], *_TOWN[:2])
_SHOWN: Final = (
    "Libellé civilité d'exercice", "Libellé mode exercice", _SIRET, "Raison sociale site",
    "Enseigne commerciale site", f"Complément destinataire {_PLACE}", f"Complément point géographique {_PLACE}",
    f"Numéro Voie {_PLACE}", f"Indice répétition voie {_PLACE}", f"Libellé type de voie {_PLACE}",
    f"Libellé Voie {_PLACE}", f"Mention distribution {_PLACE}", f"Bureau cedex {_PLACE}", f"Téléphone {_PLACE}",
    f"Téléphone 2 {_PLACE}", f"Adresse e-mail {_PLACE}", "Libellé secteur d'activité", "Libellé rôle",
    "Libellé genre activité",
)  # fmt: skip
"""The columns of `domain.directory.SHOWN`, in its order."""
_PUBLISHED: Final = (
    "Type d'identifiant PP", _IDENTITY, "Identification nationale PP", "Code civilité d'exercice",
    "Libellé civilité d'exercice", "Code civilité", "Libellé civilité", "Nom d'exercice", "Prénom d'exercice",
    "Code profession", "Libellé profession", "Code catégorie professionnelle",
    "Libellé catégorie professionnelle", "Code type savoir-faire", "Libellé type savoir-faire",
    "Code savoir-faire", "Libellé savoir-faire", "Code mode exercice", "Libellé mode exercice", _SIRET,
    "Numéro SIREN site", _FINESS, "Numéro FINESS établissement juridique",
    "Identifiant technique de la structure", "Raison sociale site", "Enseigne commerciale site",
    f"Complément destinataire {_PLACE}", f"Complément point géographique {_PLACE}", f"Numéro Voie {_PLACE}",
    f"Indice répétition voie {_PLACE}", f"Code type de voie {_PLACE}", f"Libellé type de voie {_PLACE}",
    f"Libellé Voie {_PLACE}", f"Mention distribution {_PLACE}", f"Bureau cedex {_PLACE}",
    f"Code postal {_PLACE}", f"Code commune {_PLACE}", f"Libellé commune {_PLACE}", f"Code pays {_PLACE}",
    f"Libellé pays {_PLACE}", f"Téléphone {_PLACE}", f"Téléphone 2 {_PLACE}", f"Télécopie {_PLACE}",
    f"Adresse e-mail {_PLACE}", "Code Département (structure)", "Libellé Département (structure)",
    "Ancien identifiant de la structure", "Autorité d'enregistrement", "Code secteur d'activité",
    "Libellé secteur d'activité", "Code section tableau pharmaciens", "Libellé section tableau pharmaciens",
    "Code rôle", "Libellé rôle", "Code genre activité", "Libellé genre activité",
)  # fmt: skip
"""Every column of the extraction of 2026, in its order."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong in a file: the line of the file (its header is 1), the column, and why, in words."""

    file: str
    row: int
    column: str
    reason: str


@dataclass
class Tally:
    """What became of the lines of one or several files; it grows while they are read."""

    read: int = 0
    kept: int = 0
    refused: int = 0
    """Lines that were not kept because of what is wrong in them; those of other departments are not among them."""
    set_aside: int = 0
    """Numbers with a wrong key that were left out of a line that was kept."""
    faults: list[Fault] = field(default_factory=list)
    """The first ones, `MOST_LISTED` at most."""
    encodings: list[str] = field(default_factory=list)
    missing_columns: list[str] = field(default_factory=list)
    unknown_columns: list[str] = field(default_factory=list)
    reordered: bool = False
    """Whether the columns of a file stand in another order than they did in 2026."""

    def note(self, file: str, row: int, column: str, reason: str) -> None:
        """List a fault, while there is room."""
        if len(self.faults) < MOST_LISTED:
            self.faults.append(Fault(file, row, column, reason))


def lines(
    source: Source, departments: frozenset[str], tally: Tally, on_bytes: Callable[[int], None]
) -> Iterator[list[Line]]:
    """The lines of `source` in `departments` (none: all of France), some thousands at a time.

    `on_bytes` is told, after each block, how many bytes were read so far. What is wrong goes to `tally`.
    Raises KnownError `directory-not-annuaire` or `directory-columns-missing`.
    """
    text = _Decoded()
    cells_of: _Columns | None = None
    number = 1
    done = 0
    for block in blocks(source):
        told = text.lines(block)
        if cells_of is None:
            cells_of = _Columns(told.pop(0), source.name, tally)
            tally.encodings.append(text.encoding)
        yield cells_of.read(told, number + 1, departments)
        number += len(told)
        done += len(block)
        on_bytes(done)
    if cells_of is None:
        raise not_the_extraction()


def by_department(source: Source) -> Iterator[dict[str, list[str]]]:
    """The lines of `source` as they stand there, by department, block by block; the header first, under "".

    Beside it, under "" too: lines of no department, and those that are cut. Raises KnownError as `lines`.
    """
    text = _Decoded()
    columns: _Columns | None = None
    for block in blocks(source):
        told = text.lines(block)
        if columns is None:
            header = told.pop(0)
            columns = _Columns(header, source.name, Tally())
            yield {"": [header]}
        found: dict[str, list[str]] = {}
        for line in told:
            found.setdefault(columns.department(line), []).append(line)
        yield found
    if columns is None:
        raise not_the_extraction()


class _Decoded:
    """Bytes into lines of text: UTF-8 (with or without BOM) or cp1252, as the accents of the header tell."""

    encoding = ""

    def lines(self, block: bytes) -> list[str]:
        """The lines of a block, without their ends."""
        if not self.encoding:
            self._settle(block)
            block = block.removeprefix(b"\xef\xbb\xbf")
        if b"\r" in block:
            block = block.replace(b"\r\n", b"\n")
        try:
            text = block.decode(self.encoding)
        except UnicodeDecodeError:
            told = [self._mixed(line) for line in block.split(b"\n")]
        else:
            told = text.split("\n")
        if not told[-1]:
            told.pop()
        return told

    def _settle(self, block: bytes) -> None:
        header = block.partition(b"\n")[0]
        sample = block if header.isascii() else header
        try:
            sample.decode("utf-8")
        except UnicodeDecodeError:
            self.encoding = "cp1252"
        else:
            self.encoding = "utf-8"

    def _mixed(self, line: bytes) -> str:
        """A line of a block that is not all of one encoding."""
        try:
            return line.decode(self.encoding)
        except UnicodeDecodeError:
            return line.decode("cp1252", "replace")


class _Columns:
    """Where the cells of a file are, by the names in its header."""

    def __init__(self, header: str, file: str, tally: Tally) -> None:
        names = header.split(SEPARATOR)
        if len(names) > 1 and not names[-1].strip():
            names.pop()
        self._file, self._tally, self._width = file, tally, len(names)
        found = {fold(name): place for place, name in reversed(list(enumerate(names)))}
        if fold(_IDENTITY) not in found:
            raise not_the_extraction()
        self._found = found
        self._names, self._trade = self._cells(_NAMES), self._cells(_TRADE)
        self._town, self._shown = self._cells(_TOWN), self._cells(_SHOWN)
        self._finess, self._siret = self._place(_FINESS), self._place(_SIRET)
        self._towns = _Towns()
        if lacking := [name for name in _NEEDED if fold(name) not in found]:
            raise KnownError(
                "directory-columns-missing",
                _("Il manque des colonnes à ce fichier : {columns}.").format(columns=", ".join(lacking)),
                _("Choisissez PS_LibreAcces_Personne_activite tel que téléchargé : les autres fichiers de "
                  "l'Annuaire Santé n'ont pas les lieux d'exercice."),
            )  # fmt: skip
        published = {fold(name): place for place, name in enumerate(_PUBLISHED)}
        _add(tally.missing_columns, [name for name in _PUBLISHED if fold(name) not in found])
        _add(tally.unknown_columns, [name for name in names if fold(name) not in published])
        order = [published[fold(name)] for name in names if fold(name) in published]
        tally.reordered |= order != sorted(order)

    def read(self, told: Sequence[str], number: int, departments: frozenset[str]) -> list[Line]:
        """The lines of a block, of which the first is the line `number` of the file."""
        width, tally = self._width, self._tally
        names, trade, shown, towns, town_of = self._names, self._trade, self._shown, self._towns, self._town
        finess_at, siret_at = self._finess, self._siret
        luhn = identifiers.luhn
        kept: list[Line] = []
        refused = 0
        for row, line in enumerate(told, number):
            cells = line.split(SEPARATOR)
            if len(cells) != width and not (len(cells) == width + 1 and not cells[-1]):
                refused += self._refuse_cut(row, cells)
                continue
            cells.append("")  # where a column that the file lacks is found
            town = towns[town_of(cells)]
            if departments and town[2] not in departments:
                continue
            identity, surname, first = names(cells)
            # What `check_rpps` asks, without a call for each of millions.
            if not (len(identity) == 11 and identity.isascii() and identity.isdigit() and luhn(identity)):
                identity = self._adeli(row, identity)
                if not identity:
                    refused += 1
                    continue
            finess, why = _finess(cells[finess_at])
            if why:
                self._set_aside(row, _FINESS, why)
            siret, why = _siret(cells[siret_at])
            if why:
                self._set_aside(row, _SIRET, why)
                cells[siret_at] = siret
            kept.append((identity, surname, first, town, trade(cells), finess, SEPARATOR.join(shown(cells))))
        tally.read += len(told)
        tally.refused += refused
        tally.kept += len(kept)
        return kept

    def department(self, line: str) -> str:
        """The department of a line; empty where it tells none, or is cut."""
        cells = line.split(SEPARATOR)
        if not self._width <= len(cells) <= self._width + 1:
            return ""
        cells.append("")  # where a column that the file lacks is found
        return self._towns[self._town(cells)][2]

    def _place(self, name: str) -> int:
        return self._found.get(fold(name), -1)

    def _cells(self, names: Sequence[str]) -> Callable[[list[str]], Any]:
        return itemgetter(*(self._place(name) for name in names))

    def _refuse_cut(self, row: int, cells: list[str]) -> int:
        if cells == [""]:
            return 0
        reason = _("{n} colonnes au lieu de {expected} : ligne tronquée ou mal formée")
        self._tally.note(self._file, row, "", reason.format(n=len(cells), expected=self._width))
        return 1

    def _adeli(self, row: int, identity: str) -> str:
        """The number, where it is an ADELI one or an RPPS in another spacing; nothing, and a fault, where not."""
        check = identifiers.check_adeli if len(identity.strip()) == 9 else identifiers.check_rpps
        try:
            return check(identity)
        except KnownError as error:
            self._tally.note(self._file, row, _IDENTITY, error.message)
            return ""

    def _set_aside(self, row: int, column: str, why: str) -> None:
        self._tally.set_aside += 1
        self._tally.note(self._file, row, column, why)


class _Towns(dict[tuple[str, ...], Town]):
    """Towns with their departments, by their cells."""

    def __missing__(self, cells: tuple[str, ...]) -> Town:
        if len(self) > _MOST_TOWNS:  # of a file that is not what it seems
            self.clear()
        name, postcode, commune, code = cells
        town = self[cells] = (name, postcode, department_of(code, commune, postcode))
        return town


@lru_cache(maxsize=1 << 15)
def _finess(text: str) -> tuple[str, str]:
    return _checked(identifiers.check_finess, text)


@lru_cache(maxsize=1 << 15)
def _siret(text: str) -> tuple[str, str]:
    return _checked(identifiers.check_siret, text)


def _checked(check: Callable[[str], str], text: str) -> tuple[str, str]:
    """The number as it is kept, or nothing and why."""
    if not text or text.isspace():
        return "", ""
    try:
        return check(text), ""
    except KnownError as error:
        return "", error.message


def _add(known: list[str], names: Sequence[str]) -> None:
    known.extend(name for name in names if name not in known)
