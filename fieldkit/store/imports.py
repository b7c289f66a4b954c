"""What was imported into the catalogue, beside it in a file of its own: each import one transaction.

The catalogue is made of the tables that travel with the app and of the imports here that are applied, in
their order. Contacts in it are personal data: what is erased is overwritten (`secure_delete`), and there is no
log beside the file that would keep it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import msgspec
from sqlite_utils import Database

from fieldkit.domain.catalogue.flat import kinds
from fieldkit.domain.catalogue.layers import Change
from fieldkit.errors import KnownError
from fieldkit.i18n import _
from fieldkit.store.database import open_plain, writing

FILE: Final = "catalogue-imports.db"

_SCHEMA: Final = """
    CREATE TABLE IF NOT EXISTS import (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT NOT NULL, sha256 TEXT NOT NULL, shape TEXT NOT NULL, source TEXT NOT NULL,
        as_of TEXT NOT NULL, made_at TEXT NOT NULL, counts TEXT NOT NULL, digest TEXT NOT NULL,
        state TEXT NOT NULL DEFAULT 'applied' CHECK (state IN ('applied', 'undone'))
    );
    CREATE TABLE IF NOT EXISTS change (
        import INTEGER NOT NULL REFERENCES import (id), seq INTEGER NOT NULL, kind TEXT NOT NULL,
        new TEXT NOT NULL, old TEXT, PRIMARY KEY (import, seq)
    ) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS mapping (header TEXT PRIMARY KEY, choices TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS answer (
        kind TEXT NOT NULL, name TEXT NOT NULL, target TEXT NOT NULL, PRIMARY KEY (kind, name)
    )
"""
"""`import.digest` is of its changes; `answer.name` is folded."""


@dataclass(frozen=True, slots=True)
class Import:
    """One import: the file it came from (`sha256` of its bytes), when it was made, and what became of it."""

    id: int
    name: str
    sha256: str
    shape: str
    source: str
    as_of: str
    made_at: str
    counts: Mapping[str, int]
    applied: bool


@dataclass(frozen=True, slots=True)
class NewImport:
    """An import to make. `answers` are by kind and folded name; `mapping` is kept for the next such file."""

    name: str
    sha256: str
    shape: str
    source: str
    as_of: str
    counts: Mapping[str, int]
    changes: Sequence[Change]
    answers: Mapping[tuple[str, str], str]
    mapping: tuple[str, Mapping[str, Any]] | None


def beside(catalogue: Path) -> Path:
    """The file of the imports of the catalogue at a path."""
    return catalogue.with_name(FILE)


def digest(path: Path) -> str:
    """What tells the applied imports from any others; empty where nothing is applied."""
    with _reading(path) as database:
        return "" if database is None else _applied_digest(database)


def applied(path: Path) -> dict[int, list[Change]]:
    """The changes of every applied import, in their order."""
    found: dict[int, list[Change]] = {}
    with _reading(path) as database:
        if database is not None:
            query = """
                SELECT import, kind, new, old FROM change JOIN import ON import.id = change.import
                WHERE state = 'applied' ORDER BY import, seq
            """
            for row in database.query(query):
                fact = kinds()[row["kind"]]
                new, old = (
                    text and msgspec.json.decode(text, type=fact) for text in (row["new"], row["old"])
                )
                found.setdefault(row["import"], []).append(Change(row["kind"], new, old or None))
    return found


def history(path: Path) -> list[Import]:
    """Every import, the newest first."""
    with _reading(path) as database:
        rows = [] if database is None else list(database.query("SELECT * FROM import ORDER BY id DESC"))
    return [
        Import(
            row["id"], row["name"], row["sha256"], row["shape"], row["source"], row["as_of"], row["made_at"],
            json.loads(row["counts"]), row["state"] == "applied",
        )
        for row in rows
    ]  # fmt: skip


def answers(path: Path) -> dict[tuple[str, str], str]:
    """What names were confirmed to stand for, by kind and folded name."""
    with _reading(path) as database:
        rows = [] if database is None else list(database.query("SELECT kind, name, target FROM answer"))
    return {(row["kind"], row["name"]): row["target"] for row in rows}


def mapping(path: Path, header: str) -> dict[str, Any] | None:
    """What was chosen for a file with the same titles; None where nothing was."""
    with _reading(path) as database:
        rows = (
            []
            if database is None
            else list(database.query("SELECT choices FROM mapping WHERE header = ?", [header]))
        )
    return dict(json.loads(rows[0]["choices"])) if rows else None


def add(path: Path, made: NewImport, state: str) -> int:
    """Keep an import as applied and return its number.

    Raises KnownError `catalogue-changed` unless the applied imports are still those of digest `state`, or
    what `writing` raises; nothing is kept then.
    """
    with _changing(path) as database:
        if _applied_digest(database) != state:
            raise KnownError(
                "catalogue-changed",
                _("Le catalogue a changé depuis cet aperçu : un autre import a été fait entre-temps."),
                _("Relisez le fichier pour un nouvel aperçu."),
            )
        changes = [
            (change.kind, _json(change.new), change.old and _json(change.old)) for change in made.changes
        ]
        row = {
            "name": made.name, "sha256": made.sha256, "shape": made.shape, "source": made.source,
            "as_of": made.as_of, "made_at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
            "counts": json.dumps(dict(made.counts)),
            "digest": _digest(f"{kind}{new}{old}" for kind, new, old in changes),
        }  # fmt: skip
        number = database.table("import").insert(row).last_pk
        database.table("change").insert_all(
            {"import": number, "seq": seq, "kind": kind, "new": new, "old": old}
            for seq, (kind, new, old) in enumerate(changes)
        )
        database.table("answer").upsert_all(
            ({"kind": kind, "name": name, "target": target} for (kind, name), target in made.answers.items()),
            pk=("kind", "name"),
        )
        if made.mapping is not None:
            header, chosen = made.mapping
            kept = {"header": header, "choices": json.dumps(dict(chosen), ensure_ascii=False)}
            database.table("mapping").upsert(kept, pk="header")
    assert isinstance(number, int)
    return number


def undo(path: Path, number: int, state: str) -> None:
    """Keep an import as undone. Raises KnownError as `add`."""
    with _changing(path) as database:
        if _applied_digest(database) != state:
            raise KnownError(
                "catalogue-changed",
                _("Un autre import a été fait ou annulé entre-temps."),
                _("Recommencez : la liste des imports est à jour."),
            )
        database.execute("UPDATE import SET state = 'undone' WHERE id = ?", [number])


def erase_contact(path: Path, contact: str) -> int:
    """Overwrite every trace of a contact, in undone imports too; returns how many there were."""
    if not path.is_file():
        return 0
    with _changing(path) as database:
        about = "kind = 'contacts' AND json_extract(new, '$.id') = ?"
        touched = [
            row["import"]
            for row in database.query(f"SELECT DISTINCT import FROM change WHERE {about}", [contact])
        ]
        gone = database.execute(f"DELETE FROM change WHERE {about}", [contact]).rowcount
        for number in touched:
            left = database.query("SELECT kind, new, old FROM change WHERE import = ? ORDER BY seq", [number])
            fresh = _digest(f"{row['kind']}{row['new']}{row['old']}" for row in left)
            database.execute("UPDATE import SET digest = ? WHERE id = ?", [fresh, number])
    return int(gone)


@contextmanager
def _reading(path: Path) -> Iterator[Database | None]:
    if not path.is_file():
        yield None
        return
    database = open_plain(path, read_only=True)
    try:
        yield database if "import" in database.table_names() else None
    finally:
        database.close()


@contextmanager
def _changing(path: Path) -> Iterator[Database]:
    """One transaction on the file, made at its first use."""
    database = open_plain(path)
    try:
        path.chmod(0o600)
        database.execute("PRAGMA journal_mode = DELETE")
        database.execute("PRAGMA secure_delete = ON")
        with writing(database):
            for statement in _SCHEMA.split(";"):
                database.execute(statement)
            yield database
    finally:
        database.close()


def _applied_digest(database: Database) -> str:
    rows = list(database.query("SELECT id, digest FROM import WHERE state = 'applied' ORDER BY id"))
    return _digest(f"{row['id']}:{row['digest']}" for row in rows) if rows else ""


def _digest(parts: Iterable[str]) -> str:
    made = hashlib.sha256()
    for part in parts:
        made.update(part.encode())
        made.update(b"\0")
    return made.hexdigest()


def _json(fact: Any) -> str:
    return msgspec.json.encode(fact).decode()
