"""The queue: what is sent never changes, what is kept can be sent again, and nothing is numbered twice."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from fieldkit.store import outbox
from fieldkit.store.changes import digest
from fieldkit.store.fieldwork import FieldStore


def practices(store: FieldStore, *names: str) -> list[str]:
    made = []
    for name in names:
        with store.changeset("Nouveau cabinet") as c:
            made.append(c.create("practice", "dept:72", {"name": name}))
    return made


def pending(store: FieldStore) -> list[int]:
    return [entry.seq for entry in outbox.entries(store.database, "pending")]


def answer(store: FieldStore, seq: int, refused: bool, outcome: str = "{}", head: int = 0) -> None:
    digest = outbox.digest_of(store.database, seq) or ""
    outbox.answer(store.database, [(seq, digest, refused, outcome, {"dept:72": head or seq})])


def acked(store: FieldStore, *seqs: int, head: int = 0) -> None:
    for seq in seqs:
        answer(store, seq, refused=False, head=head)


def test_what_is_taken_is_marked_before_it_leaves(store: FieldStore) -> None:
    (practice,) = practices(store, "x")
    (entry,) = outbox.take(store.database, 10, 1 << 20)
    assert (entry.seq, entry.schema, entry.label, entry.tried) == (1, 1, "Nouveau cabinet", 0)
    row = store.database.execute("SELECT digest FROM outbox").fetchone()
    assert digest(entry.ops) == row[0]
    with store.changeset("Nouveau cabinet") as c:
        c.set("practice", practice, {"name": "y"})
    again, _new = outbox.take(store.database, 10, 1 << 20)
    assert (again.ops, again.tried) == (entry.ops, 1)


def test_a_batch_is_limited_in_number_and_in_bytes(store: FieldStore) -> None:
    practices(store, "a", "b", "c")
    size = len(outbox.entries(store.database, "pending")[0].ops)
    assert [e.seq for e in outbox.take(store.database, 2, 1 << 20)] == [1, 2]
    assert [e.seq for e in outbox.take(store.database, 9, 2 * size)] == [1, 2]
    assert [e.seq for e in outbox.take(store.database, 9, 1)] == [1]


def test_an_answer_is_kept_once(store: FieldStore) -> None:
    practices(store, "a", "b")
    answer(store, 1, refused=True, outcome='{"status": "refused"}')
    answer(store, 2, refused=False)
    acked(store, 1)
    assert outbox.counts(store.database) == {"pending": 0, "acked": 1, "refused": 1}
    (refused,) = outbox.entries(store.database, "refused")
    assert refused.outcome == {"status": "refused"}
    assert outbox.last_answered(store.database) == 2


def test_an_acked_change_covers_the_record_until_a_pull_has_passed_it(store: FieldStore) -> None:
    (practice,) = practices(store, "a")
    key = ("practice", practice)
    acked(store, 1, head=5)
    store.database.execute("INSERT INTO cursor (scope, seq) VALUES ('dept:72', 4)")
    assert outbox.land(store.database) == set()
    assert key in outbox.live_ops(store.database)
    store.database.execute("UPDATE cursor SET seq = 5")
    assert outbox.land(store.database) == {key}
    assert outbox.live_ops(store.database) == {}


def test_live_ops_tell_which_were_refused(store: FieldStore) -> None:
    first, second = practices(store, "a", "b")
    answer(store, 1, refused=True)
    live = outbox.live_ops(store.database)
    assert {key: [refused for _op, refused in ops] for key, ops in live.items()} == {
        ("practice", first): [True],
        ("practice", second): [False],
    }


@pytest.mark.parametrize(("first", "expected"), [(1, [1, 2, 3]), (2, [2, 3]), (3, [3]), (4, [])])
def test_what_is_kept_can_be_sent_again(store: FieldStore, first: int, expected: list[int]) -> None:
    practices(store, "a", "b", "c")
    acked(store, 1, 2, 3)
    assert outbox.send_again(store.database, first)
    assert pending(store) == expected


def test_what_is_no_longer_kept_cannot(store: FieldStore) -> None:
    practices(store, "a", "b", "c")
    acked(store, 1, 2, 3)
    store.database.execute("DELETE FROM outbox WHERE seq = 2")
    assert not outbox.send_again(store.database, 1)
    assert pending(store) == []
    assert outbox.send_again(store.database, 3)


def test_a_new_device_numbers_all_from_one_and_goes_on_from_there(store: FieldStore) -> None:
    practices(store, "a", "b", "c", "d")
    acked(store, 1, 2)
    answer(store, 3, refused=True)
    store.database.execute("DELETE FROM outbox WHERE seq = 1")
    before = [json.loads(row[0])[0]["d"]["name"] for row in store.database.execute("SELECT ops FROM outbox")]
    outbox.renumber(store.database)
    entries = outbox.entries(store.database, "pending")
    assert [entry.seq for entry in entries] == [1, 2, 3]
    assert [json.loads(entry.ops)[0]["d"]["name"] for entry in entries] == before == ["b", "c", "d"]
    assert outbox.last_seq(store.database) == 3
    practices(store, "e")
    assert pending(store) == [1, 2, 3, 4]


def test_an_empty_queue_can_be_renumbered(store: FieldStore) -> None:
    assert outbox.last_seq(store.database) == 0
    outbox.renumber(store.database)
    practices(store, "a")
    assert pending(store) == [1]


def test_only_what_was_answered_and_came_back_is_forgotten_after_90_days(store: FieldStore) -> None:
    practices(store, "landed", "covering", "refused", "pending")
    acked(store, 1, 2)
    answer(store, 3, refused=True)
    store.database.execute("INSERT INTO cursor (scope, seq) VALUES ('dept:72', 1)")
    outbox.land(store.database)
    now = dt.datetime.now(dt.UTC)
    outbox.purge(store.database, now + dt.timedelta(days=89))
    assert outbox.counts(store.database) == {"pending": 1, "acked": 2, "refused": 1}
    outbox.purge(store.database, now + dt.timedelta(days=91))
    assert outbox.counts(store.database) == {"pending": 1, "acked": 1, "refused": 1}
    assert outbox.last_seq(store.database) == 4


def test_a_visit_travels_with_its_parts(store: FieldStore) -> None:
    with store.changeset("Visites") as c:
        practice = c.create("practice", "dept:72", {"name": "x"})
        first, second = (c.create("visit", "dept:72", {"practice": practice}) for _ in "12")
        note = c.create("note", "dept:72", {"visit": first, "text": "vu"})
    acked(store, 1)
    assert outbox.visits_in(store.database, "acked") == {first, second}
    with store.changeset("Note") as c:
        c.set("note", note, {"text": "revu"})
        c.set("practice", practice, {"city": "Laval"})
    assert outbox.visits_in(store.database, "pending") == {first}


def test_an_answer_to_what_was_numbered_otherwise_is_left_alone(store: FieldStore) -> None:
    practices(store, "a", "b")
    sent = outbox.digest_of(store.database, 1) or ""
    outbox.answer(store.database, [(2, sent, False, "{}", {})])
    assert pending(store) == [1, 2]
