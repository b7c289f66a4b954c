"""What checks the promises can tell: sync with one of its rules left out does not get through, each time by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.registry.live import LiveRegistry
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


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_mutant_is_killed(
    registry: LiveRegistry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mutant: Mutant
) -> None:
    lived_through(registry, tmp_path / "real", mutant)
    mutant.leave_out(monkeypatch)
    with pytest.raises(BrokenError) as caught:
        lived_through(registry, tmp_path / "mutant", mutant)
    assert caught.value.promise == mutant.broken
