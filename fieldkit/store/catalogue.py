"""The public catalogue in its own file, beside the encrypted field data: written whole, then only read.

A new file is built aside and takes the place of the old one in one rename, so a reader sees one catalogue
or the other and two processes that start together cannot spoil it. The file is never in WAL mode: a log
left beside it would be replayed onto its successor.
"""

from __future__ import annotations

import dataclasses
import json
import os
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeVar, get_type_hints

import msgspec
from sqlite_utils import Database

from fieldkit.domain import catalogue as facts
from fieldkit.domain.catalogue import Catalogue, Provenance
from fieldkit.errors import KnownError
from fieldkit.i18n import _
from fieldkit.store.database import DatabaseFault, check_integrity, open_plain, writing

Fact = TypeVar("Fact")

_FORMAT: Final = "3"
"""Raised when the tables change shape: files of another format are built anew."""

_TABLES: Final[Mapping[str, type[Any]]] = {
    "editors": facts.Editor,
    "mentions": facts.EditorMention,
    "links": facts.EditorLink,
    "memberships": facts.Membership,
    "contacts": facts.Contact,
    "products": facts.Product,
    "product_versions": facts.ProductVersion,
    "former_editors": facts.FormerEditor,
    "devices": facts.Device,
    "services": facts.Service,
    "labels": facts.Label,
    "label_holders": facts.LabelHolder,
    "integrations": facts.Integration,
    "integration_tables": facts.IntegrationTable,
    "milestones": facts.Milestone,
    "amendments": facts.Amendment,
    "addenda": facts.Addendum,
    "market_figures": facts.MarketFigure,
    "deployment_figures": facts.DeploymentFigure,
    "criteria": facts.Criterion,
    "equipment": facts.Equipment,
    "segments": facts.ServiceSegment,
    "glossary": facts.GlossaryEntry,
    "timeline": facts.TimelineEvent,
}
"""One table for each list of facts in `Catalogue`, under the same name."""

_TABLE_OF: Final = {fact: table for table, fact in _TABLES.items()}
_INDEXED: Final = {
    "mentions": ("editor",),
    "links": ("from_editor", "to_editor"),
    "contacts": ("company",),
    "products": ("id", "editor"),
    "product_versions": ("product",),
    "former_editors": ("product", "editor"),
    "devices": ("product",),
    "label_holders": ("holder", "label"),
    "integrations": ("holder", "service", "profession"),
    "market_figures": ("entity",),
    "deployment_figures": ("service", "topic"),
}
_ORIGIN: Final = tuple(item.name for item in dataclasses.fields(Provenance))
_COLUMN_TYPES: Final[Mapping[Any, type]] = {
    int: int,
    int | None: int,
    bool: int,
    bool | None: int,
    float: float,
    float | None: float,
}


def open_current(path: Path, fingerprint: str) -> Database | None:
    """The catalogue at `path`, to read; None unless it is sound and of the tables of `fingerprint`."""
    if not path.is_file():
        return None
    try:
        database = open_plain(path, read_only=True)
    except KnownError:
        return None
    try:
        check_integrity(database)
        mark = stamp(database)
        if (mark.get("format"), mark.get("fingerprint")) == (_FORMAT, fingerprint):
            return database
    except (KnownError, DatabaseFault):
        pass
    database.close()
    return None


def build(path: Path, fingerprint: str, catalogue: Catalogue) -> None:
    """Write `catalogue` to `path`, in the place of any other.

    Raises KnownError `catalogue-unwritable` or `disk-full`; what was at `path` is then untouched.
    """
    try:
        handle, name = tempfile.mkstemp(prefix="catalogue-", suffix=".new", dir=path.parent)
        os.close(handle)
    except OSError as error:
        raise _unwritable() from error
    aside = Path(name)
    try:
        _fill(aside, fingerprint, catalogue)
        aside.replace(path)
    except OSError as error:
        raise _unwritable() from error
    finally:
        aside.unlink(missing_ok=True)


def stamp(database: Database) -> dict[str, str]:
    """What the file says of itself: `format`, `fingerprint`, `as_of`."""
    return {row["key"]: row["value"] for row in database.query("SELECT key, value FROM stamp")}


