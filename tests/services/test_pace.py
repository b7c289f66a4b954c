"""When the next synchronisation is due that nobody asked for."""

from __future__ import annotations

from typing import Any

import pytest

from fieldkit.errors import KnownError
from fieldkit.services import pace


def status(**told: Any) -> dict[str, Any]:
    return {"registry": "https://x", "last_trouble": None, "waiting": [], "photos": [], **told}


@pytest.mark.parametrize(
    ("told", "failures", "seconds"),
    [
        ({"registry": None}, 0, None),
        ({}, 0, pace.LOOK),
        ({"waiting": [1]}, 0, pace.SOON),
        ({"photos": [1]}, 0, pace.SOON),
        ({"waiting": [1]}, 1, 60),
        ({"waiting": [1]}, 3, 240),
        ({}, 500, pace.LONGEST_PAUSE),
        ({"last_trouble": {"code": "registry-unreachable"}}, 1, 60),
    ],
)
def test_how_long_it_waits(told: dict[str, Any], failures: int, seconds: float | None) -> None:
    assert pace.pause(status(**told), failures) == seconds


@pytest.mark.parametrize(
    ("code", "so"),
    [
        ("token-revoked", True),
        ("sign-in-refused", True),
        ("registry-unreachable", False),
        ("registry-full", False),
    ],
)
def test_what_only_a_person_can_settle(code: str, so: bool) -> None:
    assert pace.is_for_a_person(KnownError(code, "x", "y")) == so
    assert not pace.is_for_a_person(ValueError(code))
