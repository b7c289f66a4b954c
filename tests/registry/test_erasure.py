"""Erasure: a practice or a person is gone from the registry and every laptop, and nothing brings them back."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from fieldkit.errors import KnownError
from fieldkit.registry import admin, erasure, tokens
from fieldkit.registry.blobs import Shelf
from fieldkit.registry.database import new_epoch, reading, write
from fieldkit.registry.tables import metadata
from fieldkit.services import photos, queue, sync
from fieldkit.services import registry as service
from fieldkit.sync.protocol import BASE, LAST_ID
from tests.registry.caller import Caller, lines_of, problem_of
from tests.registry.live import LiveRegistry
from tests.registry.test_uploads import begin, give
from tests.sync.laptop import Cut, Laptop

RPPS = "10003456786"
SECRET = "Tilleuls"


@pytest.fixture
def anne(registry: LiveRegistry) -> Iterator[Caller]:
    with Caller(registry.url, registry.token("anne", "dept:72")) as caller:
        yield caller


@pytest.fixture
def laptop(registry: LiveRegistry, tmp_path: Path) -> Iterator[Callable[[str], Laptop]]:
    made: list[Laptop] = []

    def make(user: str) -> Laptop:
        made.append(Laptop.of(tmp_path, registry, user, "dept:72"))
        return made[-1]

    yield make
    for one in made:
        one.store.close()


def erase(registry: LiveRegistry, wanted: str) -> list[str]:
    with reading(registry.engine) as db:
        those = erasure.targets(db, wanted)
    files = write(registry.engine, lambda db: erasure.erase(db, Shelf(registry.folder), those))
    for file in files:
        file.unlink(missing_ok=True)
    return sorted(target.type for target in those)


def everything(registry: LiveRegistry) -> str:
    """Every value of every table, as text."""
    with reading(registry.engine) as db:
        return "\n".join(str(row) for table in metadata.sorted_tables for row in db.execute(table.select()))


def visited(caller: Caller) -> dict[str, dict[str, Any]]:
    """A practice with all that belongs to it, its photo's bytes, and another practice."""
    practice = caller.create(name=SECRET, rpps=RPPS)
    visit = caller.create("visit", practice=practice["i"], delegate=SECRET)
    station = caller.create("workstation", practice=practice["i"], name=SECRET)
    note = caller.create(
        "note", "user:me", visit=visit["i"], text=SECRET, sha256=hashlib.sha256(b"p").hexdigest()
    )
    other = caller.create(name="Acacias")
    give(caller, b"p")
    caller.push((1, [practice, visit]), (2, [station, note, other]))
    return {"practice": practice, "visit": visit, "station": station, "note": note, "other": other}


@pytest.mark.parametrize("by", ["identity", "rpps"])
def test_all_that_leads_to_a_practice_is_erased(registry: LiveRegistry, anne: Caller, by: str) -> None:
    made = visited(anne)
    wanted = RPPS if by == "rpps" else made["practice"]["i"]
    assert erase(registry, wanted) == ["note", "practice", "visit", "workstation"]
    assert SECRET not in everything(registry)
    assert RPPS not in everything(registry)
    assert "Acacias" in everything(registry)
    photo = hashlib.sha256(b"p").hexdigest()
    assert problem_of(anne.http.get(f"{BASE}/blobs/{photo}")) == "no-such-blob"
    assert not Shelf(registry.folder).blob(photo).exists()
    records, trailers = anne.pull({"dept:72": 0, "user:me": 0})
    gone = {r["i"] for r in records if r["d"] == r["st"] == {} and r["a"]}
    assert gone == {made[name]["i"] for name in ("practice", "visit", "station", "note")}
    assert (trailers["dept:72"]["n"], trailers["user:me"]["n"], trailers["user:me"]["sum"]) == (1, 0, 0)
    (only,) = lines_of(anne.post("/digest", [{"scope": "dept:72"}]))
    assert (only["n"], only["sum"], only["upto"]) == (1, trailers["dept:72"]["sum"], LAST_ID)


def test_late_pushes_bring_nothing_back(registry: LiveRegistry, anne: Caller) -> None:
    made = visited(anne)
    erase(registry, made["practice"]["i"])
    late = anne.create("visit", practice=made["practice"]["i"], delegate=SECRET)
    remark = anne.create("note", visit=late["i"], text=SECRET)
    edit = anne.set(made["practice"], city=(None, SECRET, None))
    moved = anne.set(made["other"], comment=(None, "reste", None))
    (outcome,) = anne.push((3, [late, remark, edit, moved]))
    assert outcome["status"] == "ok"
    assert SECRET not in everything(registry)
    assert "reste" in everything(registry)
    records, trailers = anne.pull({"dept:72": 0})
    told = {r["i"] for r in records if r.get("a")}
    assert {late["i"], remark["i"], made["practice"]["i"]} <= told
    assert trailers["dept:72"]["n"] == 1
    wrong = {**anne.create("visit", practice=made["practice"]["i"], delegate=SECRET), "st": "never"}
    assert anne.push((4, [wrong]))[0]["status"] == "refused"
    assert SECRET not in everything(registry)


