"""What a driver says of its reader. The only file that opens a line to a reader, and only to an empty one.

It runs in a child process (see `asking`), because some drivers crash or hang when asked. The line is DIRECT
and has no protocol: it is to the reader, so that there is never one to a card. A slot with a card in it, or
one that cannot tell, is not asked at all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from fieldkit.hardware.pcsc import tlv
from fieldkit.hardware.pcsc.errors import NO_SERVICE, SUCCESS
from fieldkit.hardware.pcsc.scard import EMPTY, PRESENT, UNAWARE, module

Outcome = Literal["read", "occupied", "refused", "crashed", "timed-out"]

_NO_PROTOCOL: Final = 0
_LEAVE_CARD: Final = 0
_GET_FEATURES: Final = 3400
_VENDOR, _TYPE, _VERSION, _SERIAL = (0x00010100 + n for n in range(4))


@dataclass(frozen=True, slots=True)
class Attributes:
    """What a reader's driver told; None is "not told". `serial` is the device's own, never a person's card's."""

    vendor: str | None = None
    model: str | None = None
    firmware: str | None = None
    serial: str | None = None
    vid_pid: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """How asking ended. `code`: that of PC/SC when `refused`, of the process when `crashed`."""

    outcome: Outcome
    attributes: Attributes = field(default_factory=Attributes)
    code: int = 0


def read(name: str, scard: Any = None) -> Reading:
    """Ask the driver of the empty slot `name`, a name as PC/SC gives it; `scard` is the module of pyscard."""
    scard = scard or module()
    if scard is None:
        return Reading("refused", code=NO_SERVICE)
    code, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
    if code != SUCCESS:
        return Reading("refused", code=code & 0xFFFFFFFF)
    try:
        return _read(scard, context, name)
    finally:
        scard.SCardReleaseContext(context)


def _read(scard: Any, context: int, name: str) -> Reading:
    if not _empty(scard, context, name):
        return Reading("occupied")
    code, line, _ = scard.SCardConnect(context, name, scard.SCARD_SHARE_DIRECT, _NO_PROTOCOL)
    if code != SUCCESS:
        return Reading("refused", code=code & 0xFFFFFFFF)
    try:
        if not _empty(scard, context, name):  # a card came in the meantime
            return Reading("occupied")
        return Reading("read", _attributes(scard, line))
    finally:
        scard.SCardDisconnect(line, _LEAVE_CARD)


def _empty(scard: Any, context: int, name: str) -> bool:
    code, answers = scard.SCardGetStatusChange(context, 0, [(name, UNAWARE)])
    return code == SUCCESS and [flags & (EMPTY | PRESENT) for _, flags, _ in answers] == [EMPTY]


def _attributes(scard: Any, line: int) -> Attributes:
    def attribute(number: int) -> bytes:
        return _bytes(scard.SCardGetAttrib(line, number))

    told = _properties(lambda code: _bytes(scard.SCardControl(line, code, [])), scard.SCARD_CTL_CODE)
    return Attributes(
        vendor=tlv.text(attribute(_VENDOR)),
        model=tlv.text(attribute(_TYPE)),
        firmware=tlv.text(told.get(tlv.FIRMWARE_ID, b"")) or tlv.version(attribute(_VERSION)),
        serial=tlv.text(attribute(_SERIAL)),
        vid_pid=tlv.usb_id(told),
    )


def _properties(control: Callable[[int], bytes], control_code: Callable[[int], int]) -> dict[int, bytes]:
    code = tlv.features(control(control_code(_GET_FEATURES))).get(tlv.TLV_PROPERTIES)
    return {} if code is None else tlv.properties(control(code))


def _bytes(answer: tuple[int, list[int]]) -> bytes:
    """What the driver gave, nothing where it gave a fault; pyscard has given bytes with a sign."""
    code, values = answer
    return bytes(value & 0xFF for value in values) if code == SUCCESS else b""
