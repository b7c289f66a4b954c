"""A laptop with its own field data, that syncs over real HTTP, and the ways in which an exchange can be cut."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Self, TypeVar

import httpx

from fieldkit.domain.clock import now_ms
from fieldkit.registry import admin
from fieldkit.registry.database import reading
from fieldkit.services import sync as service
from fieldkit.store import changes, outbox
from fieldkit.store.attachments import Shelf
from fieldkit.store.fieldwork import FieldStore
from fieldkit.store.replica import Replica
from fieldkit.sync.client import Registry
from fieldkit.sync.engine import Done, Synchronisation
from fieldkit.sync.uploads import Carrying
from tests.conftest import KEY
from tests.registry.live import LiveRegistry

T = TypeVar("T")


class SkewedStore(FieldStore):
    """Field data on a computer whose clock is wrong by `skew` milliseconds.

    No two of its changes, on whichever laptop, fall into one millisecond: the later one is the later one.
    """

    skew = 0
    _last = 0

    def changeset(self, label: str) -> AbstractContextManager[changes.Changeset]:
        """Write at the time that this computer believes it is."""
        SkewedStore._last = now = max(now_ms(), SkewedStore._last + 1)
        return changes.changeset(self.database, self.device, label, lambda: now + self.skew)


class Laptop:
    """The field data of one delegate in a file of `folder`, linked to a registry."""

    def __init__(self, folder: Path, name: str, url: str, token: str) -> None:
        self.file = folder / f"{name}.db"
        self.url, self.token = url, token
        self.store = SkewedStore.open(self.file, KEY)
        service.configure(self.store, url, token)

    @classmethod
    def of(cls, folder: Path, registry: LiveRegistry, user: str, *scopes: str) -> Self:
        """A laptop of `user`, with a token for `scopes`."""
        return cls(folder, user, registry.url, registry.token(user, *scopes))

    def sync(self) -> dict[str, Any]:
        """Synchronise as the app does."""
        return service.run(self.store)

    def exchange(
        self,
        transport: httpx.BaseTransport | None = None,
        on_database: Callable[..., Any] = service.here,
        *,
        photos: bool = False,
    ) -> Done:
        """Synchronise over a network, or with a database, that may fail; `photos` too, or records alone."""
        with Registry(self.url, self.token, transport=transport) as registry:
            carrying = Carrying(registry, Shelf(self.store.database, lambda _content: b""), on_database)
            steps = [carrying.send, carrying.fetch] if photos else []
            replica = Replica(self.store.database)
            return Synchronisation(registry, replica, on_database, afterwards=steps).run()

    def reopen(self) -> None:
        """Start again from what is on the disk."""
        self.store.close()
        self._open()

    def save_disk(self) -> Path:
        """A copy of this laptop's disk."""
        self.store.close()
        copy = self.file.with_suffix(".saved")
        shutil.copy(self.file, copy)
        self._open()
        return copy

    def put_back(self, disk: Path) -> None:
        """Have a copy of the disk in place of what is there."""
        self.store.close()
        shutil.copy(disk, self.file)
        self._open()

    def _open(self) -> None:
        skew = self.store.skew
        self.store = SkewedStore.open(self.file, KEY)
        self.store.skew = skew

    def clone(self, name: str) -> Laptop:
        """Another laptop with a copy of this one's disk."""
        self.store.close()
        shutil.copy(self.file, self.file.with_name(f"{name}.db"))
        self._open()
        return Laptop(self.file.parent, name, self.url, self.token)

    def practice(self, **fields: Any) -> str:
        """A new practice of department 72."""
        with self.store.changeset("Nouveau cabinet") as c:
            return c.create("practice", "dept:72", fields)

    def write(self, record: str, kind: str = "practice", **fields: Any) -> None:
        """Write fields of a record."""
        with self.store.changeset("Saisie") as c:
            c.set(kind, record, fields)

    def rows(self) -> dict[str, tuple[Any, ...]]:
        """Every record, as the registry would tell it."""
        columns = "id, type, scope, doc, stamps, archived, rev"
        rows = map(tuple, self.store.database.execute(f"SELECT {columns} FROM record"))
        return {row[0]: row[1:] for row in rows}


class Cut(httpx.BaseTransport):
    """A network that breaks at one call: before it leaves, or after it was answered."""

    def __init__(self, path: str, *, answered: bool, calls: int = 0) -> None:
        self._network = httpx.HTTPTransport()
        self._path = path
        self._answered = answered
        self._spared = calls

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Pass a request on, or lose it or its answer."""
        meant = request.url.path.endswith(self._path)
        if meant and self._spared == 0 and not self._answered:
            raise httpx.WriteError("cut", request=request)
        response = self._network.handle_request(request)
        if meant and self._spared == 0:
            response.read()
            raise httpx.ReadError("cut", request=request)
        self._spared -= meant
        return response

    def close(self) -> None:
        """Close the network."""
        self._network.close()


class Meanwhile(httpx.BaseTransport):
    """A network where something happens once, just before one call arrives."""

    def __init__(self, path: str, happens: Callable[[], None]) -> None:
        self._network = httpx.HTTPTransport()
        self._path, self._happens = path, happens
        self.done = False

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Let it happen, and pass the request on."""
        if request.url.path.endswith(self._path) and not self.done:
            self.done = True
            self._happens()
        return self._network.handle_request(request)

    def close(self) -> None:
        """Close the network."""
        self._network.close()


class Killed(BaseException):
    """The process ended here."""


def killed_at(call: int) -> Callable[[Callable[[], T]], T]:
    """A database whose process is killed at its `call`-th piece of work (from 1), before it begins."""
    left = [call]

    def on_database(work: Callable[[], T]) -> T:
        left[0] -= 1
        if left[0] == 0:
            raise Killed
        return work()

    return on_database


def held(registry: LiveRegistry, kind: str) -> list[dict[str, Any]]:
    """What the registry has of a type."""
    with reading(registry.engine) as db:
        items: list[dict[str, Any]] = admin.show(db, kind)["items"]
    return items


def in_step(registry: LiveRegistry, *laptops: Laptop) -> bool:
    """Whether every laptop shows the registry's state, and has nothing left to say."""
    kinds = ("practice", "visit", "note", "photo", "workstation", "conflict")
    there = {
        r["id"]: (r["fields"], r["stamps"], r["archived"], r["rev"]) for k in kinds for r in held(registry, k)
    }
    for laptop in laptops:
        here = {
            identity: (json.loads(row[2]), json.loads(row[3]), bool(row[4]), row[5])
            for identity, row in laptop.rows().items()
        }
        assert here == there
        assert outbox.counts(laptop.store.database)["pending"] == 0
    return True
