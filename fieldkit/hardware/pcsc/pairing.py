"""Which slots are of one reader. Systems name each slot as a reader of its own; what the names share is the device."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from fieldkit.hardware.pcsc.bench import Slot

_MARKERS: Final = re.compile(
    r"\b(?:contactless|contact|contacted|picc|icc|cless|nfc|cl|sam)\b", re.IGNORECASE
)
_MODEL_MARKER: Final = re.compile(r"(?<=\d)CL\b")
"""`OMNIKEY 5422CL` is the contactless slot of the OMNIKEY 5422."""


@dataclass(frozen=True, slots=True)
class Device:
    """A reader that one can touch, and its slots."""

    name: str
    slots: tuple[Slot, ...]


def device_of(slot: Slot) -> str:
    """The reader that `slot` belongs to: its name without the words that tell one slot from another."""
    bare = " ".join(_MODEL_MARKER.sub("", _MARKERS.sub("", slot.name)).split())
    return bare or slot.name


def paired(slots: Iterable[Slot]) -> tuple[Device, ...]:
    """The readers in the order of their first slots."""
    found: dict[str, list[Slot]] = {}
    for slot in slots:
        found.setdefault(device_of(slot), []).append(slot)
    return tuple(Device(name, tuple(its)) for name, its in found.items())
