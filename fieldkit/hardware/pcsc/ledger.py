"""Keeps the books of the bench: compares what PC/SC tells now with what it told before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from fieldkit.hardware.pcsc.bench import Bench, Event, Service, Slot, SlotState, state_of
from fieldkit.hardware.pcsc.cards import identify
from fieldkit.hardware.pcsc.errors import SECURITY_VIOLATION, SUCCESS
from fieldkit.hardware.pcsc.readers import parse

_MOST_MOVES: Final = 100
"""Insertions and removals that one second can hold, with much to spare."""
_MOST_PLACES: Final = 64
"""Slots kept in the books, those that are away included; a day sees fewer."""
_CARDLESS: Final[frozenset[SlotState]] = frozenset({"empty", "unavailable"})


@dataclass(frozen=True, slots=True)
class Sighting:
    """What one look at PC/SC gave: a code, and by full name the state word and ATR of each reader."""

    code: int
    readers: Mapping[str, tuple[int, bytes]] = field(default_factory=dict)
    installed: bool = True

    @property
    def service(self) -> Service:
        """A service that refuses us is running all the same."""
        if self.code in (SUCCESS, SECURITY_VIOLATION):
            return "running"
        return "stopped" if self.installed else "absent"


@dataclass(frozen=True, slots=True)
class Change:
    """A bench that differs from the one before, and the events that made it so (none for a mere state)."""

    bench: Bench
    events: tuple[Event, ...]


@dataclass(slots=True)
class _Place:
    """One slot in the books, kept while it is away: a card that came or went meanwhile still counts.

    `told` is the slot when it last could tell whether a card was in it, `count` the service's own
    count of insertions and removals (None: a new context, which may count anew), `shown` whether
    the events so far say that a card is in, `arrived_ms` when the card that is in was first told
    (None: it was in before).
    """

    slot: Slot
    told: Slot | None = None
    count: int | None = None
    shown: bool = False
    arrived_ms: int | None = None

    def moves(self, count: int) -> int:
        """How many insertions and removals there were since the last look, by the service's own count."""
        passed = 0 if self.count is None else (count - self.count) & 0xFFFF
        return passed if passed <= _MOST_MOVES else 0  # more: it has begun to count anew

    def answer_ms(self, slot: Slot, inserted: bool, t_ms: int) -> int | None:
        """How long the card in `slot` took to answer, the slot being as it is told at `t_ms`."""
        if inserted:
            self.arrived_ms = t_ms
        elif not slot.occupied:
            self.arrived_ms = None
        if not slot.atr or self.arrived_ms is None:
            return None
        return self.slot.answer_ms if self.slot.atr and not inserted else t_ms - self.arrived_ms


class Ledger:
    """Turns sightings into changes."""

    def __init__(self, *, training: bool = False) -> None:
        self._training = training
        self._bench: Bench | None = None
        self._places: dict[str, _Place] = {}
        self._present: list[str] = []

    def note(self, sighting: Sighting, t_ms: int, now: datetime) -> Change | None:
        """What `sighting` changes, `t_ms` after the watch began; None when it is nothing new."""
        events: list[Event] = []
        if self._bench is None or self._bench.service != sighting.service:
            events.append(Event(t_ms, "service", sighting.service))
        for raw in [raw for raw in self._present if raw not in sighting.readers]:
            slot = self._places[raw].slot
            self._present.remove(raw)
            events.append(Event(t_ms, "reader-removed", "unavailable", slot))
        for raw, (flags, atr) in sighting.readers.items():
            events.extend(self._follow(raw, flags, atr, t_ms, now))
        readers = tuple(self._places[raw].slot for raw in self._present)
        bench = Bench(sighting.service, readers, sighting.code, self._training)
        if bench == self._bench:
            return None
        self._bench = bench
        return Change(bench, tuple(replace(event, at=now) for event in events))

    def _follow(self, raw: str, flags: int, atr: bytes, t_ms: int, now: datetime) -> Iterator[Event]:
        if added := raw not in self._present:
            self._add(raw)
        place = self._places[raw]
        told, before = place.told, place.slot
        state = state_of(flags)
        if state in _CARDLESS:
            atr = b""
        slot = replace(before, state=state, atr=atr, card=identify(atr) if atr else None)
        moves = place.moves(flags >> 16)
        swapped = told is not None and _swapped(told, slot, moves)
        inserted = swapped or (slot.occupied is True and told is not None and told.occupied is False)
        brief = 0 if told is None else _brief(told, slot, moves, swapped)
        if swapped or brief or (told is not None and (state, atr) != (before.state, before.atr)):
            slot = replace(slot, changed_at=now, insertions=before.insertions + inserted + brief)
        slot = replace(slot, answer_ms=place.answer_ms(slot, inserted, t_ms))
        place.slot, place.count = slot, flags >> 16
        if slot.occupied is not None:
            place.told = slot

        if added:
            yield Event(t_ms, "reader-added", state, slot, atr, slot.card)
        if place.shown and told is not None and (swapped or slot.occupied is False):
            yield Event(t_ms, "card-removed", "empty", slot, told.atr, told.card)
            place.shown = False
        for _ in range(brief):
            yield Event(t_ms, "card-inserted", "mute", slot)
            yield Event(t_ms, "card-removed", "empty", slot)
        if slot.occupied and not place.shown:
            yield Event(t_ms, "card-inserted", state, slot, atr, slot.card, already=not inserted)
            place.shown = True

    def _add(self, raw: str) -> None:
        """Put `raw` on the bench: under the name it tells, or the next one where that is taken."""
        parsed = parse(raw)
        taken = {(slot.name, slot.slot): slot for slot in (self._places[r].slot for r in self._present)}
        name, number, twin = parsed.friendly, parsed.slot, 1
        while other := taken.get((name, number)):
            if other.interface != parsed.interface:  # another slot of the same device
                number += 1
            else:
                twin += 1
                name = f"{parsed.friendly} ({twin})"
        fresh = Slot(name, number, parsed.interface, parsed.virtual, "unavailable", raw=raw)
        if len(self._places) >= _MOST_PLACES:
            self._places = {known: self._places[known] for known in self._present}
        place = self._places.setdefault(raw, _Place(fresh))
        place.slot = replace(place.slot, name=name, slot=number)
        place.count, place.shown = None, False
        self._present.append(raw)


def _swapped(told: Slot, slot: Slot, moves: int) -> bool:
    """Whether another card, or the same one again, took the place of one that was there."""
    if not (told.occupied and slot.occupied):
        return False
    return moves >= 2 or bool(told.atr and slot.atr and told.atr != slot.atr)


def _brief(told: Slot, slot: Slot, moves: int, swapped: bool) -> int:
    """How many cards went in and out again between two looks, so that nobody saw their answer."""
    if slot.occupied is None:
        return 0
    plain = 2 * swapped if told.occupied == slot.occupied else 1
    return max(0, moves - plain) // 2
