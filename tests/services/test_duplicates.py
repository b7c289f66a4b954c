"""The same thing made twice: found by its numbers, settled by a person, and nothing of either is lost."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.errors import KnownError
from fieldkit.services import duplicates, sync, visits
from fieldkit.store.fieldwork import FieldStore
from tests.conftest import KEY
from tests.services.test_sync import registry
from tests.sync.laptop import Laptop

RPPS, OTHER_RPPS, FINESS, OTHER_FINESS = "10101514767", "10003456786", "720000017", "720000025"

__all__ = ["registry"]


def practice(store: FieldStore, **fields: Any) -> str:
    with store.changeset("Nouveau cabinet") as c:
        return c.create("practice", "dept:72", fields)


def draft(store: FieldStore, practice_id: str, **more: Any) -> str:
    with store.changeset("Nouvelle visite") as c:
        about = {"practice": practice_id, "date": "2026-11-25", "state": "draft", **more}
        return c.create("visit", "dept:72", about)


def pairs(store: FieldStore) -> list[list[str]]:
    return [[record["id"] for record in pair["records"]] for pair in duplicates.duplicates(store)]


@pytest.mark.parametrize(
    ("one", "other", "so"),
    [
        ({"rpps": RPPS, "finess": FINESS}, {"rpps": RPPS, "finess": FINESS}, True),
        ({"rpps": RPPS, "finess": FINESS}, {"rpps": RPPS, "finess": OTHER_FINESS}, False),
        ({"rpps": RPPS}, {"rpps": RPPS, "finess": FINESS}, True),
        ({"rpps": RPPS, "city": "LE MANS"}, {"rpps": RPPS, "city": "Le Mans"}, True),
        ({"rpps": RPPS, "city": "Laval"}, {"rpps": RPPS, "city": "Le Mans"}, False),
        ({"finess": FINESS}, {"finess": FINESS}, True),
        ({"finess": FINESS, "rpps": RPPS}, {"finess": FINESS, "rpps": OTHER_RPPS}, False),
        ({"finess": FINESS, "rpps": RPPS}, {"finess": FINESS}, True),
        ({}, {}, False),
    ],
)
def test_what_looks_like_one_practice(
    store: FieldStore, one: dict[str, str], other: dict[str, str], so: bool
) -> None:
    made = [practice(store, name="Tilleuls", **one), practice(store, name="TILLEULS", **other)]
    assert pairs(store) == ([made] if so else [])


def test_two_of_other_names_or_departments_are_two(store: FieldStore) -> None:
    practice(store, name="Tilleuls", finess=FINESS)
    practice(store, name="Acacias", finess=FINESS)
    with store.changeset("x") as c:
        c.create("practice", "dept:53", {"name": "Tilleuls", "finess": FINESS})
    assert pairs(store) == []


def test_merged_practices_have_their_visits_and_workstations_together(store: FieldStore) -> None:
    old, new = practice(store, name="Tilleuls", rpps=RPPS), practice(store, name="Les Tilleuls", rpps=RPPS)
    visits.set_practice(store, new, {"city": "Laval"})
    first, second = draft(store, old, delegate="Anne"), draft(store, new, delegate="Bruno", date="2026-11-26")
    post = visits.set_workstation(store, second, None, {"os": "windows"})
    (pair,) = duplicates.duplicates(store)
    assert [record["delegates"] for record in pair["records"]] == [["Anne"], ["Bruno"]]
    assert [record["visits"] for record in pair["records"]] == [1, 1]
    duplicates.merge(store, old, new)
    assert duplicates.duplicates(store) == []
    assert [p["id"] for p in visits.list_practices(store)] == [old]
    assert {v["practice"]["id"] for v in visits.list_visits(store)} == {old}
    assert {v["id"] for v in visits.show_practice(store, old)["visits"]} == {first, second}
    shown = visits.show_visit(store, second)["practice"]
    assert (shown["name"], shown["city"]) == ("Tilleuls", "Laval"), "what only the other knew is taken over"
    assert [w["id"] for w in visits.show_visit(store, first)["workstations"]] == [post]
    visits.set_workstation(store, first, post, {"os": "macos"})
    visits.set_visit(store, second, {"practice.city": "Le Mans"})
    assert store.get("practice", old)["city"] == "Le Mans"
    assert duplicates.merged(store) == [{"id": new, "name": "Les Tilleuls", "into": "Tilleuls"}]
    duplicates.separate(store, new)
    assert [w["id"] for w in visits.show_visit(store, first)["workstations"]] == []
    assert {p["id"] for p in visits.list_practices(store)} == {old, new}


def test_a_practice_merged_twice_stands_for_all(store: FieldStore) -> None:
    a, b, c = (practice(store, name="Tilleuls", rpps=RPPS) for _time in range(3))
    visit = draft(store, a)
    assert len(pairs(store)) == 3
    duplicates.merge(store, b, a)
    duplicates.merge(store, c, b)
    assert visits.practice_of(store, visit) == c
    assert [v.id for v in store.of_practice("visit", b)] == [visit]
    assert pairs(store) == []


def test_two_things_are_asked_about_once(store: FieldStore) -> None:
    made = [practice(store, name="Tilleuls", rpps=RPPS) for _time in range(2)]
    duplicates.tell_apart(store, made[0], made[1])
    assert pairs(store) == []


def test_a_visit_whose_practice_is_not_here_is_no_duplicate(store: FieldStore) -> None:
    first, second = practice(store), practice(store)
    for _time in range(2):
        draft(store, first)
        draft(store, second)
    store.database.execute("DELETE FROM record WHERE id = ?", [first])  # as an erasure leaves it
    assert all(first not in pair for pair in pairs(store))


def test_two_who_merge_either_way_lose_nothing(registry: Any, tmp_path: Any) -> None:
    anne, bruno = (Laptop.of(tmp_path, registry, user, "dept:72") for user in ("anne", "bruno"))
    hers = anne.practice(name="Tilleuls", rpps=RPPS)
    his = bruno.practice(name="Tilleuls", rpps=RPPS)
    visit = draft(anne.store, hers)
    for laptop in (anne, bruno, anne):
        laptop.sync()
    assert pairs(anne.store) == pairs(bruno.store) == [[hers, his]]
    assert sync.status(anne.store)["duplicates"] == 1, "noted when something came"
    duplicates.merge(anne.store, hers, his)
    assert duplicates.note(anne.store) == []
    assert sync.status(anne.store)["duplicates"] == 0
    duplicates.merge(bruno.store, his, hers)
    for laptop in (anne, bruno, anne, bruno):
        laptop.sync()
    for laptop in (anne, bruno):
        assert visits.list_visits(laptop.store)[0]["practice"]["id"] == hers
        assert pairs(laptop.store) == [[hers, his]], "both were put away: it is asked again"
    duplicates.merge(anne.store, his, hers)
    anne.sync()
    bruno.sync()
    assert [p["id"] for p in visits.list_practices(bruno.store)] == [his]
    assert visits.practice_of(bruno.store, visit) == his
    assert pairs(bruno.store) == []
    anne.store.close()
    bruno.store.close()


def test_two_drafts_of_a_day_become_one(registry: Any, tmp_path: Any) -> None:
    anne, bruno = (Laptop.of(tmp_path, registry, user, "dept:72") for user in ("anne", "bruno"))
    there = anne.practice(name="Tilleuls")
    anne.sync()
    bruno.sync()
    hers, his = draft(anne.store, there), draft(bruno.store, there, time="09:30")
    draft(anne.store, there, delegate="Anne")
    visits.add_part(bruno.store, his, "note", {"text": "Lecteur à changer."})
    for laptop in (anne, bruno, anne):
        laptop.sync()
    assert [hers, his] in pairs(anne.store)
    assert len(pairs(anne.store)) == 2, "two visits of one delegate on a day are two"
    for laptop in (anne, bruno):
        duplicates.merge(laptop.store, hers, his)
    for laptop in (anne, bruno, anne):
        laptop.sync()
    for laptop in (anne, bruno):
        shown = visits.show_visit(laptop.store, hers)
        assert [note["text"] for note in shown["notes"]] == ["Lecteur à changer."]
        assert shown["time"] == "09:30"
        assert laptop.store.get("visit", his).archived
    told = sync.conflicts(anne.store)
    assert {(c["kind"], c["target"]["id"]) for c in told} == {("edit-archived", his)}, "put away by both"
    anne.store.close()
    bruno.store.close()


def test_only_what_is_alike_can_be_merged(store: FieldStore) -> None:
    one = practice(store, name="Tilleuls")
    for other in (one, draft(store, one), "nothing"):
        with pytest.raises(KnownError) as caught:
            duplicates.merge(store, one, other)
        assert caught.value.code == "not-alike"
    done, two = draft(store, one), draft(store, one)
    visits.finalise(store, done)
    with pytest.raises(KnownError) as caught:
        duplicates.merge(store, two, done)
    assert caught.value.code == "visit-finalised"


@given(links=st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), max_size=6))
def test_whatever_was_merged_every_practice_has_one_that_stands_for_it(
    tmp_path_factory: pytest.TempPathFactory, links: list[tuple[int, int]]
) -> None:
    store = FieldStore.open(tmp_path_factory.mktemp("merge") / "x.db", KEY)
    made = [practice(store, name=str(n), rpps=RPPS) for n in range(5)]
    for one, other in links:
        with store.changeset("x") as c:
            c.set("practice", made[one], {"merged_into": made[other] if one != other else None})
    visit = draft(store, made[0])
    roots = duplicates.roots(store)
    for identity in made:
        assert roots[roots[identity].id].id == roots[identity].id
        same = [other for other in made if roots[other].id == roots[identity].id]
        found = {v.id for v in store.of_practice("visit", identity)}
        assert found == ({visit} if made[0] in same else set())
    store.close()
