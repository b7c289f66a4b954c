"""The bench beyond one scan of code A: the field billing software has, serial ports, help, paper, and privacy."""

from __future__ import annotations

import gc
import json
import os
import tty
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import QEvent, Qt, QUrl
from PySide6.QtGui import QClipboard, QDesktopServices, QGuiApplication, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QWidget,
)

from fieldkit.hardware.scanner import testcode
from fieldkit.hardware.scanner.decode import decode
from fieldkit.hardware.scanner.layouts import load
from fieldkit.hardware.scanner.serial import PortInfo
from fieldkit.hardware.scanner.usb import UsbScanner
from fieldkit.services import scanner_devices
from fieldkit.services.scanner_devices import Seen
from fieldkit.ui.main_window import MainWindow
from fieldkit.ui.pages.scanner import ScannerPage
from fieldkit.ui.widgets.plain_field import PlainField
from fieldkit.ui.widgets.scanner_bench import ScannerBench
from fieldkit.ui.widgets.serial_mode import SerialMode
from tests.ui.conftest import MakeWindow, until
from tests.ui.test_scanner_page import strokes

SECRET = "PATIENT-QW-0123456789-AZ"
PIECES = [SECRET[n : n + 5] for n in range(len(SECRET) - 4)]
MUTE = UsbScanner("Zebra (Symbol)", "DS2208", "05E0:1900", "snapi")


@pytest.fixture(autouse=True)
def seen(monkeypatch: pytest.MonkeyPatch) -> list[Seen]:
    """What the computer of the test tells of its scanners: the last of the list."""
    told = [Seen((), ())]
    monkeypatch.setattr(scanner_devices, "look", lambda: told[-1])
    return told


@pytest.fixture
def bench(make_window: MakeWindow) -> ScannerBench:
    """The bench of the scanner page, in an open profile."""
    window = make_window()
    window.open_page("scanner")
    bench = cast(ScannerPage, window.page("scanner")).bench
    until(lambda: not window.context.runner.busy)
    return bench


def scan(
    bench: ScannerBench, scanner: str = "fr", computer: str = "fr", text: str = "", end: str = "\r"
) -> None:
    """One scan into the zone, judged."""
    count = readings(bench)
    for event in strokes(text or bench.code_card.code.text, scanner, computer, end=end):
        QApplication.sendEvent(bench.keyboard.capture, event)
    until(lambda: readings(bench) > count)


def readings(bench: ScannerBench) -> int:
    return len(bench.trial.shots) + bench.trial.others


def type_into(field: PlainField, text: str) -> None:
    """A scan into the field, as the computer makes text of it; the end is Enter, Tab or nothing."""
    keys = {"\r": Qt.Key.Key_Return, "\t": Qt.Key.Key_Tab}
    for n, character in enumerate(text):
        event = QKeyEvent(QEvent.Type.KeyPress, keys.get(character, Qt.Key.Key_unknown),
                          Qt.KeyboardModifier.NoModifier, 0, 0, 0, character)  # fmt: skip
        event.setTimestamp(1000 + 8 * n)
        QApplication.sendEvent(field, event)


def press(bench: ScannerBench, name: str) -> None:
    button = bench.findChild(QPushButton, name)
    assert button is not None
    button.click()


def choose(box: QComboBox, value: object) -> None:
    box.setCurrentIndex(box.findData(value))
    box.activated.emit(box.currentIndex())


def words(root: QWidget) -> str:
    """Whatever `root` shows or says, to eyes and to screen readers, and what its fields hold, shown or not."""
    found = []
    for widget in [root, *root.findChildren(QWidget)]:
        found += [widget.accessibleName(), widget.accessibleDescription(), widget.toolTip()]
        if isinstance(widget, (QLabel, QPushButton)):
            found.append(widget.text())
        if isinstance(widget, QLineEdit):
            found += [widget.text(), widget.displayText(), widget.placeholderText(), widget.selectedText()]
        if isinstance(widget, QPlainTextEdit):
            found.append(widget.toPlainText())
        if isinstance(widget, (QAbstractItemView, QComboBox)):
            model = widget.model()
            found += [str(model.index(row, 0).data()) for row in range(model.rowCount())]
    return "\n".join(found)


