"""The bench beyond one scan of code A: the field billing software has, help, and paper."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import (
    QApplication,
    QLineEdit,
)

from fieldkit.hardware.scanner import testcode
from fieldkit.hardware.scanner.decode import decode
from fieldkit.hardware.scanner.layouts import load
from fieldkit.services.scanner_devices import Seen
from fieldkit.ui.widgets.scanner_bench import ScannerBench
from tests.ui.conftest import until
from tests.ui.scanning.hands import MUTE, SECRET, choose, press, readings, scan, type_into, words
from tests.ui.test_scanner_page import strokes


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
