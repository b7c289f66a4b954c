"""One way to write: row and outbox entry together, or neither."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fieldkit.errors import KnownError
from fieldkit.store import changes
from fieldkit.store.changes import Changeset
from fieldkit.store.fieldwork import FieldStore
from tests.conftest import KEY


def outbox(store: FieldStore) -> list[dict[str, Any]]:
    columns = ("seq", "label", "ops", "digest", "state", "tried")
    rows = store.database.execute(f"SELECT {', '.join(columns)} FROM outbox ORDER BY seq")
    return [dict(zip(columns, row, strict=True)) for row in rows]


def a_practice(store: FieldStore) -> str:
    with store.changeset("Nouvelle") as c:
        return c.create("practice", "dept:72", {"name": "Cabinet des Tilleuls", "city": ""})


def test_row_and_entry_are_written_together(store: FieldStore) -> None:
    practice = a_practice(store)
    record = store.get("practice", practice)
    assert record.doc == {"name": "Cabinet des Tilleuls"}
    (entry,) = outbox(store)
    (op,) = json.loads(entry["ops"])
    assert op == {
        **{"t": "practice", "i": practice, "s": "dept:72", "op": "create"},
        **{"st": record.stamps["name"], "d": {"name": "Cabinet des Tilleuls"}},
    }
    assert entry["digest"] == changes.digest(entry["ops"])
    assert (entry["state"], entry["tried"]) == ("pending", 0)


def test_a_set_tells_what_it_saw(store: FieldStore) -> None:
    practice = a_practice(store)
    seen = store.get("practice", practice).stamps["name"]
    with store.changeset("Nom") as c:
        c.set("practice", practice, {"name": "Cabinet des Ormes", "city": "Le Mans"})
    (op,) = json.loads(outbox(store)[-1]["ops"])
    assert op["c"] == {
        "name": ["Cabinet des Tilleuls", "Cabinet des Ormes", seen],
        "city": [None, "Le Mans", None],
    }
    assert op["st"] > seen
    assert c.changes.touches("practice")
    assert not c.changes.touches("visit")


def test_a_fault_inside_leaves_nothing(store: FieldStore) -> None:
    practice = a_practice(store)
    with pytest.raises(ZeroDivisionError), store.changeset("Faute") as c:
        c.set("practice", practice, {"name": "Autre"})
        c.create("practice", "dept:72", {"name": "Troisième"})
        _ = 1 / 0
    assert store.get("practice", practice)["name"] == "Cabinet des Tilleuls"
    assert len(store.of("practice")) == len(outbox(store)) == 1


def test_a_refused_value_leaves_nothing(store: FieldStore) -> None:
    practice = a_practice(store)
    with pytest.raises(KnownError, match="sécurité sociale|NIR"), store.changeset("NIR") as c:
        c.set("practice", practice, {"name": "Autre"})
        c.set("practice", practice, {"comment": "2 69 05 49 588 157 80"})
    assert store.get("practice", practice)["name"] == "Cabinet des Tilleuls"
    assert len(outbox(store)) == 1


def test_a_value_that_is_there_already_makes_no_entry(store: FieldStore) -> None:
    practice = a_practice(store)
    with store.changeset("Rien") as c:
        c.set("practice", practice, {"name": "Cabinet des Tilleuls"})
    assert len(outbox(store)) == 1
    assert c.changes.records == frozenset()


def test_typing_on_in_one_field_is_one_entry(store: FieldStore) -> None:
    practice = a_practice(store)
    for text in ("V", "Vu", "Vu le docteur"):
        with store.changeset("Saisie") as c:
            c.set("practice", practice, {"comment": text})
    entries = outbox(store)
    assert len(entries) == 2
    (op,) = json.loads(entries[1]["ops"])
    assert op["c"] == {"comment": [None, "Vu le docteur", None]}
    assert op["st"] == store.get("practice", practice).stamps["comment"]
    assert entries[1]["digest"] == changes.digest(entries[1]["ops"])


@pytest.mark.parametrize("what", ["tried", "state", "field", "label"])
def test_an_entry_that_left_or_is_another_is_never_amended(store: FieldStore, what: str) -> None:
    practice = a_practice(store)
    with store.changeset("Saisie") as c:
        c.set("practice", practice, {"comment": "un"})
    before = outbox(store)[1]
    if what == "tried":
        store.database.execute("UPDATE outbox SET tried = 1")
    if what == "state":
        store.database.execute("UPDATE outbox SET state = 'refused'")
    field = "city" if what == "field" else "comment"
    with store.changeset("Autre" if what == "label" else "Saisie") as c:
        c.set("practice", practice, {field: "deux"})
    entries = outbox(store)
    assert len(entries) == 3
    assert entries[1]["ops"] == before["ops"]


def test_a_fact_can_become_unknown_again(store: FieldStore) -> None:
    practice = a_practice(store)
    with store.changeset("Ville") as c:
        c.set("practice", practice, {"city": "Le Mans"})
    with store.changeset("Plus de ville") as c:
        c.set("practice", practice, {"city": " "})
    record = store.get("practice", practice)
    assert "city" not in record.doc
    assert "city" in record.stamps


def test_archived_is_put_away_and_comes_back(store: FieldStore) -> None:
    practice = a_practice(store)
    with store.changeset("Retiré") as c:
        c.archive("practice", practice)
    assert store.of("practice") == []
    assert [p.id for p in store.of("practice", archived=True)] == [practice]
    with store.changeset("Remis") as c:
        c.archive("practice", practice, back=True)
    assert [p.id for p in store.of("practice")] == [practice]


def test_nothing_changes_in_a_finalised_visit(store: FieldStore) -> None:
    practice = a_practice(store)
    with store.changeset("Visite") as c:
        visit = c.create("visit", "dept:72", {"practice": practice, "state": "draft"})
        note = c.create("note", "dept:72", {"visit": visit, "text": "Bonjour"})
        c.set("visit", visit, {"state": "finalised"})
    writes: list[Callable[[Changeset], object]] = [
        lambda c: c.set("visit", visit, {"date": "2026-01-01"}),
        lambda c: c.set("note", note, {"text": "Autre"}),
        lambda c: c.archive("note", note),
        lambda c: c.create("note", "dept:72", {"visit": visit, "text": "Encore"}),
    ]
    for write in writes:
        with pytest.raises(KnownError) as caught, store.changeset("Correction") as c:
            write(c)
        assert caught.value.code == "visit-finalised"


def test_an_unknown_record_is_told(store: FieldStore) -> None:
    with pytest.raises(KnownError) as caught, store.changeset("Inconnu") as c:
        c.set("practice", "0000", {"name": "x"})
    assert caught.value.code == "record-missing"
    with pytest.raises(KnownError):
        store.get("visit", "0000")


def test_two_windows_on_one_profile_share_one_queue(store: FieldStore, tmp_path: Path) -> None:
    other = FieldStore.open(tmp_path / "field.db", KEY)
    practice = a_practice(store)
    with other.changeset("Ailleurs") as c:
        c.set("practice", practice, {"city": "Laval"})
    with store.changeset("Ici") as c:
        c.set("practice", practice, {"comment": "vu"})
    assert other.device == store.device
    stamps = store.get("practice", practice).stamps
    assert stamps["name"] < stamps["city"] < stamps["comment"]
    assert [e["seq"] for e in outbox(store)] == [1, 2, 3]
    other.close()


def test_a_writer_that_waits_too_long_is_told(store: FieldStore, tmp_path: Path) -> None:
    other = FieldStore.open(tmp_path / "field.db", KEY)
    other.database.execute("PRAGMA busy_timeout = 1")
    with store.changeset("Longue") as c:
        c.create("practice", "dept:72", {"name": "Un"})
        with pytest.raises(KnownError) as caught, other.changeset("Autre"):
            pass
    assert caught.value.code == "database-busy"
    assert len(store.of("practice")) == 1
    other.close()


def test_a_full_disk_keeps_nothing_of_the_change(store: FieldStore) -> None:
    practice = a_practice(store)
    pages = store.database.execute("PRAGMA page_count").fetchone()[0]
    store.database.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(KnownError) as caught:
        for n in range(200):
            with store.changeset(f"Remplir {n}") as c:
                c.create("practice", "dept:72", {"name": "Cabinet", "comment": "long " * 3000})
    assert caught.value.code == "disk-full"
    assert len(outbox(store)) == len(store.of("practice"))
    assert store.get("practice", practice)["name"] == "Cabinet des Tilleuls"


def test_only_the_changeset_and_the_replica_write_field_data() -> None:
    source = Path(changes.__file__).parents[1]
    writes = re.compile(r"\b(INSERT( OR \w+)? INTO|UPDATE|DELETE FROM|REPLACE INTO)\s+(record|outbox)\b")
    writers = {
        path.name
        for path in source.rglob("*.py")
        if "registry" not in path.parts and writes.search(path.read_text(encoding="utf-8"))
    }
    assert "changes.py" in writers
    assert writers <= {"changes.py", "replica.py", "outbox.py", "aside.py"}
