"""Registries on both databases: each runs once, and is emptied after each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import stamina

from tests.registry.live import LiveRegistry, live_registry, sqlite_url
from tests.registry.openid_provider import vouched
from tests.registry.postgres import is_installed, postgres


@pytest.fixture(autouse=True)
def _no_waiting() -> Iterator[None]:
    with stamina.set_testing(True, attempts=3):
        yield


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The address of a PostgreSQL database of our own."""
    if not is_installed():
        pytest.skip("PostgreSQL is not installed")
    with postgres() as url:
        yield url


@pytest.fixture(scope="session")
def on_postgresql(postgres_url: str) -> Iterator[LiveRegistry]:
    """A running registry on PostgreSQL."""
    with live_registry(postgres_url, identity=vouched()) as registry:
        yield registry


@pytest.fixture(scope="session")
def on_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveRegistry]:
    """A running registry on SQLite."""
    folder = tmp_path_factory.mktemp("registry")
    with live_registry(sqlite_url(folder), identity=vouched()) as registry:
        yield registry


@pytest.fixture(params=["on_sqlite", "on_postgresql"])
def registry(request: pytest.FixtureRequest) -> Iterator[LiveRegistry]:
    """A running registry that holds nothing, on each database in turn."""
    running: LiveRegistry = request.getfixturevalue(request.param)
    yield running
    running.clear()