def find(database: Database, fact: type[Fact], **equal: str) -> list[Fact]:
    """The facts of a kind whose columns are `equal` to what is given, in the order of their sources."""
    table = _TABLE_OF[fact]
    columns = _columns(table)
    if not columns.keys() >= equal.keys():
        raise ValueError(f"{fact.__name__} has no {equal.keys() - columns.keys()}")
    condition = " AND ".join(f"[{name}] = :{name}" for name in equal)
    where = f"WHERE {condition}" if equal else ""
    query = f"SELECT {', '.join(columns)} FROM {table} {where} ORDER BY rowid"
    return [_from_row(table, row) for row in database.query(query, equal)]


def whole(database: Database) -> Catalogue:
    """Every fact of the catalogue."""
    lists: dict[str, Any] = {table: tuple(find(database, fact)) for table, fact in _TABLES.items()}
    return Catalogue(as_of=stamp(database)["as_of"], **lists)


def names(database: Database) -> dict[str, str]:
    """The name of every entry by its identifier."""
    return {row["id"]: row["name"] for row in database.query("SELECT id, name FROM entry")}


def identifier(database: Database, text: str) -> str | None:
    """The identifier that `text` is, whatever its case; None where there is none."""
    rows = list(database.query("SELECT id FROM entry WHERE id = ? COLLATE NOCASE", [text]))
    return str(rows[0]["id"]) if rows else None


def compared(database: Database) -> dict[str, list[str]]:
    """The professions that have an editor table, each with the dates it has one for, in order."""
    found: dict[str, list[str]] = {}
    query = "SELECT DISTINCT profession, as_of FROM integrations WHERE profession <> '' ORDER BY as_of, rowid"
    for row in database.query(query):
        found.setdefault(row["profession"], []).append(row["as_of"])
    return found


def _fill(path: Path, fingerprint: str, catalogue: Catalogue) -> None:
    from fieldkit.store import search_index  # here, for a catalogue is made far less often than read

    database = open_plain(path)
    try:
        database.execute("PRAGMA journal_mode = DELETE")
        with writing(database):
            for table in _TABLES:
                database.table(table).create(_columns(table))
                database.table(table).insert_all(_to_row(table, fact) for fact in getattr(catalogue, table))
                for column in _INDEXED.get(table, ()):
                    database.table(table).create_index([column])
            search_index.index(database, catalogue)
            marks = {"format": _FORMAT, "fingerprint": fingerprint, "as_of": catalogue.as_of}
            database.table("stamp").insert_all({"key": key, "value": value} for key, value in marks.items())
    finally:
        database.close()


@cache
def _columns(table: str) -> dict[str, type]:
    hints = get_type_hints(_TABLES[table])
    hints.pop("origin")
    return {name: _COLUMN_TYPES.get(hint, str) for name, hint in hints.items()} | dict.fromkeys(_ORIGIN, str)


@cache
def _of_type(table: str, *wanted: Any) -> tuple[str, ...]:
    return tuple(name for name, hint in get_type_hints(_TABLES[table]).items() if hint in wanted)


def _to_row(table: str, fact: Any) -> dict[str, Any]:
    row = {name: getattr(fact.origin if name in _ORIGIN else fact, name) for name in _columns(table)}
    lists = _of_type(table, tuple[str, ...])
    return row | {name: json.dumps(row[name], ensure_ascii=False) for name in lists}


def _from_row(table: str, row: dict[str, Any]) -> Any:
    values = row | {name: json.loads(row[name]) for name in _of_type(table, tuple[str, ...])}
    for name in _of_type(table, bool, bool | None):
        values[name] = None if row[name] is None else bool(row[name])
    origin = {name: values.pop(name) for name in _ORIGIN}
    return msgspec.convert(values | {"origin": origin}, _TABLES[table])


def _unwritable() -> KnownError:
    return KnownError(
        "catalogue-unwritable",
        _("Le catalogue ne peut pas être enregistré dans le profil."),
        _("Vérifiez la place libre et vos droits sur le dossier du profil, ou choisissez-en un autre."),
    )
