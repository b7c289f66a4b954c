"""What the window asks of an open visit, and of one that is being begun."""

from __future__ import annotations

import datetime as dt

import pytest

from fieldkit.errors import KnownError
from fieldkit.hardware import components, inventory
from fieldkit.hardware.components import Component
from fieldkit.services import this_computer, visit_desk, visits
from fieldkit.store.fieldwork import FieldStore


@pytest.fixture
def visit(store: FieldStore) -> str:
    return visit_desk.begin(store, {"name": "Cabinet du Port", "department": "72"}, delegate="Camille")


def test_an_open_visit_shows_its_gaps_its_verdict_and_the_visits_before(
    store: FieldStore, visit: str
) -> None:
    practice = visits.practice_of(store, visit)
    before = visit_desk.begin(store, {"name": ""}, practice_id=practice, date=dt.date(2020, 1, 1))
    shown = visit_desk.open_visit(store, visit)
    assert shown["apcv"] == "unknown"
    assert [gap["field"] for gap in shown["gaps"]] == ["rpps", "finess", "profession", "", ""]
    assert [earlier["id"] for earlier in shown["earlier"]] == [before]


def test_the_worst_workstation_decides_on_the_practice() -> None:
    def verdict(*apcv: str) -> dict[str, list[dict[str, str]]]:
        return {"workstations": [{"apcv": one} for one in apcv]}

    assert visits.overall(verdict()) == "unknown"
    assert visits.overall(verdict("ready", "ready")) == "ready"
    assert visits.overall(verdict("ready", "unknown")) == "unknown"
    assert visits.overall(verdict("unknown", "not-yet")) == "not-yet"
    assert visits.overall(verdict("not-yet", "impossible")) == "impossible"


def test_visits_are_listed_with_their_verdict_when_asked(store: FieldStore, visit: str) -> None:
    assert "apcv" not in visits.list_visits(store)[0]
    assert visits.list_visits(store, judged=True)[0]["apcv"] == "unknown"


def test_parts_and_workstations_are_made_then_written(store: FieldStore, visit: str) -> None:
    ((_type, note),) = visit_desk.write_part(store, visit, "note", None, {"text": "Un"}).records
    visit_desk.write_part(store, visit, "note", note, {"text": "Un deux"})
    ((_kind, workstation),) = visit_desk.write_workstation(store, visit, None, {}).records
    visit_desk.write_workstation(store, visit, workstation, {"os": "linux"})
    shown = visits.show_visit(store, visit)
    assert [n["text"] for n in shown["notes"]] == ["Un deux"]
    assert [w["os"] for w in shown["workstations"]] == ["linux"]


def test_a_result_is_attached_with_its_moment(store: FieldStore, visit: str) -> None:
    changes = visit_desk.attach_test(
        store, visit, kind="scanner", verdict="good", summary="Tout arrive", details={"chars": 43}
    )
    assert changes.touches("test_run")
    (run,) = visits.show_visit(store, visit)["test_runs"]
    assert (run["kind"], run["verdict"], run["details"]) == ("scanner", "good", {"chars": 43})
    assert dt.datetime.fromisoformat(run["made_at"]).tzinfo is not None


def test_a_practice_keeps_a_name_and_a_visit_its_day(store: FieldStore, visit: str) -> None:
    for fields, code in (({"practice.name": None}, "practice-unnamed"), ({"date": None}, "visit-undated")):
        with pytest.raises(KnownError) as caught:
            visits.set_visit(store, visit, fields)
        assert caught.value.code == code


def test_an_unfinished_form_is_kept_here_and_nowhere_else(store: FieldStore) -> None:
    visit_desk.keep_form(store, {"name": "Cabinet", "rpps": "100", "city": " "})
    assert visit_desk.kept_form(store) == {"name": "Cabinet", "rpps": "100"}
    assert store.database.execute("SELECT count(*) FROM outbox").fetchone()[0] == 0
    with pytest.raises(KnownError):
        visit_desk.keep_form(store, {"name": "2 69 05 49 588 157 80"})
    assert visit_desk.kept_form(store)["name"] == "Cabinet"
    visit_desk.begin(store, {"name": "Cabinet"})
    assert visit_desk.kept_form(store) == {}


def test_a_finalised_visit_is_told_as_a_change(store: FieldStore, visit: str) -> None:
    assert visit_desk.finalise(store, visit).records == {("visit", visit)}
    assert visits.show_visit(store, visit)["state"] == "waiting"


def test_this_computer_tells_what_it_knows_and_never_no(monkeypatch: pytest.MonkeyPatch) -> None:
    system = {"os": "windows", "os_version": "10.0.22631", "machine": "AMD64"}
    found = [
        Component("FSV", "/a", None),
        Component("FSV", "/b", "1.40.14"),
        Component("Cryptolib CPS", "", "5.2.2"),
        Component("MICA", "", "4.01.00"),
        Component("GALSS", "/c", None),
    ]
    monkeypatch.setattr(inventory, "operating_system", lambda: system)
    monkeypatch.setattr(components, "installed", lambda _system: found)
    facts = {
        "os": "windows",
        "os_version": "10.0.22631",
        "fsv_version": "1.40.14",
        "cryptolib_version": "5.2.2",
        "galss_leftovers": "yes",
    }
    assert this_computer.workstation_facts() == facts
    monkeypatch.setattr(components, "installed", lambda _system: [])
    assert this_computer.workstation_facts() == {"os": "windows", "os_version": "10.0.22631"}


def test_what_is_taken_back_at_once_is_undone_and_later_is_a_step_of_its_own(store: FieldStore) -> None:
    visit, _practice = visits.new_visit(store, practice="Cabinet")
    note = visits.add_part(store, visit, "note", {"text": "Ici."})
    visits.archive(store, "note", note)
    visit_desk.take_back(store, visit, "note", note)
    assert len(visits.show_visit(store, visit)["notes"]) == 1
    shown = visit_desk.open_visit(store, visit)
    assert (shown["undo"], shown["redo"]) == ("Nouvelle note", "Note retirée")
    visits.archive(store, "note", note)
    visits.set_visit(store, visit, {"delegate": "Camille"})
    visit_desk.take_back(store, visit, "note", note)
    assert len(visits.show_visit(store, visit)["notes"]) == 1
    assert visit_desk.open_visit(store, visit)["undo"] == "Remis en place"
