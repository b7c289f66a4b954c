"""A visit from its beginning to its freezing."""

from __future__ import annotations

import datetime as dt

import pytest

from fieldkit.errors import KnownError
from fieldkit.services import visits
from fieldkit.store.fieldwork import FieldStore

READY = {
    "os": "windows",
    "software": "Vega",
    "addendum": "8",
    "card_reader_kind": "standard-pcsc",
    "card_reader_pcsc": "active",
    "qr_reader": "douchette",
    "apcv_setting": "on",
    "internet": "yes",
    "pro_card": "cps3",
}


@pytest.fixture
def visit(store: FieldStore) -> str:
    about = {"rpps": "10003456786", "finess": "750100125", "department": "72", "profession": "médecins"}
    return visits.new_visit(store, practice="Cabinet des Tilleuls", about=about)[0]


def test_a_new_visit_is_a_draft_of_today_in_its_department(store: FieldStore, visit: str) -> None:
    shown = visits.show_visit(store, visit)
    assert shown["state"] == "draft"
    assert shown["scope"] == "dept:72"
    assert shown["date"] == dt.date.today().isoformat()
    assert shown["practice"]["name"] == "Cabinet des Tilleuls"
    assert shown["workstations"] == shown["notes"] == []
    (listed,) = visits.list_visits(store)
    assert (listed["id"], listed["practice"]["name"]) == (visit, "Cabinet des Tilleuls")


def test_without_a_department_a_visit_is_private(store: FieldStore) -> None:
    made, _practice = visits.new_visit(store, practice="Cabinet du Port")
    assert visits.show_visit(store, made)["scope"] == visits.PRIVATE


def test_a_known_practice_is_visited_again(store: FieldStore, visit: str) -> None:
    practice = visits.practice_of(store, visit)
    again, same = visits.new_visit(store, practice_id=practice, about={"profession": "pharmaciens"})
    assert same == practice
    assert visits.show_visit(store, again)["practice"]["profession"] == "pharmaciens"
    assert len(visits.show_practice(store, practice)["visits"]) == 2


@pytest.mark.parametrize(
    ("practice", "about", "code"),
    [
        ("", {}, "practice-unnamed"),
        ("Cabinet", {"rpps": "10003456785"}, "rpps-invalid"),
        ("Cabinet", {"finess": "123456789"}, "finess-invalid"),
    ],
)
def test_a_wrong_practice_makes_no_visit(
    store: FieldStore, practice: str, about: dict[str, str | None], code: str
) -> None:
    with pytest.raises(KnownError) as caught:
        visits.new_visit(store, practice=practice, about=about)
    assert caught.value.code == code
    assert visits.list_visits(store) == visits.list_practices(store) == []


def test_a_workstation_gets_its_facts_one_by_one(store: FieldStore, visit: str) -> None:
    workstation = visits.set_workstation(store, visit, None, {"os": "windows"})
    assert visits.set_workstation(store, visit, workstation, READY) == workstation
    (shown,) = visits.show_visit(store, visit)["workstations"]
    assert shown["name"] == "Poste 1"
    assert shown["addendum"] == 8


def test_the_verdict_follows_the_facts(store: FieldStore, visit: str) -> None:
    workstation = visits.set_workstation(store, visit, None, {"os": "windows"})
    assert visits.verdict(store, visit)["workstations"][0]["apcv"] == "unknown"
    visits.set_workstation(store, visit, workstation, {**READY, "addendum": "7"})
    assert visits.verdict(store, visit)["workstations"][0]["apcv"] == "not-yet"
    visits.set_workstation(store, visit, workstation, READY)
    (verdict,) = visits.verdict(store, visit)["workstations"]
    assert verdict["apcv"] == "ready"
    assert verdict["shortest_path"] == []


