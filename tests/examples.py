"""How often what is costly is tried: a few times in `make test`, as often as one cares for in `make soak`."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, Final, TypeVar

import pytest
from hypothesis import settings

T = TypeVar("T", bound=Callable[..., Any])

SOAKING: Final = "SOAK_MINUTES" in os.environ


def examples(few: int, many: int) -> Callable[[T], T]:
    """Above `@given`: so many examples in `make test`, and in `make soak`."""

    def mark(test: T) -> T:
        marked: T = pytest.mark.thorough(settings(max_examples=many if SOAKING else few)(test))
        return marked

    return mark
