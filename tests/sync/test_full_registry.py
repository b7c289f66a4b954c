"""A registry whose disk is full says so, keeps nothing half, and takes everything once there is room."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from fieldkit.errors import KnownError
from fieldkit.services import sync
from tests.registry.live import LiveRegistry
from tests.sync.laptop import Laptop, in_step


@contextmanager
def no_room(registry: LiveRegistry, pages: int) -> Iterator[None]:
    """The registry's database may grow by so many pages only."""
    with registry.engine.connect() as db:
        limit = db.exec_driver_sql("PRAGMA page_count").scalar_one() + pages

    def set_limit(connection: Any, *_rest: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {limit}")

    event.listen(registry.engine, "checkout", set_limit)
    try:
        yield
    finally:
        event.remove(registry.engine, "checkout", set_limit)
        registry.engine.dispose()  # the limit is the connections' own


def test_a_full_registry_takes_what_it_can_and_the_rest_later(
    registry: LiveRegistry, anne: Laptop, bruno: Laptop
) -> None:
    anne.sync()
    for n in range(60):
        anne.practice(name=str(n), comment="longue phrase " * 1_000)
    with no_room(registry, 20):
        with pytest.raises(KnownError) as caught:
            anne.sync()
        assert caught.value.code == "registry-full"
        assert "plein" in caught.value.message
    waiting = sync.status(anne.store)["waiting"]
    assert waiting
    assert {item["reason"] for item in waiting if item["tries"]} == {caught.value.message}
    anne.sync()
    bruno.sync()
    assert len(bruno.store.of("practice")) == 60
    assert in_step(registry, anne, bruno)
