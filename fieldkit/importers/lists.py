"""A book read as one list: where its titles stand, which column is which field, and what its rows state."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from fieldkit.domain import dates
from fieldkit.domain.catalogue import Provenance, flat
from fieldkit.domain.folding import fold
from fieldkit.domain.professions import CATEGORIES
from fieldkit.errors import KnownError
from fieldkit.i18n import _
from fieldkit.importers import shapes, statements, values
from fieldkit.importers.matching import Names
from fieldkit.importers.rows import Fault, RefusedError, Row
from fieldkit.importers.shapes import Header
from fieldkit.importers.statements import Statement
from fieldkit.importers.tables import Book, Sheet, StoppedError

_EVERY: Final = 200
"""How many rows are read between two looks at whether one is still wanted."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What a person decides about a file; whatever is empty is found out.

    `columns` gives the title of the column of a field, `constants` one value for all rows; `header` is the
    line of the titles (the last, where there are several), from 1. `names` answers, by kind (`editor`,
    `product`, `service`) and name as written, with an identifier, `new` or `skip`; the name `*` stands for all
    that are left.
    """

    shape: str = ""
    sheet: str = ""
    header: int = 0
    columns: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    as_of: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet to read: its shape, and the column of each field, counted from 0. No shape: a person must say."""

    sheet: Sheet
    shape: str
    header: Header
    columns: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Item:
    """One row that is not blank: what it states, or why it is refused."""

    sheet: str
    line: int
    statement: Statement | None
    faults: tuple[Fault, ...] = ()


def locate(book: Book, choices: Choices) -> list[Table]:
    """The sheets of `book` that hold its list: those of one shape; else its first, of no shape.

    Raises KnownError `mapping-mismatch` where `choices` name a sheet, a shape or a column that there is not.
    """
    sheets = [sheet.filled() for sheet in book.sheets if choices.sheet in ("", sheet.name)]
    if not sheets:
        raise _mismatch(choices.sheet)
    if choices.shape and choices.shape != shapes.OWN:
        return [_as_told(sheets[0], choices)]
    found = [(sheet, shapes.recognise(sheet)) for sheet in sheets]
    known = [Table(sheet, seen.shape, seen.header, seen.columns) for sheet, seen in found if seen]
    if known:
        return [table for table in known if table.shape == known[0].shape]
    return [Table(sheets[0], "", shapes.likely_header(sheets[0]), {})]


def as_of(book: Book, tables: list[Table]) -> str:
    """The date that the name of the file or a line above its titles gives; empty where none does."""
    above = (cell for table in tables for row in table.sheet.rows[: table.header.start] for cell in row)
    return next(filter(None, map(dates.inside, (book.name, *above))), "")


def read(
    tables: list[Table],
    names: Names,
    origin: Provenance,
    constants: Mapping[str, str],
    cancelled: Callable[[], bool],
) -> Iterator[Item]:
    """What every row of `tables` states; `origin` is the provenance of all, its `locator` the start of theirs.

    Raises `StoppedError` once `cancelled` says so.
    """
    for table in tables:
        for index in range(table.header.start, len(table.sheet.rows)):
            if index % _EVERY == 0 and cancelled():
                raise StoppedError
            cells = table.sheet.rows[index]
            said = {
                name: values.clean(cells[place]) if place < len(cells) else ""
                for name, place in table.columns.items()
            }
            if not any(cell.strip() for cell in said.values()):
                continue
            line = index + 1
            if table.shape == shapes.OWN:
                yield _own(table.sheet.name, line, said)
            else:
                yield _listed(table, line, {**constants, **_filled(said)}, names, origin)


def _listed(table: Table, line: int, said: dict[str, str], names: Names, origin: Provenance) -> Item:
    place = f"{origin.locator}, ligne {line}"
    titles = {name: table.header.titles[column] for name, column in table.columns.items()}
    ours = {field.name: _(field.title) for field in shapes.BY_NAME[table.shape].fields}
    told = ours | {name: title.replace("\n", " ") for name, title in titles.items()}
    row = Row(line, said, told, names, Provenance(origin.source, origin.as_of, place))
    try:
        return Item(table.sheet.name, line, statements.read(table.shape, row))
    except RefusedError:
        return Item(table.sheet.name, line, None, tuple(row.faults))


def _own(sheet: str, line: int, said: Mapping[str, str]) -> Item:
    kind = said[flat.KIND]
    if kind not in flat.kinds():
        return Item(sheet, line, None, (Fault(flat.KIND, _("genre de fait inconnu")),))
    try:
        fact = flat.from_row(kind, said)
    except flat.BadCellsError as error:
        return Item(sheet, line, None, tuple(Fault(column, reason) for column, reason in error.faults))
    faults = tuple(_own_faults(kind, fact))
    return Item(sheet, line, None if faults else Statement((kind, fact)), faults)


def _own_faults(kind: str, fact: Any) -> Iterator[Fault]:
    for column, cell in zip(flat.columns(kind), flat.to_row(kind, fact), strict=True):
        try:
            for text in (cell,) if isinstance(cell, str) else cell if isinstance(cell, tuple) else ():
                values.harmless(text)
        except ValueError as error:
            yield Fault(column, str(error))
    if kind == "integrations" and fact.profession not in ("", *CATEGORIES):
        known = ", ".join(CATEGORIES)
        yield Fault("profession", _("profession inconnue ; connues : {known}").format(known=known))


def _as_told(sheet: Sheet, choices: Choices) -> Table:
    if choices.shape not in shapes.BY_NAME:
        raise _mismatch(choices.shape)
    shape = shapes.BY_NAME[choices.shape]
    header = _told_header(sheet, choices)
    columns = {}
    for name, title in choices.columns.items():
        wanted = fold(title)
        place = next((n for n, found in enumerate(header.titles) if fold(found) == wanted), None)
        if place is None or name not in {known.name for known in shape.fields}:
            raise _mismatch(title if place is None else name)
        columns[name] = place
    missing = shape.missing({*columns, *choices.constants})
    if missing:
        raise KnownError(
            "mapping-incomplete",
            _("Il manque de quoi lire cette liste : {fields}.").format(fields=", ".join(map(_, missing))),
            _("Indiquez pour chacun sa colonne, ou une valeur pour toutes les lignes."),
        )
    return Table(sheet, shape.name, header, columns)


def _told_header(sheet: Sheet, choices: Choices) -> Header:
    """The titles in the line that was given, or the first in which all columns of the mapping stand."""
    wanted = {fold(title) for title in choices.columns.values()}
    candidates = [header for header in shapes.headers(sheet) if choices.header in (0, header.start)]
    for header in candidates:
        if wanted <= {fold(title) for title in header.titles}:
            return header
    return candidates[0] if choices.header and candidates else shapes.likely_header(sheet)


def _filled(said: Mapping[str, str]) -> dict[str, str]:
    return {name: cell for name, cell in said.items() if cell.strip()}


def _mismatch(what: str) -> KnownError:
    return KnownError(
        "mapping-mismatch",
        _("La correspondance des colonnes cite « {what} », qui n'est pas dans ce fichier.").format(what=what),
        _("Corrigez-la d'après les titres du fichier, puis recommencez."),
    )
