"""Ops as older apps wrote them, brought to the shape of today: one pure step from each schema to the next.

Whoever changes the shape of ops raises `SCHEMAS` in `sync/protocol.py`, adds the step here, and records what the
app of before sent in `tests/registry/schemas/`. A field that is only new needs none of that.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from fieldkit.sync.protocol import SCHEMAS

Ops = list[Any]
Step = Callable[[Ops], Ops]

STEPS: Final[Mapping[int, Step]] = {}
"""From each schema to the next one; each gets plain lists and maps, which it may change."""
NEWEST: Final = SCHEMAS[1]


def is_unknown(schema: int) -> bool:
    """Whether only a newer registry could read this schema."""
    return schema > NEWEST


def steps_from(schema: int) -> list[Step]:
    """What is to be done to ops of this schema, in order."""
    return [step for number, step in sorted(STEPS.items()) if schema <= number < NEWEST]
