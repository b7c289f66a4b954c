"""Serial ports, through pseudo-terminals: a real line, real unplugging, real refusals."""

from __future__ import annotations

import errno
import os
import queue
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.hardware.scanner import testcode
from fieldkit.hardware.scanner.serial import (
    BAUDS,
    END_OF_CODE_S,
    FRAMINGS,
    Arrived,
    Incoming,
    LineSettings,
    LineState,
    News,
    SerialLine,
    SystemPort,
    ports,
    refusal,
)
from fieldkit.hardware.scanner.wire import diagnose_bytes

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals")
DEADLINE_S = 20
CODE = testcode.with_nonce("klnb")


class Wire:
    """A pseudo-terminal: the test is the scanner at its far end."""

    def __init__(self, folder: Path) -> None:
        self.name = str(folder / "ttyTEST0")
        self._ends: list[int] = []
        self.plug()

    def plug(self) -> None:
        """A device appears under the port's name."""
        import tty

        self._ends = list(os.openpty())
        for end in self._ends:
            tty.setraw(end)
        Path(self.name).symlink_to(os.ttyname(self._ends[1]))

    def unplug(self) -> None:
        """It is pulled out."""
        Path(self.name).unlink(missing_ok=True)
        for end in self._ends:
            os.close(end)
        self._ends = []

    def send(self, data: bytes) -> None:
        while data:
            data = data[os.write(self._ends[0], data[:1024]) :]


class Listener:
    """A line that runs in a thread of its own, and its news."""

    def __init__(self, device: str, clock: Callable[[], float] = time.monotonic) -> None:
        self.news: queue.Queue[News] = queue.Queue()
        self._line = SerialLine(device, LineSettings(), self.news.put, clock=clock)
        self._thread = threading.Thread(target=self._line.run)
        self._thread.start()

    def state(self) -> LineState:
        """The next news of the port itself."""
        while not isinstance(news := self.news.get(timeout=DEADLINE_S), LineState):
            pass
        return news

    def code(self) -> Arrived:
        """The next code."""
        while not isinstance(news := self.news.get(timeout=DEADLINE_S), Arrived):
            pass
        return news

    def counted(self, count: int) -> None:
        """Wait until so many bytes of a code are there."""
        while not (isinstance(news := self.news.get(timeout=DEADLINE_S), Incoming) and news.count >= count):
            pass

    def end(self) -> None:
        self._line.stop()
        self._thread.join(DEADLINE_S)
        assert not self._thread.is_alive()


@pytest.fixture
def wire(tmp_path: Path) -> Iterator[Wire]:
    made = Wire(tmp_path)
    yield made
    made.unplug()


@pytest.fixture
def listener(wire: Wire) -> Iterator[Listener]:
    made = Listener(wire.name)
    assert made.state() == LineState("open")
    yield made
    made.end()


@pytest.mark.parametrize("end", [b"\r", b"\r\n", b"\n", b""])
def test_a_code_is_handed_over_whole(wire: Wire, listener: Listener, end: bytes) -> None:
    wire.send(CODE.text.encode() + end)
    assert listener.code().data == CODE.text.encode() + end


def test_slow_bytes_are_one_code(wire: Wire) -> None:
    now = [0.0]
    listener = Listener(wire.name, lambda: now[0])
    assert listener.state() == LineState("open")
    data = CODE.text.encode() + b"\r"
    for n in range(len(data)):
        now[0] += END_OF_CODE_S / 2
        wire.send(data[n : n + 1])
        listener.counted(n + 1)
    now[0] += END_OF_CODE_S
    arrived = listener.code()
    listener.end()
    assert arrived.data == data
    assert arrived.timing is not None
    assert arrived.timing.characters_per_second == pytest.approx(2 / END_OF_CODE_S)


def test_a_burst_of_four_kilobytes_is_one_code(wire: Wire, listener: Listener) -> None:
    burst = bytes(range(33, 127)) * 44
    wire.send(burst[:4096])
    assert listener.code().data == burst[:4096]


def test_garbage_is_something_else_and_the_next_code_is_good(wire: Wire, listener: Listener) -> None:
    garbage = bytes((73 * n) % 256 for n in range(512))
    wire.send(garbage)
    assert diagnose_bytes(CODE.text, listener.code().data).code == "foreign"
    wire.send(CODE.text.encode() + b"\r")
    assert diagnose_bytes(CODE.text, listener.code().data).verdict == "ok"


