"""Facts as rows of text and back, the same for every kind: what an export writes and an import reads.

A row has the kind of its fact under `fact`, then the fact's own fields, then its provenance.
"""

from __future__ import annotations

import dataclasses
import math
import types
from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import cache
from typing import Any, Final, Union, get_args, get_origin, get_type_hints

from fieldkit.domain.catalogue.sources import Provenance
from fieldkit.domain.catalogue.whole import Catalogue
from fieldkit.domain.cells import several
from fieldkit.domain.dates import is_date
from fieldkit.i18n import _

KIND: Final = "fact"
ORIGIN: Final = tuple(item.name for item in dataclasses.fields(Provenance))

_DAYS: Final = frozenset(
    ("as_of", "date", "since", "until", "first_as_of", "opening_date", "publication_date", "figures_as_of")
)
_YES: Final = frozenset(("oui", "true", "vrai", "1", "yes"))
_NO: Final = frozenset(("non", "false", "faux", "0", "no"))

Cell = str | int | float | bool | Sequence[str] | None


class BadCellsError(ValueError):
    """A row that is no fact: `faults` are its columns, each with what is wrong there, in French."""

    def __init__(self, faults: Sequence[tuple[str, str]]) -> None:
        super().__init__(faults)
        self.faults = faults


@cache
def kinds() -> dict[str, type[Any]]:
    """The type of fact in each list of a `Catalogue`, by the name of the list."""
    hints = get_type_hints(Catalogue)
    return {name: get_args(hint)[0] for name, hint in hints.items() if get_origin(hint) is tuple}


@cache
def columns(kind: str) -> tuple[str, ...]:
    """The columns of a kind of fact."""
    own = [name for name in _types(kind) if name != "origin"]
    return (KIND, *own, *ORIGIN)


def to_row(kind: str, fact: Any) -> list[Cell]:
    """The cells of `fact` under `columns(kind)`."""
    own = [getattr(fact, name) for name in columns(kind)[1 : -len(ORIGIN)]]
    values = [str(value) if isinstance(value, StrEnum) else value for value in own]
    return [kind, *values, *(getattr(fact.origin, name) for name in ORIGIN)]


def from_row(kind: str, cells: Mapping[str, str]) -> Any:
    """The fact that the text of a row says. Raises `BadCellsError`."""
    faults: list[tuple[str, str]] = []
    values: dict[str, Any] = {}
    for name, hint in {**_types(kind), **dict.fromkeys(ORIGIN, str)}.items():
        if name == "origin":
            continue
        try:
            if name not in cells:
                raise ValueError(_("colonne absente du fichier"))
            values[name] = _value(name, hint, cells[name])
        except ValueError as error:
            faults.append((name, str(error)))
    if not faults and kind in _ENTRIES and not values["id"].startswith(f"{_ENTRIES[kind]}:"):
        faults.append(("id", _("identifiant attendu : {start}:…").format(start=_ENTRIES[kind])))
    if faults:
        raise BadCellsError(faults)
    origin = Provenance(*(values.pop(name) for name in ORIGIN))
    return kinds()[kind](**values, origin=origin)


_ENTRIES: Final = {
    "editors": "editor",
    "products": "product",
    "services": "service",
    "labels": "label",
    "contacts": "contact",
}


@cache
def _types(kind: str) -> dict[str, Any]:
    return get_type_hints(kinds()[kind])


def _value(name: str, hint: Any, cell: str) -> Any:
    if get_origin(hint) is tuple:
        return several(cell)
    wanted = [part for part in get_args(hint) if part is not type(None)] if _is_optional(hint) else [hint]
    if _is_optional(hint) and not cell.strip():
        return None
    return _plain(name, wanted[0], cell)


def _plain(name: str, wanted: type[Any], cell: str) -> Any:
    if issubclass(wanted, StrEnum):
        return _one_of(wanted, cell)
    if wanted is bool:
        return _yes_or_no(cell)
    if wanted in (int, float):
        return _number(wanted, cell)
    if name in _DAYS and cell and not is_date(cell):
        raise ValueError(_("date attendue : 2023, 2023-12 ou 2023-12-31"))
    return cell


def _one_of(wanted: type[StrEnum], cell: str) -> StrEnum:
    try:
        return wanted(cell)
    except ValueError as error:
        raise ValueError(_("valeur attendue : {values}").format(values=", ".join(wanted))) from error


def _yes_or_no(cell: str) -> bool:
    word = cell.strip().casefold()
    if word not in _YES | _NO:
        raise ValueError(_("oui ou non attendu"))
    return word in _YES


def _number(wanted: type[Any], cell: str) -> Any:
    try:
        number = wanted(cell.strip().replace(",", "."))
    except ValueError as error:
        raise ValueError(_("nombre attendu")) from error
    if not math.isfinite(number):
        raise ValueError(_("nombre attendu"))
    return number


@cache
def _is_optional(hint: Any) -> bool:
    return get_origin(hint) in (Union, types.UnionType)
