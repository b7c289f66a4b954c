"""What the tests of sign-in do again and again."""

from __future__ import annotations

from typing import Any

import pytest

from fieldkit.errors import KnownError
from fieldkit.services import sign_in as service
from fieldkit.services import sync
from fieldkit.store.fieldwork import FieldStore
from tests.services.signing.browser import Browser

BRUNO = {"sub": "0190-bruno", "name": "Bruno Le Goff"}
DAY = 86_400.0


def practice(store: FieldStore, name: str = "Tilleuls") -> None:
    with store.changeset("Nouveau cabinet") as c:
        c.create("practice", "dept:72", {"name": name})


def refused(store: FieldStore, url: str, browser: Browser | None = None, **how: Any) -> str:
    with pytest.raises(KnownError) as caught:
        service.sign_in(store, url, browser.show if browser else (lambda _address: None), **how)
    assert caught.value.message
    assert caught.value.hint
    assert sync.status(store)["sign_in"]["how"] is None
    return caught.value.code


def forget_process() -> None:
    """What another process would know: nothing that was only in memory."""
    service._held.clear()
