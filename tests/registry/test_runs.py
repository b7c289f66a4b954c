"""Many changesets in one transaction leave what each on its own would have left."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.registry import admin, push
from fieldkit.registry.database import reading
from fieldkit.sync.protocol import Changeset
from tests.registry.caller import Caller
from tests.registry.live import LiveRegistry

KINDS = ("practice", "visit", "note", "conflict")


@pytest.fixture
def anne(registry: LiveRegistry) -> Iterator[Caller]:
    with Caller(registry.url, registry.token("anne", "dept:72")) as caller:
        yield caller


def state(registry: LiveRegistry) -> Any:
    with reading(registry.engine) as db:
        records = [row for kind in KINDS for row in admin.show(db, kind)["items"]]
        versions = [(row["id"], row["rev"], row["changeset"]) for row in admin.show(db, "version")["items"]]
    return records, versions


def queue(caller: Caller, rng: random.Random, length: int) -> list[tuple[int, list[dict[str, Any]]]]:
    """Changesets that make, write, archive and finalise, with some that are refused half-way."""
    made = [caller.create("visit", state="draft")]
    queue = [(1, [made[0]])]
    for seq in range(2, length + 2):
        target = rng.choice(made)
        ops: list[dict[str, Any]] = []
        for _ in range(rng.randint(0, 3)):
            match rng.randrange(5):
                case 0:
                    made.append(caller.create("note", visit=made[0]["i"], text=str(seq)))
                    ops.append(made[-1])
                case 1:
                    made.append(caller.create(name=str(seq), city="Laval"))
                    ops.append(made[-1])
                case 2:
                    ops.append(caller.set(target, comment=(None, f"{seq}", None)))
                case 3:
                    ops.append({**caller.set(target), "op": "archive"})
                case _:
                    ops.append(caller.set(made[0], state=("draft", "finalised", None)))
        if rng.random() < 0.2:  # another type than the record has: refused, with all that came before it
            ops.append({**caller.set(made[0], city=(None, "x", None)), "t": "practice"})
        queue.append((seq, ops))
    return queue


@pytest.mark.parametrize("seed", range(6))
def test_a_run_is_as_its_changesets_one_by_one(registry: LiveRegistry, seed: int) -> None:
    told = []
    changesets: list[tuple[int, list[dict[str, Any]]]] = []
    for together in (True, False):
        with Caller(registry.url, registry.token("anne", "dept:72")) as anne:
            changesets = changesets or queue(anne, random.Random(seed), 25)
            outcomes = anne.push(*changesets) if together else [anne.push(one)[0] for one in changesets]
            statuses = [
                (
                    o["seq"],
                    o["status"],
                    o.get("problem"),
                    o.get("conflicts"),
                    o.get("first", {}).get("status"),
                )
                for o in outcomes
            ]
            assert {"ok", "refused"} <= {status for _seq, status, *_rest in statuses}
            told.append((statuses, state(registry), anne.pull({"dept:72": 0})[1]["dept:72"]["sum"]))
        registry.clear()
    assert told[0] == told[1]


def test_what_cannot_be_served_keeps_nothing_of_what_came_before(
    registry: LiveRegistry, anne: Caller
) -> None:
    good = [(1, [anne.create(name="a")]), (2, [anne.create(name="b")]), (4, [anne.create(name="c")])]
    outcomes = anne.push(*good)
    assert [outcome["seq"] for outcome in outcomes] == [1, 2]
    assert len(state(registry)[0]) == 2
    assert [o["status"] for o in anne.push((1, good[0][1]), (2, good[1][1]), (3, []), (4, good[2][1]))] == [
        *("dup", "dup", "ok", "ok")
    ]


@given(seqs=st.lists(st.integers(1, 400), max_size=300), sizes=st.sampled_from([1, 5_000, 300_000]))
def test_runs_hold_every_changeset_in_order(seqs: list[int], sizes: int) -> None:
    changesets = [Changeset(seq, 1, b" " * sizes) for seq in seqs]  # type: ignore[arg-type]
    runs = list(push.runs(changesets))
    assert [one for run in runs for one in run] == changesets
    for run in runs:
        assert 1 <= len(run) <= push.RUN
        assert [one.seq for one in run] == list(range(run[0].seq, run[0].seq + len(run)))
        assert len(run) == 1 or sum(len(one.ops) for one in run) <= push.RUN_BYTES
