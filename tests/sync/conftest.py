"""A registry and laptops for the tests of sync."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import stamina

from tests.registry.live import LiveRegistry, live_registry, sqlite_url
from tests.sync.laptop import Laptop


@pytest.fixture(autouse=True)
def _no_waiting() -> Iterator[None]:
    with stamina.set_testing(True, attempts=2):
        yield


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveRegistry]:
    """One registry for all tests."""
    with live_registry(sqlite_url(tmp_path_factory.mktemp("registry"))) as registry:
        yield registry


@pytest.fixture
def registry(running: LiveRegistry) -> Iterator[LiveRegistry]:
    """A running registry that holds nothing."""
    yield running
    running.clear()


@pytest.fixture
def laptop(registry: LiveRegistry, tmp_path: Path) -> Iterator[Callable[[str], Laptop]]:
    """Makes the laptop of a user with rights in department 72."""
    made: list[Laptop] = []

    def make(user: str) -> Laptop:
        made.append(Laptop.of(tmp_path, registry, user, "dept:72"))
        return made[-1]

    yield make
    for one in made:
        one.store.close()


@pytest.fixture
def anne(laptop: Callable[[str], Laptop]) -> Laptop:
    """Anne's laptop."""
    return laptop("anne")


@pytest.fixture
def bruno(laptop: Callable[[str], Laptop]) -> Laptop:
    """Bruno's laptop."""
    return laptop("bruno")
