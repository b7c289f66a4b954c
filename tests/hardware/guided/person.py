"""Benches for a guided test, made by the real ledger on a clock of its own, and a person who does as told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from fieldkit.hardware.guided.run import GuidedRun
from fieldkit.hardware.guided.subject import Place, Subject, subjects
from fieldkit.hardware.pcsc import scard
from fieldkit.hardware.pcsc.bench import Bench
from fieldkit.hardware.pcsc.errors import NO_SERVICE, SUCCESS
from fieldkit.hardware.pcsc.ledger import Ledger, Sighting

ONE, TWO = "KAPELSE KAP-GO [TL KAP-GO 1] 00 00", "KAPELSE KAP-GO [TL KAP-GO 2] 01 00"
ZONE = "KAPELSE KAP-eCV 00 00"
FIRST: Place = ("KAPELSE KAP-GO", 0)
SECOND: Place = ("KAPELSE KAP-GO", 1)
CPS3 = bytes.fromhex("3BAC00402A001225006480000310009000")
VITALE = bytes.fromhex("3B751300004509EA9000")
BANK = bytes.fromhex("3B6800000073C84012009000")
CARDS = {ONE: CPS3, TWO: VITALE, ZONE: bytes.fromhex("3B8F80010031B86404B0ECC1739401808290000E")}


class Table:
    """A reader on a table, the ledger that looks at it, and the run that is told; time passes when `wait` says so."""

    def __init__(self, *readers: str, subject: int = 0, training: bool = False) -> None:
        self.now = 0.0
        self.running = True
        self.plugged = True
        self._readers: dict[str, tuple[int, bytes]] = dict.fromkeys(readers, (scard.EMPTY, b""))
        self._ledger = Ledger(training=training)
        self.bench = Bench("stopped")
        self._look()
        self.subject: Subject = subjects(self.bench)[subject]
        self.run = GuidedRun(self.subject, self.bench, self.now)

    def insert(self, reader: str, atr: bytes | None = None) -> None:
        """Put a card in; an empty `atr` is a mute one."""
        answer = CARDS[reader] if atr is None else atr
        self._change(reader, scard.PRESENT | (0 if answer else scard.MUTE), answer)

    def answer(self, reader: str) -> None:
        """The card that is in answers after all."""
        count = self._readers[reader][0] & ~0xFFFF
        self._readers[reader] = count | scard.PRESENT, CARDS[reader]
        self.tell()

    def remove(self, reader: str) -> None:
        """Take the card out, if one is in."""
        if self._readers[reader][0] & scard.PRESENT:
            self._change(reader, scard.EMPTY, b"")

    def unplug(self, gone: bool) -> None:
        """Pull the plug of all readers, or put it back."""
        self.plugged = not gone
        self.tell()

    def serve(self, running: bool) -> None:
        """Stop or start the card service."""
        self.running = running
        self.tell()

    def wait(self, seconds: float = 2.0) -> None:
        """Let time pass."""
        self.now += seconds
        self.run.tick(self.now)

    def tell(self) -> None:
        """Have the ledger look, and the run told."""
        if self._look():
            self.run.see(self.bench, self.now)

    def _look(self) -> bool:
        code = SUCCESS if self.running else NO_SERVICE
        shown = self._readers if self.running and self.plugged else {}
        moment = datetime(2026, 11, 25, tzinfo=UTC) + timedelta(seconds=self.now)
        change = self._ledger.note(Sighting(code, dict(shown)), round(self.now * 1000), moment)
        if change is not None:
            self.bench = change.bench
        return change is not None

    def _change(self, reader: str, flags: int, atr: bytes) -> None:
        count = (self._readers[reader][0] >> 16) + 1
        self._readers[reader] = (count & 0xFFFF) << 16 | flags, atr
        self.tell()


Trick = Callable[[Table, str], bool]
"""What goes otherwise at an insertion into a reader: returns whether that was all that happened."""


def play(table: Table, *readers: str, tricks: dict[tuple[int, int], Trick] | None = None) -> GuidedRun:
    """Do what the run asks for until it is done; at (round, card) a trick goes first."""
    run = table.run
    for _turn in range(200):
        if run.done:
            return run
        table.wait()
        step = run.step
        if step.act == "insert":
            reader = readers[step.card]
            trick = (tricks or {}).pop((step.round, step.card), None)
            if trick is None or not trick(table, reader):
                table.insert(reader)
        else:
            for reader in readers:
                table.remove(reader)
    raise AssertionError(f"never done: {run.step}")
