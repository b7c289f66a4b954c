"""Time as sync needs it: hybrid logical stamps, and identities that sort by when they were made."""

from __future__ import annotations

import hashlib
import secrets
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass

Now = Callable[[], int]


def now_ms() -> int:
    """The wall clock, in milliseconds since 1970 (UTC)."""
    return time.time_ns() // 1_000_000


def new_id(now: Now = now_ms) -> str:
    """A UUIDv7 (RFC 9562 §5.7): the identity of a record, made on the laptop."""
    return _uuid7(now(), secrets.randbits(80))


def id_at(stamp: Stamp) -> str:
    """A new UUIDv7 that sorts as its stamp does, also within a millisecond and when the wall clock goes back."""
    high, low = divmod(stamp.counter, 16)  # the 12 bits before the variant, and the 4 after it
    return _uuid7(stamp.ms, high << 64 | low << 58 | secrets.randbits(58))


def derived_id(ms: int, text: str) -> str:
    """A UUIDv7 of `ms` whose other bits come from `text`: the same wherever and whenever it is made."""
    return _uuid7(ms, int.from_bytes(hashlib.blake2b(text.encode(), digest_size=10).digest()))


def new_device() -> str:
    """The identity of one installation: 16 hexadecimal digits."""
    return secrets.token_hex(8)


@dataclass(frozen=True, order=True, slots=True)
class Stamp:
    """When a field was written: milliseconds, a counter within them, and the device that wrote.

    As text `<13 digits>-<4 hexadecimal digits>-<device>`, which sorts as the stamp does.
    """

    ms: int
    counter: int
    device: str

    def __str__(self) -> str:
        return f"{self.ms:013d}-{self.counter:04x}-{self.device}"

    @classmethod
    def parse(cls, text: str) -> Stamp:
        """Read the text form; raises ValueError on anything else."""
        ms, counter, device = text.split("-", 2)
        if len(ms) != 13 or len(counter) != 4 or not device:
            raise ValueError(text)
        return cls(int(ms), int(counter, 16), device)


def _uuid7(ms: int, others: int) -> str:
    value = (ms & ((1 << 48) - 1)) << 80 | others
    value = value & ~(0xF << 76) | 7 << 76
    value = value & ~(0b11 << 62) | 0b10 << 62
    return str(uuid.UUID(int=value))


class Clock:
    """A hybrid logical clock: never goes back, even when the computer's clock does."""

    def __init__(self, device: str, last: Stamp | None = None, now: Now = now_ms) -> None:
        self.device = device
        self._now = now
        self._ms, self._counter = (last.ms, last.counter) if last else (0, 0)

    def tick(self) -> Stamp:
        """The stamp of a write that happens now: greater than every stamp given or seen before."""
        wall = self._now()
        if wall > self._ms:
            self._ms, self._counter = wall, 0
        else:
            self._advance()
        return self.last

    def see(self, stamp: Stamp) -> None:
        """Take note of another device's stamp, so that the next own one is greater."""
        if (stamp.ms, stamp.counter) > (self._ms, self._counter):
            self._ms, self._counter = stamp.ms, stamp.counter

    @property
    def last(self) -> Stamp:
        """The greatest stamp given or seen."""
        return Stamp(self._ms, self._counter, self.device)

    def _advance(self) -> None:
        self._counter += 1
        if self._counter > 0xFFFF:
            self._ms, self._counter = self._ms + 1, 0
