"""When the next synchronisation is due that nobody asked for."""

from __future__ import annotations

from typing import Any

import pytest

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
        ({"last_trouble": {"code": "token-revoked"}, "waiting": [1]}, 0, None),
        ({"last_trouble": {"code": "device-foreign"}}, 2, None),
    ],
)
def test_how_long_it_waits(told: dict[str, Any], failures: int, seconds: float | None) -> None:
    assert pace.pause(status(**told), failures) == seconds
