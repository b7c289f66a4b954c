"""A registry that really listens on loopback, in a thread of this process."""

from __future__ import annotations

import secrets
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Engine, delete

from fieldkit.registry import tokens
from fieldkit.registry.database import connect, write
from fieldkit.registry.identity import Identity
from fieldkit.registry.server import Server
from fieldkit.registry.tables import meta, metadata

PATIENCE = 60


@dataclass
class LiveRegistry:
    """A running registry: its address, and its database for a look from outside."""

    url: str
    engine: Engine
    folder: Path

    def token(self, user: str, *scopes: str, days: int | None = None, role: str = tokens.WRITER) -> str:
        """A token for `user`."""
        return write(self.engine, lambda db: tokens.create(db, user, scopes, days, role))

    def grant(self, user: str, scope: str = "dept:72") -> None:
        """Let `user` write in a scope."""
        write(self.engine, lambda db: tokens.set_grant(db, user, scope, tokens.WRITER, None))

    def clear(self) -> None:
        """Empty every table but the epoch, and the folder."""
        for file in self.folder.rglob("*"):
            if file.is_file():
                file.unlink()
        with self.engine.begin() as db:
            for table in reversed(metadata.sorted_tables):
                if table is not meta:
                    db.execute(delete(table))


@contextmanager
def live_registry(
    database: str,
    port: int = 0,
    identity: Identity | None = None,
    publications: Path | None = None,
    folder: Path | None = None,
) -> Iterator[LiveRegistry]:
    """Serve the database at the address `database` until the block ends.

    Its attachments are in `folder`; without one, they go when the block ends.
    """
    with ExitStack() as stack:
        place = folder or Path(stack.enter_context(TemporaryDirectory(prefix="fieldkit-registry-")))
        engine = connect(database)
        ready = threading.Event()
        server = Server(engine, place, "127.0.0.1", port, lambda _url: ready.set(), identity, publications)
        thread = threading.Thread(target=server.serve_forever, name="registry")
        thread.start()
        try:
            assert ready.wait(PATIENCE), "the registry does not start"
            yield LiveRegistry(server.url, engine, place)
        finally:
            server.should_exit = True
            thread.join(PATIENCE)
            engine.dispose()
            assert not thread.is_alive(), "the registry does not stop"


def lasting_port() -> int:
    """A port of its own for what stops and starts again: systems give one as low as this to no connection.

    One that had it would keep it from its server, for a minute after its end.
    """
    while True:
        port = 20_000 + secrets.randbelow(12_000)
        with suppress(OSError), socket.socket() as trial:
            trial.bind(("127.0.0.1", port))
            return port


def sqlite_url(folder: Path, name: str = "registry.db") -> str:
    """The address of an SQLite registry in `folder`."""
    return f"sqlite:///{folder / name}"
