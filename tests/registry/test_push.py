"""Push: exactly once, in order, refused without blocking, and conflicts as `sync.md` has them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from fieldkit.registry import admin
from fieldkit.registry.database import reading
from tests.registry.caller import Caller, problem_of
from tests.registry.live import LiveRegistry

ANNE, BRUNO = "a" * 16, "b" * 16
NIR = "2 69 05 49 588 157 80"


@pytest.fixture
def anne(registry: LiveRegistry) -> Iterator[Caller]:
    with Caller(registry.url, registry.token("anne", "dept:72"), ANNE) as caller:
        yield caller


@pytest.fixture
def bruno(registry: LiveRegistry) -> Iterator[Caller]:
    with Caller(registry.url, registry.token("bruno", "dept:72"), BRUNO) as caller:
        yield caller


def held(registry: LiveRegistry, kind: str, identity: str | None = None) -> Any:
    with reading(registry.engine) as db:
        return admin.show(db, kind, identity)["items"]


def test_a_changeset_is_held_and_given_out(registry: LiveRegistry, anne: Caller, bruno: Caller) -> None:
    practice = anne.create(name="Tilleuls", of_tomorrow={"kept": [1, "verbatim"]})
    note = anne.create("note", "user:me", text="à moi")
    (outcome,) = anne.push((1, [practice, note]))
    assert outcome == {"seq": 1, "status": "ok", "upto": {"dept:72": 1, "user:me": 1}}
    (record,), trailers = bruno.pull({"dept:72": 0, "user:me": 0})
    assert record["d"] == practice["d"]
    assert record["st"] == dict.fromkeys(practice["d"], practice["st"])
    assert (record["t"], record["i"], record["s"], record["rev"]) == ("practice", practice["i"], "dept:72", 1)
    told = {"k": "s", "scope": "dept:72", "next": 1, "more": False, "head": 1, "n": 1}
    assert told.items() <= trailers["dept:72"].items()
    (mine,), _trailers = anne.pull({"user:me": 0})
    assert (mine["s"], mine["d"]) == ("user:me", {"text": "à moi"})
    assert held(registry, "note")[0]["scope"] == "user:anne"


def test_the_same_bytes_take_effect_once(registry: LiveRegistry, anne: Caller) -> None:
    practice = anne.create(name="Tilleuls")
    (first,) = anne.push((1, [practice]))
    (again,) = anne.push((1, [practice]))
    assert again == {"seq": 1, "status": "dup", "first": first}
    assert held(registry, "practice", practice["i"])[0]["rev"] == 1
    anne.push((2, [anne.set(practice, city=(None, "Laval", None))]))
    (late,) = anne.push((1, [practice]))
    assert late["first"] == first
    assert held(registry, "practice")[0]["fields"]["city"] == "Laval"


def test_known_ops_of_a_new_device_take_effect_once(registry: LiveRegistry, anne: Caller) -> None:
    practice = anne.create(name="Tilleuls")
    (first,) = anne.push((1, [practice]))
    token = anne.http.headers["Authorization"].removeprefix("Bearer ")
    with Caller(registry.url, token, "c" * 16) as twin:
        other = twin.create(name="Autre")
        outcomes = twin.push((1, [other]), (2, [practice]))
    assert [o["status"] for o in outcomes] == ["ok", "dup"]
    assert outcomes[1]["first"] == {**first, "seq": 2}
    assert held(registry, "practice", practice["i"])[0]["rev"] == 1


def test_a_gap_is_told_with_what_is_expected(registry: LiveRegistry, anne: Caller) -> None:
    answer = anne.post("/push", [{"seq": 3, "v": 1, "ops": [anne.create(name="x")]}])
    assert (answer.status_code, problem_of(answer), answer.json()["expected"]) == (409, "seq-gap", 1)
    assert held(registry, "practice") == []


def test_what_came_before_a_gap_is_answered(anne: Caller) -> None:
    outcomes = anne.push((1, [anne.create(name="x")]), (3, [anne.create(name="y")]))
    assert [o["seq"] for o in outcomes] == [1]


def test_a_known_seq_with_other_ops_is_a_fork(anne: Caller) -> None:
    anne.push((1, [anne.create(name="x")]))
    answer = anne.post("/push", [{"seq": 1, "v": 1, "ops": [anne.create(name="y")]}])
    assert (answer.status_code, problem_of(answer)) == (409, "device-forked")


@pytest.mark.parametrize(
    ("reason", "fields"),
    [
        ("nir-refused", {"name": "x", "comment": f"vu {NIR}"}),
        ("nir-refused", {"name": "x", "of_tomorrow": [{"a": NIR}]}),
        ("nir-refused", {NIR: "x"}),
        ("rpps-invalid", {"rpps": "10003456789"}),
        ("unreadable", {"name": ["not", "a", "text"]}),
    ],
)
def test_what_is_refused_is_kept_apart_and_blocks_nothing(
    registry: LiveRegistry, anne: Caller, reason: str, fields: dict[str, Any]
) -> None:
    bad, good = anne.create(**fields), anne.create(name="bon")
    refused, taken = anne.push((1, [anne.create(name="avec"), bad]), (2, [good]))
    assert (refused["status"], taken["status"]) == ("refused", "ok")
    code = refused["problem"]["type"].removeprefix("urn:fieldkit:problem:")
    assert code == reason
    assert refused["problem"]["title"]
    (kept,) = held(registry, "quarantine", refused["quarantine"])
    assert (kept["sub"], kept["device"], kept["seq"]) == ("anne", ANNE, 1)
    assert "49 588" not in json.dumps(kept, default=str)
    assert json.loads(kept["ops"])[0]["d"] == {"name": "avec"}
    assert [p["id"] for p in held(registry, "practice")] == [good["i"]]


def test_a_refusal_told_again_is_the_same(anne: Caller) -> None:
    bad = anne.create(rpps="1")
    (first,) = anne.push((1, [bad]))
    assert anne.push((1, [bad])) == [{"seq": 1, "status": "dup", "first": first}]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"t": "spaceship"}, "unknown-type"),
        ({"i": "../../etc"}, "unreadable"),
        ({"st": "yesterday"}, "unreadable"),
        ({"op": "erase"}, "unreadable"),
        ({"s": "dept:44"}, "scope-denied"),
        ({"s": "user:bruno"}, "scope-denied"),
        ({"d": {"comment": "x" * (1 << 20)}}, "unreadable"),
    ],
)
def test_ops_that_cannot_be_taken_are_outcomes(anne: Caller, change: dict[str, Any], code: str) -> None:
    (refused, fine) = anne.push((1, [{**anne.create(name="x"), **change}]), (2, [anne.create(name="y")]))
    assert refused["problem"]["type"] == f"urn:fieldkit:problem:{code}"
    assert fine["status"] == "ok"


def test_ops_that_are_no_list_are_refused(anne: Caller) -> None:
    answer = anne.post("/push", [{"seq": 1, "v": 1, "ops": {"t": 1}}])
    assert '"refused"' in answer.text


def test_ops_that_are_no_text_are_refused_and_kept_as_nothing(registry: LiveRegistry, anne: Caller) -> None:
    body = b'{"seq": 1, "v": 1, "ops": ["\xff"]}\n'
    answer = anne.http.post("/api/sync/v1/push", content=body)
    assert answer.status_code == 200
    (kept,) = held(registry, "quarantine")
    assert (kept["seq"], kept["ops"]) == (1, "")


def test_a_conflict_that_is_not_there_cannot_be_settled(registry: LiveRegistry, anne: Caller) -> None:
    gone = anne.create("conflict")
    (outcome,) = anne.push((1, [anne.set(gone, settled=(None, True, None))]))
    assert outcome["status"] == "ok"
    assert held(registry, "conflict") == []


def test_one_identity_is_one_type(anne: Caller) -> None:
    practice = anne.create(name="x")
    workstation = {**anne.create("workstation", os="linux"), "i": practice["i"]}
    _ok, refused = anne.push((1, [practice]), (2, [workstation]))
    assert refused["problem"]["type"].endswith(":wrong-type")


def test_a_reader_may_not_write(registry: LiveRegistry) -> None:
    with Caller(registry.url, registry.token("zoe", "dept:72", role="reader"), "d" * 16) as zoe:
        refused, private = zoe.push((1, [zoe.create(name="x")]), (2, [zoe.create(scope="user:me", name="x")]))
    assert refused["problem"]["type"].endswith(":scope-denied")
    assert private["status"] == "ok"


def test_a_finalised_visit_and_its_parts_do_not_change(anne: Caller, bruno: Caller) -> None:
    visit = anne.create("visit", state="draft")
    note, other = (anne.create("note", visit=visit["i"], text="vu") for _ in "12")
    elsewhere = anne.create("note", text="ailleurs")
    finalise = anne.set(visit, state=("draft", "finalised", visit["st"]))
    anne.push((1, [visit, note, other, elsewhere]), (2, [finalise]))
    late = [
        bruno.set(visit, date=(None, "2026-01-31", None)),
        bruno.set(note, text=("vu", "revu", note["st"])),
        {**bruno.set(other), "op": "archive"},
        bruno.create("note", visit=visit["i"], text="encore"),
        bruno.set(elsewhere, visit=(None, visit["i"], None)),
    ]
    outcomes = bruno.push(*((n, [op]) for n, op in enumerate(late, start=1)))
    assert [o["problem"]["type"].split(":")[-1] for o in outcomes] == ["visit-finalised"] * 5
    (outcome,) = bruno.push((6, [bruno.set(elsewhere, text=("ailleurs", "là", elsewhere["st"]))]))
    assert outcome["status"] == "ok"


def test_what_came_of_a_finalised_visit_is_still_told(registry: LiveRegistry, anne: Caller) -> None:
    visit = anne.create("visit", state="draft")
    action = anne.create("follow_up", visit=visit["i"], text="Activer", who="ps")
    anne.push((1, [visit, action]), (2, [anne.set(visit, state=("draft", "finalised", visit["st"]))]))
    done, reworded = anne.push(
        (3, [anne.set(action, done=(None, True, None))]),
        (4, [anne.set(action, done=(True, None, None), text=("Activer", "Autre", action["st"]))]),
    )
    assert (done["status"], reworded["status"]) == ("ok", "refused")
    assert held(registry, "follow_up")[0]["fields"]["done"] is True


def test_two_who_wrote_apart_make_a_conflict_that_is_given_out(
    registry: LiveRegistry, anne: Caller, bruno: Caller
) -> None:
    practice = anne.create(city="Tours", rpps="10101514767")
    anne.push((1, [practice]))
    seen = practice["st"]
    anne.push((2, [anne.set(practice, city=("Tours", "Laval", seen), rpps=("10101514767", None, seen))]))
    bruno._ms += 10
    theirs = bruno.set(practice, city=("Tours", "Le Mans", seen), rpps=("10101514767", "10003456786", seen))
    (outcome,) = bruno.push((1, [theirs]))
    assert len(outcome["conflicts"]) == 2
    records, _trailers = anne.pull({"dept:72": 0})
    by_field = {r["d"]["field"]: r for r in records if r["t"] == "conflict"}
    city, rpps = by_field["city"]["d"], by_field["rpps"]["d"]
    assert {by_field[f]["i"] for f in by_field} == set(outcome["conflicts"])
    assert (city["base"], city["ours"], city["theirs"]) == ("Tours", "Le Mans", "Laval")
    assert (city["target_type"], city["target_id"]) == ("practice", practice["i"])
    assert city["who"] == {"ours": "bruno", "theirs": "anne"}
    assert city["when"]["ours"] == theirs["st"]
    assert (city["kind"], city["settled"]) == ("soft", True)
    assert (rpps["kind"], "settled" in rpps, "theirs" in rpps) == ("review", False, False)
    assert held(registry, "practice")[0]["fields"]["city"] == "Le Mans"


def test_a_write_that_does_not_stand_still_comes_back_to_its_laptop(anne: Caller, bruno: Caller) -> None:
    practice = bruno.create(city="Tours")
    bruno.push((1, [practice]))
    bruno._ms += 10
    bruno.push((2, [bruno.set(practice, city=("Tours", "Laval", practice["st"]))]))
    _records, trailers = anne.pull({"dept:72": 0})
    anne.push((1, [anne.set(practice, city=("Tours", "Le Mans", practice["st"]))]))
    records, _trailers = anne.pull({"dept:72": trailers["dept:72"]["next"]})
    assert [r["d"]["city"] for r in records if r["t"] == "practice"] == ["Laval"]


def test_a_clock_ahead_is_brought_back(registry: LiveRegistry, anne: Caller, bruno: Caller) -> None:
    practice = anne.create(city="Tours")
    anne.push((1, [practice]))
    anne._ms += 10**12
    anne.push((2, [anne.set(practice, city=("Tours", "Laval", practice["st"]))]))
    (held_now,) = held(registry, "practice")
    assert int(held_now["stamps"]["city"][:13]) < anne._ms - 10**11
    anne.push((3, [anne.set(practice, city=("Laval", "Le Mans", "9999999999999-0000-" + ANNE))]))
    assert held(registry, "practice")[0]["fields"]["city"] == "Le Mans"
    assert held(registry, "practice")[0]["stamps"]["city"] > held_now["stamps"]["city"]
    assert held(registry, "conflict") == []


def test_changes_of_a_record_that_a_restored_registry_lost_make_it_again(
    registry: LiveRegistry, anne: Caller, bruno: Caller
) -> None:
    lost = anne.create(name="Tilleuls", city="Tours")
    bruno.push((1, [bruno.set(lost, city=("Tours", "Laval", lost["st"]))]))
    anne.push((1, [lost]))
    (again,) = held(registry, "practice")
    assert again["fields"]["name"] == "Tilleuls"
    values = {again["fields"]["city"], *(c["fields"]["theirs"] for c in held(registry, "conflict"))}
    assert values == {"Tours", "Laval"}


def test_every_write_stays_in_the_history(registry: LiveRegistry, anne: Caller) -> None:
    from sqlalchemy import select

    from fieldkit.registry.tables import version

    practice = anne.create(city="Tours")
    anne.push((1, [practice, anne.set(practice, city=("Tours", "Laval", practice["st"]))]))
    with reading(registry.engine) as db:
        rows = db.execute(select(version).order_by(version.c.rev)).all()
    assert [(row.rev, row.device, row.changeset) for row in rows] == [(1, ANNE, 1), (2, ANNE, 1)]
    assert json.loads(rows[0].op)["d"] == {"city": "Tours"}


def test_pages_are_cut_and_go_on(anne: Caller) -> None:
    made = [anne.create(name=f"{n}") for n in range(5)]
    anne.push(*((n, [op]) for n, op in enumerate(made, start=1)))
    anne.push((6, [anne.create(scope="user:me", name="moi")]))
    cursors, seen = {"dept:72": 0, "user:me": 0}, []
    for _page in range(10):
        records, trailers = anne.pull(cursors, limit=2)
        assert len(records) <= 2
        seen += [r["d"]["name"] for r in records]
        cursors = {scope: t["next"] for scope, t in trailers.items()}
        if not any(t["more"] for t in trailers.values()):
            break
    assert seen == ["0", "1", "2", "3", "4", "moi"]
    assert cursors == {"dept:72": 5, "user:me": 1}


def test_a_page_is_limited_in_bytes_too(anne: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fieldkit.registry.pull.PAGE_BYTES", 700)
    anne.push(*((seq, [anne.create(of_tomorrow="long " * 80)]) for seq in range(1, 5)))
    records, trailers = anne.pull({"dept:72": 0, "user:me": 0})
    assert len(records) == 2
    assert (trailers["dept:72"]["next"], trailers["dept:72"]["more"]) == (2, True)
