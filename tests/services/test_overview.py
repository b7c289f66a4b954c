"""The dashboard's numbers and its lists: what counts, once, as narrow as one wants it."""

from __future__ import annotations

import datetime as dt

import pytest

from fieldkit.services import editions, lists, visits
from fieldkit.services.narrowing import KINDS, Narrowing
from fieldkit.services.overview import Share, overview
from fieldkit.store.fieldwork import FieldStore

TODAY = dt.date(2026, 11, 25)
ADDENDUM_8 = ("addendum 8", "taux de déploiement")
APP_USERS = ("appli carte Vitale", "professionnels de santé utilisateurs")
READERS = ("PRO-PS", "postes équipés de lecteurs à jour")
SYSTEMS = ("PRO-PS", "postes PS avec OS à jour")


def made(store: FieldStore, name: str, department: str, profession: str, days: int = 0) -> str:
    about = {"department": department, "profession": profession, "city": "Le Mans"}
    return visits.new_visit(store, practice=name, date=TODAY + dt.timedelta(days), about=about)[0]


@pytest.fixture
def three(store: FieldStore) -> tuple[str, str, str]:
    doctors = made(store, "Médecins", "72", "médecins généralistes", -40)
    nurses = made(store, "Infirmières", "72", "infirmières", -2)
    pharmacy = made(store, "Pharmacie", "44", "pharmaciens", 3)
    reader = {"card_reader_kind": "standard-pcsc", "card_reader_pcsc": "active"}
    visits.set_workstation(store, doctors, None, {"addendum": 8, "os": "windows", **reader})
    visits.set_workstation(store, nurses, None, {"addendum": 7, "card_reader_kind": "tla"})
    visits.set_workstation(store, pharmacy, None, {})
    visits.add_part(store, doctors, "obstacle", {"theme": "apcv", "product": "Vega", "text": "Lent"})
    visits.add_part(store, pharmacy, "obstacle", {"text": "Autre"})
    visits.add_part(store, doctors, "follow_up", {"who": "ps", "by": "2026-11-20", "text": "Activer"})
    visits.set_practice(store, visits.practice_of(store, doctors), {"apcv_first_claim": "2026-10-20"})
    return doctors, nurses, pharmacy


def test_one_s_own_is_counted_among_what_is_known(store: FieldStore, three: tuple[str, str, str]) -> None:
    seen = overview(store, TODAY)
    assert seen.own[ADDENDUM_8] == Share(1, 2)
    assert seen.own[APP_USERS] == Share(1, 3)
    assert seen.own[READERS] == Share(1, 2)
    assert seen.own[SYSTEMS] == Share(0, 0)  # the sources do not publish that criterion
    assert dict(seen.departments) == {"72": 2, "44": 1}
    assert (dict(seen.products), dict(seen.obstacles)) == ({"Vega": 1}, {"apcv": 1, "": 1})
    assert seen.choices == (("44", "72"), ("médecins", "pharmaciens", "auxiliaires médicaux"))


@pytest.mark.parametrize(
    ("chosen", "names"),
    [
        (Narrowing(department="72"), {"Médecins", "Infirmières"}),
        (Narrowing(profession="auxiliaires médicaux"), {"Infirmières"}),
        (Narrowing(since=TODAY - dt.timedelta(30)), {"Infirmières", "Pharmacie"}),
        (Narrowing("72", "médecins", TODAY - dt.timedelta(30)), set()),
    ],
)
def test_everything_is_as_narrow_as_what_is_chosen(
    store: FieldStore, three: tuple[str, str, str], chosen: Narrowing, names: set[str]
) -> None:
    seen = overview(store, TODAY, chosen)
    assert {row["practice"]["name"] for row in seen.visits} == names
    assert seen.total == sum(seen.readiness.values()) == sum(seen.departments.values()) == len(names)
    assert len(seen.follow_ups) == ("Médecins" in names)
    assert len(lists.listing(store, "practices", TODAY, chosen).lines) == len(names)
    assert seen.choices == overview(store, TODAY).choices


def test_what_an_edition_replaces_does_not_count_twice(
    store: FieldStore, three: tuple[str, str, str]
) -> None:
    doctors = three[0]
    visits.finalise(store, doctors)
    before = overview(store, TODAY)
    second = editions.correct(store, doctors)
    after = overview(store, TODAY)
    assert (after.total, after.open_follow_ups, after.late_follow_ups) == (3, 1, 1)
    assert (after.obstacles, after.own) == (before.obstacles, before.own)
    assert after.due == 1  # a correction is not a visit that is late
    assert {action["visit"] for action in after.follow_ups} == {second}
    visits.set_visit(store, second, {"date": "2026-10-01"})  # earlier than what it corrects
    assert overview(store, TODAY).readiness == before.readiness


def test_a_follow_up_that_is_done_leaves_the_dashboard_and_stays_in_the_list(
    store: FieldStore, three: tuple[str, str, str]
) -> None:
    visits.finalise(store, three[0])
    (action,) = overview(store, TODAY).follow_ups
    visits.set_part(store, "follow_up", action["id"], {"done": True})
    assert overview(store, TODAY).open_follow_ups == 0
    (line,) = lists.listing(store, "follow_ups", TODAY).lines
    assert list(line.cells[:4]) == ["2026-11-20", "Activer", "professionnel de santé", "Fait"]


@pytest.mark.parametrize("kind", KINDS)
def test_every_line_has_a_cell_for_each_column_and_a_visit(
    store: FieldStore, three: tuple[str, str, str], kind: str
) -> None:
    listing = lists.listing(store, kind, TODAY)
    assert listing.lines
    assert all(len(line.cells) == len(listing.columns) for line in listing.lines)
    assert {line.visit for line in listing.lines} <= set(three)


def test_lists_tell_what_is_late_and_what_is_not_known(
    store: FieldStore, three: tuple[str, str, str]
) -> None:
    states = {line.cells[2]: line.cells[6] for line in lists.listing(store, "visits", TODAY).lines}
    assert states == {"Médecins": "En retard", "Infirmières": "En retard", "Pharmacie": "Brouillon"}
    practices = {line.cells[0]: line.cells for line in lists.listing(store, "practices", TODAY).lines}
    assert practices["Médecins"][-1] == "2026-10-20"
    assert practices["Pharmacie"][-1] is None
    assert practices["Pharmacie"][4] is None
