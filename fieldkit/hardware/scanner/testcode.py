"""Test codes: texts whose arrival tells how scanner and computer are set.

`FKn;` + payload + `;` + length + `;` + checksum + `;nKF`, where n is the number of the kind, and

- payload of A, "layout" (n = 1): the 16 probe characters `azqwm'!"<09-_.=(`, then the nonce;
- of B, "accents" (2): the nonce, then `éèàçùœÉ€°§`;
- of C, "control" (3): the nonce, then `b`, GS, `c`, RS, `d`, EOT, `e`;
- of D, "long-64" to "long-1024" (4 to 7): the nonce, then base64url of SHAKE-256 of kind and nonce, so many
  characters in all;
- nonce = 4 letters, so that the picture of an earlier code is told from the one on screen. Codes made to be
  kept, on paper or in a file, have a nonce that starts with KEPT; those of a screen never do;
- length = number of characters of the payload, in base 20 (20 is `cb`): two letters, three for long-512 and up;
- checksum = CRC-32 of all that precedes its `;`, modulo 20⁵, five letters in base 20.

Letters come from the 20 that sit in the same place on AZERTY, QWERTY and QWERTZ, `b` worth 0 and `x` 19.
Source of probe, frame and letters: hardware.md §2. The fixtures there write the length in digits and no
real checksum: they are texts to diagnose, not codes that `find` accepts.
"""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, get_args

Kind = Literal["layout", "accents", "control", "long-64", "long-256", "long-512", "long-1024"]

KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
STABLE_LETTERS: Final = "bcdefghijklnoprstuvx"
KEPT: Final = "p"
PROBE: Final = "azqwm'!\"<09-_.=("
ACCENTS: Final = "éèàçùœÉ€°§"
CONTROLS: Final[Mapping[str, str]] = {"GS": "\x1d", "RS": "\x1e", "EOT": "\x04"}
CONTROL_PROBE: Final = "b\x1dc\x1ed\x04e"
FRAME_LENGTH: Final = 4
NONCE_LENGTH: Final = 4
_CHECK_LENGTH: Final = 5
_TWO_LETTERS_HOLD: Final = len(STABLE_LETTERS) ** 2


@dataclass(frozen=True, slots=True)
class TestCode:
    """One test code: the text to put in a symbol, and what makes it unlike any other."""

    text: str
    nonce: str
    kind: Kind = "layout"

    __test__ = False  # the name is not a test case's

    @property
    def kept(self) -> bool:
        """Whether it was made for paper or a file, where an old picture is as good as a new one."""
        return self.nonce.startswith(KEPT)

    @property
    def informative(self) -> str:
        """The piece of the text that may arrive otherwise without anything being wrong: accents, controls."""
        return {"accents": ACCENTS, "control": CONTROL_PROBE}.get(self.kind, "")

    @property
    def tested_length(self) -> int:
        """How many characters this code puts to the test; 0 where length is not what it is for."""
        return _long(self.kind)


def new(kind: Kind = "layout", *, kept: bool = False) -> TestCode:
    """A test code that was never shown before; `kept` for paper and files."""
    first = KEPT if kept else secrets.choice(STABLE_LETTERS.replace(KEPT, ""))
    rest = "".join(secrets.choice(STABLE_LETTERS) for _ in range(NONCE_LENGTH - 1))
    return with_nonce(first + rest, kind)


def with_nonce(nonce: str, kind: Kind = "layout") -> TestCode:
    """The test code of `kind` that carries `nonce`: 4 of STABLE_LETTERS."""
    number, payload = KINDS.index(kind) + 1, _payload(kind, nonce)
    width = 2 if len(payload) < _TWO_LETTERS_HOLD else 3
    checked = f"FK{number};{payload};{_letters(len(payload), width)}"
    check = _letters(zlib.crc32(checked.encode()), _CHECK_LENGTH)
    return TestCode(f"{checked};{check};{number}KF", nonce, kind)


def start(kind: Kind) -> str:
    """What stands before the nonce in a code of `kind`, frame included."""
    return f"FK{KINDS.index(kind) + 1};" + (PROBE if kind == "layout" else "")


def find(text: str) -> TestCode | None:
    """The test code that `text` holds, None where frame, length or checksum do not hold."""
    code = claimed(text)
    return code if code and code.text in text else None


def claimed(text: str) -> TestCode | None:
    """The test code that `text` begins to tell, by frame and nonce, whatever became of the rest; or None."""
    for kind, pattern in _STARTS.items():
        if found := pattern.search(text):
            return with_nonce(found["nonce"], kind)
    return None


_STARTS: Final = {
    kind: re.compile(f"{re.escape(start(kind))}(?P<nonce>[{STABLE_LETTERS}]{{{NONCE_LENGTH}}})")
    for kind in KINDS
}


def _payload(kind: Kind, nonce: str) -> str:
    if kind == "layout":
        return PROBE + nonce
    if kind == "accents":
        return nonce + ACCENTS
    if kind == "control":
        return nonce + CONTROL_PROBE
    length = _long(kind)
    stream = hashlib.shake_256(f"{kind} {nonce}".encode()).digest(length)
    return nonce + base64.urlsafe_b64encode(stream).decode()[: length - NONCE_LENGTH]


def _long(kind: Kind) -> int:
    return int(kind.removeprefix("long-")) if kind.startswith("long-") else 0


def _letters(number: int, width: int) -> str:
    digits = ""
    for _ in range(width):
        number, digit = divmod(number, len(STABLE_LETTERS))
        digits = STABLE_LETTERS[digit] + digits
    return digits
