"""What the dashboard can list and how it is narrowed: all that its page needs before it asks for anything.

Kept apart from `overview` and `lists`, which bring the store along: the window opens without them.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from fieldkit.i18n import N_

KINDS: Final = {
    "visits": N_("Visites"),
    "follow_ups": N_("Suites"),
    "practices": N_("Cabinets"),
    "obstacles": N_("Irritants"),
}
"""The lists there are, and what they are called."""


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What the delegate wants to see: None for all. `profession` is one of `professions.CATEGORIES`; visits are
    those `since` a day, drafts that are still to be made among them."""

    department: str | None = None
    profession: str | None = None
    since: dt.date | None = None
