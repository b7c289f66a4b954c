"""The directory page: import, search as one types, a list without end, a card, and a visit from a line."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from fieldkit.domain.directory import Listed
from fieldkit.services import directory, directory_import, visit_desk
from fieldkit.services.directory_import import OnProgress, Progress, import_files
from fieldkit.services.profile import directory_path
from fieldkit.settings import Settings
from fieldkit.ui.main_window import MainWindow
from fieldkit.ui.models.directory import PAGE, Answer, DirectoryModel
from fieldkit.ui.models.hits import Hit
from fieldkit.ui.models.practitioner_html import practitioner_html
from fieldkit.ui.pages.directory import DirectoryPage
from fieldkit.ui.pages.visits import VisitsPage
from fieldkit.ui.runner import Queue
from tests.bench import annuaire_file
from tests.ui.conftest import MakeWindow, until
from tests.ui.test_every_page import cut_off, outside, wait_for_none

ROWS = 1_200


@pytest.fixture(scope="session")
def extraction(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file as one downloads it."""
    folder = tmp_path_factory.mktemp("extraction")
    return annuaire_file.write(folder / "PS_LibreAcces_Personne_activite_202611250800.txt", ROWS).path


@pytest.fixture
def empty(make_window: MakeWindow) -> DirectoryPage:
    """The page before anything was imported."""
    window: MainWindow = make_window(settings=Settings(theme="light", departments=("75", "72")))
    window.open_page("directory")
    page = cast(DirectoryPage, window.page("directory"))
    until(lambda: not window.context.runner.busy)
    return page


@pytest.fixture
def page(empty: DirectoryPage, extraction: Path) -> DirectoryPage:
    """The page with everyone in it."""
    import_files(directory_path(empty.context.folder), [extraction])
    empty.importing.imported.emit()
    until(lambda: empty.model.rowCount() > ROWS / 2 and empty.model.complete)
    return empty


def window_of(page: DirectoryPage) -> MainWindow:
    """The window a page is in."""
    return cast(MainWindow, page.window())


def names(page: DirectoryPage) -> list[str]:
    """The names in the list, as far as they are there."""
    return [page.model.data(page.model.index(row)) for row in range(page.model.rowCount())]


def pick(page: DirectoryPage, row: int) -> Listed:
    """Choose a line and wait for its card."""
    until(lambda: page.model.listed(page.model.index(row)) is not None)
    listed = page.model.listed(page.model.index(row))
    assert listed is not None
    page.results.setCurrentIndex(page.model.index(row))
    until(lambda: listed.identity in page.card.toPlainText())
    return listed


def test_an_empty_page_says_what_to_do_first(empty: DirectoryPage) -> None:
    assert not empty.opens_import.isVisible()
    first = empty.findChild(QPushButton, "directoryFirstImport")
    assert first is not None
    assert not empty.importing.isVisible()
    first.click()
    assert empty.importing.isVisible()
    assert empty.importing.departments.value() == "75 72"


def test_import_of_the_departments_of_the_settings(
    empty: DirectoryPage, extraction: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_asked: ([str(extraction)], ""))
    QTest.keyClick(empty, Qt.Key.Key_I, Qt.KeyboardModifier.ControlModifier)
    empty.importing.choose.click()
    assert empty.importing.bar.isVisible()
    until(lambda: empty.model.rowCount() > 0)
    path = directory_path(empty.context.folder)
    status = directory.status(path)
    assert (status["departments"], status["rows"]) == (["75", "72"], empty.model.rowCount())
    assert "lignes gardées sur 1" in empty.importing.banner.message.text()
    assert "lue" in empty.importing.banner.message.text()
    assert "ligne 1201 : " in empty.importing.faults.toPlainText()
    assert "départements 75, 72" in empty.origin.text()
    assert "25/11/2026" in empty.origin.text()
    assert empty.department.findData("72") > 0
    empty.importing.later.click()
    assert not empty.importing.isVisible()


