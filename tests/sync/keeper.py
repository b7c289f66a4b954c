"""The person who runs a registry, and what befalls it: backups, restores, erasures, a wrong clock, a sudden end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import pytest
import stamina
from sqlalchemy import Connection, delete, event, insert

from fieldkit.domain.clock import now_ms
from fieldkit.errors import KnownError
from fieldkit.registry import admin, erasure, ledger, pull, tokens
from fieldkit.registry.blobs import Shelf
from fieldkit.registry.database import reading, write
from fieldkit.registry.tables import metadata
from tests.registry.live import LiveRegistry, live_registry


@contextmanager
def hurried_registry(database: str) -> Iterator[LiveRegistry]:
    """A registry for years of work in a minute: it never finds that anybody asks too often."""
    with pytest.MonkeyPatch.context() as patch, stamina.set_testing(True, attempts=2):
        for name in ("BURST", "GUESSES"):
            patch.setattr(f"fieldkit.registry.app.{name}", 1e9)
        with live_registry(database) as registry:
            yield registry


class Keeper:
    """Keeps one registry, whatever its database is."""

    def __init__(self, registry: LiveRegistry) -> None:
        self._registry = registry
        self._backup: dict[str, list[dict[str, Any]]] = {}

    @property
    def has_backup(self) -> bool:
        """Whether there is a copy to put back."""
        return bool(self._backup)

    def back_up(self) -> None:
        """Copy the database."""
        with reading(self._registry.engine) as db:
            self._backup = {
                table.name: [dict(row) for row in db.execute(table.select()).mappings()]
                for table in metadata.sorted_tables
            }

    def put_back(self) -> None:
        """Have the last copy in place of what is there; what was erased is erased again before anybody is served."""
        write(self._registry.engine, self._put_back)
        with reading(self._registry.engine) as db:
            those = erasure.forgotten(db, self._registry.folder)
        self._erase(those)

    def begin_epoch(self) -> None:
        """Say that the database was put back, as `registry new-epoch` does."""
        write(self._registry.engine, admin.new_epoch)

    def erase(self, wanted: str) -> None:
        """Erase a record for good, with all that leads to it; nothing where the registry does not have it."""
        with reading(self._registry.engine) as db, suppress(KnownError):
            those = erasure.targets(db, wanted)
            erasure.journal(self._registry.folder, those)
            self._erase(those)

    def revoke(self, token: str) -> None:
        """End a token, if it is one."""
        with suppress(KnownError):
            write(self._registry.engine, lambda db: tokens.revoke(db, token))

    def turn_clock(self, minutes: int) -> None:
        """Have the registry's clock wrong from now on."""
        for module in (ledger, pull):
            module.now_ms = lambda: now_ms() + minutes * 60_000  # type: ignore[attr-defined]

    @contextmanager
    def dying_at(self, commit: int) -> Iterator[None]:
        """The registry ends just before its `commit`-th commit (from 1): the transaction is undone."""
        left = [commit]

        def die(_db: Connection) -> None:
            left[0] -= 1
            if left[0] == 0:
                raise OSError("killed here")

        event.listen(self._registry.engine, "commit", die)
        try:
            yield
        finally:
            event.remove(self._registry.engine, "commit", die)

    def _put_back(self, db: Connection) -> None:
        for table in reversed(metadata.sorted_tables):
            db.execute(delete(table))
        for table in metadata.sorted_tables:
            if self._backup[table.name]:
                db.execute(insert(table), self._backup[table.name])

    def _erase(self, those: Sequence[erasure.Target]) -> None:
        shelf = Shelf(self._registry.folder)
        for file in write(self._registry.engine, lambda db: erasure.erase(db, shelf, those)):
            file.unlink(missing_ok=True)
