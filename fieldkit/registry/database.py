"""The registry's database: SQLite or PostgreSQL, by its address, always at the newest schema."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, TypeVar

import stamina
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, event, insert, select
from sqlalchemy.exc import ArgumentError, DBAPIError

from fieldkit.errors import KnownError
from fieldkit.i18n import _
from fieldkit.registry.tables import meta

T = TypeVar("T")

_AGAIN: Final = {"23505", "40001", "40P01"}
"""SQLSTATE of transactions that lost a race and may simply run again: another one made the same row, or its turn."""
_FULL: Final = "53100"
_MOST_NAMES: Final = 10_000
_READ: Final = "fieldkit_read"


def connect(url: str) -> Engine:
    """The database at `url`, brought to the newest schema.

    Raises KnownError `registry-database` where it does not answer or is no address.
    """
    try:
        # Errors hold no content, and each of the server's 40 worker threads finds a connection.
        pool = {"pool_pre_ping": True, "pool_size": 10, "max_overflow": 30}
        engine = create_engine(url, hide_parameters=True, **pool)
        if engine.dialect.name == "sqlite":
            event.listen(engine, "connect", _prepare_sqlite)
            event.listen(engine, "begin", _begin_sqlite)
        with engine.begin() as db:
            _upgrade(db)
    except (ArgumentError, DBAPIError, ModuleNotFoundError) as error:
        raise KnownError(
            "registry-database",
            _("La base de données du registre ne répond pas."),
            _("Vérifiez son adresse (--database), qu'elle est démarrée et qu'elle vous est ouverte."),
        ) from error
    return engine


def write(engine: Engine, work: Callable[[Connection], T]) -> T:
    """Run `work` in one transaction, again where another one got in its way."""

    def once() -> T:
        with engine.begin() as db:
            return work(db)

    patient = stamina.RetryingCaller(attempts=5, wait_initial=0.02, wait_jitter=0.1)
    return patient(_lost_a_race, once)


def pieces(names: Iterable[str]) -> Iterator[Sequence[str]]:
    """Names, sorted, as many at once as every database takes in one query."""
    rest = sorted(names)
    return (rest[first : first + _MOST_NAMES] for first in range(0, len(rest), _MOST_NAMES))


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection that only reads, and keeps no writer waiting."""
    with engine.connect().execution_options(**{_READ: True}) as db:
        yield db


def epoch(db: Connection) -> str:
    """The identity of this database; another one after a restore."""
    return str(db.scalar(select(meta.c.epoch)))


def new_epoch() -> str:
    """An identity that no database had before."""
    return secrets.token_hex(8)


def is_busy(error: DBAPIError) -> bool:
    """Whether the database only wants to be asked again later."""
    return _lost_a_race(error) or "locked" in str(error.orig)


def is_full(error: DBAPIError) -> bool:
    """Whether the disk under the database is full."""
    return getattr(error.orig, "sqlstate", None) == _FULL or "disk is full" in str(error.orig)


def _upgrade(db: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    config.attributes["connection"] = db
    command.upgrade(config, "head")
    if db.scalar(select(meta.c.epoch)) is None:
        db.execute(insert(meta).values(id=1, epoch=new_epoch()))


def _lost_a_race(error: Exception) -> bool:
    return isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", None) in _AGAIN


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # the driver would begin transactions in its own way
    for pragma in ("busy_timeout = 10000", "journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(db: Connection) -> None:
    # A writer takes its lock before it reads, as the row locks of PostgreSQL do.
    db.exec_driver_sql("BEGIN" if db.get_execution_options().get(_READ) else "BEGIN IMMEDIATE")