def test_a_wrong_department_is_told_under_its_field(empty: DirectoryPage, extraction: Path) -> None:
    empty.importing.begin()
    empty.importing.departments.show_value("72 99")
    empty.importing.start([extraction])
    assert "99" in empty.importing.departments.error()
    assert not empty.context.runner.busy


def test_a_wrong_file_is_told_and_the_list_stays(page: DirectoryPage, tmp_path: Path) -> None:
    before = page.model.rowCount()
    wrong = tmp_path / "notes.txt"
    wrong.write_text("autre chose")
    page.importing.begin()
    page.importing.start([wrong])
    until(lambda: page.importing.banner.isVisible())
    assert "n'est pas l'extraction" in page.importing.banner.message.text()
    assert page.importing.choose.isVisible()
    assert page.model.rowCount() == before


def test_an_import_can_be_stopped(page: DirectoryPage, tmp_path: Path) -> None:
    large = annuaire_file.write(tmp_path / "f.txt", 60_000).path
    before = directory.status(directory_path(page.context.folder))
    page.importing.begin()
    page.importing.start([large])
    until(lambda: page.importing.bar.value() > 0)
    page.importing.stop.click()
    assert not page.importing.banner.isVisible()  # nothing is told before it has ended
    until(lambda: not page.context.runner.busy)
    assert "est resté" in page.importing.banner.message.text()
    assert directory.status(directory_path(page.context.folder)) == before
    assert not list(page.context.folder.glob("*.new"))


