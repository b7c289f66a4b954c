"""Sums of scopes: they tell at once what a laptop lacks, and ranges lead to it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, text

from fieldkit.registry import database
from fieldkit.registry.database import connect, reading
from fieldkit.sync.protocol import LAST_ID, SUM_SPACE, record_sum
from tests.registry.caller import Caller, lines_of, problem_of
from tests.registry.live import LiveRegistry, sqlite_url


@pytest.fixture
def anne(registry: LiveRegistry) -> Iterator[Caller]:
    with Caller(registry.url, registry.token("anne", "dept:72")) as caller:
        yield caller


def summed(records: list[Any]) -> int:
    """The sum as a laptop makes it, from what it pulled."""
    return (
        sum(record_sum(r["t"], r["i"], r["rev"], r["d"], r["st"], r.get("a", False)) for r in records)
        % SUM_SPACE
    )


def digest(caller: Caller, **wanted: Any) -> list[Any]:
    answer = caller.post("/digest", [{"scope": "dept:72", **wanted}])
    assert answer.status_code == 200, answer.text
    return lines_of(answer)


def test_a_scope_is_summed_up_as_its_reader_does(anne: Caller) -> None:
    made = [anne.create(name=str(n), of_tomorrow={"b": 1.5, "a": [None, "é"]}) for n in range(9)]
    anne.push((1, made))
    anne.push((2, [anne.set(made[3], city=(None, "Laval", None))]))
    archive = {**anne.set(made[4]), "op": "archive"}
    anne.push((3, [archive]))
    records, trailers = anne.pull({"dept:72": 0})
    assert (trailers["dept:72"]["n"], trailers["dept:72"]["sum"]) == (9, summed(records))
    told = anne.post("/session", [{"cursors": {}}]).json()["scopes"][0]
    assert (told["n"], told["sum"]) == (9, summed(records))


def test_parts_lead_to_the_record_that_is_lacking(anne: Caller) -> None:
    made = [anne.create(name=str(n)) for n in range(100)]
    anne.push((1, made))
    records, _trailers = anne.pull({"dept:72": 0})
    lost = records.pop(42)
    after, upto = "", LAST_ID
    while True:
        parts = digest(anne, after=after, upto=upto, parts=4)
        assert [p["after"] for p in parts] == [after, *(p["upto"] for p in parts[:-1])]
        assert parts[-1]["upto"] == upto
        (bad,) = [p for p in parts if p["sum"] != summed(inside(records, p))]
        after, upto = bad["after"], bad["upto"]
        if bad["n"] <= 2:
            break
    *found, last = digest(anne, after=after, upto=upto, records=True)
    assert lost in found
    assert (last["n"], last["sum"], last["upto"]) == (len(found), summed(found), upto)


def inside(records: list[Any], part: Any) -> list[Any]:
    return [r for r in records if part["after"] < r["i"] <= part["upto"]]


def test_records_of_a_range_fill_a_page_and_go_on(anne: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    anne.push((1, [anne.create(name=str(n)) for n in range(5)]))
    monkeypatch.setattr("fieldkit.registry.digest.PAGE_RECORDS", 2)
    after, seen = "", []
    for _page in range(3):
        *records, last = digest(anne, after=after, records=True)
        seen += [r["d"]["name"] for r in records]
        after = last["upto"]
    assert sorted(seen) == ["0", "1", "2", "3", "4"]
    assert after == LAST_ID


def test_an_empty_scope_has_one_empty_part(anne: Caller) -> None:
    assert digest(anne, scope="user:me") == [{"k": "d", "after": "", "upto": LAST_ID, "n": 0, "sum": 0}]


@pytest.mark.parametrize("scope", ["dept:44", "user:bruno", "", "dept:72' OR 1=1 --"])
def test_a_foreign_scope_is_not_summed_up(registry: LiveRegistry, anne: Caller, scope: str) -> None:
    registry.token("bruno", "dept:44")
    answer = anne.post("/digest", [{"scope": scope}])
    assert (answer.status_code, problem_of(answer)) == (403, "scope-denied")


@pytest.mark.parametrize("wanted", [{"parts": 0}, {"parts": 10**6}, {"after": "z"}, {"upto": "a" * 99}])
def test_a_range_has_a_form(anne: Caller, wanted: dict[str, Any]) -> None:
    assert problem_of(anne.post("/digest", [{"scope": "dept:72", **wanted}])) == "malformed"


def test_a_registry_of_before_is_summed_up_when_it_is_brought_up_to_date(tmp_path: Path) -> None:
    engine = create_engine(sqlite_url(tmp_path, "old.db"))
    config = Config()
    config.set_main_option("script_location", str(Path(database.__file__).with_name("migrations")))
    with engine.begin() as db:
        config.attributes["connection"] = db
        command.upgrade(config, "0001")
        db.execute(text("INSERT INTO meta VALUES (1, 'before')"))
        db.execute(text("INSERT INTO scope VALUES ('dept:72', 1)"))
        db.execute(
            text("INSERT INTO record VALUES ('dept:72', 'x', 'visit', 1, 1, :doc, '{}', 0)"),
            {"doc": '{"a": 1}'},
        )
    engine.dispose()
    today = connect(sqlite_url(tmp_path, "old.db"))
    with reading(today) as db:
        (row,) = db.execute(text("SELECT head, n, sum FROM scope"))
        assert tuple(row) == (1, 1, record_sum("visit", "x", 1, {"a": 1}, {}, False))
        assert db.scalar(text("SELECT sum FROM record")) == row.sum
        assert database.epoch(db) == "before"
    today.dispose()