def test_the_field_gets_what_billing_software_gets(bench: ScannerBench) -> None:
    field = bench.keyboard.received
    field.setFocus()
    type_into(field, bench.code_card.code.text + "\r")
    until(lambda: readings(bench) == 1)
    assert bench.trial.shots[0].diagnosis.verdict == "ok"
    assert field.text().startswith(bench.code_card.code.text)
    assert field.echoMode() == QLineEdit.EchoMode.Normal


@pytest.mark.parametrize(("end", "suffix"), [("\r", "CR"), ("\t", "TAB"), ("", "")])
def test_the_field_tells_the_end(bench: ScannerBench, end: str, suffix: str) -> None:
    field = bench.keyboard.received
    field.setFocus()
    type_into(field, bench.code_card.code.text + end)
    until(lambda: readings(bench) == 1)
    assert bench.trial.shots[0].diagnosis.suffix == suffix


def test_the_field_hides_what_arrives_until_it_is_known(bench: ScannerBench) -> None:
    field = bench.keyboard.received
    field.setFocus()
    type_into(field, bench.code_card.code.text + "\r")
    until(lambda: readings(bench) == 1)
    type_into(field, SECRET[:8])
    assert field.displayText() == ""
    field.selectAll()
    field.copy()
    assert SECRET[:5] not in QGuiApplication.clipboard().text()
    assert not any(piece in words(bench.window()) for piece in [bench.code_card.code.text])
    until(lambda: readings(bench) == 2)
    assert field.text() == ""


def test_a_foreign_code_is_wiped_from_the_field_and_cannot_be_undone(bench: ScannerBench) -> None:
    field = bench.keyboard.received
    field.setFocus()
    type_into(field, SECRET + "\r")
    assert field.text() == ""
    until(lambda: readings(bench) == 1)
    field.undo()
    field.redo()
    assert (field.text(), field.isUndoAvailable(), field.isRedoAvailable()) == ("", False, False)
    assert "effacé" in field.placeholderText()


def test_pasting_is_no_way_round(bench: ScannerBench) -> None:
    field = bench.keyboard.received
    QGuiApplication.clipboard().setText(SECRET)
    field.setFocus()
    field.paste()
    assert field.displayText() == ""
    until(lambda: readings(bench) == 1)
    assert field.text() == ""
    QGuiApplication.clipboard().clear()


def test_focus_lost_in_the_middle_gives_two_halves(bench: ScannerBench) -> None:
    events = strokes(bench.code_card.code.text, "fr", "fr")
    for event in events[:20]:
        QApplication.sendEvent(bench.keyboard.capture, event)
    bench.code_card.kind.setFocus()
    until(lambda: readings(bench) == 1)
    assert bench.trial.shots[0].diagnosis.verdict == "truncated"
    assert bench.keyboard.pause_banner.isVisible()
    bench.begin()
    for event in events[20:]:
        QApplication.sendEvent(bench.keyboard.capture, event)
    until(lambda: readings(bench) == 2)
    late = bench.trial.shots[-1].diagnosis
    assert (late.verdict, late.way and late.way.late) == ("lost", 20)


@pytest.mark.parametrize("kind", ["accents", "accents-eci", "control", "long-64", "long-1024"])
def test_another_code_is_shown_and_judged(bench: ScannerBench, kind: str) -> None:
    choose(bench.code_card.kind, kind)
    assert bench.code_card.code.kind == kind.removesuffix("-eci")
    scan(bench)
    found = bench.trial.shots[0].diagnosis
    assert (found.code, found.verdict) == ("current", "ok")
    assert bench.trial.lengths == ((int(kind[5:]),) if kind.startswith("long") else ())


def test_five_readings_give_a_figure(bench: ScannerBench) -> None:
    for _ in range(5):
        scan(bench)
    assert bench.verdict.reliability.text() == "5 lectures intactes sur 5."


def test_a_sheet_is_as_good_as_the_screen(bench: ScannerBench) -> None:
    scan(bench, text=testcode.with_nonce("pbdf").text)
    assert bench.trial.shots[0].diagnosis.code == "kept"
    assert bench.verdict.banner.property("state") == "success"


