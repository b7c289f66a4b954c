"""Sync as the window and the command line use it: address, status, conflicts and how they are settled."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fieldkit.domain.clock import now_ms
from fieldkit.errors import KnownError
from fieldkit.services import sync, visits
from fieldkit.store import changes
from fieldkit.store.fieldwork import FieldStore
from fieldkit.sync import protocol
from tests.registry.live import LiveRegistry, live_registry, sqlite_url
from tests.sync.laptop import Laptop


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[LiveRegistry]:
    with live_registry(sqlite_url(tmp_path)) as running:
        yield running


@pytest.fixture
def two(registry: LiveRegistry, tmp_path: Path) -> Iterator[tuple[Laptop, Laptop, str]]:
    """Two laptops that have the same practice."""
    anne, bruno = (Laptop.of(tmp_path, registry, user, "dept:72") for user in ("anne", "bruno"))
    practice = anne.practice(name="Tilleuls", city="Tours", rpps="10101514767")
    anne.sync()
    bruno.sync()
    yield anne, bruno, practice
    anne.store.close()
    bruno.store.close()


def apart(two: tuple[Laptop, Laptop, str], field: str, first: Any, second: Any) -> dict[str, Any]:
    """A conflict about a field, as Anne sees it: Bruno wrote `second` later than she wrote `first`."""
    anne, bruno, practice = two
    anne.write(practice, **{field: first})
    bruno.write(practice, **{field: second})
    for laptop in (anne, bruno, anne):
        laptop.sync()
    (conflict,) = [c for c in sync.conflicts(anne.store) if c["field"] == field]
    return conflict


def test_without_an_address_nothing_is_synced(store: FieldStore) -> None:
    with pytest.raises(KnownError) as caught:
        sync.run(store)
    assert caught.value.code == "registry-not-set"
    with pytest.raises(KnownError) as caught:
        sync.run(store, "https://registre.example")
    assert caught.value.code == "registry-not-set"
    status = sync.status(store)
    assert (status["registry"], status["last_success"], status["waiting"]) == (None, None, [])


def test_an_address_or_token_that_cannot_be_is_not_kept(store: FieldStore) -> None:
    for url, token in [("registre.example", "fk_x"), ("https://registre.example", " \n")]:
        with pytest.raises(KnownError):
            sync.configure(store, url, token)
    assert sync.status(store)["registry"] is None


def test_another_registry_can_be_used_once(registry: LiveRegistry, store: FieldStore) -> None:
    sync.configure(store, "https://registre.invalid", registry.token("anne"))
    assert sync.run(store, registry.url)["pushed"] == 0
    assert sync.status(store)["registry"] == "https://registre.invalid"


def test_status_tells_what_waits_and_why(registry: LiveRegistry, store: FieldStore) -> None:
    visits.new_visit(store, practice="Tilleuls", about={"department": "72"})
    (item,) = sync.status(store)["waiting"]
    assert (item["label"], item["tries"], item["reason"]) == ("Nouvelle visite", 0, None)
    assert item["bytes"] > 200
    sync.configure(store, registry.url, "fk_wrong")
    with pytest.raises(KnownError):
        sync.run(store)
    status = sync.status(store)
    assert status["last_trouble"]["code"] == "token-unknown"
    sync.configure(store, registry.url, registry.token("anne", "dept:72"))
    assert sync.run(store)["pushed"] == 1
    status = sync.status(store)
    assert (status["user"], status["waiting"], status["last_trouble"]) == ("anne", [], None)
    assert status["last_success"]


def test_each_side_sees_its_own_value_as_ours(two: tuple[Laptop, Laptop, str]) -> None:
    anne, bruno, practice = two
    hers = apart(two, "city", "Laval", "Le Mans")
    assert hers["target"] == {"type": "practice", "id": practice, "name": "Tilleuls"}
    assert (hers["label"], hers["kind"], hers["base"], hers["settled"]) == ("Commune", "soft", "Tours", True)
    assert (hers["ours"], hers["theirs"], hers["stands"]) == ("Laval", "Le Mans", "theirs")
    assert hers["who"] == {"ours": "anne", "theirs": "bruno"}
    (his,) = sync.conflicts(bruno.store)
    assert (his["ours"], his["theirs"], his["stands"]) == ("Le Mans", "Laval", "ours")
    assert his["when"] == {"ours": hers["when"]["theirs"], "theirs": hers["when"]["ours"]}
    assert anne.sync()["conflicts"] == 0, "soft ones wait for nobody"


@pytest.mark.parametrize(
    ("choice", "value"), [("ours", "Laval"), ("theirs", "Le Mans"), ("Angers", "Angers"), ("", None)]
)
def test_a_conflict_is_settled_everywhere(
    two: tuple[Laptop, Laptop, str], choice: str, value: str | None
) -> None:
    anne, bruno, practice = two
    conflict = apart(two, "city", "Laval", "Le Mans")
    changes = sync.settle(anne.store, conflict["id"], choice)
    assert changes.touches("practice") == (choice != "theirs")
    anne.sync()
    bruno.sync()
    assert {laptop.store.get("practice", practice)["city"] for laptop in (anne, bruno)} == {value}
    assert len(sync.conflicts(bruno.store)) == 1


def test_one_about_an_identity_waits_for_a_person(two: tuple[Laptop, Laptop, str]) -> None:
    anne, bruno, _practice = two
    conflict = apart(two, "rpps", None, "10003456786")
    assert (conflict["kind"], conflict["settled"], conflict["ours"]) == ("review", False, None)
    assert anne.sync()["conflicts"] == 1
    assert sync.status(bruno.store)["conflicts"] == 1
    with pytest.raises(KnownError):
        sync.settle(anne.store, conflict["id"], "12345678901")
    assert sync.status(anne.store)["conflicts"] == 1
    sync.settle(anne.store, conflict["id"], "theirs")
    anne.sync()
    assert bruno.sync()["conflicts"] == 0


def test_open_ones_come_first(two: tuple[Laptop, Laptop, str]) -> None:
    apart(two, "rpps", None, "10003456786")
    apart(two, "city", "Laval", "Le Mans")
    assert [c["settled"] for c in sync.conflicts(two[0].store)] == [False, True]


def test_archived_against_edited_has_two_issues(two: tuple[Laptop, Laptop, str]) -> None:
    anne, bruno, practice = two
    with anne.store.changeset("Retiré") as c:
        c.archive("practice", practice)
    bruno.write(practice, city="Laval")
    for laptop in (anne, bruno, anne):
        laptop.sync()
    (conflict,) = sync.conflicts(bruno.store)
    assert (conflict["label"], conflict["ours"], conflict["theirs"]) == ("Fiche retirée", False, True)
    with pytest.raises(KnownError) as caught:
        sync.settle(bruno.store, conflict["id"], "Laval")
    assert caught.value.code == "conflict-choice"
    sync.settle(bruno.store, conflict["id"], "theirs")
    assert bruno.store.get("practice", practice).archived
    sync.settle(bruno.store, conflict["id"], "ours")
    bruno.sync()
    anne.sync()
    assert not anne.store.get("practice", practice).archived


@pytest.mark.parametrize(
    ("hours", "said"), [(3, "retarde de 180 minutes"), (-2, "avance de 120 minutes"), (0, None)]
)
def test_a_clock_that_is_wrong_is_told_and_keeps_nothing_back(
    registry: LiveRegistry, store: FieldStore, monkeypatch: pytest.MonkeyPatch, hours: int, said: str | None
) -> None:
    visits.new_visit(store, practice="Tilleuls", about={"department": "72"})
    sync.configure(store, registry.url, registry.token("anne", "dept:72"))
    moved = now_ms() + hours * 3_600_000
    monkeypatch.setattr("fieldkit.registry.pull.now_ms", lambda: moved)
    assert sync.run(store)["pushed"] == 1
    told = sync.status(store)["clock"]
    assert (told is None) if said is None else (said in told)


def test_a_conflict_that_is_not_there(store: FieldStore) -> None:
    with pytest.raises(KnownError) as caught:
        sync.settle(store, "nothing", "ours")
    assert caught.value.code == "record-missing"


def test_laptop_and_wire_speak_of_the_same() -> None:
    assert visits.PRIVATE == protocol.PRIVATE
    oldest, newest = protocol.SCHEMAS
    assert oldest <= changes.SCHEMA == newest
