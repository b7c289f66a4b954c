"""Months of work and misfortune by lot: a seed tells what happens, so that what it finds is found again."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Final

import pytest

from tests.registry.live import LiveRegistry, sqlite_url
from tests.soak import rounds
from tests.sync.keeper import hurried_registry
from tests.sync.world import World

STEPS: Final = 60


def lived_through(registry: LiveRegistry, folder: Path, seed: int) -> None:
    """Let it happen, and check every promise."""
    chance = random.Random(seed)
    folder.mkdir()
    world = World(registry, folder)
    try:
        world.create(0)
        for who in range(3):
            world.exchange(who)
        for _step in range(STEPS):
            (world.anything if chance.random() < 0.62 else world.befall)(chance)
        world.converge()
        world.check()
    finally:
        world.close()


@pytest.mark.parametrize("seed", range(6))
def test_every_promise_is_kept(registry: LiveRegistry, tmp_path: Path, seed: int) -> None:
    lived_through(registry, tmp_path / "disks", seed)


@pytest.mark.soak
def test_every_promise_is_kept_for_as_long_as_one_cares_to_look(tmp_path: Path) -> None:
    first = random.randrange(1 << 32)
    with hurried_registry(sqlite_url(tmp_path)) as registry:
        for n in rounds(1 / 4):
            print("seed", first + n)
            lived_through(registry, tmp_path / str(n), first + n)
