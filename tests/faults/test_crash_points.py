"""A laptop or a registry that ends at a named point: its file is sound, and every promise is kept afterwards."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
import stamina

from fieldkit.errors import KnownError
from fieldkit.sync.protocol import BASE
from tests.faults import children, delegates
from tests.faults.children import CRASHED, LAPTOP_POINTS, REGISTRY_POINTS, UPLOAD_POINTS, Server
from tests.registry.caller import Caller
from tests.sync import promises
from tests.sync.laptop import Laptop
from tests.sync.promises import Op, hold, key

TUS = {"Tus-Resumable": "1.0.0"}


@pytest.fixture(autouse=True)
def _no_waiting() -> Iterator[None]:
    with stamina.set_testing(True, attempts=2):
        yield


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One registry for all laptops that crash."""
    with children.server(tmp_path_factory.mktemp("registry")) as server:
        yield server


def queued(laptop: Laptop) -> list[Op]:
    rows = laptop.store.database.execute("SELECT ops FROM outbox ORDER BY seq").fetchall()
    return [op for (ops,) in rows for op in json.loads(ops)]


def check(server: Server, laptops: dict[str, Laptop], saved: list[Op]) -> None:
    """Let all sync, and check every promise; `saved` is what somebody was told to be on the disk."""
    written: list[Op] = []
    for laptop in laptops.values():
        promises.is_sound(laptop.store)
        written += queued(laptop)
    known = {key(op) for op in written}
    hold(promises.SAVED, all(key(op) in known for op in saved), saved)
    for laptop in [*laptops.values()] * 2:
        laptop.sync()
    there = server.facts()
    promises.exactly_once(there)
    promises.nothing_is_missing(there, written)
    promises.no_value_disappeared(there, written)
    for user, laptop in laptops.items():
        promises.shows_the_same(there, laptop.store, user, "dept:72")
        promises.photos_have_travelled(there, laptop.store)


@pytest.mark.parametrize("point", LAPTOP_POINTS)
def test_a_laptop_ends_at(running: Server, tmp_path: Path, point: str) -> None:
    anne = Laptop(tmp_path, "anne", running.url, running.token("anne", "dept:72"))
    bruno = Laptop(tmp_path, "bruno", running.url, running.token("bruno", "dept:72"))
    try:
        practice = bruno.practice(name="w0")
        for laptop in (bruno, anne):
            laptop.sync()
        bruno.write(practice, city="w1")
        with bruno.store.changeset("Photo") as c:
            visit = c.create("visit", "dept:72", {"practice": practice, "state": "draft"})
            delegates.take_photo(bruno.store, c, visit)
        bruno.sync()
        anne.store.close()
        process, near = children.start(delegates.visit_twice, anne.file, practice, point)
        saved = [op for ops in children.said(near) for op in ops]
        process.join(children.PATIENCE)
        assert process.exitcode == CRASHED, "the point was not passed"
        process.close()
        anne.reopen()
        check(running, {"anne": anne, "bruno": bruno}, saved)
    finally:
        for laptop in (anne, bruno):
            with suppress(Exception):
                laptop.store.close()


@pytest.mark.parametrize("point", REGISTRY_POINTS)
def test_a_registry_ends_at(tmp_path: Path, point: str) -> None:
    server = Server(tmp_path / "registry")
    server.start(point)
    laptops = {
        user: Laptop(tmp_path, user, server.url, server.token(user, "dept:72")) for user in ("anne", "bruno")
    }
    try:
        practice = laptops["anne"].practice(name="w0", city="w1")
        with pytest.raises(KnownError) as caught:
            laptops["anne"].sync()
        assert caught.value.code == "registry-unreachable"
        assert server.wait() == CRASHED
        server.facts()
        server.start()
        laptops["anne"].write(practice, city="w2")
        check(server, laptops, [])
    finally:
        for laptop in laptops.values():
            laptop.store.close()
        server.kill()


@pytest.mark.parametrize("point", UPLOAD_POINTS)
def test_a_registry_that_takes_a_photo_ends_at(tmp_path: Path, point: str) -> None:
    content = bytes(range(256)) * 400
    digest = hashlib.sha256(content).hexdigest()
    server = Server(tmp_path / "registry")
    server.start(point)
    try:
        with pytest.raises(httpx.TransportError):
            give(server, content, digest)
        assert server.wait() == CRASHED
        server.facts()
        server.start()
        given = give(server, content, digest)
        assert hashlib.sha256(given).hexdigest() == digest
    finally:
        server.kill()


def give(server: Server, content: bytes, digest: str) -> bytes:
    """Send a photo in two pieces, from wherever the registry is, and read it back."""
    metadata = "sha256 " + base64.b64encode(digest.encode()).decode()
    with Caller(server.url, server.token("anne", "dept:72")) as anne:
        about = {**TUS, "Upload-Length": str(len(content)), "Upload-Metadata": metadata}
        place = anne.http.post(BASE + "/uploads", headers=about).headers["Location"]
        for upto in (1000, len(content)):
            offset = int(anne.http.head(place, headers=TUS).headers["Upload-Offset"])
            headers = {**TUS, "Content-Type": "application/offset+octet-stream", "Upload-Offset": str(offset)}
            anne.http.patch(place, content=content[offset:upto], headers=headers)
        return anne.http.get(f"{BASE}/blobs/{digest}").content