def test_parts_are_added_written_and_put_away(store: FieldStore, visit: str) -> None:
    note = visits.add_part(store, visit, "note", {"text": "Bon accueil"})
    obstacle = {"theme": "ins", "gravity": "high", "text": "INSi lent"}
    visits.add_part(store, visit, "obstacle", obstacle)
    visits.add_part(store, visit, "follow_up", {"who": "editeur", "by": "2026-12-31", "text": "Passer en 8"})
    visits.set_part(store, "note", note, {"text": "Très bon accueil"})
    shown = visits.show_visit(store, visit)
    assert shown["notes"][0]["text"] == "Très bon accueil"
    assert shown["obstacles"][0]["theme"] == "ins"
    assert shown["follow_ups"][0]["who"] == "editeur"
    visits.archive(store, "note", note)
    assert visits.show_visit(store, visit)["notes"] == []
    visits.archive(store, "note", note, back=True)
    assert len(visits.show_visit(store, visit)["notes"]) == 1


def test_fields_of_the_visit_and_of_its_practice(store: FieldStore, visit: str) -> None:
    changes = visits.set_visit(store, visit, {"date": "2026-11-20", "practice.city": "Le Mans"})
    assert changes.touches("visit")
    assert changes.touches("practice")
    shown = visits.show_visit(store, visit)
    assert (shown["date"], shown["practice"]["city"]) == ("2026-11-20", "Le Mans")


def test_finalising_freezes_what_was_found(store: FieldStore, visit: str) -> None:
    workstation = visits.set_workstation(store, visit, None, READY)
    gaps = visits.finalise(store, visit)
    assert [gap["step"] for gap in gaps] == ["tests", "workstations"]
    assert "faits manquent au verdict" in gaps[-1]["text"]
    assert visits.show_visit(store, visit)["state"] == "waiting"
    later, _practice = visits.new_visit(store, practice_id=visits.practice_of(store, visit))
    visits.set_workstation(store, later, workstation, {"addendum": "7"})
    assert visits.show_visit(store, visit)["workstations"][0]["addendum"] == 8
    assert visits.verdict(store, visit)["workstations"][0]["apcv"] == "ready"
    assert visits.verdict(store, later)["workstations"][0]["apcv"] == "not-yet"


def test_a_finalised_visit_says_no_to_everything(store: FieldStore, visit: str) -> None:
    note = visits.add_part(store, visit, "note", {"text": "Vu"})
    visits.finalise(store, visit)
    for change in (
        lambda: visits.finalise(store, visit),
        lambda: visits.set_workstation(store, visit, None, READY),
        lambda: visits.add_part(store, visit, "note", {"text": "Encore"}),
        lambda: visits.set_part(store, "note", note, {"text": "Encore"}),
        lambda: visits.set_visit(store, visit, {"date": "2026-01-01"}),
    ):
        with pytest.raises(KnownError) as caught:
            change()
        assert caught.value.code == "visit-finalised"


def test_an_empty_visit_says_what_is_missing(store: FieldStore) -> None:
    made, _practice = visits.new_visit(store, practice="Cabinet du Port")
    steps = [gap["step"] for gap in visits.missing(store, made)]
    assert steps == ["practice", "practice", "practice", "practice", "workstations", "tests"]


def test_visits_are_listed_newest_first_and_by_state(store: FieldStore, visit: str) -> None:
    old, _practice = visits.new_visit(store, practice="Ancien", date=dt.date(2020, 1, 1))
    assert [v["id"] for v in visits.list_visits(store)] == [visit, old]
    visits.finalise(store, old)
    assert [v["id"] for v in visits.list_visits(store, "draft")] == [visit]
    assert [v["id"] for v in visits.list_visits(store, "waiting")] == [old]


def test_nothing_moves_to_another_practice_or_visit(store: FieldStore) -> None:
    here, practice = visits.new_visit(store, practice="Ici")
    there, other = visits.new_visit(store, practice="Là")
    workstation = visits.set_workstation(store, here, None, {"addendum": 7})
    note = visits.add_part(store, here, "note", {"text": "Ici."})
    for write in (
        lambda: visits.set_workstation(store, there, workstation, {"addendum": 8}),
        lambda: visits.set_workstation(store, here, workstation, {"practice": other}),
        lambda: visits.set_part(store, "note", note, {"visit": there}),
        lambda: visits.set_visit(store, here, {"practice": other}),
    ):
        with pytest.raises(KnownError, match="autre cabinet"):
            write()
    visits.set_workstation(store, here, workstation, {"practice": practice, "addendum": 8})
    assert [w["addendum"] for w in visits.show_visit(store, here)["workstations"]] == [8]
