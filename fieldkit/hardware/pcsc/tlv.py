"""What a reader says of itself, as bytes: the lists of PC/SC part 10 and the attributes of part 3.

Nothing here fails: a list that is cut or damaged gives what stood before the damage.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

TLV_PROPERTIES: Final = 0x12
"""The feature whose control code asks for the properties (PC/SC part 10, §2.3)."""
FIRMWARE_ID, VENDOR_ID, PRODUCT_ID = 0x08, 0x0B, 0x0C
"""Tags among the properties (PC/SC part 10, §2.6.14)."""
_LONGEST: Final = 100


def features(raw: bytes) -> dict[int, int]:
    """Control codes by feature; each entry is a tag, the length 4 and the code, most significant byte first."""
    return {tag: int.from_bytes(value) for tag, value in _entries(raw) if len(value) == 4}


def properties(raw: bytes) -> dict[int, bytes]:
    """Values by tag; a tag that comes twice keeps its last value."""
    return dict(_entries(raw))


def usb_id(found: dict[int, bytes]) -> str | None:
    """`2947:0103` from the properties; None unless both halves are there and are not 0."""
    halves = [int.from_bytes(found.get(tag, b""), "little") for tag in (VENDOR_ID, PRODUCT_ID)]
    if not all(0 < half <= 0xFFFF for half in halves):
        return None
    return "{:04X}:{:04X}".format(*halves)


def text(raw: bytes) -> str | None:
    """`raw` as words: up to its first NUL, printable, at most 100 characters; None where nothing is left."""
    words = raw.split(b"\0", 1)[0].decode("utf-8", errors="replace")
    kept = "".join(c for c in words if c.isprintable() and c != "\N{REPLACEMENT CHARACTER}")
    return kept.strip()[:_LONGEST].strip() or None


def version(raw: bytes) -> str | None:
    """`3.30` from the four bytes of a version (0xMMmmbbbb, least significant byte first); None where unset.

    Drivers put the binary-coded release of the device there (libccid does), so digits are read as they stand.
    """
    if len(raw) != 4 or not any(raw):
        return None
    build, minor, major = int.from_bytes(raw[:2], "little"), raw[2], raw[3]
    return f"{major:x}.{minor:02x}" + (f".{build}" if build else "")


def _entries(raw: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 2 <= len(raw):
        end = at + 2 + raw[at + 1]
        if end > len(raw):
            return
        yield raw[at], raw[at + 2 : end]
        at = end
