"""Evolution: what each app ever sent is taken, two schemas later too; what only a newer one knows is kept aside."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fieldkit.registry import admin, upcast
from fieldkit.registry.database import reading
from fieldkit.sync.protocol import SCHEMAS
from tests.registry.caller import Caller, lines_of
from tests.registry.live import LiveRegistry

RECORDED = Path(__file__).with_name("schemas")


@pytest.fixture
def anne(registry: LiveRegistry) -> Iterator[Caller]:
    with Caller(registry.url, registry.token("anne", "dept:72")) as caller:
        yield caller


def recorded(schema: int) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Changesets as the app of that schema sent them, and the records that they lead to."""
    *changesets, last = map(json.loads, (RECORDED / f"{schema}.jsonl").read_text("utf-8").splitlines())
    return changesets, last["records"]


def held(registry: LiveRegistry) -> dict[str, Any]:
    kinds = ("practice", "visit", "workstation", "equipment", "note", "obstacle", "follow_up", "test_run")
    with reading(registry.engine) as db:
        rows = [row for kind in kinds for row in admin.show(db, kind)["items"]]
    return {row["id"]: {"fields": row["fields"], "archived": row["archived"]} for row in rows}


@pytest.mark.parametrize("schema", range(SCHEMAS[0], SCHEMAS[1] + 1))
def test_what_each_app_sent_is_still_taken(registry: LiveRegistry, anne: Caller, schema: int) -> None:
    changesets, records = recorded(schema)
    assert {changeset["v"] for changeset in changesets} == {schema}
    outcomes = lines_of(anne.post("/push", changesets))
    assert [outcome["status"] for outcome in outcomes] == ["ok"] * len(changesets)
    assert held(registry) == records


def test_every_schema_has_a_step_to_the_next() -> None:
    assert set(upcast.STEPS) == set(range(SCHEMAS[0], SCHEMAS[1]))


def town(ops: list[Any]) -> list[Any]:
    """A step as one may be: a field has another name."""
    for op in ops:
        for part in (op.get("d", {}), op.get("c", {})):
            if "city" in part:
                part["town"] = part.pop("city")
    return ops


def archived(ops: list[Any]) -> list[Any]:
    """Another: what was two kinds of op is one now."""
    return [{**op, "op": "archive", "put_back": True} if op["op"] == "restore" else op for op in ops]


def test_an_app_two_schemas_older_still_pushes(
    registry: LiveRegistry, anne: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upcast, "NEWEST", 3)
    monkeypatch.setattr(upcast, "STEPS", {2: archived, 1: town})
    changesets, records = recorded(1)
    outcomes = lines_of(anne.post("/push", changesets))
    assert {outcome["status"] for outcome in outcomes} == {"ok"}
    wanted = copy.deepcopy(records)
    for record in wanted.values():
        if "city" in record["fields"]:
            record["fields"]["town"] = record["fields"].pop("city")
        record["archived"] |= "text" in record["fields"]
    assert held(registry) == wanted
    again = lines_of(anne.post("/push", changesets))
    assert [outcome["first"] for outcome in again] == outcomes  # known by the bytes that were sent


def test_only_the_steps_that_are_needed_are_taken(
    registry: LiveRegistry, anne: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upcast, "NEWEST", 3)
    monkeypatch.setattr(upcast, "STEPS", {1: town, 2: archived})
    for seq, schema in enumerate((1, 2, 3), start=1):
        lines = [{"seq": seq, "v": schema, "ops": [anne.create(name=str(schema), city="Laval")]}]
        assert lines_of(anne.post("/push", lines))[0]["status"] == "ok"
    fields = {record["fields"]["name"]: record["fields"] for record in held(registry).values()}
    assert ["town" in fields[name] for name in "123"] == [True, False, False]


@pytest.mark.parametrize("ops", [[], [7], [{}], [{"op": "create"}], {"a": 1}, "x"])
def test_a_step_that_fails_is_a_refusal(
    registry: LiveRegistry, anne: Caller, monkeypatch: pytest.MonkeyPatch, ops: Any
) -> None:
    monkeypatch.setattr(upcast, "NEWEST", 3)
    monkeypatch.setattr(upcast, "STEPS", {1: town, 2: archived})
    (outcome,) = lines_of(anne.post("/push", [{"seq": 1, "v": 1, "ops": ops}]))
    assert outcome["status"] == ("ok" if ops == [] else "refused")


def test_what_only_a_newer_registry_reads_is_kept_aside_and_the_queue_goes_on(
    registry: LiveRegistry, anne: Caller
) -> None:
    newer = {"seq": 1, "v": SCHEMAS[1] + 1, "ops": [{"of": "tomorrow"}]}
    today = {"seq": 2, "v": SCHEMAS[1], "ops": [anne.create(name="x")]}
    refused, taken = lines_of(anne.post("/push", [newer, today]))
    assert (refused["status"], taken["status"]) == ("refused", "ok")
    assert refused["problem"]["type"].endswith(":schema-unknown")
    with reading(registry.engine) as db:
        (kept,) = admin.show(db, "quarantine")["items"]
    assert json.loads(kept["ops"]) == newer["ops"]
