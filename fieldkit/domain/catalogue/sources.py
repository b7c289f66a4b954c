"""Where facts come from, and how sure a source is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from fieldkit.domain.folding import slug


class Status(StrEnum):
    """What a source says of a holder and a service; TEXT is a yes that has more to say, such as `V2`."""

    YES = "yes"
    NO = "no"
    TEXT = "text"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a fact comes from: the document, the date it describes, the place in it."""

    source: str
    as_of: str
    locator: str


def entry_id(kind: str, name: str) -> str:
    """The identifier of an entry of a kind (`editor`, `product`) by its name."""
    return f"{kind}:{slug(name)}"