def test_the_raw_view_holds_the_last_code_of_ours_only(bench: ScannerBench) -> None:
    press(bench, "rawOpen")
    assert bench.raw.isVisible()
    scan(bench, "us", "fr")
    lines = bench.raw.text.toPlainText().splitlines()
    assert len(lines) == len(bench.code_card.code.text) + 1
    assert lines[0].split() == ["0", "ms", "33", "SHIFT", "F"]
    scan(bench, text=SECRET)
    assert bench.raw.text.toPlainText() == ""


def test_a_ruler_corrects_the_screen_for_good(bench: ScannerBench) -> None:
    card = bench.code_card
    until(lambda: card.measured.text() != "")
    before, wide = card.view.module_pixels, int(card.measured.text())
    card.measured.setText(str(2 * wide))
    card.measured.editingFinished.emit()
    assert card.view.module_pixels == pytest.approx(before / 2, abs=1)
    assert int(card.measured.text()) == pytest.approx(wide, abs=6)
    context = bench._context
    assert context.settings.screen_scale == pytest.approx(2, abs=0.1)
    until(lambda: not context.runner.busy)
    kept = json.loads((context.folder / "settings.json").read_text("utf-8"))
    assert kept["screen_scale"] == context.settings.screen_scale


def test_a_width_that_is_none_changes_nothing(bench: ScannerBench) -> None:
    card = bench.code_card
    until(lambda: card.measured.text() != "")
    wide = card.measured.text()
    for typed in ("", "large", "-3"):
        card.measured.setText(typed)
        card.measured.editingFinished.emit()
        assert card.measured.text() == wide
    assert bench._context.settings.screen_scale == 1.0


def test_the_sheet_is_made_and_opened(bench: ScannerBench, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []

    def open_url(url: QUrl) -> bool:
        opened.append(url.toLocalFile())
        return True

    monkeypatch.setattr(QDesktopServices, "openUrl", open_url)
    press(bench, "printSheet")
    until(lambda: opened != [])
    assert Path(opened[0]).read_bytes().startswith(b"%PDF")
    assert "100 %" in bench.code_card.banner.message.text()


def test_a_picture_for_a_phone_is_one_to_keep(bench: ScannerBench, tmp_path: Path) -> None:
    bench.code_card.write_picture(tmp_path / "code.png")
    until(lambda: bench.code_card.banner.property("state") == "success")
    assert (tmp_path / "code.png").exists()
    bench.code_card.write_picture(tmp_path / "code.doc")
    until(lambda: bench.code_card.banner.property("state") == "error")


def test_a_mute_scanner_is_named_with_what_to_do(bench: ScannerBench, seen: list[Seen]) -> None:
    assert not bench.mode_banner.isVisible()
    seen.append(Seen((MUTE,)))
    bench.look()
    until(bench.mode_banner.isVisible)
    assert "SNAPI" in bench.mode_banner.message.text()
    assert "HID Keyboard Emulation" in bench.mode_banner.hint.text()
    seen.append(Seen(()))
    bench.look()
    until(lambda: not bench.mode_banner.isVisible())


def test_nothing_read_leads_step_by_step_and_ends_with_a_code(bench: ScannerBench) -> None:
    press(bench, "nothingReadOpen")
    help_card = bench.nothing_read
    assert help_card.isVisible()
    titles = []
    for _ in range(5):
        titles.append(help_card.step.text())
        assert len(help_card.words.text()) > 60
        help_card.after.click()
    assert [title.split(" : ")[1] for title in titles] == [
        *("Alimentation", "Mode", "Luminosité", "Distance", "Protection d'écran")
    ]
    assert help_card.step.text() == titles[0]
    scan(bench)
    assert not help_card.isVisible()


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


def test_the_code_painted_after_a_change_is_the_one_expected(bench: ScannerBench) -> None:
    choose(bench.code_card.symbology, "datamatrix")
    choose(bench.code_card.size_mm, 80)
    choose(bench.code_card.kind, "long-256")

    def painted() -> str | None:
        from PySide6.QtGui import QImage

        image = bench.code_card.view.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
        pixels, padded = bytes(image.constBits()), image.bytesPerLine()
        rows = b"".join(pixels[y * padded :][: image.width()] for y in range(image.height()))
        found = decode(rows, image.width(), image.height())
        return found[0].text if found else None

    until(lambda: painted() == bench.code_card.code.text)
    assert load("fr").name
