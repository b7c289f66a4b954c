"""Test code A, "layout": a text whose arrival tells how scanner and computer are set.

`FK1;` + payload + `;` + length + `;` + checksum + `;1KF`, where

- payload = the 16 probe characters `azqwm'!"<09-_.=(` and a nonce of 4 letters, so that the picture of an
  earlier code is told from the one on screen;
- length = number of characters of the payload, two letters in base 20 (20 is `cb`);
- checksum = CRC-32 of `FK1;payload;length` modulo 20⁵, five letters in base 20.

Letters come from the 20 that sit in the same place on AZERTY, QWERTY and QWERTZ, `b` worth 0 and `x` 19.
Source of probe, frame and letters: hardware.md §2. The fixtures there write the length in digits and no
real checksum: they are texts to diagnose, not codes that `find` accepts.
"""

from __future__ import annotations

import re
import secrets
import zlib
from dataclasses import dataclass
from typing import Final

STABLE_LETTERS: Final = "bcdefghijklnoprstuvx"
PROBE: Final = "azqwm'!\"<09-_.=("
START: Final = "FK1;"
END: Final = ";1KF"
FRAME_LENGTH: Final = 4
NONCE_LENGTH: Final = 4
_CHECK_LENGTH: Final = 5

_CODE: Final = re.compile(
    f"{re.escape(START)}(?P<payload>{re.escape(PROBE)}(?P<nonce>[{STABLE_LETTERS}]{{{NONCE_LENGTH}}}))"
    f";(?P<length>[{STABLE_LETTERS}]{{2}});(?P<check>[{STABLE_LETTERS}]{{{_CHECK_LENGTH}}}){re.escape(END)}"
)


@dataclass(frozen=True, slots=True)
class TestCode:
    """One test code: the text to put in a symbol, and what makes it unlike any other."""

    text: str
    nonce: str

    __test__ = False  # the name is not a test case's


def new() -> TestCode:
    """A test code that was never shown before."""
    return with_nonce("".join(secrets.choice(STABLE_LETTERS) for _ in range(NONCE_LENGTH)))


def with_nonce(nonce: str) -> TestCode:
    """The test code that carries `nonce`: 4 of STABLE_LETTERS."""
    payload = PROBE + nonce
    checked = f"{START}{payload};{_letters(len(payload), 2)}"
    return TestCode(f"{checked};{_letters(zlib.crc32(checked.encode()), _CHECK_LENGTH)}{END}", nonce)


def find(text: str) -> TestCode | None:
    """The test code that `text` holds, None where frame, length or checksum do not hold."""
    found = _CODE.search(text)
    if found is None:
        return None
    code = with_nonce(found["nonce"])
    return code if code.text == found[0] else None


def _letters(number: int, width: int) -> str:
    digits = ""
    for _ in range(width):
        number, digit = divmod(number, len(STABLE_LETTERS))
        digits = STABLE_LETTERS[digit] + digits
    return digits