def test_unplugged_in_the_middle_then_plugged_in_again(wire: Wire, listener: Listener) -> None:
    wire.send(CODE.text.encode()[:20])
    listener.counted(20)
    wire.unplug()
    assert diagnose_bytes(CODE.text, listener.code().data).verdict == "truncated"
    assert listener.state() == LineState("lost")
    wire.plug()
    assert listener.state() == LineState("open")
    wire.send(CODE.text.encode() + b"\r")
    assert diagnose_bytes(CODE.text, listener.code().data).verdict == "ok"


def test_a_port_that_another_program_holds_is_refused(wire: Wire) -> None:
    held = SystemPort(wire.name, LineSettings())
    try:
        line = Listener(wire.name)
        state = line.state()
        line.end()
    finally:
        held.close()
    assert state.error is not None
    assert (state.state, state.error.code) == ("refused", "port-busy")


def test_a_port_that_is_not_there_is_refused(tmp_path: Path) -> None:
    line = Listener(str(tmp_path / "nothing"))
    state = line.state()
    line.end()
    assert state.error is not None
    assert (state.state, state.error.code) == ("refused", "port-gone")


def test_a_file_is_no_port(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError) as caught:
        SystemPort(str(tmp_path / "file"), LineSettings())
    assert refusal(caught.value, "file").code == "port-unusable"


@pytest.mark.parametrize("baud", BAUDS)
@pytest.mark.parametrize("framing", FRAMINGS)
def test_every_offered_setting_can_be_asked_for(wire: Wire, baud: int, framing: str) -> None:
    SystemPort(wire.name, LineSettings(baud, framing)).close()


@pytest.mark.parametrize(
    ("error", "platform", "code"),
    [
        (OSError(errno.EACCES, "denied"), "linux", "port-forbidden"),
        (OSError(errno.EACCES, "denied"), "win32", "port-busy"),
        (OSError(errno.EBUSY, "busy"), "darwin", "port-busy"),
        (OSError(errno.ENOENT, "gone"), "win32", "port-gone"),
        (OSError("could not open port 'COM3': PermissionError(13, 'Accès refusé.', None, 5)"), "win32", "port-busy"),
        (OSError("could not open port 'COM9': FileNotFoundError(2, 'Introuvable')"), "win32", "port-gone"),
        (ValueError("Not a valid baudrate"), "linux", "port-unusable"),
    ],
)  # fmt: skip
def test_refusals_are_told_apart(error: OSError | ValueError, platform: str, code: str) -> None:
    told = refusal(error, "COM3", platform)
    assert told.code == code
    assert "COM3" in told.message
    assert told.hint


@dataclass
class Listed:
    """What `list_ports` says of a port."""

    device: str
    manufacturer: str | None = None
    product: str | None = None
    vid: int | None = None
    pid: int | None = None


def test_ports_are_named_by_maker_and_model_usb_first() -> None:
    found = ports([Listed("/dev/ttyS0"), Listed("/dev/ttyACM0", "Newland", "HR22 ", 0x1EAB, 0x1A06)])
    assert [(port.name, port.vid_pid, port.usb) for port in found] == [
        ("Newland HR22 (/dev/ttyACM0)", "1EAB:1A06", True),
        ("/dev/ttyS0", "", False),
    ]


def test_this_computers_ports_can_be_listed() -> None:
    assert all(port.device for port in ports())


@dataclass
class Scripted:
    """A port that gives pieces at the times of a clock of its own, and then is gone."""

    pieces: list[tuple[float, bytes]]
    now: float = 0.0
    closed: bool = field(default=False)

    def read(self) -> bytes:
        if not self.pieces:
            raise OSError(errno.EIO, "gone")
        pause, piece = self.pieces.pop(0)
        self.now += pause
        return piece

    def close(self) -> None:
        self.closed = True


@given(st.lists(st.tuples(st.sampled_from([0.01, 0.1, 0.2, 0.6]), st.binary(max_size=30)), max_size=30))
def test_no_byte_is_lost_whatever_the_pace(pieces: list[tuple[float, bytes]]) -> None:
    port = Scripted(list(pieces))
    news: list[News] = []
    line = SerialLine("port", LineSettings(), news.append, lambda _device, _settings: port, lambda: port.now)

    def opener(_device: str, _settings: LineSettings) -> Scripted:
        if port.closed:
            line.stop()
            raise OSError(errno.ENOENT, "gone")
        return port

    line._opener = opener
    line.run()
    assert b"".join(one.data for one in news if isinstance(one, Arrived)) == b"".join(p for _t, p in pieces)
    assert port.closed


def test_stopping_is_quick_also_while_a_device_is_waited_for(wire: Wire) -> None:
    line = Listener(wire.name)
    assert line.state().state == "open"
    wire.unplug()
    assert line.state().state == "lost"
    started = time.monotonic()
    line.end()
    assert time.monotonic() - started < DEADLINE_S
    wire.plug()
