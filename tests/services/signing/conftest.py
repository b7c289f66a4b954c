"""A provider, a registry that trusts it, a keyring in memory: what a sign-in needs."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import keyring
import keyring.errors
import pytest

from fieldkit.registry.identity import Identity
from fieldkit.sync.protocol import OpenId
from tests.registry.live import LiveRegistry, live_registry, sqlite_url
from tests.registry.openid_provider import CLIENT, OpenIdProvider, openid_provider
from tests.services.signing.browser import Browser
from tests.services.signing.drawer import Drawer
from tests.services.signing.process import forget_process

BRUNO = {"sub": "0190-bruno", "name": "Bruno Le Goff"}
DAY = 86_400.0


@pytest.fixture
def drawer(monkeypatch: pytest.MonkeyPatch) -> Drawer:
    own = Drawer()
    for name in ("get_password", "set_password", "delete_password"):
        monkeypatch.setattr(keyring, name, getattr(own, name))
    return own


@pytest.fixture(autouse=True)
def _new_process() -> Iterator[None]:
    yield
    forget_process()


@pytest.fixture
def provider() -> Iterator[OpenIdProvider]:
    with openid_provider() as running:
        yield running


@pytest.fixture
def registry(provider: OpenIdProvider, tmp_path: Path) -> Iterator[LiveRegistry]:
    with live_registry(sqlite_url(tmp_path), identity=Identity(OpenId(provider.url, CLIENT))) as running:
        for user in ("0190-anne", "0190-bruno"):
            running.grant(user)
        yield running


@pytest.fixture
def browser() -> Iterator[Browser]:
    made = Browser()
    yield made
    made.close()


@pytest.fixture
def moved(monkeypatch: pytest.MonkeyPatch, provider: OpenIdProvider) -> list[float]:
    """By how many seconds everybody's clock is moved: one number, to be changed."""
    real, by = time.time, [0.0]
    monkeypatch.setattr(time, "time", lambda: real() + by[0])
    return by
