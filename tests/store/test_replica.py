"""Applying what is pulled: rows and cursor together, unsent edits on top, and what is refused taken back."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from fieldkit.domain.merge import ARCHIVED
from fieldkit.store import outbox
from fieldkit.store.changes import read_kv, write_kv
from fieldkit.store.fieldwork import FieldStore
from fieldkit.store.replica import Replica, Row
from tests.conftest import KEY

THEIRS = "1790000000000-0000-" + "b" * 16


@pytest.fixture
def replica(store: FieldStore) -> Replica:
    return Replica(store.database)


def practice(store: FieldStore, **fields: Any) -> str:
    with store.changeset("Cabinet") as c:
        return c.create("practice", "dept:72", fields)


def edit(store: FieldStore, record: str, **fields: Any) -> None:
    with store.changeset("Saisie") as c:
        c.set("practice", record, fields)


def row(record: str, rev: int, *, archived: bool = False, **fields: Any) -> Row:
    stamps = json.dumps(dict.fromkeys(fields, THEIRS))
    return ("practice", record, "dept:72", json.dumps(fields), stamps, archived, rev)


def pull(replica: Replica, head: int, *rows: Row) -> int:
    replica.stage(rows, replica.link().cursors, {"dept:72": head})
    return replica.apply()


def answer(replica: Replica, *answers: tuple[int, bool, str, dict[str, int]]) -> None:
    digests = [outbox.digest_of(replica._database, seq) or "" for seq, *_rest in answers]
    replica.answer([(a[0], digest, *a[1:]) for a, digest in zip(answers, digests, strict=True)])


def kept_server(store: FieldStore, record: str) -> Any:
    (text,) = store.database.execute("SELECT server FROM record WHERE id = ?", [record]).fetchone()
    return text and json.loads(text)


def test_pulled_records_are_those_of_the_laptop(store: FieldStore, replica: Replica) -> None:
    assert pull(replica, 4, row("p", 2, name="Tilleuls", of_tomorrow=[1])) == 1
    record = store.get("practice", "p")
    assert (record.doc, record.stamps["name"]) == ({"name": "Tilleuls", "of_tomorrow": [1]}, THEIRS)
    link = replica.link()
    assert (link.cursors, link.staged, link.pending) == ({"dept:72": 4}, False, 0)
    pull(replica, 5, row("p", 3, archived=True, name="Ormes"))
    assert store.get("practice", "p").archived
    assert store.get("practice", "p")["name"] == "Ormes"


def test_staged_pages_are_seen_by_nobody_and_survive(
    store: FieldStore, replica: Replica, tmp_path: Path
) -> None:
    replica.stage([row("p", 1, name="x")], {}, {"dept:72": 1, "user:me": 0})
    assert store.of("practice") == []
    store.close()
    again = FieldStore.open(tmp_path / "field.db", KEY)
    link = Replica(again.database).link()
    assert (link.cursors["dept:72"], link.staged) == (1, True)
    assert Replica(again.database).apply() == 1
    assert again.get("practice", "p")["name"] == "x"
    again.close()


def test_a_page_that_another_process_overtook_is_left_alone(store: FieldStore, replica: Replica) -> None:
    since = dict(replica.link().cursors)
    pull(replica, 9, row("p", 5, name="neuf"))
    replica.stage([row("p", 2, name="vieux")], since, {"dept:72": 3})
    assert replica.apply() == 0
    assert store.get("practice", "p")["name"] == "neuf"
    assert replica.link().cursors == {"dept:72": 9}


def test_unsent_edits_stay_on_top_of_what_is_pulled(store: FieldStore, replica: Replica) -> None:
    pull(replica, 1, row("p", 1, name="x", city="Tours", place=None))
    edit(store, "p", city="Laval")
    pull(replica, 2, row("p", 2, name="y", city="Angers"))
    record = store.get("practice", "p")
    assert record.doc == {"name": "y", "city": "Laval"}
    assert record.stamps["city"] > record.stamps["name"]
    assert kept_server(store, "p")["doc"] == {"name": "y", "city": "Angers"}


def test_an_acked_edit_stays_on_top_until_it_comes_back(store: FieldStore, replica: Replica) -> None:
    pull(replica, 1, row("p", 1, city="Tours"))
    edit(store, "p", city="Laval")
    answer(replica, (1, False, "{}", {"dept:72": 4}))
    pull(replica, 3, row("p", 2, city="Angers"))
    assert store.get("practice", "p")["city"] == "Laval"
    pull(replica, 4, row("p", 3, city="Laval"))
    assert store.get("practice", "p").stamps["city"] == THEIRS
    assert kept_server(store, "p") is None


def test_archiving_and_unsetting_stay_on_top_too(store: FieldStore, replica: Replica) -> None:
    pull(replica, 1, row("p", 1, name="x", city="Tours"))
    with store.changeset("Retiré") as c:
        c.set("practice", "p", {"city": ""})
        c.archive("practice", "p")
    pull(replica, 2, row("p", 2, name="y", city="Angers"))
    record = store.get("practice", "p")
    assert (record.doc, record.archived) == ({"name": "y"}, True)
    assert record.stamps[ARCHIVED] > THEIRS
    with store.changeset("Remis") as c:
        c.archive("practice", "p", back=True)
    pull(replica, 3, row("p", 3, name="z", city="Angers"))
    assert not store.get("practice", "p").archived


def test_what_is_refused_gives_way_to_what_is_under_it(store: FieldStore, replica: Replica) -> None:
    pull(replica, 1, row("p", 1, city="Tours"))
    edit(store, "p", city="Laval")
    edit(store, "p", name="x")
    answer(replica, (1, True, "{}", {}))
    assert store.get("practice", "p").doc == {"city": "Tours", "name": "x"}
    answer(replica, (2, True, "{}", {}))
    assert store.get("practice", "p").doc == {"city": "Tours"}
    assert store.get("practice", "p").stamps == {"city": THEIRS}
    assert kept_server(store, "p") is None


def test_what_the_registry_never_had_stays_though_refused(store: FieldStore, replica: Replica) -> None:
    record = practice(store, name="x")
    edit(store, record, city="Laval")
    answer(replica, (1, True, "{}", {}), (2, True, "{}", {}))
    assert store.get("practice", record).doc == {"name": "x", "city": "Laval"}


def meet(replica: Replica, epoch: str = "e1", last_seq: int = 0, revoked: tuple[str, ...] = ()) -> bool:
    digest = outbox.digest_of(replica._database, last_seq) or ""
    return replica.meet(epoch, (last_seq, digest), 1_790_000_000_000, "anne", revoked)


def test_meeting_again_changes_nothing(store: FieldStore, replica: Replica) -> None:
    record = practice(store, name="x")
    assert meet(replica)
    answer(replica, (1, False, "{}", {"dept:72": 1}))
    pull(replica, 1, row(record, 1, name="x"))
    device = store.device
    assert meet(replica, last_seq=1)
    link = replica.link()
    assert (link.device, link.epoch, link.cursors, link.pending) == (device, "e1", {"dept:72": 1}, 0)
    assert read_kv(store.database, "user") == "anne"


def test_another_epoch_pulls_all_anew_and_sends_again_what_it_lacks(
    store: FieldStore, replica: Replica
) -> None:
    record = practice(store, name="x")
    edit(store, record, city="Laval")
    meet(replica)
    answer(replica, (1, False, "{}", {"dept:72": 1}), (2, False, "{}", {"dept:72": 2}))
    pull(replica, 2, row(record, 2, name="x", city="Laval"))
    assert meet(replica, "e2", last_seq=1)
    link = replica.link()
    assert (link.cursors, link.pending) == ({}, 1)
    assert [e.seq for e in outbox.entries(store.database, "pending")] == [2]
    assert pull(replica, 1, row(record, 1, name="x")) == 1
    assert store.get("practice", record).doc == {"name": "x", "city": "Laval"}


@pytest.mark.parametrize("last_seq", [0, 5])
def test_who_cannot_agree_becomes_another_device(store: FieldStore, replica: Replica, last_seq: int) -> None:
    practice(store, name="gone")
    practice(store, name="kept")
    answer(replica, (1, False, "{}", {}), (2, False, "{}", {}))
    store.database.execute("DELETE FROM outbox WHERE seq = 1")
    assert not meet(replica, last_seq=last_seq)
    assert replica.link().device != store.device
    assert [e.seq for e in outbox.entries(store.database, "pending")] == [1]


def test_a_registry_that_has_other_changes_of_this_device_makes_it_another(
    store: FieldStore, replica: Replica
) -> None:
    practice(store, name="x")
    answer(replica, (1, False, "{}", {}))
    assert not replica.meet("e1", (1, "0" * 32), 1_790_000_000_000, "anne", ())
    assert replica.link().device != store.device
    assert replica.link().pending == 1


def test_a_revoked_scope_is_pulled_anew_if_it_comes_back(store: FieldStore, replica: Replica) -> None:
    pull(replica, 3, row("p", 1, name="x"))
    assert meet(replica, epoch="e1")
    pull(replica, 3, row("p", 1, name="x"))
    assert meet(replica, revoked=("dept:72",))
    assert replica.link().cursors == {}


def test_the_end_is_noted(store: FieldStore, replica: Replica) -> None:
    replica.fail({"code": "x"})
    assert read_kv(store.database, "last_trouble") == '{"code": "x"}'
    now = dt.datetime(2026, 1, 31, 12, tzinfo=dt.UTC)
    replica.finish(now, 0)
    assert read_kv(store.database, "last_trouble") == "null"
    assert read_kv(store.database, "last_success") == "2026-01-31T12:00:00+00:00"


def test_a_stamp_written_after_a_pull_is_greater_than_what_it_replaces(
    store: FieldStore, replica: Replica
) -> None:
    ahead = "9999999999999-0000-" + "b" * 16
    replica.stage(
        [("practice", "p", "dept:72", '{"city": "Tours"}', json.dumps({"city": ahead}), False, 1)],
        {},
        {"dept:72": 1},
    )
    replica.apply()
    edit(store, "p", city="Laval")
    assert store.get("practice", "p").stamps["city"] > ahead
    with store.changeset("Retiré") as c:
        c.archive("practice", "p")
    assert store.get("practice", "p").stamps[ARCHIVED] > store.get("practice", "p").stamps["city"]
    write_kv(store.database, "hlc", "0000000000001-0000-a")
    meet(replica)
    assert (read_kv(store.database, "hlc") or "").startswith("1790000000000-0000-")
