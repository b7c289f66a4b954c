"""What was seen of the readers and of the computer. None is always "could not be told", never "no"."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

System = Literal["windows", "macos", "linux"]


@dataclass(frozen=True, slots=True)
class Fault:
    """What PC/SC answers when it does not serve: its code by name, and in words."""

    name: str
    message: str
    hint: str


@dataclass(frozen=True, slots=True)
class SlotFacts:
    """One slot. `place` is how it is called on screen, `device` the reader it belongs to, `number` counts from 1.

    `family` is the class of the card that answers, `usual` that of the first health card that answered in it.
    `model` and `vid_pid` are its reader's, as far as its driver or its name tell them.
    """

    place: str
    device: str
    number: int
    interface: str
    virtual: bool
    state: str
    family: str | None = None
    damaged: bool = False
    vid_pid: str | None = None
    model: str | None = None
    usual: str | None = None


@dataclass(frozen=True, slots=True)
class UsbFacts:
    """A card reader on USB. `label`: how to call it; `model`: maker and model where a public list knows them.

    `kinds`: its classes of interface, None where not told; `problem`: the system's own code for what keeps it
    from working; `libccid`: the first release of the free driver that knows it.
    """

    label: str
    vid_pid: str
    model: str | None = None
    kinds: frozenset[str] | None = None
    problem: str = ""
    libccid: str = ""


@dataclass(frozen=True, slots=True)
class DriverFacts:
    """A driver of card readers and the devices it knows."""

    name: str
    version: str | None
    devices: frozenset[str]


@dataclass(frozen=True, slots=True)
class GalssFacts:
    """What `galss.ini` says: its libraries, and whether a channel is serial or speaks PSS."""

    libraries: tuple[str, ...]
    serial: bool
    pss: bool


@dataclass(frozen=True, slots=True)
class AskedFacts:
    """How asking the driver of a reader for its version ended, and the code of a crash."""

    device: str
    outcome: str
    code: int = 0


@dataclass(frozen=True, slots=True)
class Computer:
    """What changes seldom. `remote`: the kind of remote session, "" for none; `galss`: () where there is no file."""

    system: System
    usb: tuple[UsbFacts, ...] | None = None
    drivers: tuple[DriverFacts, ...] | None = None
    programs: tuple[str, ...] | None = None
    remote: str | None = None
    galss: tuple[GalssFacts, ...] | None = None
    cryptolib: tuple[str, ...] | None = None
    sesam_without_mgc: tuple[str, ...] | None = None
    asked: tuple[AskedFacts, ...] = ()


@dataclass(frozen=True, slots=True)
class Situation:
    """The bench at one moment, on its computer."""

    computer: Computer
    service: str
    fault: Fault | None = None
    slots: tuple[SlotFacts, ...] = ()

    @property
    def serving(self) -> bool:
        """Whether the card service answers, so that what it does not list is not there."""
        return self.service == "running" and self.fault is None

    @property
    def real_slots(self) -> tuple[SlotFacts, ...]:
        """The slots of readers one can touch."""
        return tuple(slot for slot in self.slots if not slot.virtual)

    def suspects(self) -> str:
        """The programs that may hold a reader, as an end of sentence; "" where none is known to run."""
        return enumerated(self.computer.programs or ())


def enumerated(words: Iterable[str]) -> str:
    """Words one after the other."""
    return ", ".join(words)
