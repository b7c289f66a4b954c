"""Two laptops and a registry: what one writes the other reads, whatever is cut or killed."""

from __future__ import annotations

import datetime as dt
import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import httpx
import pytest

from fieldkit.errors import KnownError
from fieldkit.services import sync
from fieldkit.store import outbox
from fieldkit.store.changes import read_kv
from fieldkit.sync import engine
from fieldkit.sync.protocol import MAX_BODY, PullRequest
from tests.registry.live import LiveRegistry
from tests.sync.laptop import Cut, Killed, Laptop, held, in_step, killed_at

T = TypeVar("T")

NIR = "2 69 05 49 588 157 80"


def test_what_one_writes_the_other_reads(registry: LiveRegistry, anne: Laptop, bruno: Laptop) -> None:
    practice = anne.practice(name="Tilleuls", city="Laval")
    anne.write(practice, city="Le Mans")
    told = anne.sync()
    assert told.pop("seconds") >= 0
    assert told == {
        **{"pushed": 2, "refused": 0, "pulled": 1, "conflicts": 0, "mended": 0},
        "attachments": {"sent": 0, "left": 0, "received": 0, "missing": 0},
    }
    assert bruno.sync()["pulled"] == 1
    assert bruno.store.get("practice", practice).doc == {"name": "Tilleuls", "city": "Le Mans"}
    assert in_step(registry, anne, bruno)
    assert bruno.store.get("practice", practice) == anne.store.get("practice", practice)


