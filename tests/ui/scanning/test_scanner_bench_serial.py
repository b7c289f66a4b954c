"""The bench on a serial port; and a code that is not ours leaves no trace on any path."""

from __future__ import annotations

import gc
import os
import tty
from collections.abc import Iterator
from typing import cast

import pytest
from PySide6.QtGui import QClipboard, QGuiApplication

from fieldkit.hardware.scanner.serial import PortInfo
from fieldkit.services.scanner_devices import Seen
from fieldkit.ui.main_window import MainWindow
from fieldkit.ui.widgets.scanner_bench import ScannerBench
from fieldkit.ui.widgets.serial_mode import SerialMode
from tests.ui.conftest import until
from tests.ui.scanning.hands import PIECES, SECRET, press, readings, scan, type_into, words


@pytest.fixture
def wire() -> Iterator[list[int]]:
    """A pseudo-terminal: the scanner's end, and the port's."""
    ends = list(os.openpty())
    for end in ends:
        tty.setraw(end)
    yield ends
    for end in ends:
        os.close(end)


@pytest.fixture
def serial(bench: ScannerBench, wire: list[int], seen: list[Seen]) -> SerialMode:
    """The serial mode, listening to the far end of `wire`."""
    seen.append(Seen((), (PortInfo(os.ttyname(wire[1]), "Newland", "HR22", "1EAB:1A06"), PortInfo("COM1"))))
    bench.modes.chosen.emit("serial")
    mode = cast(SerialMode, bench.way("serial"))
    mode.refresh.click()
    until(lambda: mode.port.count() == 2)
    mode.listen.click()
    until(lambda: mode.state.text().startswith("à l'écoute"))
    return mode


def test_a_code_from_a_serial_port(bench: ScannerBench, serial: SerialMode, wire: list[int]) -> None:
    assert serial.port.currentText().startswith("Newland HR22")
    assert not serial.baud.isEnabled()
    os.write(wire[0], bench.code_card.code.text.encode() + b"\r")
    until(lambda: readings(bench) == 1)
    found = bench.trial.shots[0].diagnosis
    assert (found.interface, found.verdict) == ("serial", "ok")
    assert serial.count.text() == "38 octets reçus."
    assert bench.raw.text.toPlainText().startswith("0000  46 4b 31 3b")
    serial.listen.click()
    assert serial.state.text() == "fermé"
    assert serial.port.isEnabled()


def test_leaving_the_page_gives_the_port_back(bench: ScannerBench, serial: SerialMode) -> None:
    cast(MainWindow, bench.window()).open_page("readers")
    assert serial.state.text() == "fermé"


def test_speed_matters_on_a_true_serial_port_only(bench: ScannerBench, seen: list[Seen]) -> None:
    seen.append(Seen((), (PortInfo("COM1"),)))
    bench.modes.chosen.emit("serial")
    mode = cast(SerialMode, bench.way("serial"))
    mode.refresh.click()
    until(mode.baud.isEnabled)
    assert "Vrai port série" in mode.hint.text()


def test_a_port_that_cannot_be_opened_says_why(bench: ScannerBench, seen: list[Seen]) -> None:
    seen.append(Seen((), (PortInfo("/nowhere/tty9"),)))
    bench.modes.chosen.emit("serial")
    mode = cast(SerialMode, bench.way("serial"))
    mode.refresh.click()
    until(mode.listen.isEnabled)
    mode.listen.click()
    until(lambda: mode.state.text() == "refusé")
    assert "/nowhere/tty9" in mode.banner.message.text()
    until(mode.port.isEnabled)


def test_a_foreign_code_leaves_no_trace_on_any_path(
    bench: ScannerBench, serial: SerialMode, wire: list[int], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(0)
    press(bench, "rawOpen")
    os.write(wire[0], SECRET.encode() + b"\r\n")
    until(lambda: readings(bench) == 1)
    bench.modes.chosen.emit("keyboard")
    bench.begin()
    scan(bench, text=SECRET)
    scan(bench, text=SECRET, end="")
    bench.keyboard.received.setFocus()
    type_into(bench.keyboard.received, SECRET + "\r")
    until(lambda: readings(bench) == 4)
    type_into(bench.keyboard.received, SECRET)
    until(lambda: readings(bench) == 5)
    assert bench.trial.others == 5

    window, context = cast(MainWindow, bench.window()), bench._context
    until(lambda: not context.runner.busy)
    board = QGuiApplication.clipboard()
    heaps = [words(window), caplog.text, repr(bench.trial)]
    heaps += [board.text(mode) for mode in (QClipboard.Mode.Clipboard, QClipboard.Mode.Selection)]
    for file in context.folder.parent.rglob("*"):
        if file.is_file():
            heaps.append(file.read_bytes().decode("latin-1"))
    found = [piece for piece in PIECES for heap in heaps if piece in heap]
    assert found == []
    assert held_strokes() == []


def held_strokes() -> list[object]:
    """Lists of strokes that still live anywhere in the program."""
    from fieldkit.hardware.scanner.keyboard import Stroke

    gc.collect()
    lists = (one for one in gc.get_objects() if isinstance(one, list))
    return [one for one in lists if one and isinstance(one[0], Stroke)]
