"""What a guided test can be run on: one reader, by its contact slots or by its contactless zone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from fieldkit.hardware.pcsc.bench import Bench, Slot
from fieldkit.hardware.pcsc.pairing import device_of
from fieldkit.hardware.pcsc.readers import Interface

Kind = Literal["contact", "contactless"]
Place = tuple[str, int]
"""A slot by the name of its reader and its number there, as `Slot` has them."""


@dataclass(frozen=True, slots=True)
class Subject:
    """The places under test, all of one reader. A place whose interface is not told is taken for a contact slot."""

    kind: Kind
    reader: str
    places: tuple[Place, ...]

    @property
    def cards(self) -> int:
        """How many cards a round asks for: the CPS, and another one where there is a slot for it."""
        return min(2, len(self.places)) if self.kind == "contact" else 1


def place_of(slot: Slot) -> Place:
    """Where `slot` is."""
    return slot.name, slot.slot


def subjects(bench: Bench) -> tuple[Subject, ...]:
    """What can be tested now: two slots before one, contact before contactless, devices before virtual ones."""
    found: dict[tuple[bool, str, Kind], list[Place]] = {}
    for slot in bench.readers:
        kind = _KINDS.get(slot.interface)
        if kind is not None:
            found.setdefault((slot.virtual, device_of(slot), kind), []).append(place_of(slot))
    ranked = sorted(
        found.items(), key=lambda item: (item[0][0], item[0][2] != "contact", -len(item[1]), item[0][1])
    )
    return tuple(Subject(kind, name, tuple(places)) for (_virtual, name, kind), places in ranked)


_KINDS: dict[Interface, Kind] = {"contact": "contact", "unknown": "contact", "contactless": "contactless"}
