"""Laptops on a bad network: whatever it does to their requests, all converges and nothing is lost."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path
from typing import Final

import pytest

from tests.registry.live import LiveRegistry, sqlite_url
from tests.soak import rounds
from tests.sync.chaos import FATES, chaos
from tests.sync.keeper import hurried_registry
from tests.sync.world import World

TROUBLES: Final = {
    "registry-unreachable",
    "captive-portal",
    "not-a-registry",
    "registry-fault",
    "registry-busy",
}
STEPS: Final = 60


def lived_through(registry: LiveRegistry, folder: Path, seed: int) -> Counter[str]:
    """What the requests of three laptops met with, until the network worked again and every promise was checked."""
    chance = random.Random(seed)
    folder.mkdir()
    with chaos(registry.url, seed) as network:
        world = World(registry, folder, network.url, TROUBLES)
        try:
            world.create(0)
            for _step in range(STEPS):
                world.anything(chance)
            network.share, world.troubles = 0, frozenset()
            world.converge()
            world.check()
        finally:
            world.close()
    return network.met


def test_a_bad_network_loses_nothing(registry: LiveRegistry, tmp_path: Path) -> None:
    met: Counter[str] = Counter()
    for seed in range(4):
        met += lived_through(registry, tmp_path / str(seed), seed)
    assert met.keys() == set(FATES)


@pytest.mark.soak
def test_a_bad_network_loses_nothing_for_as_long_as_one_cares_to_look(
    tmp_path: Path,
) -> None:
    first = random.randrange(1 << 32)
    with hurried_registry(sqlite_url(tmp_path)) as registry:
        for n in rounds(1 / 6):
            lived_through(registry, tmp_path / str(n), first + n)