@pytest.mark.parametrize("together", [True, False])
def test_an_edit_that_came_before_its_record_leaves_no_history(
    registry: LiveRegistry, anne: Caller, together: bool
) -> None:
    practice = anne.create(name="x")
    note = anne.create("note", text="a", practice=practice["i"])
    edit = anne.set(note, text=("a", SECRET, note["st"]))
    anne.push((1, [practice]))
    erase(registry, practice["i"])
    if together:
        anne.push((2, [edit]), (3, [note]))
    else:
        anne.push((2, [edit]))
        anne.push((3, [note]))
    assert SECRET not in everything(registry)


def test_a_part_that_came_before_its_visit_goes_with_it(registry: LiveRegistry, anne: Caller) -> None:
    practice = anne.create(name="x")
    visit = anne.create("visit", practice=practice["i"])
    note = anne.create("note", visit=visit["i"], text=SECRET)
    anne.push((1, [practice]), (2, [note]))
    erase(registry, practice["i"])
    anne.push((3, [visit]))
    assert SECRET not in everything(registry)
    records, _trailers = anne.pull({"dept:72": 0})
    assert {r["i"] for r in records if r.get("a")} == {practice["i"], visit["i"], note["i"]}


def test_quarantine_keeps_nothing_of_it(registry: LiveRegistry, anne: Caller) -> None:
    practice = anne.create(name="x")
    bad = {**anne.create("visit", practice=practice["i"], delegate=SECRET), "st": "never"}
    anne.push((1, [practice]), (2, [bad]))
    assert SECRET in everything(registry)
    erase(registry, practice["i"])
    assert SECRET not in everything(registry)


def test_it_disappears_from_every_laptop(registry: LiveRegistry, laptop: Callable[[str], Laptop]) -> None:
    anne, bruno = laptop("anne"), laptop("bruno")
    practice = anne.practice(name=SECRET)
    other = anne.practice(name="Acacias")
    anne.sync()
    bruno.sync()
    bruno.write(practice, city=SECRET + " bis")  # not sent yet
    erase(registry, practice)
    for _round in range(2):
        bruno.sync()
        anne.sync()
    for one in (anne, bruno):
        assert set(one.rows()) == {other}
        dump = "\n".join(map(str, one.store.database.execute("SELECT ops, label FROM outbox")))
        assert SECRET not in dump
        assert one.sync()["pulled"] == 0


def test_the_bytes_of_its_photos_disappear_from_the_laptop_that_took_them(
    registry: LiveRegistry, laptop: Callable[[str], Laptop]
) -> None:
    anne = laptop("anne")

    def photographed(name: str, *contents: bytes) -> str:
        with anne.store.changeset("Visite") as c:
            practice = c.create("practice", "dept:72", {"name": name})
            visit = c.create("visit", "dept:72", {"practice": practice, "state": "draft"})
        for content in contents:
            photos.add(anne.store, visit, photos.Photo(content, b"small", 4, 3))
        return practice

    gone = photographed(SECRET, b"its own", b"both")
    photographed("Acacias", b"both", b"another")
    anne.sync()
    erase(registry, gone)
    anne.sync()
    kept = {row[0] for row in anne.store.database.execute("SELECT bytes FROM blob")}
    assert kept == {b"both", b"another"}


def test_a_registry_restored_from_before_is_told_again(tmp_path: Path, registry: LiveRegistry) -> None:
    secret = service.create_token("anne", ["dept:72"], data=tmp_path)
    with service.opened(None, tmp_path) as engine:
        who = write(engine, lambda db: tokens.holder(db, secret))
        assert who.user == "anne"
        fill(engine)
    before = (tmp_path / service.DATABASE_FILE).read_bytes()
    assert service.erase("0" * 8 + "-0000-7000-8000-000000000001", dry_run=True, data=tmp_path) == {
        "erased": {"practice": 1, "visit": 1},
        "dry_run": True,
    }
    assert len(service.show("practice", data=tmp_path)["items"][0]["fields"]) == 1
    service.erase("0" * 8 + "-0000-7000-8000-000000000001", data=tmp_path)
    assert service.show("practice", data=tmp_path)["items"][0]["fields"] == {}
    assert SECRET not in (tmp_path / erasure.JOURNAL).read_text()
    (tmp_path / service.DATABASE_FILE).write_bytes(before)
    assert service.show("practice", data=tmp_path)["items"][0]["fields"] == {"name": SECRET}
    service.new_epoch(data=tmp_path)
    assert service.show("practice", data=tmp_path)["items"][0]["fields"] == {}
    assert service.show("visit", data=tmp_path)["items"][0]["fields"] == {}
    with pytest.raises(KnownError) as caught:
        service.erase("nothing", data=tmp_path)
    assert caught.value.code == "record-missing"


