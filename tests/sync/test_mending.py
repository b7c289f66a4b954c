"""A copy that was damaged on the disk is found by its sum and mended, and what was typed on top of it stays."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fieldkit.services import sync
from fieldkit.store import outbox
from fieldkit.store.replica import Replica
from fieldkit.sync import mending
from fieldkit.sync.protocol import LAST_ID, DigestRequest
from tests.registry.live import LiveRegistry
from tests.sync.laptop import Laptop, in_step


def mend(laptop: Laptop) -> int:
    return int(sync.run(laptop.store, check=True)["mended"])


def test_a_damaged_a_lost_and_an_invented_row_are_mended(registry: LiveRegistry, anne: Laptop) -> None:
    first, second, third = (anne.practice(name=name) for name in "abc")
    anne.sync()
    assert mend(anne) == 0
    anne.write(third, city="Laval")
    execute = anne.store.database.execute
    execute("UPDATE record SET doc = json_set(doc, '$.name', 'z') WHERE id = ?", [first])
    execute("DELETE FROM record WHERE id = ?", [second])
    invented = third[:-1] + ("0" if third[-1] != "0" else "1")
    execute(
        "INSERT INTO record (type, id, scope, doc, stamps, rev) SELECT type, ?, scope, doc, stamps, 9 FROM record "
        "WHERE id = ?",
        [invented, third],
    )
    assert anne.sync()["mended"] == 0, "once a day"
    anne.store.database.execute("UPDATE record SET server = NULL, doc = '{}' WHERE id = ?", [third])
    assert mend(anne) == 4
    assert mend(anne) == 0
    assert anne.store.get("practice", first)["name"] == "a"
    assert anne.store.get("practice", second)["name"] == "b"
    assert anne.store.get("practice", third)["city"] == "Laval"
    assert invented not in anne.rows()
    assert in_step(registry, anne)


def test_a_record_that_the_registry_lacks_keeps_what_was_typed_in_it(
    registry: LiveRegistry, anne: Laptop
) -> None:
    anne.practice(name="a")
    anne.sync()
    lost = anne.practice(name="b")
    anne.store.database.execute("UPDATE record SET rev = 3 WHERE id = ?", [lost])
    assert Replica(anne.store.database).mend("dept:72", ("", LAST_ID), []) == 2
    assert [r["name"] for r in anne.store.of("practice")] == ["b"]
    assert mend(anne) == 1
    assert [r["name"] for r in anne.store.of("practice")] == ["a", "b"]
    assert in_step(registry, anne)


@pytest.mark.parametrize("few", [1, 3])
def test_only_what_differs_is_asked_for(
    registry: LiveRegistry, anne: Laptop, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    made = [anne.practice(name=str(n)) for n in range(60)]
    anne.sync()
    monkeypatch.setattr(mending, "FEW", few)
    monkeypatch.setattr("fieldkit.registry.digest.PAGE_RECORDS", 2)
    asked: list[int] = []

    def counted(*args: object, **how: object) -> object:
        asked.append(bool(how.get("records")))
        return DigestRequest(*args, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(mending, "DigestRequest", counted)
    for one in (made[3], made[50]):
        anne.store.database.execute("DELETE FROM record WHERE id = ?", [one])
    assert mend(anne) == 2
    assert len(asked) < 16
    assert in_step(registry, anne)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_any_damage_is_mended(registry: LiveRegistry, anne: Laptop, data: st.DataObject) -> None:
    if len(anne.rows()) < 12:
        for n in range(12):
            anne.practice(name=str(n))
        anne.sync()
    whole = sorted(row for row in anne.rows())
    gone = data.draw(st.sets(st.sampled_from(whole), max_size=6))
    changed = data.draw(st.sets(st.sampled_from(whole), max_size=6)) - gone
    for one in gone:
        anne.store.database.execute("DELETE FROM record WHERE id = ?", [one])
    for one in changed:
        anne.store.database.execute("UPDATE record SET doc = '{}', rev = rev + 1 WHERE id = ?", [one])
    assert mend(anne) == len(gone) + len(changed)
    assert in_step(registry, anne)
    assert outbox.counts(anne.store.database)["pending"] == 0
