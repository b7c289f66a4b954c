"""What is set aside stays here and blocks nothing, and takes along what would mean nothing without it."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.errors import KnownError
from fieldkit.services import photos, queue, sync, visits
from fieldkit.store import aside, attachments, outbox
from fieldkit.store.changes import Op
from fieldkit.store.fieldwork import FieldStore
from tests.conftest import KEY
from tests.registry.live import LiveRegistry
from tests.sync.laptop import Cut, Laptop, in_step
from tests.sync.test_photos_travel import picture, take, visit_of

SECRET = "une phrase assez longue"


def waiting(laptop: Laptop) -> list[int]:
    return [item["id"] for item in sync.status(laptop.store)["waiting"]]


def set_apart(laptop: Laptop) -> list[str]:
    return [item["id"] for item in sync.status(laptop.store)["aside"]]


def test_a_change_set_aside_stays_and_the_others_go(
    registry: LiveRegistry, anne: Laptop, bruno: Laptop
) -> None:
    tilleuls, acacias = anne.practice(name="Tilleuls"), anne.practice(name="Acacias")
    anne.write(tilleuls, city="Laval")
    assert queue.set_aside(anne.store, 1) == 2, "what builds on it goes with it"
    assert waiting(anne) == [2]
    assert anne.sync()["pushed"] == 3, "empty changesets keep the places"
    assert sync.status(anne.store)["waiting"] == []
    bruno.sync()
    assert {r.id for r in bruno.store.of("practice")} == {acacias}
    assert anne.store.get("practice", tilleuls)["city"] == "Laval", "nothing typed disappears"
    assert queue.take_back(anne.store, set_apart(anne)[1]) == 2
    anne.sync()
    bruno.sync()
    assert bruno.store.get("practice", tilleuls)["city"] == "Laval"
    assert in_step(registry, anne, bruno)


def test_what_is_written_later_waits_with_it(registry: LiveRegistry, anne: Laptop, bruno: Laptop) -> None:
    visit, _practice = visits.new_visit(anne.store, practice="Tilleuls", about={"department": "72"})
    queue.set_aside(anne.store, 1)
    visits.add_part(anne.store, visit, "note", {"text": "Tout va bien."})
    assert len(waiting(anne)) == 1
    anne.sync()
    bruno.sync()
    assert bruno.store.of("note") == []
    assert len(set_apart(anne)) == 2
    assert visits.list_visits(anne.store)[0]["state"] == "draft"
    assert queue.take_back(anne.store, set_apart(anne)[0]) == 2
    anne.sync()
    bruno.sync()
    assert [note["text"] for note in bruno.store.of("note")] == ["Tout va bien."]


def test_what_was_written_in_between_is_not_overtaken_by_what_is_taken_back(
    registry: LiveRegistry, anne: Laptop
) -> None:
    practice = anne.practice(city="Tours")
    queue.set_aside(anne.store, 1)
    anne.write(practice, city="Laval")
    (kept,) = sync.status(anne.store)["aside"]
    assert queue.take_back(anne.store, kept["id"]) == 2
    anne.sync()
    assert anne.store.get("practice", practice)["city"] == "Laval"
    assert in_step(registry, anne)


def test_one_that_had_arrived_without_its_answer_takes_effect_once(
    registry: LiveRegistry, anne: Laptop, bruno: Laptop
) -> None:
    practice = anne.practice(name="Tilleuls", city="Tours")
    with pytest.raises(KnownError):
        anne.exchange(Cut("/push", answered=True))
    queue.set_aside(anne.store, 1)
    device = anne.store.device
    anne.sync()
    assert anne.store.device != device, "the registry knew another changeset by this number"
    queue.take_back(anne.store, set_apart(anne)[0])
    anne.sync()
    bruno.sync()
    assert [r.id for r in bruno.store.of("practice")] == [practice]
    assert in_step(registry, anne, bruno)


def test_what_does_not_wait_cannot_be_set_aside_or_taken_back(anne: Laptop) -> None:
    anne.practice(name="x")
    anne.sync()
    with pytest.raises(KnownError) as caught:
        queue.set_aside(anne.store, 1)
    assert caught.value.code == "not-waiting"
    with pytest.raises(KnownError) as caught:
        queue.take_back(anne.store, "no")
    assert caught.value.code == "not-waiting"


def op(kind: str, record: str, **values: object) -> Op:
    made: Op = {"t": "practice", "i": record, "s": "dept:72", "op": kind, "st": "x"}
    if kind == "create":
        return {**made, "d": values}
    return {**made, "c": {name: [None, value, None] for name, value in values.items()}} if values else made


@pytest.mark.parametrize(
    ("later", "earlier", "so"),
    [
        (op("set", "a", city="x"), op("set", "a", city="y"), True),
        (op("set", "a", city="x"), op("set", "a", name="y"), False),
        (op("set", "b", city="x"), op("set", "a", city="y"), False),
        (op("set", "a", city="x"), op("create", "a", name="y"), True),
        (op("create", "b", practice="a"), op("create", "a", name="y"), True),
        (op("create", "b", practice="a"), op("set", "a", name="y"), False),
        (op("archive", "a"), op("set", "a", name="y"), True),
        (op("set", "a", name="y"), op("archive", "a"), True),
        (op("set", "b", workstation="a"), op("create", "a", name="y"), True),
    ],
)
def test_what_builds_on_what(later: Op, earlier: Op, so: bool) -> None:
    assert aside.builds_on([later], [earlier]) == so


@given(data=st.data())
def test_order_and_bytes_survive_setting_aside_and_taking_back(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    store = FieldStore.open(tmp_path_factory.mktemp("aside") / "x.db", KEY)
    made: list[str] = []
    for n in range(data.draw(st.integers(2, 8))):
        again: bool = data.draw(st.booleans())
        with store.changeset(str(n)) as c:
            if made and again:
                c.set("practice", data.draw(st.sampled_from(made)), {"city": str(n)})
            else:
                made.append(c.create("practice", "dept:72", {"name": str(n)}))
    before = [e.digest for e in outbox.entries(store.database, "pending")]
    shown = {r.id: r.doc for r in store.of("practice")}
    for seq in data.draw(st.sets(st.integers(1, len(before)), max_size=3)):
        try:
            queue.set_aside(store, seq)
        except KnownError:
            continue
    aside_now = aside.entries(store.database)
    kept = [e for e in outbox.entries(store.database, "pending") if e.ops != aside.EMPTY]
    assert {e.digest for e in kept} == set(before) - {_digest(store, a.id) for a in aside_now}
    for one in kept:
        ops = json.loads(one.ops)
        earlier = [json.loads(a.ops) for a in aside_now if json.loads(a.ops)[0]["st"] < ops[0]["st"]]
        assert not any(aside.builds_on(ops, other) for other in earlier)
    while rest := aside.entries(store.database):
        queue.take_back(store, rest[0].id)
    after = [e for e in outbox.entries(store.database, "pending") if e.ops != aside.EMPTY]
    assert sorted(e.digest for e in after) == sorted(before)
    for n, one in enumerate(after):
        for two in after[n + 1 :]:
            if aside.builds_on(json.loads(two.ops), json.loads(one.ops)):
                assert json.loads(one.ops)[0]["st"] < json.loads(two.ops)[0]["st"]
    assert {r.id: r.doc for r in store.of("practice")} == shown
    store.close()


def _digest(store: FieldStore, identity: str) -> str:
    row = store.database.execute("SELECT digest FROM aside WHERE id = ?", [identity]).fetchone()
    return str(row[0])


def test_a_refused_change_is_sent_again_once_its_reason_is_gone(
    registry: LiveRegistry, tmp_path: Path
) -> None:
    anne = Laptop.of(tmp_path, registry, "anne", "dept:53")
    practice = anne.practice(name="Tilleuls", city="Tours")
    anne.write(practice, city="Laval")
    assert anne.sync()["refused"] == 2
    with pytest.raises(KnownError) as caught:
        queue.file_away(anne.store, 1)
    assert caught.value.code == "only-here"
    assert "Nom du cabinet : Tilleuls" in queue.text_of(anne.store, 1)
    sync.configure(anne.store, registry.url, registry.token("anne", "dept:72"))
    for item in sync.status(anne.store)["refused"]:
        queue.send_again(anne.store, item["id"])
    assert sync.status(anne.store)["refused"] == []
    assert anne.sync()["refused"] == 0
    bruno = Laptop.of(tmp_path, registry, "bruno", "dept:72")
    bruno.sync()
    assert bruno.store.get("practice", practice)["city"] == "Laval"
    with pytest.raises(KnownError) as caught:
        queue.send_again(anne.store, 1)
    assert caught.value.code == "not-refused"
    anne.store.close()
    bruno.store.close()


def test_a_refused_record_that_was_put_away_is_sent_again_as_it_stands(
    registry: LiveRegistry, tmp_path: Path
) -> None:
    anne = Laptop.of(tmp_path, registry, "anne", "dept:53")
    practice = anne.practice(name="Tilleuls")
    with anne.store.changeset("Retiré") as c:
        c.archive("practice", practice)
    assert anne.sync()["refused"] == 2
    sync.configure(anne.store, registry.url, registry.token("anne", "dept:72"))
    queue.send_again(anne.store, 1)
    anne.write(practice, city="Laval")
    anne.sync()
    shown = anne.store.get("practice", practice)
    assert (shown.archived, shown["city"]) == (True, "Laval")
    assert in_step(registry, anne)
    anne.store.close()


def test_all_that_is_unsent_goes_by_another_laptop_and_takes_effect_once(
    registry: LiveRegistry, anne: Laptop, bruno: Laptop, tmp_path: Path
) -> None:
    known = anne.practice(name="Acacias", rpps="10101514767")
    anne.sync()
    visit = visit_of(anne)
    (sha256,) = take(anne, visit, picture(1, 60))
    for city in ("Tours", "Laval", "Le Mans"):
        with anne.store.changeset(city) as c:
            c.set("practice", known, {"city": city})
    anne.write(known, name="Les Acacias")
    queue.set_aside(anne.store, outbox.last_seq(anne.store.database))
    file = tmp_path / "unsent.fkx"
    wrote = queue.export_unsent(anne.store, file, SECRET)
    assert wrote == {"changes": 7, "photos": 1}
    content = file.read_bytes()
    assert b"Tilleuls" not in content
    assert b"SQLite" not in content
    spare = Laptop(tmp_path, "spare", registry.url, registry.token("anne", "dept:72"))
    spare.sync()
    spare.practice(name="Elsewhere")
    spare.sync()
    assert queue.import_unsent(spare.store, file, SECRET) == {"changes": 7, "photos": 1}
    assert queue.import_unsent(spare.store, file, SECRET) == {"changes": 0, "photos": 0}
    assert spare.store.get("visit", visit)["state"] == "draft"
    assert photos.gallery(spare.store, visit, []).waiting == 1
    assert len(set_apart(spare)) == 1, "what was set aside stays so"
    spare.sync()
    bruno.sync()
    held = len(bruno.rows())
    assert bruno.store.get("practice", known)["city"] == "Le Mans"
    assert sync.conflicts(bruno.store) == [], "one's own earlier values are no conflict"
    anne.sync()
    bruno.sync()
    assert len(bruno.rows()) == held, "nothing twice"
    assert sync.conflicts(bruno.store) == []
    queue.take_back(spare.store, set_apart(spare)[0])
    queue.take_back(anne.store, set_apart(anne)[0])
    for laptop in (spare, anne, spare, bruno):
        laptop.sync()
    assert bruno.store.get("practice", known)["name"] == "Les Acacias"
    assert in_step(registry, anne, bruno)
    assert in_step(registry, spare, bruno)
    assert attachments.read(bruno.store.database, sha256)
    spare.store.close()


def test_an_export_is_taken_by_its_own_person_and_passphrase_only(
    registry: LiveRegistry, anne: Laptop, bruno: Laptop, tmp_path: Path
) -> None:
    anne.sync()
    bruno.sync()
    anne.practice(name="x")
    file = tmp_path / "unsent.fkx"
    with pytest.raises(KnownError) as caught:
        queue.export_unsent(anne.store, file, "court")
    assert caught.value.code == "passphrase-short"
    queue.export_unsent(anne.store, file, SECRET)
    with pytest.raises(KnownError) as caught:
        queue.import_unsent(anne.store, file, "une autre phrase")
    assert caught.value.code == "unsent-unreadable"
    with pytest.raises(KnownError) as caught:
        queue.import_unsent(bruno.store, file, SECRET)
    assert caught.value.code == "unsent-of-another"
    damaged = file.with_name("damaged")
    damaged.write_bytes(random.Random(1).randbytes(5000))
    for other in (damaged, tmp_path / "nowhere", tmp_path):
        with pytest.raises(KnownError) as caught:
            queue.import_unsent(anne.store, other, SECRET)
        assert caught.value.code == "unsent-unreadable"
    with pytest.raises(KnownError) as caught:
        queue.export_unsent(anne.store, tmp_path / "no folder" / "x", SECRET)
    assert caught.value.code == "export-unwritable"
    assert waiting(anne) == [1]
    assert queue.import_unsent(anne.store, file, SECRET) == {"changes": 0, "photos": 0}


def test_an_export_with_nothing_in_it_replaces_no_earlier_one(
    registry: LiveRegistry, anne: Laptop, tmp_path: Path
) -> None:
    file = tmp_path / "unsent.fkx"
    anne.practice(name="x")
    queue.export_unsent(anne.store, file, SECRET)
    before = file.read_bytes()
    anne.sync()
    with pytest.raises(KnownError) as caught:
        queue.export_unsent(anne.store, file, SECRET)
    assert caught.value.code == "nothing-unsent"
    assert file.read_bytes() == before
    assert list(tmp_path.glob("unsent.fkx*")) == [file]


def test_an_export_goes_to_a_profile_that_is_new(
    registry: LiveRegistry, anne: Laptop, tmp_path: Path
) -> None:
    known = anne.practice(name="Acacias")
    anne.sync()
    with anne.store.changeset("Visite") as c:
        visit = c.create("visit", "dept:72", {"practice": known, "date": "2026-11-25", "state": "draft"})
    queue.export_unsent(anne.store, tmp_path / "f", SECRET)
    new = Laptop(tmp_path, "new", registry.url, registry.token("anne", "dept:72"))
    assert queue.import_unsent(new.store, tmp_path / "f", SECRET)["changes"] == 1
    assert visits.list_visits(new.store) == [], "its practice is not here yet"
    new.sync()
    assert visits.list_visits(new.store)[0]["id"] == visit
    assert new.sync()["conflicts"] == 0
    new.store.close()


def test_a_refused_edit_is_filed_away_or_sent_again(registry: LiveRegistry, anne: Laptop) -> None:
    practice = anne.practice(name="Tilleuls", city="Tours")
    anne.sync()
    reader = registry.token("anne", "dept:72", role="reader")
    sync.configure(anne.store, registry.url, reader)
    with anne.store.changeset("Retiré") as c:
        c.archive("practice", practice)
    anne.write(practice, city="Laval")
    assert anne.sync()["refused"] == 2
    assert anne.store.get("practice", practice)["city"] == "Tours", "taken back"
    assert not anne.store.get("practice", practice).archived
    put_away, edit = (item["id"] for item in sync.status(anne.store)["refused"])
    queue.file_away(anne.store, edit)
    assert [item["id"] for item in sync.status(anne.store)["refused"]] == [put_away]
    sync.configure(anne.store, registry.url, registry.token("anne", "dept:72"))
    queue.send_again(anne.store, put_away)
    assert anne.sync()["refused"] == 0
    assert anne.store.get("practice", practice).archived
    with pytest.raises(KnownError) as caught:
        queue.text_of(anne.store, 999)
    assert caught.value.code == "not-waiting"
