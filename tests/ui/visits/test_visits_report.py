"""The report in the window: looked at, printed, kept, sent."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from fieldkit.services import photos, reports, visits
from fieldkit.store.fieldwork import FieldStore
from fieldkit.ui import printing
from fieldkit.ui.dialogs.report_preview import ReportPreview
from fieldkit.ui.pages.visit.report import ReportStep
from fieldkit.ui.pages.visits import VisitsPage
from tests.photos import pictures
from tests.reports import printed
from tests.ui.visits.hands import find, press, texts


class Outside:
    """What the page asked of the system: where to save, and what to open."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self.proposed: list[str] = []
        self.opened: list[QUrl] = []
        self.opens = True

    def choose(self, _parent: QWidget, _title: str, start: str, _kinds: str) -> tuple[str, str]:
        self.proposed.append(Path(start).name)
        return str(self.out), ""

    def open(self, url: QUrl) -> bool:
        self.opened.append(url)
        return self.opens


@pytest.fixture
def outside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Outside:
    made = Outside(tmp_path / "rapport")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", made.choose)
    monkeypatch.setattr(QDesktopServices, "openUrl", made.open)
    return made


@pytest.fixture
def step(opened: VisitsPage) -> ReportStep:
    opened.open.open_step("report")
    made = opened.open._steps["report"]
    assert isinstance(made, ReportStep)
    return made


def previewed(qtbot: QtBot, step: ReportStep) -> ReportPreview:
    press(step, "previewReport")
    qtbot.waitUntil(lambda: step.previewing is not None)
    assert isinstance(step.previewing, ReportPreview)
    return step.previewing


def test_the_report_is_written_where_asked(qtbot: QtBot, step: ReportStep, outside: Outside) -> None:
    press(step, "saveReport")
    qtbot.waitUntil(lambda: "Le compte rendu est prêt et ouvert" in texts(step))
    assert outside.proposed[0].startswith("compte-rendu-cabinet-des-tilleuls-")
    assert [url.toLocalFile() for url in outside.opened] == [str(outside.out.with_suffix(".pdf"))]
    assert outside.out.with_suffix(".pdf").read_bytes().startswith(b"%PDF")


def test_it_says_where_it_is_when_nothing_opens_it(qtbot: QtBot, step: ReportStep, outside: Outside) -> None:
    outside.opens = False
    press(step, "saveReport")
    qtbot.waitUntil(lambda: "aucun lecteur de PDF" in texts(step))
    assert str(outside.out.with_suffix(".pdf")) in texts(step)


def test_where_it_cannot_be_written_it_is_said(qtbot: QtBot, step: ReportStep, outside: Outside) -> None:
    outside.out = outside.out / "nowhere" / "report"
    press(step, "saveReport")
    qtbot.waitUntil(lambda: "ne peut pas être enregistré" in texts(step))


def test_it_has_the_bytes_that_the_command_line_writes(
    qtbot: QtBot, step: ReportStep, outside: Outside, store: FieldStore, visit: str, tmp_path: Path
) -> None:
    from fieldkit.services import catalogue
    from fieldkit.services.profile import catalogue_path

    photos.add(store, visit, photos.encode(photos.read(pictures.photo())), "Le comptoir")
    visits.finalise(store, visit)
    press(step, "saveReport")
    qtbot.waitUntil(lambda: "Le compte rendu est prêt" in texts(step))
    as_of = catalogue.as_of(catalogue_path(step.desk.context.folder))
    other = reports.visit_report(store, visit, tmp_path / "cli.pdf", catalogue_as_of=as_of)
    assert outside.out.with_suffix(".pdf").read_bytes() == other.read_bytes()


def test_a_message_is_begun_that_the_report_can_be_joined_to(
    qtbot: QtBot, step: ReportStep, outside: Outside
) -> None:
    press(step, "sendReport")
    qtbot.waitUntil(lambda: "joignez-y ce fichier" in texts(step))
    assert str(outside.out.with_suffix(".pdf")) in texts(step)
    (url,) = outside.opened
    address = urlsplit(bytes(url.toEncoded().data()).decode())
    assert address.scheme == "mailto"
    said = parse_qs(address.query)
    assert said["subject"][0].startswith("Compte rendu de visite – Cabinet des Tilleuls – ")
    assert said["body"][0].startswith("Bonjour,\r\n\r\nVous trouverez ci-joint")