def fill(engine: Any) -> None:
    first, second = (f"00000000-0000-7000-8000-00000000000{n}" for n in (1, 2))
    rows = [(first, "practice", f'{{"name":"{SECRET}"}}'), (second, "visit", f'{{"practice":"{first}"}}')]
    with engine.begin() as db:
        for seq, (identity, kind, doc) in enumerate(rows, start=1):
            about = {"i": identity, "t": kind, "d": doc, "q": seq}
            db.execute(
                text(
                    "INSERT INTO record (scope, id, type, rev, seq, doc, stamps, archived, sum) "
                    "VALUES ('dept:72', :i, :t, 1, :q, :d, '{\"name\":\"x\"}', false, 1)"
                ),
                about,
            )
        db.execute(text("UPDATE scope SET head = 2, n = 2, sum = 2 WHERE id = 'dept:72'"))


def forget_everything(registry: LiveRegistry) -> None:
    """Put back a backup from the first day."""
    with registry.engine.begin() as db:
        for name in ("applied", "version", "record", "link", "blob", "device"):
            db.execute(text(f"DELETE FROM {name}"))
        db.execute(text("UPDATE scope SET head = 0, n = 0, sum = 0"))
        db.execute(text("UPDATE meta SET epoch = :e"), {"e": new_epoch()})


def test_what_only_a_laptop_still_has_of_it_goes_too(
    registry: LiveRegistry, laptop: Callable[[str], Laptop]
) -> None:
    anne, bruno = laptop("anne"), laptop("bruno")
    practice = anne.practice(name=SECRET)
    other = anne.practice(name="Acacias")
    anne.sync()
    bruno.sync()
    with bruno.store.changeset("Visite") as c:
        visit = c.create("visit", "dept:72", {"practice": practice, "delegate": SECRET})
        c.create("note", "dept:72", {"visit": visit, "text": SECRET})
        kept = c.create("visit", "dept:72", {"practice": other})
    bruno.sync()
    anne.sync()
    forget_everything(registry)  # and bruno's laptop is lost, so that nobody sends his visits again
    anne.sync()
    erase(registry, practice)
    anne.sync()
    assert set(anne.rows()) == {other, kept}


def test_what_was_set_aside_goes_too(registry: LiveRegistry, laptop: Callable[[str], Laptop]) -> None:
    anne = laptop("anne")
    practice = anne.practice(name=SECRET)
    other = anne.practice(name="Acacias")
    anne.sync()
    with anne.store.changeset("Saisie") as c:
        c.set("practice", practice, {"city": SECRET})
        c.set("practice", other, {"city": "reste"})
    queue.set_aside(anne.store, sync.status(anne.store)["waiting"][0]["id"])
    erase(registry, practice)
    anne.sync()
    assert set(anne.rows()) == {other}
    assert SECRET not in "\n".join(
        str(tuple(row)) for row in anne.store.database.execute("SELECT * FROM aside")
    )
    queue.take_back(anne.store, sync.status(anne.store)["aside"][0]["id"])
    anne.sync()
    assert "reste" in everything(registry)
    assert SECRET not in everything(registry)


@pytest.mark.parametrize("answered", [True, False])
def test_it_goes_at_once_where_nothing_can_be_sent(
    registry: LiveRegistry, laptop: Callable[[str], Laptop], answered: bool
) -> None:
    anne = laptop("anne")
    practice = anne.practice(name=SECRET)
    anne.sync()
    anne.write(practice, city=SECRET)
    erase(registry, practice)
    with pytest.raises(KnownError):
        anne.exchange(Cut("/push", answered=answered))
    assert anne.rows() == {}
    anne.sync()
    assert anne.rows() == {}
    left = [str(tuple(row)) for row in anne.store.database.execute("SELECT ops FROM outbox")]
    assert SECRET not in "\n".join(left)


def test_an_upload_of_its_photo_leaves_nothing(registry: LiveRegistry, anne: Caller) -> None:
    made = visited(anne)
    begin(anne, b"p")
    photo = hashlib.sha256(b"p").hexdigest()
    assert photo in everything(registry)
    erase(registry, made["practice"]["i"])
    assert photo not in everything(registry)
    assert not [file for file in registry.folder.rglob("*") if file.is_file()]


def test_a_laptop_refills_a_restored_registry_without_what_was_erased(
    registry: LiveRegistry, laptop: Callable[[str], Laptop]
) -> None:
    anne = laptop("anne")
    practice = anne.practice(name=SECRET)
    other = anne.practice(name="Acacias")
    anne.sync()
    erase(registry, practice)
    anne.sync()
    forget_everything(registry)
    for _round in range(3):
        anne.sync()
    assert set(anne.rows()) == {other}
    assert SECRET not in everything(registry)
    with reading(registry.engine) as db:
        living = [r for r in admin.show(db, "practice")["items"] if r["stamps"]]
    assert [r["fields"]["name"] for r in living] == ["Acacias"]
