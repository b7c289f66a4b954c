"""The seam to PC/SC: the five functions that are enough to watch readers, and nothing that reaches a card.

Every code that crosses it is unsigned and every answer comes with its code: nothing is raised.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, Protocol

from fieldkit.hardware.pcsc.errors import COMM_ERROR, NO_SERVICE, SECURITY_VIOLATION, SUCCESS

UNAWARE: Final = 0x0000
IGNORE: Final = 0x0001
CHANGED: Final = 0x0002
UNKNOWN: Final = 0x0004
UNAVAILABLE: Final = 0x0008
EMPTY: Final = 0x0010
PRESENT: Final = 0x0020
EXCLUSIVE: Final = 0x0080
IN_USE: Final = 0x0100
MUTE: Final = 0x0200

PLUG_AND_PLAY: Final = "\\\\?PnP?\\Notification"
"""The reader that stands for the list of readers: waiting on it is waiting for one to come or go."""

_DAEMON_PLACES: Final = "/usr/sbin:/usr/local/sbin"
_DAEMON_SOCKET: Final = Path("/run/pcscd/pcscd.comm")

Ask = tuple[str, int]
"""A reader's name and the state it is believed to be in, as the service last told it (UNAWARE: not known)."""
Answer = tuple[str, int, bytes]
"""A reader's name, its state with the count of insertions and removals in the high half, and the ATR."""


class Context(Protocol):
    """A line to the card service. Once it breaks it stays broken, even when the service is back."""

    def list_readers(self) -> tuple[int, list[str]]:
        """Names of all readers: code, names."""
        ...

    def wait(self, timeout_ms: int, ask: Sequence[Ask]) -> tuple[int, list[Answer]]:
        """Wait until one of the readers differs from what is believed of it: code, answers in order."""
        ...

    def cancel(self) -> int:
        """End a `wait` that another thread is in; lost where none is."""
        ...

    def release(self) -> int:
        """Close it, dead or alive."""
        ...


class Scard(Protocol):
    """PC/SC as the monitor needs it: this computer's (see `load`) or `simulated.SimulatedScard`."""

    def establish(self) -> tuple[int, Context | None]:
        """Open a context: code, and the context when the code is SUCCESS."""
        ...

    def installed(self) -> bool:
        """Whether this computer has a card service at all, running or not."""
        ...


def load() -> Scard:
    """This computer's PC/SC, or one that never answers where pyscard or the library is missing."""
    found = module()
    return AbsentScard() if found is None else SystemScard(found)


def module() -> Any:
    """pyscard's thinnest layer, `smartcard.scard`; None where it or the library is missing."""
    if not _library_found():
        return None
    try:
        import smartcard.scard
    except (ImportError, OSError):
        return None
    return smartcard.scard


class SystemScard:
    """PC/SC through pyscard's thinnest layer, the module `smartcard.scard`."""

    def __init__(self, module: Any) -> None:
        self._module = module

    def establish(self) -> tuple[int, Context | None]:
        code, handle = self._module.SCardEstablishContext(self._module.SCARD_SCOPE_USER)
        return _unsigned(code), _SystemContext(self._module, handle) if code == SUCCESS else None

    def installed(self) -> bool:
        return not sys.platform.startswith("linux") or _daemon_found()


class _SystemContext:
    def __init__(self, module: Any, handle: int) -> None:
        self._module = module
        self._handle = handle

    def list_readers(self) -> tuple[int, list[str]]:
        try:
            code, names = self._module.SCardListReaders(self._handle, [])
        except SystemError:  # pyscard's way of telling that the context died
            return COMM_ERROR, []
        return _on_the_line(code), list(names)

    def wait(self, timeout_ms: int, ask: Sequence[Ask]) -> tuple[int, list[Answer]]:
        try:
            code, answers = self._module.SCardGetStatusChange(self._handle, timeout_ms, list(ask))
        except SystemError:
            return COMM_ERROR, []
        return _on_the_line(code), [(name, _unsigned(state), bytes(atr)) for name, state, atr in answers]

    def cancel(self) -> int:
        return _unsigned(self._module.SCardCancel(self._handle))

    def release(self) -> int:
        return _unsigned(self._module.SCardReleaseContext(self._handle))


class AbsentScard:
    """PC/SC where there is none."""

    def establish(self) -> tuple[int, Context | None]:
        return NO_SERVICE, None

    def installed(self) -> bool:
        return False


def _library_found() -> bool:
    """Looked for first, because pyscard prints on its own when the library of pcsc-lite is missing."""
    if not sys.platform.startswith("linux"):
        return True
    try:
        ctypes.CDLL("libpcsclite.so.1")
    except OSError:
        return False
    return True


def _daemon_found() -> bool:
    places = os.pathsep.join([os.environ.get("PATH", ""), _DAEMON_PLACES])
    return _DAEMON_SOCKET.exists() or shutil.which("pcscd", path=places) is not None


def _on_the_line(code: int) -> int:
    """A refusal comes when a line is opened; later it is how pcsc-lite tells one cut in mid-sentence (measured)."""
    return COMM_ERROR if _unsigned(code) == SECURITY_VIOLATION else _unsigned(code)


def _unsigned(code: int) -> int:
    return code & 0xFFFFFFFF
