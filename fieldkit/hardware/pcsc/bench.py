"""What is known of the readers at one moment, and what has just happened to them: values, nothing more."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal

from fieldkit.hardware.pcsc import scard
from fieldkit.hardware.pcsc.cards import CardClass
from fieldkit.hardware.pcsc.errors import (
    READER_UNAVAILABLE,
    SHARING_VIOLATION,
    UNRESPONSIVE_CARD,
    Fault,
    explain,
    explain_absence,
)
from fieldkit.hardware.pcsc.readers import Interface

Service = Literal["running", "stopped", "absent"]
SlotState = Literal["empty", "present", "mute", "in-use", "exclusive", "unavailable"]
EventKind = Literal["service", "reader-added", "reader-removed", "card-inserted", "card-removed"]

_FAULTS: Final[dict[SlotState, int]] = {
    "mute": UNRESPONSIVE_CARD,
    "in-use": SHARING_VIOLATION,
    "exclusive": SHARING_VIOLATION,
    "unavailable": READER_UNAVAILABLE,
}


@dataclass(frozen=True, slots=True)
class Slot:
    """One place for a card. `(name, slot)` tells it from every other one plugged in at the same time.

    `atr` is empty and `card` None when no card answers. `changed_at` is the last change that was seen happen, None
    while none was; `insertions` counts those that were seen happen. `answer_ms` is how long after it was first told
    the card that is in it answered: 0 where card and answer were told at once, as pcscd does; None where it has not
    answered, or was in before anyone looked.
    """

    name: str
    slot: int
    interface: Interface
    virtual: bool
    state: SlotState
    raw: str = field(default="", repr=False, compare=False, kw_only=True)
    """The name PC/SC gives it, which may hold the device's serial number: for asking its driver, never to show."""
    atr: bytes = b""
    card: CardClass | None = None
    changed_at: datetime | None = None
    insertions: int = 0
    answer_ms: int | None = None

    @property
    def occupied(self) -> bool | None:
        """Whether a card is in it; None when the reader cannot tell."""
        return None if self.state == "unavailable" else self.state != "empty"

    @property
    def fault(self) -> Fault | None:
        """What is wrong with it and what to do, None when nothing is."""
        code = _FAULTS.get(self.state)
        return None if code is None else explain(code)


@dataclass(frozen=True, slots=True)
class Bench:
    """The card service and all slots. `code` is the PC/SC code behind a service that does not serve.

    `training`: service, readers and cards are those of a script; nothing seen of them is a result.
    """

    service: Service
    readers: tuple[Slot, ...] = ()
    code: int = 0
    training: bool = False

    @property
    def fault(self) -> Fault | None:
        """What is wrong with the service and what to do, None when nothing is."""
        if self.service == "absent":
            return explain_absence()
        return explain(self.code) if self.code else None


@dataclass(frozen=True, slots=True)
class Event:
    """Something that was seen at `at`, `t_ms` milliseconds after the watch began.

    `state` is that of the slot, or of the service for a `service` event, which has no `slot`.
    A reader that appears is followed by an insertion if a card is in it, `already` when nobody saw
    it go in; a reader that disappears takes its card along without a removal of its own. So events
    alone, in order, tell the bench. A removal carries the card that was removed.
    """

    t_ms: int
    kind: EventKind
    state: SlotState | Service
    slot: Slot | None = None
    atr: bytes = b""
    card: CardClass | None = None
    already: bool = False
    at: datetime | None = field(default=None, compare=False, kw_only=True)


def state_of(flags: int) -> SlotState:
    """The state behind the flags of a PC/SC reader state (pcsclite.h)."""
    if flags & (scard.UNKNOWN | scard.UNAVAILABLE):
        return "unavailable"
    if not flags & scard.PRESENT:
        return "empty" if flags & scard.EMPTY else "unavailable"
    if flags & scard.MUTE:
        return "mute"
    if flags & scard.EXCLUSIVE:
        return "exclusive"
    return "in-use" if flags & scard.IN_USE else "present"
