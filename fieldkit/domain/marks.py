"""What a delegate draws on a photo before it is kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["blur", "box", "arrow"]
KINDS: Final[tuple[Kind, ...]] = ("blur", "box", "arrow")


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark between two points, in pixels of the photo; an arrow points at the second."""

    kind: Kind
    x1: int
    y1: int
    x2: int
    y2: int

    @property
    def area(self) -> tuple[int, int, int, int]:
        """Left, top, right, bottom; both last ones are outside."""
        left, right = sorted((self.x1, self.x2))
        top, bottom = sorted((self.y1, self.y2))
        return left, top, right, bottom
