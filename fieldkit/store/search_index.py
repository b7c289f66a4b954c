"""The index of the catalogue: written once with it, then read by `search`, `facets` and `spelling`.

Entries are numbered in the order in which equals are shown, so that ties need no further look.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import astuple
from typing import Any, Final

from sqlite_utils import Database

from fieldkit.domain import folding
from fieldkit.domain.catalogue import Catalogue
from fieldkit.store.catalogue_entries import KINDS, Entry, entries

VINTAGE: Final = "vintage"
FEDERATION: Final = "federation"

_SCHEMA: Final = """
    CREATE TABLE entry (
        number INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        kind TEXT NOT NULL,
        type TEXT NOT NULL,
        name TEXT NOT NULL,
        folded TEXT NOT NULL,
        name_words TEXT NOT NULL,
        others TEXT NOT NULL,
        other_words TEXT NOT NULL,
        for_practices INTEGER NOT NULL,
        mobility TEXT NOT NULL,
        since TEXT NOT NULL,
        text TEXT NOT NULL,
        roles TEXT NOT NULL,
        links TEXT NOT NULL,
        aliases TEXT NOT NULL,
        source TEXT NOT NULL,
        as_of TEXT NOT NULL,
        locator TEXT NOT NULL
    );
    CREATE INDEX entry_order ON entry (folded, number);
    CREATE TABLE facet (
        entry INTEGER NOT NULL REFERENCES entry (number),
        profession TEXT NOT NULL,
        service TEXT NOT NULL,
        as_of TEXT NOT NULL
    );
    CREATE INDEX facet_entry ON facet (entry, profession, service, as_of);
    CREATE TABLE tag (
        entry INTEGER NOT NULL REFERENCES entry (number),
        sort TEXT NOT NULL,
        value TEXT NOT NULL,
        PRIMARY KEY (entry, sort, value)
    ) WITHOUT ROWID;
    CREATE VIRTUAL TABLE entry_text USING fts5 (
        names, inside, about, tokenize = 'unicode61 remove_diacritics 0', prefix = '1 2 3'
    );
    CREATE VIRTUAL TABLE entry_word USING fts5vocab (entry_text, col);
"""


def index(database: Database, catalogue: Catalogue) -> None:
    """Make the index of `catalogue` in a database that has none."""
    for statement in filter(str.strip, _SCHEMA.split(";")):
        database.execute(statement)
    found = list(enumerate(sorted(entries(catalogue), key=_order), start=1))
    database.table("entry").insert_all(_row(number, entry) for number, entry in found)
    database.table("entry_text").insert_all(_text(number, entry) for number, entry in found)
    database.table("facet").insert_all(
        {"entry": number, **dict(zip(("profession", "service", "as_of"), astuple(facet), strict=True))}
        for number, entry in found
        for facet in sorted(entry.facets, key=astuple)
    )
    database.table("tag").insert_all(
        {"entry": number, "sort": sort, "value": value}
        for number, entry in found
        for sort, values in ((VINTAGE, entry.vintages), (FEDERATION, entry.federations))
        for value in sorted(values)
    )


def _order(entry: Entry) -> tuple[int, int, str, str]:
    """Of two entries that match a text equally well, the lesser comes first."""
    folded = folding.fold(entry.name)
    return len(folded), KINDS.index(entry.kind), folded, entry.id


def _row(number: int, entry: Entry) -> dict[str, Any]:
    return {
        "number": number,
        "id": entry.id,
        "kind": entry.kind,
        "type": entry.type,
        "name": entry.name,
        "folded": folding.fold(entry.name),
        "name_words": "".join(f" {word}" for word in folding.words(entry.name)),
        "others": "".join(f"|{folding.fold(name)}" for name in entry.other_names),
        "other_words": "".join(f" {word}" for word in _words(entry.other_names)),
        "for_practices": entry.for_practices,
        "mobility": entry.mobility,
        "since": entry.since,
        "text": entry.text,
        "roles": " ".join(entry.roles),
        "links": _json([astuple(link) for link in entry.links]),
        "aliases": _json(entry.aliases),
        "source": entry.origin.source,
        "as_of": entry.origin.as_of,
        "locator": entry.origin.locator,
    }


def _text(number: int, entry: Entry) -> dict[str, Any]:
    names = _words((entry.name, *entry.other_names))
    return {
        "rowid": number,
        "names": " ".join(names),
        "inside": " ".join(dict.fromkeys(end for word in names for end in folding.inner(word))),
        "about": folding.fold(" ".join(entry.about)),
    }


def _words(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(word for name in names for word in folding.words(name)))


def _json(several: Iterable[object]) -> str:
    """Empty for none, so that a result without any costs no parsing."""
    listed = list(several)
    return json.dumps(listed, ensure_ascii=False) if listed else ""