def test_without_a_mail_program_the_file_is_there_all_the_same(
    qtbot: QtBot, step: ReportStep, outside: Outside
) -> None:
    outside.opens = False
    press(step, "sendReport")
    qtbot.waitUntil(lambda: "Aucune messagerie ne s'est ouverte" in texts(step))
    assert outside.out.with_suffix(".pdf").is_file()


def test_its_pages_are_looked_at_in_the_window(qtbot: QtBot, step: ReportStep) -> None:
    preview = previewed(qtbot, step)
    assert [page.accessibleName() for page in preview.pages] == ["Page 1 sur 1"]
    page = preview.pages[0]
    assert abs(page.width() / page.height() - 210 / 297) < 0.01
    drawn = page.grab().toImage()
    assert (
        len({drawn.pixel(x, y) for x in range(0, drawn.width(), 3) for y in range(0, drawn.height(), 3)}) > 10
    )
    for name in ("savePreview", "printPreview", "sendPreview", "zoomIn", "zoomOut", "previewClose"):
        assert find(preview, name, QWidget).accessibleName()
    QTest.keyClick(preview, Qt.Key.Key_Escape)
    assert step.previewing is None


def test_they_are_made_larger_and_smaller_with_keys(qtbot: QtBot, step: ReportStep) -> None:
    preview = previewed(qtbot, step)
    usual = preview.pages[0].width()
    control = Qt.KeyboardModifier.ControlModifier
    QTest.keyClick(preview, Qt.Key.Key_Plus, control)
    assert preview.pages[0].width() > usual
    assert "125 %" in texts(preview)
    for _time in range(9):
        QTest.keyClick(preview, Qt.Key.Key_Minus, control)
    assert preview.pages[0].width() < usual
    assert not find(preview, "zoomOut", QWidget).isEnabled()
    area = find(preview, "previewScroll", QScrollArea)
    qtbot.waitUntil(lambda: area.horizontalScrollBar().maximum() == 0)
    preview.reject()


def test_what_is_looked_at_can_be_saved_from_there(qtbot: QtBot, step: ReportStep, outside: Outside) -> None:
    press(previewed(qtbot, step), "savePreview")
    qtbot.waitUntil(lambda: "Le compte rendu est prêt et ouvert" in texts(step))
    assert step.previewing is None


def test_it_is_printed_on_the_printer_that_is_chosen(
    qtbot: QtBot, step: ReportStep, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "printed.pdf"
    usual = printing.printer_for

    def to_a_file(title: str) -> QPrinter:
        printer = usual(title)
        printer.setOutputFileName(str(out))
        return printer

    monkeypatch.setattr(printing, "printer_for", to_a_file)
    monkeypatch.setattr(QPrintDialog, "exec", lambda _dialog: 1)
    press(step, "printReport")
    qtbot.waitUntil(lambda: "est parti à l'imprimante" in texts(step))
    document = printed.opened(out.read_bytes())
    (page,) = document.pages
    width, height = (float(side) for side in page.MediaBox[2:])
    assert abs(width / height - 210 / 297) < 0.01
    assert len(page.get_images()) == 1


@pytest.mark.qt_log_ignore("QPainter::begin", extend=True)
def test_a_printer_that_takes_nothing_is_said(qtbot: QtBot, step: ReportStep, tmp_path: Path) -> None:
    printer = printing.printer_for("x")
    printer.setOutputFileName(str(tmp_path / "nowhere" / "printed.pdf"))
    step.print_on(printer)
    qtbot.waitUntil(lambda: "L'imprimante n'a pas pris" in texts(step))


def test_only_the_pages_asked_for_are_printed(qapp: object, tmp_path: Path) -> None:
    pages = [pictures.saved(pictures.scene(21, 30), "PNG")] * 4
    printer = printing.printer_for("x")
    printer.setOutputFileName(str(tmp_path / "printed.pdf"))
    printer.setFromTo(2, 3)
    assert printing.paint(pages, printer)
    assert len(printed.opened((tmp_path / "printed.pdf").read_bytes()).pages) == 2
