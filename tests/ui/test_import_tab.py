"""The import tab: a file read, names confirmed, four parts with counts, applied, undone; keyboard and small windows."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QPushButton

from fieldkit.services.catalogue_imports import SKIP
from fieldkit.settings import Settings
from fieldkit.ui.main_window import MainWindow
from fieldkit.ui.pages.catalogue import CataloguePage
from fieldkit.ui.pages.entries.importer import ImportTab
from fieldkit.ui.widgets.imports.desk import ImportDesk
from tests.ui.conftest import MakeWindow, close_window, open_window, until
from tests.ui.test_every_page import CONTROLS, about, cut_off, outside, shown, takes_keyboard, wait_for_none

MARKET = (
    "mois;categorie_ps;editeur;logiciel;nb_ps\n"
    "2024-02;Infirmiers;Epsilog;Vega;11 310\n"
    "2024-02;Infirmiers;Epsilogue;Végas;120\n"
    "2024-02;Infirmiers;Epsilog;Vega;douze\n"
)


def settle(window: MainWindow) -> None:
    """Wait until the workers have nothing left to do."""
    until(lambda: not window.context.runner.busy)


def on_tab(window: MainWindow) -> ImportDesk:
    """The desk, its tab open."""
    window.open_page("catalogue")
    page = window.page("catalogue")
    assert isinstance(page, CataloguePage)
    tab = page.findChild(ImportTab)
    assert tab is not None
    page.tabs.setCurrentWidget(tab)
    settle(window)
    assert tab.desk is not None
    return tab.desk


@pytest.fixture
def window(make_window: MakeWindow) -> MainWindow:
    return make_window(unlocked=False)


@pytest.fixture
def desk(window: MainWindow) -> ImportDesk:
    return on_tab(window)


@pytest.fixture
def market(tmp_path: Path) -> Path:
    file = tmp_path / "ps_2024-02.csv"
    file.write_text(MARKET, encoding="utf-8")
    return file


def tab_words(desk: ImportDesk) -> list[str]:
    tabs = desk.preview
    return [tabs.tabText(place).replace("&", "") for place in range(tabs.count())]


def test_a_file_is_read_confirmed_applied_and_taken_back(
    window: MainWindow, desk: ImportDesk, market: Path
) -> None:
    desk.take(market)
    assert desk.waiting.isVisible()
    settle(window)
    assert not desk.waiting.isVisible()
    assert desk.title.text() == "ps_2024-02.csv"
    assert "PS en télétransmission par logiciel" in desk.told.text()
    assert desk.as_of.text() == "02/2024"
    assert tab_words(desk)[0] == "À confirmer (2)"
    assert tab_words(desk)[-4:] == ["Ajoutées (1)", "Modifiées (0)", "Inchangées (0)", "Refusées (2)"]
    assert desk.preview.currentWidget() is desk.questions
    first, second = desk.questions.findChildren(QComboBox)
    assert (first.currentData(), second.currentData()) == (None, None)  # nothing is chosen for anybody
    assert "Epsilog (proche à" in first.itemText(1)
    first.setCurrentIndex(1)
    second.setCurrentIndex(second.findData("product:vega"))
    QTest.mouseClick(desk.questions.use, Qt.MouseButton.LeftButton)
    settle(window)
    # Both rows now speak of Vega and nurses: the second contradicts the first.
    assert tab_words(desk)[-4:] == ["Ajoutées (1)", "Modifiées (0)", "Inchangées (0)", "Refusées (2)"]
    reasons = {desk.preview.models["refused"].index(row, 2).data() for row in range(2)}
    assert reasons == {"contredit la ligne 2", "nombre attendu"}
    assert desk.go.text().replace("&", "") == "Importer 1 ligne"
    QTest.mouseClick(desk.go, Qt.MouseButton.LeftButton)
    settle(window)
    assert "1 ligne importée, 2 refusées" in desk.banner.message.text()
    undo = desk.history.findChild(QPushButton, "importUndo1")
    assert undo is not None
    assert "ps_2024-02.csv" in undo.accessibleName()
    QTest.mouseClick(undo, Qt.MouseButton.LeftButton)
    settle(window)
    assert "annulé" in desk.banner.message.text()
    assert desk.history.findChild(QPushButton, "importUndo1") is None or not undo.isVisible()


def test_a_correction_shows_old_and_new(window: MainWindow, desk: ImportDesk, market: Path) -> None:
    desk.take(market)
    settle(window)
    desk.apply()
    settle(window)
    market.write_text(MARKET.replace("11 310", "11 320"), encoding="utf-8")
    desk.take(market)
    settle(window)
    assert tab_words(desk)[-4:] == ["Ajoutées (0)", "Modifiées (1)", "Inchangées (0)", "Refusées (2)"]
    model = desk.preview.models["changed"]
    assert [model.index(0, column).data() for column in (2, 3, 4)] == ["valeur", "11310", "11320"]
    market.write_text(MARKET, encoding="utf-8")
    desk.take(market)
    settle(window)
    assert not desk.go.isEnabled()
    assert desk.go.text() == "Rien à importer"


def test_all_that_is_left_can_be_left_out_at_once(window: MainWindow, desk: ImportDesk, market: Path) -> None:
    desk.take(market)
    settle(window)
    skip = desk.questions.findChild(QPushButton, "importAllSkip")
    assert skip is not None
    QTest.mouseClick(skip, Qt.MouseButton.LeftButton)
    settle(window)
    assert desk.questions.open_count() == 0
    answers = desk.questions.answers()
    assert {answer for told in answers.values() for answer in told.values()} == {SKIP}
    refused = desk.preview.models["refused"]
    assert "laissé de côté" in str([refused.index(row, 2).data() for row in range(refused.rowCount())])


def test_an_unknown_list_is_read_once_its_columns_are_told(
    window: MainWindow, desk: ImportDesk, tmp_path: Path
) -> None:
    file = tmp_path / "boîtes.csv"
    file.write_text("Annuaire\n\nBoîte;Joindre\nEpsilog;aide@epsilog.example\n", encoding="utf-8")
    desk.take(file)
    settle(window)
    assert desk.preview.currentWidget() is desk.columns
    assert desk.columns.line.currentText().startswith("3 : Boîte, Joindre")
    desk.columns.shape.setCurrentIndex(desk.columns.shape.findData("contacts"))
    for name, title in (("editor", "Boîte"), ("email", "Joindre")):
        box = desk.columns._boxes[name]
        box.setCurrentIndex(box.findData(title))
    QTest.mouseClick(desk.columns.use, Qt.MouseButton.LeftButton)
    settle(window)
    assert "Ajoutées (1)" in tab_words(desk)
    desk.apply()
    settle(window)
    desk.take(file)
    settle(window)
    assert "Inchangées (1)" in tab_words(desk)  # the columns are remembered


def test_another_date_makes_other_facts(window: MainWindow, desk: ImportDesk, tmp_path: Path) -> None:
    file = tmp_path / "ps.csv"
    file.write_text("categorie_ps;editeur;logiciel;nb_ps\nInfirmiers;Epsilog;Vega;3\n", encoding="utf-8")
    desk.take(file)
    settle(window)
    assert "Refusées (1)" in tab_words(desk)
    desk.as_of.setFocus()
    QTest.keyClicks(desk.as_of, "03/2024")
    QTest.keyClick(desk.as_of, Qt.Key.Key_Return)
    settle(window)
    assert "Ajoutées (1)" in tab_words(desk)
    assert "2024-03" in desk.preview.models["added"].index(0, 2).data()


def test_a_fault_says_what_to_do_and_the_window_goes_on(
    window: MainWindow, desk: ImportDesk, tmp_path: Path
) -> None:
    picture = tmp_path / "photo.csv"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n")
    desk.take(picture)
    settle(window)
    assert "n'est pas une table" in desk.banner.message.text()
    assert desk.banner.hint.text()
    assert desk.choose.isEnabled()


def test_reading_can_be_stopped(window: MainWindow, desk: ImportDesk, market: Path) -> None:
    desk.take(market)
    QTest.mouseClick(desk.stop, Qt.MouseButton.LeftButton)
    settle(window)
    assert not desk.file.isVisible()
    assert "rien n'a changé" in desk.banner.message.text()


def test_what_is_being_saved_cannot_be_called_stopped(
    window: MainWindow, desk: ImportDesk, market: Path
) -> None:
    desk.take(market)
    assert desk.stop.isVisible()
    settle(window)
    desk.apply()
    assert desk.waiting.isVisible()
    assert not desk.stop.isVisible()
    settle(window)
    assert "1 ligne importée" in desk.banner.message.text()
    assert desk.choose.hasFocus()  # the button that was pressed is gone
    desk.undo(1)
    assert not desk.stop.isVisible()
    settle(window)
    assert "annulé" in desk.banner.message.text()
    assert desk.choose.hasFocus()


def test_thousands_of_new_names_come_some_at_a_time(
    window: MainWindow, desk: ImportDesk, tmp_path: Path
) -> None:
    rows = [f"2024-02;Infirmiers;Inventée {n};Inventé {n};{n}" for n in range(1, 301)]
    file = tmp_path / "ps.csv"
    file.write_text("\n".join([MARKET.partition("\n")[0], *rows]), encoding="utf-8")
    desk.take(file)
    settle(window)
    boxes = desk.questions.findChildren(QComboBox)
    assert len(boxes) < 100
    assert tab_words(desk)[0] == "À confirmer (600)"
    assert desk.questions.more.text().startswith(f"{600 - len(boxes)} autres noms")
    boxes[0].setCurrentIndex(boxes[0].findData(SKIP))
    QTest.mouseClick(desk.questions.use, Qt.MouseButton.LeftButton)
    settle(window)
    assert len(desk.questions.findChildren(QComboBox)) == len(boxes) + 1  # another takes its turn
    assert tab_words(desk)[0] == "À confirmer (599)"
    rest = desk.questions.findChild(QPushButton, "importAllNew")
    assert rest is not None
    QTest.mouseClick(rest, Qt.MouseButton.LeftButton)
    settle(window)
    assert not desk.questions.more.isVisible()
    assert tab_words(desk)[-4:] == ["Ajoutées (299)", "Modifiées (0)", "Inchangées (0)", "Refusées (1)"]


def test_the_catalogue_is_exported(window: MainWindow, desk: ImportDesk, tmp_path: Path) -> None:
    desk.export(tmp_path / "tout.xlsx")
    settle(window)
    assert "tout.xlsx" in desk.banner.message.text()
    assert (tmp_path / "tout.xlsx").stat().st_size > 100_000
    desk.export(tmp_path / "absent" / "tout.csv")
    settle(window)
    assert "ne peut pas être écrit" in desk.banner.message.text()


def test_contacts_are_told_taken_out_and_erased_for_good(
    window: MainWindow, desk: ImportDesk, tmp_path: Path
) -> None:
    assert not desk.contacts.isVisible()
    file = tmp_path / "contacts.csv"
    file.write_text("Éditeur;Contact;Courriel\nEpsilog;Camille Exemple;c@epsilog.example\n", encoding="utf-8")
    desk.take(file)
    settle(window)
    desk.apply()
    settle(window)
    assert desk.contacts.isVisible()
    assert not desk.contacts.erase.isEnabled()
    desk.export_contacts(tmp_path / "out.csv")
    settle(window)
    assert "données personnelles" in desk.banner.hint.text()
    desk.contacts.table.setFocus()
    desk.contacts.table.setCurrentIndex(desk.contacts.model.index(0, 0))
    QTest.mouseClick(desk.contacts.erase, Qt.MouseButton.LeftButton)
    assert desk.contacts.model.rowCount() == 1  # it asks once more
    QTest.mouseClick(desk.contacts.sure, Qt.MouseButton.LeftButton)
    settle(window)
    assert not desk.contacts.isVisible()
    kept = (window.context.folder / "catalogue-imports.db").read_bytes()
    assert b"Camille" not in kept


def test_other_tabs_see_what_was_imported(window: MainWindow, desk: ImportDesk, tmp_path: Path) -> None:
    page = window.page("catalogue")
    assert isinstance(page, CataloguePage)
    file = tmp_path / "éditeurs.csv"
    file.write_text("Éditeur;Autre nom\nZygomatique SA;Zygo\n", encoding="utf-8")
    desk.take(file)
    settle(window)
    new = desk.questions.findChild(QPushButton, "importAllNew")
    assert new is not None
    QTest.mouseClick(new, Qt.MouseButton.LeftButton)
    settle(window)
    page.finder.field.setText("zygo")
    desk.apply()
    settle(window)
    assert page.finder.total == 1
    page.finder.show_entry("editor:zygomatique-sa")
    settle(window)
    desk.undo(1)
    settle(window)
    assert page.finder.total != 1 or "Zygomatique" not in page.finder.count.text()


@pytest.fixture(params=[(1280, 720, 100), (1024, 600, 100), (1024, 600, 200)], ids=str)
def sized(
    request: pytest.FixtureRequest, tmp_path: Path, ready_profile: Path, qapp: object
) -> Iterator[MainWindow]:
    """Windows of every size that must do."""
    width, height, text = request.param
    folder = tmp_path / "sized"
    shutil.copytree(ready_profile, folder)
    window = open_window(folder, unlocked=False, settings=Settings(theme="light", text_size=text))
    window.resize(width, height)
    yield window
    close_window(window)


def test_everything_has_a_name_and_its_room(sized: MainWindow, market: Path) -> None:
    desk = on_tab(sized)
    page = sized.page("catalogue")
    inside = page.area.widget()
    assert inside is not None
    desk.take(market)
    settle(sized)
    for widget in (desk.questions, desk.columns, *desk.preview.tables.values()):
        desk.preview.setCurrentWidget(widget)
        wait_for_none(lambda: cut_off(desk))
        wait_for_none(lambda: outside(inside))
        nameless = [
            about(control)
            for control in shown(desk)
            if takes_keyboard(control)
            and isinstance(control, CONTROLS)
            and not control.accessibleName().strip()
            and not isinstance(control.parent(), QComboBox)
            and "Tab" not in type(control).__name__
        ]
        assert nameless == []
    assert page.area.horizontalScrollBar().maximum() == 0
