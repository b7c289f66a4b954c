"""The two back ends of the card-reader seam as one shape, so that the same tests run on both."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from fieldkit.hardware.pcsc.scard import Scard, load
from fieldkit.hardware.simulated import SimulatedScard
from tests.hardware.virtual_pcscd import READER_NAME, VirtualCard, VirtualPcscd, virtual_pcscd

READERS = (f"{READER_NAME} 00 00", f"{READER_NAME} 00 01")
CPS3 = bytes.fromhex("3BAC00402A001225006480000310009000")
VITALE = bytes.fromhex("3B751300004509EA9000")


class Backend(Protocol):
    """A reader with two slots, and what a person or a fault does to it."""

    scard: Scard

    def insert(self, slot: int, atr: bytes) -> None: ...
    def remove(self, slot: int) -> None: ...
    def kill_service(self) -> None: ...
    def start_service(self) -> None: ...


class Simulated:
    """On paper."""

    def __init__(self) -> None:
        self.service = SimulatedScard(READERS)
        self.scard: Scard = self.service

    def insert(self, slot: int, atr: bytes) -> None:
        self.service.do("insert", READERS[slot], atr)

    def remove(self, slot: int) -> None:
        self.service.do("remove", READERS[slot])

    def kill_service(self) -> None:
        self.service.do("stop")
        for reader in READERS:
            self.service.do("remove", reader)

    def start_service(self) -> None:
        self.service.do("start")


class Real:
    """pcscd with the virtual reader."""

    def __init__(self, pcscd: VirtualPcscd) -> None:
        self.pcscd = pcscd
        self.scard = load()
        self.cards: tuple[VirtualCard, VirtualCard] = (pcscd.card(0), pcscd.card(1))

    def insert(self, slot: int, atr: bytes) -> None:
        self.cards[slot].insert(atr)

    def remove(self, slot: int) -> None:
        self.cards[slot].remove()

    def kill_service(self) -> None:
        self.pcscd.kill()
        for card in self.cards:
            card.remove()

    def start_service(self) -> None:
        self.pcscd.start()


@contextmanager
def real(folder: Path, reader: str = READER_NAME) -> Iterator[Real]:
    """The real back end, for the length of a test, under the name of a reader."""
    with virtual_pcscd(folder, reader) as pcscd:
        yield Real(pcscd)
