"""Scanners on a serial port: which ports there are, and what comes out of one, as it comes.

`SerialLine.run` blocks until it is stopped: a worker runs it, never the window. It outlives the device: what
is unplugged is waited for, and said to be back. Bytes are handed over a whole code at a time, and not kept.
"""

from __future__ import annotations

import contextlib
import errno
import sys
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final, Literal, Protocol

from fieldkit.errors import KnownError
from fieldkit.hardware.scanner.timing import Timing
from fieldkit.i18n import _

END_OF_CODE_S: Final = 0.5
"""Silence after which a code is complete; longer than any pause a port makes inside one."""
AFTER_END_S: Final = 0.15
"""The same once a line end has come."""
_POLL_S: Final = 0.05
_RETRY_S: Final = 0.5
_LONGEST: Final = 64 * 1024
"""Bytes without a pause after which they are handed over all the same: no scanner's code is as long."""

BAUDS: Final = (9600, 1200, 2400, 4800, 19200, 38400, 57600, 115200)
"""Speeds offered, the one most scanners leave the factory with first."""
FRAMINGS: Final = ("8N1", "7E1", "7O1", "8E1", "8O1", "7N2", "8N2")


@dataclass(frozen=True, slots=True)
class PortInfo:
    """A serial port: `device` opens it; maker, model and ids where USB tells them, "" where it does not."""

    device: str
    maker: str = ""
    model: str = ""
    vid_pid: str = ""

    @property
    def usb(self) -> bool:
        """Whether it is a port on USB, where speed and framing are of no consequence."""
        return bool(self.vid_pid)

    @property
    def name(self) -> str:
        """What to call it: maker and model, and the port."""
        about = " ".join(part for part in (self.maker, self.model) if part)
        return f"{about} ({self.device})" if about else self.device


@dataclass(frozen=True, slots=True)
class LineSettings:
    """Speed in baud and framing (`8N1`: data bits, parity, stop bits) of a true RS-232 port."""

    baud: int = BAUDS[0]
    framing: str = FRAMINGS[0]


@dataclass(frozen=True, slots=True)
class LineState:
    """What the port is doing: `open`, `lost` (unplugged, waited for), or `refused` with why."""

    state: Literal["open", "lost", "refused"]
    error: KnownError | None = None


@dataclass(frozen=True, slots=True)
class Incoming:
    """Bytes of a code are arriving: so many until now."""

    count: int


@dataclass(frozen=True, slots=True)
class Arrived:
    """One code as it came, with its pace."""

    data: bytes = field(repr=False)
    timing: Timing | None


News = LineState | Incoming | Arrived


class Port(Protocol):
    """An open port."""

    def read(self) -> bytes:
        """What is there, waiting a moment for the first byte. Raises OSError when the port is gone."""

    def close(self) -> None:
        """Give the port back."""


class ComPort(Protocol):
    """What pyserial's `list_ports` says of a port."""

    device: str
    manufacturer: str | None
    product: str | None
    vid: int | None
    pid: int | None


Opener = Callable[[str, LineSettings], Port]


def ports(found: Iterable[ComPort] | None = None) -> list[PortInfo]:
    """The serial ports of this computer, those on USB first; `found` stands for them in tests."""
    if found is None:
        from serial.tools import list_ports

        found = list_ports.comports()
    known = [_info(port) for port in found]
    return sorted(known, key=lambda port: (not port.usb, port.device))


class SystemPort:
    """A port of this computer, open for this program alone."""

    def __init__(self, device: str, settings: LineSettings) -> None:
        """Raises OSError (pyserial's own is one), and ValueError for settings that the driver does not know."""
        import serial

        self._serial = serial.Serial(
            device,
            settings.baud,
            bytesize=int(settings.framing[0]),
            parity=settings.framing[1],
            stopbits=int(settings.framing[2]),
            timeout=_POLL_S,
            exclusive=True if sys.platform != "win32" else None,  # Windows shares no port anyway
        )

    def read(self) -> bytes:
        first: bytes = self._serial.read(1)
        rest: bytes = self._serial.read(self._serial.in_waiting) if first else b""
        return first + rest

    def close(self) -> None:
        self._serial.close()


