"""How long the tests go on that never are done: `make soak` says it with SOAK_MINUTES (an hour)."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from itertools import count


def rounds(share: float = 1.0) -> Iterator[int]:
    """Numbers from 0 on, at least one, for this share of the time."""
    until = time.monotonic() + share * 60 * float(os.environ.get("SOAK_MINUTES", "60"))
    for n in count():
        yield n
        if time.monotonic() > until:
            return
