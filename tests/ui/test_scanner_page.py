"""The scanner page, driven by key events as scanners send them: the fixtures of hardware.md and more."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QImage, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from fieldkit.hardware.scanner import layouts
from fieldkit.hardware.scanner.diagnosis import Diagnosis
from fieldkit.hardware.scanner.keyboard import Modifiers, pieces
from fieldkit.hardware.scanner.layouts import Key
from fieldkit.hardware.scanner.sight.seen import Seen, Sight
from fieldkit.hardware.scanner.sight.tally import Tally
from fieldkit.services import scanner_codes
from fieldkit.ui.main_window import MainWindow
from fieldkit.ui.pages.scanner import ScannerPage
from fieldkit.ui.widgets.card import Badge
from fieldkit.ui.widgets.key_capture import as_stroke
from fieldkit.ui.widgets.scan_picture import PictureBench
from fieldkit.ui.widgets.scanner_bench import ScannerBench
from tests.ui.conftest import MakeWindow

ENTER = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier, 28, 0, 0, "\r")
SECRET = "PATIENT-QW-0123456789-AZ"


@pytest.fixture
def bench(make_window: MakeWindow) -> ScannerBench:
    """The bench of the scanner page, listening."""
    window = make_window(unlocked=False)
    window.open_page("scanner")
    return cast(ScannerPage, window.page("scanner")).bench


def strokes(
    text: str, scanner: str, computer: str, *, caps: bool = False, end: str = "\r"
) -> list[QKeyEvent]:
    """The key presses of a scanner of one layout, as a computer of another makes them, 8 ms apart."""
    keys = layouts.press(layouts.load(scanner), text)
    made = pieces(keys, layouts.load(computer), caps)
    events = [press(key, piece, n) for n, (key, piece) in enumerate(zip(keys, made, strict=True))]
    return [*events, *(press(Key({"\r": 28, "\t": 15}[key]), key, len(events)) for key in end)]


def press(key: Key, text: str, n: int) -> QKeyEvent:
    """One key press, `n`-th of its scan."""
    shift = Qt.KeyboardModifier.ShiftModifier if key.shift else Qt.KeyboardModifier.NoModifier
    code = {"\t": Qt.Key.Key_Tab, "\r": Qt.Key.Key_Return}.get(text, Qt.Key.Key_unknown)
    event = QKeyEvent(QEvent.Type.KeyPress, code, shift, key.position, 0, 0, text)
    event.setTimestamp(1_000 + 8 * n)
    return event


def scan(qtbot: QtBot, bench: ScannerBench, events: Sequence[QKeyEvent]) -> Diagnosis:
    """Send the key presses to whatever has the keyboard, and wait for the verdict."""
    judged: list[Diagnosis] = []
    bench.judged.connect(judged.append)
    for event in events:
        QApplication.sendEvent(bench.keyboard.capture, event)
    qtbot.waitUntil(lambda: bool(judged))
    return judged[0]


def said(bench: ScannerBench) -> str:
    """Every word of the page."""
    return "\n".join(
        [bench.keyboard.received.text(), *(words.text() for words in bench.findChildren(QLabel))]
    )


def test_a_well_set_scanner_is_good(qtbot: QtBot, bench: ScannerBench) -> None:
    diagnosis = scan(qtbot, bench, strokes(bench.code_card.code.text, "fr", "fr"))
    assert diagnosis.verdict == "ok"
    assert bench.verdict.banner.property("state") == "success"
    assert bench.keyboard.received.text() == bench.code_card.code.text + "⏎"


def test_a_us_scanner_on_an_azerty_computer_is_named_with_what_to_do(
    qtbot: QtBot, bench: ScannerBench
) -> None:
    diagnosis = scan(qtbot, bench, strokes(bench.code_card.code.text, "us", "fr"))
    assert diagnosis.verdict == "layout"
    assert "QWERTY" in bench.verdict.banner.message.text()
    assert "AZERTY" in bench.verdict.banner.message.text()
    assert "Keyboard country" in bench.verdict.banner.hint.text()
    assert bench.keyboard.received.text().startswith("FK&mqwaz")
    badge = bench.verdict.details.findChild(Badge, "aspect-layout")
    assert badge is not None
    assert badge.property("state") == "error"


def test_caps_lock_is_named(qtbot: QtBot, bench: ScannerBench) -> None:
    assert scan(qtbot, bench, strokes(bench.code_card.code.text, "fr", "fr", caps=True)).verdict == "caps"


@pytest.mark.parametrize(("end", "suffix"), [("", ""), ("\t", "TAB"), ("\r\t", "CRTAB")])
def test_tab_and_a_missing_enter_are_caught(qtbot: QtBot, bench: ScannerBench, end: str, suffix: str) -> None:
    diagnosis = scan(qtbot, bench, strokes(bench.code_card.code.text, "fr", "fr", end=end))
    assert (diagnosis.verdict, diagnosis.suffix) == ("suffix", suffix)
    assert bench.keyboard.capture.hasFocus()


def test_nothing_of_a_foreign_code_is_shown(qtbot: QtBot, bench: ScannerBench) -> None:
    diagnosis = scan(qtbot, bench, strokes(SECRET, "fr", "fr"))
    assert diagnosis.code == "foreign"
    assert bench.keyboard.received.text() == ""
    words = said(bench)
    assert not [SECRET[n : n + 4] for n in range(len(SECRET) - 3) if SECRET[n : n + 4] in words]
    assert bench.keyboard.capture._strokes == []


def test_an_old_picture_is_recognised(qtbot: QtBot, bench: ScannerBench) -> None:
    old = bench.code_card.code.text
    bench.code_card.renew()
    assert bench.code_card.code.text != old
    assert scan(qtbot, bench, strokes(old, "fr", "fr")).code == "stale"


def test_while_it_comes_only_its_length_is_told(bench: ScannerBench) -> None:
    for event in strokes(SECRET, "fr", "fr")[:10]:
        QApplication.sendEvent(bench.keyboard.capture, event)
    assert "10 touches reçues…" in said(bench)
    assert SECRET[:4] not in said(bench)


def test_losing_the_keyboard_is_told_and_escape_gives_it_back(qtbot: QtBot, bench: ScannerBench) -> None:
    assert bench.keyboard.capture.hasFocus()
    assert not bench.keyboard.pause_banner.isVisible()
    escape = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(bench.keyboard.capture, escape)
    qtbot.waitUntil(lambda: not bench.keyboard.capture.hasFocus())
    assert bench.keyboard.received.hasFocus()
    assert not bench.keyboard.pause_banner.isVisible()
    bench.code_card.kind.setFocus()
    assert bench.keyboard.pause_banner.isVisible()
    bench.begin()
    assert not bench.keyboard.pause_banner.isVisible()


def test_shortcuts_are_left_aside_while_it_listens(qtbot: QtBot, bench: ScannerBench) -> None:
    fired: list[bool] = []
    QShortcut(QKeySequence("A"), bench.window(), lambda: fired.append(True))
    qtbot.keyClick(bench.keyboard.capture, Qt.Key.Key_A)  # type: ignore[no-untyped-call]
    with qtbot.waitSignal(bench.judged):
        pass
    assert fired == []


def test_input_methods_are_off_so_that_dead_keys_come_raw(bench: ScannerBench) -> None:
    assert not bench.keyboard.capture.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)


def test_a_stroke_keeps_position_modifiers_and_time() -> None:
    both = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier
    event = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_A, both, 16, 0, 2, "Q")
    event.setTimestamp(42)
    stroke = as_stroke(event)
    assert (stroke.text, stroke.scan_code, stroke.t_ms) == ("Q", 16, 42.0)
    assert stroke.modifiers == Modifiers.SHIFT | Modifiers.CONTROL | Modifiers.CAPS_LOCK


@pytest.mark.parametrize("symbology", ["qr", "datamatrix"])
def test_the_code_is_painted_to_be_read(qtbot: QtBot, bench: ScannerBench, symbology: str) -> None:
    bench.code_card.symbology.setCurrentIndex(bench.code_card.symbology.findData(symbology))
    bench.code_card.symbology.activated.emit(bench.code_card.symbology.currentIndex())
    bench.code_card.size_mm.setCurrentIndex(bench.code_card.size_mm.findData(60))
    qtbot.waitUntil(lambda: read(bench) == bench.code_card.code.text)


def read(bench: ScannerBench) -> str:
    """What a decoder makes of the code as it is painted."""
    from fieldkit.hardware.scanner import decode

    image = bench.code_card.view.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    pixels, padded = bytes(image.constBits()), image.bytesPerLine()
    rows = b"".join(pixels[y * padded :][: image.width()] for y in range(image.height()))
    found = decode.decode(rows, image.width(), image.height())
    return (found[0].text or "") if found else ""


def test_the_page_belongs_to_the_window(bench: ScannerBench) -> None:
    assert isinstance(bench.window(), MainWindow)


def test_a_picture_is_judged_once_and_its_result_is_whole(
    qtbot: QtBot, make_window: MakeWindow, tmp_path: Path
) -> None:
    window = make_window(unlocked=False)
    window.open_page("scanner")
    page = cast(ScannerPage, window.page("scanner"))
    bench = page.bench
    judged: list[Diagnosis] = []
    bench.judged.connect(judged.append)
    bench.choose("picture")
    scanner_codes.write_picture(bench.code_card.code, "datamatrix", tmp_path / "code.png")
    cast(PictureBench, bench.way("picture")).look(tmp_path / "code.png")
    qtbot.waitUntil(lambda: bool(judged))
    result = page._result()
    assert result is not None
    assert (len(judged), result["verdict"]) == (1, "good")
    details = result["details"]
    assert (details["interfaces"], details["symbologies"]) == (["image"], ["datamatrix"])
    assert [(one["interface"], one["symbologies"]) for one in details["pictures"]] == [
        ("image", ["datamatrix"])
    ]
    assert not bench.verdict.reliability.isVisible()


def test_a_camera_that_gives_nothing_is_a_result_too(make_window: MakeWindow) -> None:
    window = make_window(unlocked=False)
    page = cast(ScannerPage, window.page("scanner"))
    assert page._result() is None
    page.bench.note(Tally("camera", "HD Webcam", fault="refused"))
    result = page._result()
    assert result is not None
    assert (result["verdict"], result["details"]["model"]) == ("fault", "HD Webcam")


def test_an_old_code_before_the_camera_is_no_result(make_window: MakeWindow) -> None:
    page = cast(ScannerPage, make_window(unlocked=False).page("scanner"))
    old = Seen("qr", 37, "zxing-cpp", "FK1", "layout", b"FK1")
    page.bench.note(Tally("camera", "HD Webcam").with_sight(Sight((old,), size=(1280, 720))))
    assert page._result() is None
