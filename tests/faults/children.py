"""Processes that can be killed: a registry and laptops, each in a child, and the points where a child ends itself.

Children are forked from a process that has loaded everything once (`forkserver`), so that each starts at once. A point
is put into the child by replacing functions there: the product knows nothing of it.
"""

from __future__ import annotations

import multiprocessing
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final

from sqlite_utils import Database

from fieldkit.registry import answers, app, blobs, ledger, push, uploads
from fieldkit.registry.database import connect
from fieldkit.services import registry as service
from fieldkit.store import attachments, changes
from fieldkit.store.replica import Replica
from fieldkit.sync import network
from fieldkit.sync.client import Registry
from fieldkit.sync.protocol import Session
from tests.registry.live import lasting_port
from tests.sync import promises

CRASHED: Final = 86
PATIENCE: Final = 60
CONTEXT: Final = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload([__name__, "tests.faults.delegates"])
network.tls()  # read once here, and not by each child

_TRANSACTIONS: Final = {
    "write": (changes, "_enqueue"),
    **{name: (Replica, name) for name in ("meet", "take", "answer", "stage", "apply", "finish")},
    **{name: (attachments.Shelf, name) for name in ("begun", "stored", "keep")},
}
_CALLS: Final = ("session", "push", "pull", "begin", "append", "fetch")
LAPTOP_POINTS: Final = (
    *(f"{name}: {when} the commit" for name in _TRANSACTIONS for when in ("before", "after")),
    *(f"{name}: {when}" for name in _CALLS for when in ("not sent", "answered")),
)

_PUSHING: Final = "push: records written", "push: answers noted", "push: committed"
_OTHERS: Final = "devices: committed", "session: answer made", "pull: answer made"
_UPLOADING: Final = {
    "upload: file made": (blobs.Shelf, "begin", "after"),
    "upload: noted": (blobs, "begin", "after"),
    "upload: some bytes written": (uploads, "_receive", "after"),
    "upload: all bytes on the disk": (blobs, "complete", "before"),
    "upload: put away": (blobs.Shelf, "put_away", "after"),
    "upload: stored": (blobs, "complete", "after"),
}
REGISTRY_POINTS: Final = (*_PUSHING, *_OTHERS)
UPLOAD_POINTS: Final = tuple(_UPLOADING)


def crash() -> None:
    """End this process here and now, as a power cut would: nothing is flushed, nothing is closed."""
    os._exit(CRASHED)


def _at(owner: Any, name: str, when: str) -> None:
    """Crash before or after the function `name` of `owner`."""
    real = getattr(owner, name)

    def instead(*args: Any, **more: Any) -> Any:
        if when == "before":
            crash()
        answer = real(*args, **more)
        if hasattr(answer, "__await__"):
            return _afterwards(answer)
        crash()
        return None

    setattr(owner, name, instead)


async def _afterwards(answer: Any) -> None:
    await answer
    crash()


def arm_laptop(point: str) -> None:
    """Have this process crash at one of LAPTOP_POINTS."""
    name, when = point.split(": ")
    if name in _CALLS and when in ("not sent", "answered"):
        _at(Registry, name, "before" if when == "not sent" else "after")
        return
    owner, function = _TRANSACTIONS[name]
    real, execute, inside = getattr(owner, function), Database.execute, []

    def instead(*args: Any, **more: Any) -> Any:
        inside.append(name)
        return real(*args, **more)

    def commits(self: Database, sql: str, *args: Any) -> Any:
        if sql == "COMMIT" and inside:
            if when.startswith("after"):
                execute(self, sql, *args)
            crash()
        return execute(self, sql, *args)

    setattr(owner, function, instead)
    Database.execute = commits  # type: ignore[method-assign, assignment]


def arm_registry(point: str) -> None:
    """Have this process crash at one of REGISTRY_POINTS or UPLOAD_POINTS."""
    if point in _UPLOADING:
        _at(*_UPLOADING[point])
    elif point == "push: records written":
        _at(ledger.Ledger, "save", "after")
    elif point == "push: answers noted":
        _at(push, "_note", "after")
    else:
        path = "/" + point.partition(":")[0]
        kind = {"/devices": dict, "/session": Session}.get(path, ())

        def in_json(value: Any) -> Any:
            if isinstance(value, kind):
                crash()
            return answers.as_json(value)

        def in_lines(request: Any, items: Any) -> Any:
            if request.url.path.endswith(path):
                crash()
            return answers.as_lines(request, items)

        vars(app).update(as_json=in_json, as_lines=in_lines)


def be_quiet() -> None:
    """What a child logs is nobody's business here."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)


def _serve(folder: Path, port: int, point: str, ready: Connection) -> None:
    be_quiet()
    if point:
        arm_registry(point)
    service.serve(port=port, data=folder, ready=ready.send)


class Server:
    """A registry on SQLite in `folder`, in a process of its own, always at the same address once started."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.url = ""
        self._process: Any = None

    def start(self, point: str = "") -> None:
        """Start it, and wait until it listens; it will crash at `point`."""
        near, far = CONTEXT.Pipe(duplex=False)
        port = int(self.url.rpartition(":")[2]) if self.url else lasting_port()
        self._process = CONTEXT.Process(target=_serve, args=(self.folder, port, point, far))
        self._process.start()
        far.close()
        assert near.poll(PATIENCE), "the registry does not start"
        self.url = near.recv()
        near.close()

    def kill(self) -> None:
        """Kill it at once."""
        self._process.kill()
        self.wait()

    def wait(self) -> int:
        """How it ended."""
        self._process.join(PATIENCE)
        code = self._process.exitcode
        assert code is not None, "the registry does not end"
        self._process.close()
        return int(code)

    def token(self, user: str, *scopes: str) -> str:
        """A token for `user`."""
        return service.create_token(user, scopes, data=self.folder)

    def facts(self) -> promises.Facts:
        """What it holds, once SQLite finds its file sound."""
        file = self.folder / service.DATABASE_FILE
        with closing(sqlite3.connect(file)) as db:
            found = db.execute("PRAGMA integrity_check").fetchall()
            promises.hold(promises.SOUND, found == [("ok",)], found)
        engine = connect(f"sqlite:///{file}")
        try:
            return promises.facts(engine, self.folder)
        finally:
            engine.dispose()


@contextmanager
def server(folder: Path) -> Iterator[Server]:
    """A running registry, killed when the block ends."""
    running = Server(folder)
    running.start()
    try:
        yield running
    finally:
        with suppress(ValueError):  # it ended already
            running.kill()


def start(target: Callable[..., None], *args: Any) -> tuple[Any, Connection]:
    """A child that runs `target` with a connection, over which it tells what it has done."""
    near, far = CONTEXT.Pipe(duplex=False)
    process = CONTEXT.Process(target=target, args=(*args, far))
    process.start()
    far.close()
    return process, near


def said(near: Connection) -> Iterator[Any]:
    """What a child tells, until it ends."""
    with near, suppress(EOFError):
        while near.poll(PATIENCE):
            yield near.recv()
