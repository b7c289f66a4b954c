"""A real pcscd with the virtual two-slot reader of vsmartcard, and cards to put in it.

A plain context manager, for tests and for the demo alike:

    with virtual_pcscd(folder) as pcscd:
        with pcscd.card(0) as card:
            card.insert(bytes.fromhex("3B751300004509EA9000"))

One pcscd runs at a time on a machine, so a lock makes the next user wait for the one before.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Final

import psutil

READER_NAME: Final = "KAPELSE KAP-GO"
MUTE: Final = bytes(40)
"""The answer of a card that pcscd takes for mute: longer than any may be."""
_PORT: Final = 0x4C7B
"""Where the first slot waits, the second one after it. Systems give no connection a port as low as this: one that
had it would keep the reader from it, for a minute after its end."""
_USUAL_PORT: Final = 0x8C7B
"""That of vsmartcard, where nobody says otherwise."""
_SLOTS: Final = 2
_RUN: Final = Path("/run/pcscd")
_PID_FILE: Final = _RUN / "pcscd.pid"
_SOCKET: Final = _RUN / "pcscd.comm"
_LOCK: Final = Path(tempfile.gettempdir()) / "fieldkit-pcscd.lock"
_PATIENCE: Final = 60.0
_LOCK_PATIENCE: Final = 240.0
"""A whole demo may be at it, on a machine with much else to do."""
_GET_ATR: Final = b"\x04"


class PcscdError(Exception):
    """pcscd could not be had; the message says why."""


@contextmanager
def virtual_pcscd(folder: Path, reader_name: str = READER_NAME) -> Iterator[VirtualPcscd]:
    """A running pcscd whose only configured reader is virtual; its log and configuration go to `folder`.

    One that already runs with the virtual reader is used as it is, under its own reader name, and left
    running. Raises PcscdError when there is no way to have one.
    """
    with _LOCK.open("w") as lock:
        _until(
            lambda: _locked(lock.fileno()), "another user of pcscd did not finish", patience=_LOCK_PATIENCE
        )
        pcscd = VirtualPcscd(folder, reader_name)
        pcscd.start()
        try:
            yield pcscd
        finally:
            pcscd.close()


class VirtualPcscd:
    """pcscd as its user may treat it: started, killed, started again. See `virtual_pcscd`."""

    def __init__(self, folder: Path, reader_name: str = READER_NAME) -> None:
        self.log = folder / "pcscd.log"
        self._configuration = folder / "reader.conf.d"
        self._reader_name = reader_name
        self._process: subprocess.Popen[bytes] | None = None
        self._port = _PORT
        self._cards: list[VirtualCard] = []

    @property
    def ours(self) -> bool:
        """Whether this object started the pcscd that runs, so that it may be killed."""
        return self._process is not None

    def card(self, slot: int) -> VirtualCard:
        """A card for `slot` (0 or 1), not yet inserted; removed at the latest when pcscd is closed."""
        card = VirtualCard(slot, self._port)
        self._cards.append(card)
        return card

    def start(self) -> None:
        """Have pcscd running and ready for cards."""
        if _daemon_answers():
            found = next((port for port in (_PORT, _USUAL_PORT) if _slots_open(port)), None)
            if found is None:
                raise PcscdError(
                    "a pcscd without the virtual reader is running on this machine: stop it first"
                )
            self._port = found
            return
        self._port = _PORT
        program = shutil.which("pcscd") or shutil.which("pcscd", path="/usr/sbin:/usr/local/sbin")
        if program is None:
            raise PcscdError("pcscd is not installed: apt-get install pcscd vsmartcard-vpcd")
        _clear_leftovers()
        self._configure()
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [program, "--foreground", "--config", str(self._configuration)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        try:
            _until(self._ready, "pcscd did not become ready", context=self._log_end)
        except PcscdError:
            self.kill()  # or nobody else could have one
            raise

    def kill(self) -> None:
        """End it as a crash would: no farewell, its files left behind. Only for a pcscd that is `ours`."""
        process = self._owned()
        process.kill()
        process.wait()
        self._process = None

    def freeze(self) -> None:
        """Let it answer nothing any more: only `kill` helps then. Only for one that is `ours`."""
        self._owned().send_signal(signal.SIGSTOP)

    def stop(self) -> None:
        """End it in good order. Only for a pcscd that is `ours`."""
        process = self._owned()
        process.terminate()
        try:
            process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        self._process = None

    def close(self) -> None:
        """Take the cards out, and stop pcscd if it is `ours`."""
        for card in self._cards:
            card.remove()
        if self.ours:
            self.stop()

    def _owned(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            raise PcscdError("this pcscd was running before us, or is stopped: it is not ours to end")
        return self._process

    def _configure(self) -> None:
        library = next(iter(Path("/usr").glob("lib*/**/libifdvpcd.so")), None)
        if library is None:
            raise PcscdError("the virtual reader is not installed: apt-get install vsmartcard-vpcd")
        self._configuration.mkdir(parents=True, exist_ok=True)
        (self._configuration / "vpcd").write_text(
            f'FRIENDLYNAME "{self._reader_name}"\n'
            f"DEVICENAME /dev/null:0x{_PORT:X}\n"
            f"LIBPATH {library}\n"
            f"CHANNELID 0x{_PORT:X}\n",
            encoding="ascii",
        )

    def _ready(self) -> bool:
        if self._process is not None and self._process.poll() is not None:
            raise PcscdError(f"pcscd ended at once ({self._process.returncode}): {self._log_end()}")
        return _daemon_answers() and _slots_open(self._port)

    def _log_end(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")[-2000:]


class VirtualCard:
    """A card for one slot of the virtual reader, and the record of all that pcscd said to it.

    `messages` holds what arrived, oldest first: b"\\x00" power off, b"\\x01" power on, b"\\x02" reset,
    b"\\x04" the question for the answer to reset; anything else is a command sent to the card.
    """

    def __init__(self, slot: int, port: int = _PORT) -> None:
        if slot not in range(_SLOTS):
            raise ValueError(f"the virtual reader has slots 0 and 1, not {slot}")
        self.messages: list[bytes] = []
        self._port = port + slot
        self._line: socket.socket | None = None
        self._listener: threading.Thread | None = None

    @property
    def commands(self) -> list[bytes]:
        """The commands (APDU) among `messages`: none must ever arrive."""
        return [message for message in self.messages if len(message) != 1 or message[0] not in (0, 1, 2, 4)]

    def insert(self, atr: bytes) -> None:
        """Put the card in; pcscd sees it within half a second. Raises OSError when pcscd is away."""
        self.remove()
        line = socket.create_connection(("127.0.0.1", self._port), timeout=_PATIENCE)
        line.settimeout(None)
        self._line = line
        self._listener = threading.Thread(target=self._listen, args=(line, atr), daemon=True)
        self._listener.start()

    def remove(self) -> None:
        """Take the card out; nothing happens when it is not in."""
        line, self._line = self._line, None
        if line is None:
            return
        with suppress(OSError):  # pcscd may have hung up already
            line.shutdown(socket.SHUT_RDWR)
        if self._listener is not None:
            self._listener.join(_PATIENCE)
        line.close()

    def __enter__(self) -> VirtualCard:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.remove()

    def _listen(self, line: socket.socket, atr: bytes) -> None:
        with suppress(OSError), line.makefile("rb") as stream:
            while len(head := stream.read(2)) == 2:
                message = stream.read(int.from_bytes(head, "big"))
                self.messages.append(message)
                if message == _GET_ATR:
                    line.sendall(len(atr).to_bytes(2, "big") + atr)


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _daemon_answers() -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
        try:
            line.connect(str(_SOCKET))
        except OSError:
            return False
    return True


def _slots_open(port: int) -> bool:
    """Whether both slots, from `port` on, wait for a card; asked of the system: connecting would insert one."""
    listening = {
        connection.laddr.port
        for connection in psutil.net_connections(kind="tcp4")
        if connection.laddr and connection.status == psutil.CONN_LISTEN
    }
    return listening.issuperset(range(port, port + _SLOTS))


def _clear_leftovers() -> None:
    """A crashed pcscd leaves its files; a new one refuses to start when their pid is in use by anyone."""
    with suppress(OSError, ValueError, psutil.Error):
        pid = int(_PID_FILE.read_text(encoding="ascii"))
        process = psutil.Process(pid)
        if process.name() == "pcscd" and process.status() != psutil.STATUS_ZOMBIE:
            raise PcscdError(f"a pcscd (pid {pid}) is running but does not answer: stop it first")
    if os.access(_RUN, os.W_OK):
        _PID_FILE.unlink(missing_ok=True)
        _SOCKET.unlink(missing_ok=True)


def _until(
    condition: Callable[[], bool],
    failure: str,
    *,
    patience: float = _PATIENCE,
    context: Callable[[], str] = str,
) -> None:
    """Wait for `condition` with a deadline; the other side offers nothing to wait on but its state."""
    deadline = time.monotonic() + patience
    while not condition():
        if time.monotonic() > deadline:
            raise PcscdError(f"{failure} within {patience:.0f} s. {context()}")
        time.sleep(0.02)