def test_an_import_stopped_too_late_says_that_it_is_in_place(
    page: DirectoryPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = annuaire_file.write(tmp_path / "f.txt", 50).path

    def through_already(_folder: Path, files: list[Path], _codes: object, tell: OnProgress) -> None:
        import_files(directory_path(page.context.folder), files)
        until_stopped.wait(20)
        tell(Progress(1, 50, 50, reading=False))

    until_stopped = threading.Event()
    monkeypatch.setattr(directory_import, "import_apart", through_already)
    page.importing.begin()
    page.importing.start([other])
    page.importing.stop.click()
    until_stopped.set()
    until(lambda: page.importing.banner.isVisible())
    assert "nouvel annuaire est en place" in page.importing.banner.message.text()
    until(lambda: 0 < page.model.rowCount() <= 50)


@pytest.mark.parametrize("key", [Qt.Key.Key_Down, Qt.Key.Key_Return])
def test_the_keyboard_goes_from_the_field_to_the_lines_and_back(page: DirectoryPage, key: Qt.Key) -> None:
    page.field.setFocus()
    QTest.keyClicks(page.field, "martin")
    until(lambda: not page.context.runner.busy and 0 < page.model.rowCount() < ROWS / 4)
    QTest.keyClick(page.field, key)
    assert page.results.hasFocus()
    assert page.results.currentIndex().row() == 0
    until(lambda: page.visit.isEnabled())
    QTest.keyClick(page.results, Qt.Key.Key_Escape)
    assert page.field.hasFocus()
    assert page.field.selectedText() == "martin"


def test_a_person_from_everywhere_can_be_visited(page: DirectoryPage) -> None:
    first, other = pick(page, 0), page.model.listed(page.model.index(7))
    assert other is not None
    assert first.identity != other.identity
    page.department.setCurrentIndex(page.department.count() - 1)
    page.show_target(other.identity)
    until(lambda: other.identity in page.card.toPlainText())
    assert page.visit.isEnabled()
    page.visit.click()
    until(lambda: not page.context.runner.busy)
    visits = cast(VisitsPage, window_of(page).page("visits"))
    assert visits.new.boxes["rpps"].value() == other.identity


def test_the_whole_list_is_there_in_the_order_of_names(page: DirectoryPage) -> None:
    assert page.model.rowCount() == directory.status(directory_path(page.context.folder))["rows"]
    last = page.model.index(page.model.rowCount() - 1)
    page.results.scrollToBottom()
    until(lambda: page.model.listed(last) is not None)
    assert page.count.text().endswith("lignes")
    first = page.model.listed(page.model.index(0))
    assert first is not None
    assert first.surname < cast(Listed, page.model.listed(last)).surname


def test_typing_finds_and_filters_narrow(page: DirectoryPage) -> None:
    QTest.keyClicks(page.field, "mar")
    until(lambda: 0 < page.model.rowCount() < 301 and page.model.complete)
    assert names(page)[0].startswith("MAR")
    whole = page.model.rowCount()
    page.profession.setCurrentIndex(page.profession.findData("Infirmier"))
    page.profession.activated.emit(page.profession.currentIndex())
    until(lambda: 0 < page.model.rowCount() < whole)
    page.field.setText("zzzz")
    until(lambda: page.model.rowCount() == 0)
    assert "Rien ne correspond" in page.count.text()
    page.field.clear()
    until(lambda: page.model.rowCount() > 100)
    infirmiers = directory.choices(directory_path(page.context.folder))["professions"]["Infirmier"]
    assert page.model.rowCount() == infirmiers


def test_a_card_shows_places_and_source(page: DirectoryPage) -> None:
    listed = pick(page, 5)
    text = page.card.toPlainText()
    assert listed.name in text
    assert "extraction du 25/11/2026" in text
    assert "lieu" in text


@pytest.mark.parametrize("how", ["enter", "button"])
def test_a_visit_from_a_line(page: DirectoryPage, how: str) -> None:
    until(lambda: all(page.model.listed(page.model.index(row)) for row in range(50)))
    row = next(row for row in range(50) if (line := page.model.listed(page.model.index(row))) and line.finess)
    listed = pick(page, row)
    if how == "enter":
        page.results.setFocus()
        QTest.keyClick(page.results, Qt.Key.Key_Return)
    else:
        page.visit.click()
    visits = cast(VisitsPage, window_of(page).page("visits"))
    assert visits.new.isVisible()
    boxes = visits.new.boxes
    until(lambda: not page.context.runner.busy)
    assert boxes["name"].value() == listed.place
    assert (boxes["finess"].value(), boxes["department"].value()) == (listed.finess, listed.town[2])
    assert boxes["rpps"].value() == (listed.identity if len(listed.identity) == 11 else None)


def test_what_was_typed_before_a_visit_from_a_line_can_be_had_back(page: DirectoryPage) -> None:
    profile = page.context.profile
    assert profile is not None
    done: list[object] = []
    typed = {"name": "Cabinet des Ormes", "city": "Laval"}
    page.context.runner.run(
        Queue.DATABASE, lambda: visit_desk.keep_form(profile.store, typed), lambda _none: done.append(1)
    )
    until(lambda: bool(done))
    pick(page, 3)
    page.visit.click()
    form = cast(VisitsPage, window_of(page).page("visits")).new
    until(form.undo.isVisible)
    form.undo.button.click()
    assert form.boxes["name"].value() == "Cabinet des Ormes"
    assert form.boxes["city"].value() == "Laval"


@pytest.mark.qt_log_ignore("This plugin does not support")  # windows that drop down, offscreen
def test_a_new_visit_suggests_lines_of_the_directory(qtbot: QtBot, page: DirectoryPage) -> None:
    listed = next(
        line for row in range(100) if (line := page.model.listed(page.model.index(row))) and line.finess
    )
    window = window_of(page)
    window.open_page("visits")
    visits = cast(VisitsPage, window.page("visits"))
    visits.begin()
    until(lambda: not window.context.runner.busy)
    form = visits.new
    name = form.findChild(QLineEdit, "newVisitName")
    assert name is not None
    QTest.keyClicks(name, listed.name)
    until(lambda: form._suggestions.model.rowCount() > 0)
    hit = form._suggestions.model.hit(form._suggestions.model.index(0))
    assert hit is not None
    form._suggestions.taken.emit(hit)
    assert form.boxes["city"].value() == form._lines[hit.target].town[0]


@pytest.mark.parametrize("text_size", [100, 200])
def test_a_filled_page_fits_the_smallest_window(
    make_window: MakeWindow, extraction: Path, text_size: int
) -> None:
    window = make_window(settings=Settings(theme="dark", text_size=text_size))
    window.resize(1024, 600)
    import_files(directory_path(window.context.folder), [extraction])
    window.open_page("directory")
    page = cast(DirectoryPage, window.page("directory"))
    until(lambda: page.model.rowCount() > 0 and page.model.complete)
    pick(page, 2)
    page.importing.begin()
    inside = page.area.widget()
    assert inside is not None
    wait_for_none(lambda: cut_off(inside))
    wait_for_none(lambda: outside(inside))
    assert page.area.horizontalScrollBar().maximum() == 0


def test_people_are_found_from_everywhere(page: DirectoryPage) -> None:
    window = window_of(page)
    window.open_page("dashboard")
    window.search.take_focus()
    QTest.keyClicks(window.search.field, "martin")
    until(lambda: window.search.popup is not None and window.search.popup.isVisible())
    popup = window.search.popup
    assert popup is not None
    until(lambda: any(hit.page == "directory" for hit in popup.model._hits))
    row = next(row for row, hit in enumerate(popup.model._hits) if hit.page == "directory")
    name = popup.model._hits[row].name
    popup.results.setCurrentIndex(popup.model.index(row))
    QTest.keyClick(window.search.field, Qt.Key.Key_Return)
    until(lambda: page.isVisible() and name in page.card.toPlainText())


def hit_of(listed: Listed) -> Hit:
    """A line as it is drawn."""
    return Hit("directory", "", listed.name, "", "directory", listed.identity)


def line(number: int) -> Listed:
    """The line at a place of a list."""
    return Listed(number, str(number), f"NOM {number}", "", ("", ""), ("", "", ""), "", "")


def test_a_list_without_end_holds_a_few_pages_and_fetches_the_latest_first(qapp: QApplication) -> None:
    model = DirectoryModel(hit_of)
    asked: list[tuple[int, Answer]] = []
    model.show_all(2_250_000, lambda start, _count, answer: asked.append((start, answer)))
    assert model.rowCount() == 2_250_000
    assert model.data(model.index(1_000_000)) == "…"
    for row in (0, 500_000, 1_500_000, 2_249_999):
        model.data(model.index(row))
    until(lambda: bool(asked))
    start, answer = asked.pop()
    assert start == 2_249_900
    answer([line(start + place) for place in range(PAGE)])
    assert model.data(model.index(2_249_999)) == "NOM 2249999"
    until(lambda: bool(asked))
    while not model.complete:
        start, answer = asked.pop()
        answer([line(start + place) for place in range(PAGE)])
    for page in range(100):
        model.data(model.index(page * PAGE))
        until(lambda: bool(asked) or model.complete)
        while asked:
            start, answer = asked.pop()
            answer([line(start + place) for place in range(PAGE)])
    assert len(model._pages) <= 40


def test_an_answer_for_another_list_is_not_shown(qapp: QApplication) -> None:
    model = DirectoryModel(hit_of)
    asked: list[Answer] = []
    model.show_all(10, lambda _start, _count, answer: asked.append(answer))
    model.data(model.index(0))
    until(lambda: bool(asked))
    model.show([line(7)])
    asked[0]([line(1)])
    assert model.data(model.index(0)) == "NOM 7"
    assert model.complete


def test_what_the_extraction_says_is_never_taken_for_markup() -> None:
    site = {
        "name": "<b>X</b>", "address": ["1 <i>rue</i>"], "phones": [], "finess": "", "email": "", "siret": "",
        "modes": [], "sector": "",
    }  # fmt: skip
    card = {
        "id": "10003456786", "name": "<u>", "title": "", "trades": [{"profession": "A & B", "skill": ""}],
        "sites": [site], "source": "S", "as_of": "", "file": "<f>",
    }  # fmt: skip
    html = practitioner_html(card)
    for text in ("<b>X", "<i>rue", "<u>", "<f>"):
        assert text not in html
    assert "date inconnue" in html
    assert html.count("non renseigné") == 2
