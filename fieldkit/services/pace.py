"""When the next synchronisation is due that nobody asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from fieldkit.errors import KnownError

SOON: Final = 30.0
"""Seconds after which something that waits is sent."""
LOOK: Final = 15 * 60.0
"""Seconds after which others are asked for news where nothing waits."""
FIRST_PAUSE: Final = 60.0
LONGEST_PAUSE: Final = 30 * 60.0
"""After a trouble: as long, then twice as long each time, up to the longest."""

_FOR_A_PERSON: Final = ("token-", "sign-in", "account-", "device-foreign", "profile-foreign")
"""Troubles that trying again does not end."""


def is_for_a_person(error: Exception) -> bool:
    """Whether somebody must act before another attempt makes sense."""
    return isinstance(error, KnownError) and error.code.startswith(_FOR_A_PERSON)


def pause(status: Mapping[str, Any], failures: int) -> float | None:
    """Seconds to wait before a synchronisation; None where none is set up.

    `status` is that of `services.sync`, `failures` how many attempts failed one after the other.
    """
    if not status["registry"]:
        return None
    if failures:
        return float(min(FIRST_PAUSE * 2 ** min(failures - 1, 10), LONGEST_PAUSE))
    return SOON if status["waiting"] or status["photos"] else LOOK
