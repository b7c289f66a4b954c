"""What checks the promises can tell: sync with one of its rules left out does not get through, each time by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.registry.live import LiveRegistry, sqlite_url
from tests.sync import checker, promises
from tests.sync import test_by_lot as by_lot
from tests.sync.keeper import hurried_registry
from tests.sync.mutants import MUTANTS, Mutant
from tests.sync.promises import BrokenError
from tests.sync.world import World


def lived_through(registry: LiveRegistry, folder: Path, mutant: Mutant) -> None:
    """Let a story happen, and check every promise."""
    folder.mkdir()
    world = World(registry, folder)
    try:
        mutant.story(world)
        world.converge()
        world.check()
    finally:
        world.close()


def is_as_worked_out(registry: LiveRegistry) -> bool:
    """Whether the registry holds what the independent checker works out from its history."""
    there = promises.facts(registry.engine, registry.folder)
    values, conflicts = checker.worked_out(there)
    held = {i: r["fields"] for i, r in there.records.items() if r["type"] == "practice"}
    return (values, conflicts) == (held, checker.told(there))


@pytest.mark.parametrize("name", ["arrival-order wins", "no conflict rows"])
def test_the_independent_checker_tells_the_merge_from_its_mutants(
    registry: LiveRegistry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    (mutant,) = (mutant for mutant in MUTANTS if mutant.name == name)
    lived_through(registry, tmp_path / "real", mutant)
    assert is_as_worked_out(registry)
    mutant.leave_out(monkeypatch)
    with pytest.raises(BrokenError):
        lived_through(registry, tmp_path / "mutant", mutant)
    assert not is_as_worked_out(registry)


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_mutant_is_killed(
    registry: LiveRegistry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mutant: Mutant
) -> None:
    lived_through(registry, tmp_path / "real", mutant)
    mutant.leave_out(monkeypatch)
    with pytest.raises(BrokenError) as caught:
        lived_through(registry, tmp_path / "mutant", mutant)
    assert caught.value.promise == mutant.broken


@pytest.mark.soak
@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_mutant_does_not_live_by_lot_either(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mutant: Mutant
) -> None:
    mutant.leave_out(monkeypatch)
    with hurried_registry(sqlite_url(tmp_path)) as registry, pytest.raises(BrokenError):
        for seed in range(200):
            by_lot.lived_through(registry, tmp_path / str(seed), seed)
