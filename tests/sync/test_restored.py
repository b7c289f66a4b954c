"""A disk or a registry that is put back from a copy: it is noticed, and what was written since is sent again."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import httpx
import pytest

from fieldkit.registry import admin
from fieldkit.registry.database import write
from fieldkit.services import sync
from fieldkit.store import outbox
from fieldkit.store.changes import read_kv
from tests.registry.live import LiveRegistry, lasting_port, live_registry, sqlite_url
from tests.sync.laptop import Laptop, held, in_step


def test_a_copied_disk_becomes_another_device_and_drops_nothing(registry: LiveRegistry, anne: Laptop) -> None:
    practice = anne.practice(name="x", city="Tours")
    anne.sync()
    twin = anne.clone("twin")
    anne.write(practice, city="Laval")
    twin.write(practice, name="y")
    twin.practice(name="z")
    anne.sync()
    twin.sync()
    anne.sync()
    assert in_step(registry, anne, twin)
    assert twin.store.device != anne.store.device
    assert {p["fields"]["name"] for p in held(registry, "practice")} == {"y", "z"}
    assert [p["rev"] for p in held(registry, "practice") if p["id"] == practice] == [3]
    twin.store.close()


def test_a_disk_put_back_from_a_copy_becomes_another_device(registry: LiveRegistry, anne: Laptop) -> None:
    practice = anne.practice(name="x")
    before = anne.clone("before")
    anne.write(practice, city="Laval")
    anne.sync()
    assert before.sync()["pushed"] == 1
    assert in_step(registry, before)
    assert len(held(registry, "device")) == 2
    assert [p["rev"] for p in held(registry, "practice")] == [2]
    before.store.close()


def test_a_restored_registry_is_filled_again(tmp_path: Path) -> None:
    url, file, copy = sqlite_url(tmp_path), tmp_path / "registry.db", tmp_path / "backup.db"
    port = lasting_port()
    with live_registry(url, port) as registry:
        anne = Laptop.of(tmp_path, registry, "anne", "dept:72")
        bruno = Laptop.of(tmp_path, registry, "bruno", "dept:72")
        practice = anne.practice(name="x", city="Tours")
        for laptop in (anne, bruno):
            laptop.sync()
        with sqlite3.connect(file) as source, sqlite3.connect(copy) as target:
            source.backup(target)
        source.close()
        target.close()
        anne.write(practice, city="Laval")
        after = anne.practice(name="y")
        anne.sync()
        bruno.sync()
        bruno.write(practice, name="X")
        bruno.write(after, city="Angers")
        bruno.sync()
    copy.replace(file)
    with live_registry(url, port) as registry:
        write(registry.engine, admin.new_epoch)
        for laptop in (bruno, anne, bruno):
            laptop.sync()
        assert in_step(registry, anne, bruno)
        assert anne.store.get("practice", practice).doc == {"name": "X", "city": "Laval"}
        assert anne.store.get("practice", after).doc == {"name": "y", "city": "Angers"}
    anne.store.close()
    bruno.store.close()


def test_an_older_registry_without_a_new_epoch_is_noticed(registry: LiveRegistry, anne: Laptop) -> None:
    for n in range(3):
        anne.practice(name=str(n))
    anne.sync()
    token = anne.token
    with registry.engine.begin() as db:
        for table in ("version", "record", "applied"):
            db.exec_driver_sql(f"DELETE FROM {table}")
        db.exec_driver_sql("UPDATE device SET last_seq = 0, stamp = NULL")
        db.exec_driver_sql("UPDATE scope SET head = 0")
    anne.sync()
    assert anne.token == token
    assert len(held(registry, "practice")) == 3
    assert in_step(registry, anne)


def test_changes_no_longer_kept_are_not_missed_by_the_queue(registry: LiveRegistry, anne: Laptop) -> None:
    anne.practice(name="vieux")
    anne.sync()
    anne.store.database.execute("UPDATE outbox SET answered_at = '2020-01-01T00:00:00.000+00:00'")
    anne.sync()
    assert outbox.counts(anne.store.database)["acked"] == 0
    anne.practice(name="neuf")
    anne.sync()
    registry.clear()
    fresh = registry.token("anne", "dept:72")
    write(registry.engine, admin.new_epoch)
    sync.configure(anne.store, anne.url, fresh)
    anne.sync()
    assert [p["fields"]["name"] for p in held(registry, "practice")] == ["neuf"]
    assert {r["name"] for r in anne.store.of("practice")} == {"vieux", "neuf"}


def test_an_epoch_that_changes_on_the_way_starts_anew(registry: LiveRegistry, anne: Laptop) -> None:
    anne.practice(name="x")

    class Restored(httpx.HTTPTransport):
        done = False

        def handle_request(self, request: httpx.Request) -> httpx.Response:
            if request.url.path.endswith("/push") and not self.done:
                self.done = True
                write(registry.engine, admin.new_epoch)
            return super().handle_request(request)

    before = read_kv(anne.store.database, "epoch")
    assert anne.exchange(Restored()).pushed == 1
    assert read_kv(anne.store.database, "epoch") != before
    assert in_step(registry, anne)


@pytest.mark.parametrize("problem", ["seq-gap", "device-forked"])
def test_what_changes_between_question_and_push_is_dealt_with(
    registry: LiveRegistry, anne: Laptop, problem: str
) -> None:
    anne.practice(name="un")
    anne.sync()
    anne.practice(name="deux")

    class Meanwhile(httpx.HTTPTransport):
        done = False

        def handle_request(self, request: httpx.Request) -> httpx.Response:
            if request.url.path.endswith("/push") and not self.done:
                self.done = True
                with registry.engine.begin() as db:
                    if problem == "seq-gap":
                        db.exec_driver_sql("DELETE FROM applied")
                        db.exec_driver_sql("UPDATE device SET last_seq = 0")
                    else:
                        db.exec_driver_sql(
                            "INSERT INTO applied SELECT device, 2, 'other', outcome FROM applied"
                        )
                        db.exec_driver_sql("UPDATE device SET last_seq = 2")
            return super().handle_request(request)

    anne.exchange(Meanwhile())
    assert {p["fields"]["name"] for p in held(registry, "practice")} == {"un", "deux"}
    assert len(held(registry, "device")) == (2 if problem == "device-forked" else 1)
    assert in_step(registry, anne)
