"""The answer to reset: what a card says of itself when it is powered, before anyone speaks to it.

Read after ISO 7816-3: TS, T0, the chain of interface bytes TA1…TDn, historical bytes, check byte TCK.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import xor
from typing import Final, Literal

Damage = Literal["empty", "start", "short", "long", "checksum"]

LONGEST: Final = 33
_DIRECT, _INVERSE = 0x3B, 0x3F
_LETTERS = "ABCD"


@dataclass(frozen=True, slots=True)
class Atr:
    """An answer to reset and its parts; `damage` says why it cannot be trusted, None when it can.

    `interface` holds the interface bytes by name (`TA1`, `TD2`, …) in the order they came,
    `protocols` the protocol numbers they announce (T=0 alone when none is announced).
    The parts of a damaged answer are those read before the damage.
    """

    raw: bytes
    interface: dict[str, int]
    protocols: tuple[int, ...]
    historical: bytes
    check: int | None
    damage: Damage | None

    @property
    def inverse(self) -> bool:
        """Whether the card speaks in inverse convention, as Vitale 1 does."""
        return self.raw[:1] == bytes([_INVERSE])


def spaced(raw: bytes) -> str:
    """`raw` as people write an answer to reset: `3B 75 13`."""
    return raw.hex(" ").upper()


def parse(raw: bytes) -> Atr:
    """The parts of `raw`. Never fails: an answer that breaks the standard comes back with its damage."""
    if not raw:
        return _damaged(raw, "empty")
    if raw[0] not in (_DIRECT, _INVERSE):
        return _damaged(raw, "start")
    if len(raw) < 2:
        return _damaged(raw, "short")
    interface, protocols, at = _interface_bytes(raw)
    end = at + (raw[1] & 0x0F)
    checked = any(protocols)
    historical = raw[at:end]
    if len(raw) < end + checked:
        damage: Damage | None = "short"
    elif len(raw) > min(end + checked, LONGEST):
        damage = "long"
    elif checked and reduce(xor, raw[1:]) != 0:
        damage = "checksum"
    else:
        damage = None
    check = raw[end] if checked and len(raw) > end else None
    return Atr(raw, interface, protocols, historical, check, damage)


def _interface_bytes(raw: bytes) -> tuple[dict[str, int], tuple[int, ...], int]:
    """The interface bytes, the protocols they announce, and where the historical bytes begin."""
    interface: dict[str, int] = {}
    protocols: list[int] = []
    announced, at, level = raw[1] >> 4, 2, 1
    while announced:
        follow = 0
        for bit, letter in enumerate(_LETTERS):
            if not announced & (1 << bit):
                continue
            if at >= len(raw):  # cut within the chain: what should follow lies beyond the end
                return interface, tuple(protocols) or (0,), len(raw) + 1
            interface[f"T{letter}{level}"] = raw[at]
            if letter == "D":
                protocols.append(raw[at] & 0x0F)
                follow = raw[at] >> 4
            at += 1
        announced, level = follow, level + 1
    return interface, tuple(protocols) or (0,), at


def _damaged(raw: bytes, damage: Damage) -> Atr:
    return Atr(raw, {}, (), b"", None, damage)