def test_nothing_to_do_is_one_round_trip(anne: Laptop) -> None:
    anne.practice(name="x")
    anne.sync()
    calls: list[str] = []

    class Counting(httpx.HTTPTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            calls.append(request.url.path)
            return super().handle_request(request)

    anne.exchange(Counting())
    assert calls == ["/api/sync/v1/session"]


def test_what_is_private_stays_with_its_user(registry: LiveRegistry, anne: Laptop, bruno: Laptop) -> None:
    with anne.store.changeset("Brouillon") as c:
        mine = c.create("practice", "user:me", {"name": "À moi"})
    anne.sync()
    bruno.sync()
    assert held(registry, "practice")[0]["scope"] == "user:anne"
    assert mine not in bruno.rows()
    second = Laptop(anne.file.parent, "anne-2", anne.url, registry.token("anne", "dept:72"))
    second.sync()
    assert second.store.get("practice", mine).scope == "user:me"
    second.store.close()


def test_two_who_wrote_apart_see_the_same_and_both_values(
    registry: LiveRegistry, anne: Laptop, bruno: Laptop
) -> None:
    practice = anne.practice(city="Tours", comment="un\ndeux")
    anne.sync()
    bruno.sync()
    anne.write(practice, city="Laval", comment="Un\ndeux")
    bruno.write(practice, city="Le Mans", comment="un\nDeux")
    anne.sync()
    bruno.sync()
    anne.sync()
    assert in_step(registry, anne, bruno)
    shown = anne.store.get("practice", practice)
    assert shown["comment"] == "Un\nDeux"
    (conflict,) = anne.store.of("conflict")
    assert {conflict["ours"], conflict["theirs"]} == {"Laval", "Le Mans"}
    assert shown["city"] == conflict["ours"]


def test_typing_goes_on_over_what_is_pulled(registry: LiveRegistry, anne: Laptop, bruno: Laptop) -> None:
    practice = anne.practice(city="Tours", name="A")
    anne.sync()
    bruno.sync()
    bruno.write(practice, city="Laval", name="B")
    bruno.sync()
    anne.write(practice, city="Le Mans")
    with pytest.raises(KnownError):
        anne.exchange(Cut("/push", answered=False))  # the pull goes on all the same
    shown = anne.store.get("practice", practice)
    assert (shown["name"], shown["city"]) == ("B", "Le Mans")
    anne.sync()
    bruno.sync()
    assert in_step(registry, anne, bruno)
    assert bruno.store.get("practice", practice)["city"] == "Le Mans"


@pytest.mark.parametrize("answered", [True, False])
def test_a_cut_push_takes_effect_once(registry: LiveRegistry, anne: Laptop, answered: bool) -> None:
    anne.practice(name="un")
    with pytest.raises(KnownError) as caught:
        anne.exchange(Cut("/push", answered=answered))
    assert caught.value.code == "registry-unreachable"
    assert [e.tried for e in outbox.entries(anne.store.database, "pending")] == [1]
    assert len(held(registry, "practice")) == answered
    anne.reopen()
    assert anne.sync()["pushed"] == 1
    assert [p["rev"] for p in held(registry, "practice")] == [1]
    assert in_step(registry, anne)


def test_a_cut_pull_goes_on_where_it_was(
    registry: LiveRegistry, anne: Laptop, bruno: Laptop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "PullRequest", lambda cursors: PullRequest(cursors, 2))
    for n in range(5):
        anne.practice(name=str(n))
    anne.sync()
    with pytest.raises(KnownError):
        bruno.exchange(Cut("/pull", answered=True, calls=1))
    assert bruno.rows() == {}, "rows and cursor move together"
    bruno.reopen()
    assert bruno.sync()["pulled"] == 5
    assert in_step(registry, anne, bruno)


@pytest.mark.parametrize("call", range(1, 12))
def test_a_kill_at_any_moment_loses_nothing(
    registry: LiveRegistry, anne: Laptop, bruno: Laptop, call: int
) -> None:
    practice = bruno.practice(name="un", city="Tours")
    bruno.sync()
    anne.sync()
    bruno.write(practice, city="Laval")
    bruno.sync()
    anne.write(practice, city="Le Mans")
    anne.practice(name="deux")
    try:
        anne.exchange(on_database=killed_at(call))
    except Killed:
        anne.reopen()
    for laptop in (anne, bruno, anne):
        laptop.sync()
    assert in_step(registry, anne, bruno)
    assert len(held(registry, "practice")) == 2
    assert len(held(registry, "conflict")) == 1


def test_a_refused_change_is_kept_and_blocks_nothing(
    registry: LiveRegistry, anne: Laptop, bruno: Laptop
) -> None:
    practice = anne.practice(name="Tilleuls", city="Tours")
    anne.sync()
    bad = {"comment": f"vu {NIR}"}
    anne.store.database.execute("UPDATE record SET doc = json_set(doc, '$.comment', ?)", [bad["comment"]])
    anne.write(practice, city="Laval")
    (entry,) = outbox.entries(anne.store.database, "pending")
    (op,) = json.loads(entry.ops)
    op["c"]["comment"] = [None, bad["comment"], None]
    anne.store.database.execute("UPDATE outbox SET ops = ? WHERE seq = ?", [json.dumps([op]), entry.seq])
    anne.write(practice, name="Ormes")
    told = anne.sync()
    assert (told["pushed"], told["refused"]) == (1, 1)
    (kept,) = sync.status(anne.store)["refused"]
    assert "sécurité sociale" in kept["reason"]
    assert NIR not in json.dumps(kept)
    assert NIR in outbox.entries(anne.store.database, "refused")[0].ops
    assert NIR not in json.dumps(held(registry, "quarantine"))
    bruno.sync()
    assert in_step(registry, anne, bruno), "what was refused is taken back"
    assert bruno.store.get("practice", practice).doc == {"name": "Ormes", "city": "Tours"}
    assert anne.sync()["refused"] == 0


def test_a_refused_record_stays_on_its_laptop(registry: LiveRegistry, anne: Laptop) -> None:
    with anne.store.changeset("Ailleurs") as c:
        elsewhere = c.create("practice", "dept:44", {"name": "Nantes"})
    anne.write(elsewhere, city="Nantes")
    assert anne.sync()["refused"] == 2
    assert anne.store.get("practice", elsewhere).doc == {"name": "Nantes", "city": "Nantes"}
    assert held(registry, "practice") == []


def test_what_is_refused_goes_back_to_what_was_under_it(
    registry: LiveRegistry, anne: Laptop, bruno: Laptop
) -> None:
    with anne.store.changeset("Visite") as c:
        practice = c.create("practice", "dept:72", {"name": "x"})
        visit = c.create("visit", "dept:72", {"practice": practice, "state": "draft", "delegate": "Anne"})
    anne.sync()
    bruno.sync()
    bruno.write(visit, "visit", state="finalised")
    bruno.sync()
    anne.write(visit, "visit", delegate="A.")
    anne.write(visit, "visit", delegate="Anne D.", date="2026-01-31")
    with anne.store.changeset("Retirée") as c:
        c.archive("visit", visit)
    assert anne.sync()["refused"] == 3
    assert in_step(registry, anne, bruno)
    assert anne.store.get("visit", visit)["delegate"] == "Anne"


def test_archived_travels_and_an_edit_against_it_is_told(
    registry: LiveRegistry, anne: Laptop, bruno: Laptop
) -> None:
    practice = anne.practice(name="x", city="Tours")
    anne.sync()
    bruno.sync()
    with anne.store.changeset("Retiré") as c:
        c.archive("practice", practice)
    bruno.write(practice, city="Laval")
    anne.sync()
    bruno.sync()
    anne.sync()
    assert in_step(registry, anne, bruno)
    assert anne.store.get("practice", practice).archived
    (conflict,) = bruno.store.of("conflict")
    assert (conflict["kind"], conflict["settled"]) == ("edit-archived", None)
    with anne.store.changeset("Corrigé") as c:
        c.set("practice", practice, {"city": "Le Mans"})
    anne.sync()
    bruno.sync()
    with bruno.store.changeset("Remis") as c:
        c.archive("practice", practice, back=True)
    bruno.sync()
    anne.sync()
    assert in_step(registry, anne, bruno)
    assert len(bruno.store.of("conflict")) == 1
    assert not anne.store.get("practice", practice).archived


def test_a_right_that_ended_stops_one_scope_only(registry: LiveRegistry, tmp_path: Path) -> None:
    both = Laptop.of(tmp_path, registry, "anne", "dept:72", "dept:44")
    both.practice(name="x")
    both.sync()
    sync.configure(both.store, both.url, registry.token("anne", "dept:72"))
    both.practice(name="y")
    assert both.sync()["pushed"] == 1
    assert [row[0] for row in both.store.database.execute("SELECT scope FROM cursor")] == [
        "dept:72",
        "user:me",
    ]
    both.store.close()


def test_another_person_never_sends_the_first_ones_queue(registry: LiveRegistry, anne: Laptop) -> None:
    anne.practice(name="x")
    anne.sync()
    anne.practice(name="secret")
    sync.configure(anne.store, anne.url, registry.token("bruno", "dept:72"))
    with pytest.raises(KnownError) as caught:
        anne.sync()
    assert caught.value.code == "device-foreign"
    assert len(held(registry, "practice")) == 1


def test_large_batches_are_cut_until_they_pass(
    registry: LiveRegistry, anne: Laptop, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(9):
        anne.practice(name=str(n))
    monkeypatch.setattr("fieldkit.registry.app.MAX_CHANGESETS", 2)
    monkeypatch.setattr(engine, "FIRST_BATCH", 8)
    monkeypatch.setattr(engine, "MAX_CHANGESETS", 2)
    assert anne.sync()["pushed"] == 9
    assert in_step(registry, anne)


def test_one_changeset_goes_alone_where_it_is_large(anne: Laptop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "BATCH_BYTES", 1)
    for n in range(3):
        anne.practice(name=str(n))
    progress: list[tuple[str, int, int]] = []
    sync.run(anne.store, progress=lambda p: progress.append((p.step, p.done, p.total)))
    assert progress == [("push", 1, 3), ("push", 2, 3), ("push", 3, 3), ("pull", 3, 3)]
    assert MAX_BODY > engine.BATCH_BYTES


def test_it_stops_between_two_calls_when_asked(registry: LiveRegistry, anne: Laptop, bruno: Laptop) -> None:
    anne.practice(name="x")
    told = sync.run(anne.store, cancelled=lambda: True)
    assert (told["pushed"], told["pulled"]) == (0, 0)
    assert read_kv(anne.store.database, "last_success") is None
    anne.sync()
    assert sync.run(bruno.store, cancelled=lambda: True)["pulled"] == 0
    bruno.sync()
    assert in_step(registry, anne, bruno)


def test_the_database_is_touched_by_its_worker_only_and_never_while_the_network_is_awaited(
    registry: LiveRegistry, anne: Laptop
) -> None:
    anne.practice(name="x")
    worker = ThreadPoolExecutor(1, thread_name_prefix="database")
    threads: set[str] = set()
    free: list[bool] = []

    def on_database(work: Callable[[], T]) -> T:
        def there() -> T:
            threads.add(threading.current_thread().name)
            return work()

        return worker.submit(there).result(60)

    class Asking(httpx.HTTPTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            in_transaction = worker.submit(lambda: anne.store.database.conn.in_transaction).result(60)
            free.append(not in_transaction)
            return super().handle_request(request)

    done = anne.exchange(Asking(), on_database)
    assert (done.pushed, done.pulled) == (1, 1)
    assert len(free) >= 3
    assert all(free)
    assert threads == {"database_0"}
    worker.shutdown()


def test_time_of_the_registry_moves_a_late_clock_on(anne: Laptop) -> None:
    anne.practice(name="x")
    anne.store.database.execute("UPDATE sync_kv SET value = '0000000000001-0000-a' WHERE key = 'hlc'")
    anne.sync()
    hlc = read_kv(anne.store.database, "hlc")
    assert hlc is not None
    assert abs(int(hlc[:13]) / 1000 - dt.datetime.now(dt.UTC).timestamp()) < 60