class SerialLine:
    """Reads one port until it is stopped."""

    def __init__(
        self,
        device: str,
        settings: LineSettings,
        on_news: Callable[[News], None],
        opener: Opener = SystemPort,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._device, self._settings, self._on_news = device, settings, on_news
        self._opener, self._clock = opener, clock
        self._stopped = threading.Event()

    def stop(self) -> None:
        """End `run` soon; called from another thread."""
        self._stopped.set()

    def run(self) -> None:
        """Open the port and tell what comes, until stopped or refused. A port that leaves is waited for."""
        was_open = False
        while not self._stopped.is_set():
            try:
                port = self._opener(self._device, self._settings)
            except (OSError, ValueError) as error:
                if not (was_open and _gone(error)):
                    self._on_news(LineState("refused", refusal(error, self._device)))
                    return
                self._stopped.wait(_RETRY_S)
                continue
            was_open = True
            self._on_news(LineState("open"))
            if self._read_until_gone(port):
                self._on_news(LineState("lost"))

    def _read_until_gone(self, port: Port) -> bool:
        """Whether the device went away, rather than that we were stopped."""
        code = _Assembly(self._clock)
        try:
            while not self._stopped.is_set():
                piece = port.read()
                if piece:
                    self._on_news(Incoming(code.take(piece)))
                if code.complete:
                    self._hand_over(code)
        except OSError:
            self._hand_over(code)
            return True
        finally:
            with contextlib.suppress(OSError):  # it may be gone already
                port.close()
        return False

    def _hand_over(self, code: _Assembly) -> None:
        data, timing = code.give()
        if data:
            self._on_news(Arrived(data, timing))


class _Assembly:
    """Puts the pieces of one code together."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._data = bytearray()
        self._first = self._last = 0.0
        self._longest = 0.0

    def take(self, piece: bytes) -> int:
        """Add a piece; how many bytes there are now."""
        now = self._clock()
        if self._data:
            self._longest = max(self._longest, now - self._last)
        else:
            self._first = now
        self._last = now
        self._data += piece
        return len(self._data)

    @property
    def complete(self) -> bool:
        """Whether the code has ended, by a silence or by being longer than any."""
        if not self._data:
            return False
        pause = AFTER_END_S if self._data[-1:] in b"\r\n" else END_OF_CODE_S
        return len(self._data) >= _LONGEST or self._clock() - self._last >= pause

    def give(self) -> tuple[bytes, Timing | None]:
        """The code and its pace, and forget them; empty where there is none."""
        data, seconds = bytes(self._data), self._last - self._first
        timing = None
        if seconds > 0:
            rate = (len(data) - 1) / seconds
            timing = Timing(seconds, rate, 1000 / rate, self._longest * 1000, "scan")
        self._data.clear()
        self._longest = 0.0
        return data, timing


def refusal(error: OSError | ValueError, device: str, platform: str = sys.platform) -> KnownError:
    """Why a port cannot be opened, and what to do: taken, not allowed, not there, or not able to."""
    number = _errno(error)
    if _busy(error, number, platform):
        return KnownError(
            "port-busy",
            _("Le port {device} est déjà pris par un autre programme.").format(device=device),
            _("Fermez le logiciel qui l'utilise (facturation, service du lecteur), puis réessayez."),
        )
    if number in (errno.EACCES, errno.EPERM):
        return KnownError(
            "port-forbidden",
            _("Vous n'avez pas le droit d'ouvrir le port {device}.").format(device=device),
            _(
                "Demandez à l'administrateur d'ajouter votre compte au groupe « dialout », puis rouvrez la session."
            ),
        )
    if _gone(error):
        return KnownError(
            "port-gone",
            _("Le port {device} n'est plus là.").format(device=device),
            _("Rebranchez le lecteur, puis actualisez la liste des ports."),
        )
    return KnownError(
        "port-unusable",
        _("Le port {device} refuse ces réglages ou ne répond pas.").format(device=device),
        _("Essayez une autre vitesse ou un autre port, et rebranchez le lecteur."),
    )


def _busy(error: Exception, number: int | None, platform: str) -> bool:
    if platform == "win32":
        return number == errno.EACCES  # Windows says "access denied" of a port that is taken
    return number in (errno.EBUSY, errno.EAGAIN) or "exclusively lock" in str(error)


def _gone(error: Exception) -> bool:
    return _errno(error) in (errno.ENOENT, errno.ENXIO, errno.ENODEV, errno.EIO)


def _errno(error: Exception) -> int | None:
    """The number of a system error, also where pyserial put it into its own exception's words."""
    number = getattr(error, "errno", None)
    if number is not None:
        return int(number)
    words = str(error)
    for name, wanted in (("FileNotFoundError", errno.ENOENT), ("PermissionError", errno.EACCES)):
        if name in words:
            return wanted
    return None


def _info(port: ComPort) -> PortInfo:
    ids = "" if port.vid is None or port.pid is None else f"{port.vid:04X}:{port.pid:04X}"
    return PortInfo(port.device, (port.manufacturer or "").strip(), (port.product or "").strip(), ids)
