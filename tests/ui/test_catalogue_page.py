"""The catalogue page: search and filters, cards with sources, comparison that never turns unknown into no."""

from __future__ import annotations

from typing import cast

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot

from fieldkit.ui.main_window import MainWindow
from fieldkit.ui.pages.catalogue import FIGURES, CataloguePage
from fieldkit.ui.pages.entries.finder import Finder
from fieldkit.ui.widgets.chart import Chart
from fieldkit.ui.words import answer, french_date
from tests.ui.conftest import MakeWindow


@pytest.fixture
def page(qtbot: QtBot, make_window: MakeWindow) -> CataloguePage:
    """The page, its list filled."""
    window: MainWindow = make_window(unlocked=False)
    window.open_page("catalogue")
    made = cast(CataloguePage, window.page("catalogue"))
    qtbot.waitUntil(lambda: made.finder.model.rowCount() > 100)
    return made


@pytest.fixture
def finder(page: CataloguePage) -> Finder:
    """The first tab."""
    return page.finder


def choose(box: QComboBox, data: object) -> None:
    """Choose as a person does."""
    assert box.findData(data) >= 0, [box.itemText(row) for row in range(box.count())]
    box.setCurrentIndex(box.findData(data))
    box.activated.emit(box.currentIndex())


def names(finder: Finder) -> list[str]:
    """The names in the list."""
    return [finder.model.data(finder.model.index(row)) for row in range(finder.model.rowCount())]


def type_in(finder: Finder, text: str) -> None:
    """Type in the field, as a person does."""
    finder.field.clear()
    QTest.keyClicks(finder.field, text)


def counts(box: QComboBox) -> dict[object, str]:
    """What a filter offers."""
    return {box.itemData(row): box.itemText(row) for row in range(1, box.count())}


def test_typing_narrows_the_list_whatever_the_accents(qtbot: QtBot, finder: Finder) -> None:
    type_in(finder, "sante")
    qtbot.waitUntil(lambda: 0 < finder.model.rowCount() < 100)
    assert {"AxiSanté", "Cegedim Santé", "Idem Santé"} <= set(names(finder))
    assert finder.count.text() == f"{finder.model.rowCount()} fiches"


def test_filters_narrow_the_list(qtbot: QtBot, finder: Finder) -> None:
    boxes = finder.facets.boxes
    choose(boxes["kind"], "service")
    qtbot.waitUntil(lambda: finder.total < 100)
    assert "ADRi" in names(finder)
    choose(boxes["kind"], "editor")
    qtbot.waitUntil(lambda: "Pharmagest" in names(finder))
    choose(boxes["profession"], "pharmaciens")
    qtbot.waitUntil(lambda: "Pharmagest" in names(finder) and "Doctolib" not in names(finder))
    choose(boxes["profession"], None)
    qtbot.waitUntil(lambda: "Doctolib" in names(finder))
    choose(boxes["service"], "SPHEV")
    qtbot.waitUntil(lambda: "Doctolib" not in names(finder) and 0 < finder.model.rowCount() < 50)


def test_a_filter_says_how_many_each_choice_would_leave(qtbot: QtBot, finder: Finder) -> None:
    kinds = finder.facets.boxes["kind"]
    told = counts(kinds)["service"]
    choose(kinds, "service")
    qtbot.waitUntil(lambda: finder.total < 100)
    assert told == f"Service ({finder.model.rowCount()})"
    assert "editor" in counts(kinds), "the other choices stay"


def test_every_filter_can_be_used(qtbot: QtBot, finder: Finder) -> None:
    for name, box in finder.facets.boxes.items():
        if not box.isEnabled():
            assert box.count() == 1, name
            continue
        value, told = next(iter(counts(box).items()))
        choose(box, value)
        wanted = int(told.rpartition("(")[2].rstrip(")"))
        qtbot.waitUntil(lambda wanted=wanted: finder.total == wanted)  # type: ignore[misc]
        finder.facets.clear()
        qtbot.waitUntil(lambda: finder.total > 400)


def test_a_choice_that_leaves_nothing_stays_chosen_and_can_be_cleared(qtbot: QtBot, finder: Finder) -> None:
    choose(finder.facets.boxes["profession"], "transporteurs")
    type_in(finder, "dmp")
    qtbot.waitUntil(lambda: finder.model.rowCount() == 0)
    assert "Rien ne porte ce nom" in finder.count.text()
    assert finder.facets.boxes["profession"].currentText() == "Transporteurs (0)"
    assert finder.clear.isVisible()
    finder.clear.click()
    qtbot.waitUntil(lambda: "DMP" in names(finder))
    assert not finder.clear.isVisible()
    assert finder.field.text() == "dmp"


def test_the_best_answer_is_read_as_one_types(qtbot: QtBot, finder: Finder) -> None:
    type_in(finder, "insi")
    qtbot.waitUntil(lambda: finder.card.accessibleName() == "Fiche : INSi")
    assert finder.field.hasFocus()


def test_no_card_stands_for_an_answer_where_there_is_none(qtbot: QtBot, finder: Finder) -> None:
    type_in(finder, "insi")
    qtbot.waitUntil(finder.card.isVisible)
    QTest.keyClicks(finder.field, "zzzz")
    qtbot.waitUntil(lambda: not finder.card.isVisible())
    assert finder.total == 0
    type_in(finder, "insi")
    qtbot.waitUntil(lambda: finder.card.isVisible() and finder.card.entry == "service:INSi")


def test_an_entry_that_is_not_in_the_list_leaves_no_line_chosen(qtbot: QtBot, page: CataloguePage) -> None:
    type_in(page.finder, "pharmagest")
    qtbot.waitUntil(lambda: page.finder.card.entry == "editor:pharmagest")
    page.show_target("editor:cegedim-sante")
    qtbot.waitUntil(lambda: page.finder.card.entry == "editor:cegedim-sante")
    assert not page.finder.results.currentIndex().isValid()


def test_the_keyboard_goes_from_the_field_to_the_card_and_back(qtbot: QtBot, finder: Finder) -> None:
    type_in(finder, "pharmagest")
    qtbot.waitUntil(lambda: finder.model.rowCount() == 4)
    QTest.keyClick(finder.field, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: finder.card.accessibleName() == "Fiche : Equasens")
    QTest.keyClick(finder.field, Qt.Key.Key_Return)
    assert finder.card.hasFocus()
    QTest.keyClick(finder.card, Qt.Key.Key_Escape)
    assert finder.results.hasFocus()
    QTest.keyClick(finder.results, Qt.Key.Key_Escape)
    assert finder.field.hasFocus()
    QTest.keyClick(finder.field, Qt.Key.Key_Escape)
    assert finder.field.text() == ""
    qtbot.waitUntil(lambda: finder.model.rowCount() > 100)
    choose(finder.facets.boxes["kind"], "label")
    QTest.keyClick(finder.field, Qt.Key.Key_Escape)
    assert finder.facets.chosen() == {}


def test_a_former_name_leads_to_todays_and_says_so(qtbot: QtBot, finder: Finder) -> None:
    type_in(finder, "pharmagest")
    qtbot.waitUntil(lambda: finder.model.rowCount() == 4)
    hit = finder.model.hit(finder.model.index(1))
    assert hit is not None
    assert hit.name == "Equasens"
    assert hit.detail.startswith("anciennement Pharmagest (2022)")


def test_a_near_spelling_is_said_to_be_near(qtbot: QtBot, finder: Finder) -> None:
    type_in(finder, "dedalos")
    qtbot.waitUntil(lambda: names(finder) == ["Dedalus France"])
    assert finder.count.text() == "Aucun nom exact : voici les plus proches."


@pytest.mark.parametrize("typed", ["'\"*()^:-", "a OR b NOT c", "NEAR(x,2)", "\\%_;--", "é" * 300])
def test_whatever_is_typed_is_harmless(qtbot: QtBot, finder: Finder, typed: str) -> None:
    faults: list[object] = []
    finder.window().context.runner.failed.connect(faults.append)  # type: ignore[attr-defined]
    finder.field.setText(typed)
    finder.field.textEdited.emit(typed)
    qtbot.waitUntil(lambda: not finder.window().context.runner.busy)  # type: ignore[attr-defined]
    assert faults == []


def test_arrows_open_cards(qtbot: QtBot, finder: Finder) -> None:
    finder.results.setFocus()
    QTest.keyClick(finder.results, Qt.Key.Key_Down)
    first = finder.model.hit(finder.results.currentIndex())
    assert first is not None
    qtbot.waitUntil(lambda: first.name in finder.card.toPlainText())


def test_a_card_shows_each_fact_with_its_source_and_date(qtbot: QtBot, page: CataloguePage) -> None:
    page.show_target("editor:pharmagest")
    card = page.finder.card
    qtbot.waitUntil(lambda: "devenu Equasens" in card.toPlainText())
    text = card.toPlainText()
    assert "GIE SESAM-Vitale, étude de marché 2021, 06/2021" in text
    assert "GIE SESAM-Vitale, étude de marché 2021 : Tableau 1" in text, "the place is told at the end"
    card.anchorClicked.emit(QUrl("entry:editor:equasens"))
    qtbot.waitUntil(lambda: "Fiche : Equasens" in card.accessibleName())


def test_figures_are_drawn_over_time_beside_their_table(qtbot: QtBot, page: CataloguePage) -> None:
    page.show_target(f"{FIGURES}SCOR")
    figures = page.figures
    qtbot.waitUntil(lambda: figures.title.text() == "SCOR")
    assert page.tabs.currentWidget() is figures
    charts = figures.findChildren(Chart)
    assert "96 % en 06/2021, 97,5 % en 12/2023" in charts[0].accessibleDescription()
    assert figures.model.rowCount() > 3
    assert "GIE SESAM-Vitale, étude de marché 2023" in figures.origin.text()


def test_a_topic_is_found_by_its_indicators(qtbot: QtBot, page: CataloguePage) -> None:
    page.tabs.setCurrentWidget(page.figures)
    figures = page.figures
    qtbot.waitUntil(lambda: figures.topics_model.rowCount() > 20)
    QTest.keyClicks(figures.field, "atsam")
    assert [figures.topics_model.index(0).data(), figures.topics_model.rowCount()] == ["PRO-PS", 1]
    QTest.keyClick(figures.field, Qt.Key.Key_Escape)
    assert figures.topics_model.rowCount() > 20
    QTest.keyClick(figures.field, Qt.Key.Key_Down)
    assert figures.title.text() == figures.topics.currentIndex().data()


def test_a_changed_catalogue_is_read_again(qtbot: QtBot, page: CataloguePage) -> None:
    page.show_target(f"{FIGURES}SCOR")
    qtbot.waitUntil(lambda: page.figures.title.text() == "SCOR")
    page.show_target("service:INSi")
    finder, runner = page.finder, page.context.runner
    qtbot.waitUntil(lambda: finder.card.entry == "service:INSi" and not runner.busy)
    page.imports.changed.emit()
    assert runner.busy
    qtbot.waitUntil(lambda: finder.card.entry == "service:INSi" and not runner.busy)
    page.tabs.setCurrentWidget(page.figures)
    assert runner.busy
    qtbot.waitUntil(lambda: not runner.busy)
    assert page.figures.title.text() == "SCOR"


def test_the_comparison_has_every_service_and_editor(qtbot: QtBot, page: CataloguePage) -> None:
    page.tabs.setCurrentIndex(1)
    comparer = page.comparer
    qtbot.waitUntil(lambda: comparer.model.rowCount() > 0)
    choose(comparer.date, "2021-06")
    qtbot.waitUntil(lambda: (comparer.model.rowCount(), comparer.model.columnCount()) == (21, 10))
    words = {comparer.model.data(comparer.model.index(r, c)) for r in range(21) for c in range(10)}
    assert {"oui", "non"} <= words


def test_a_lost_cell_says_unknown_and_names_its_source(qtbot: QtBot, page: CataloguePage) -> None:
    page.tabs.setCurrentIndex(1)
    model = page.comparer.model
    qtbot.waitUntil(lambda: page.comparer.date.count() > 1)
    choose(page.comparer.date, "2023-12")
    qtbot.waitUntil(lambda: model.rowCount() > 0)
    lost = next(
        model.index(row, column)
        for row in range(model.rowCount())
        for column in range(model.columnCount())
        if str(model.data(model.index(row, column))).startswith("inconnu")
    )
    page.comparer.table.setCurrentIndex(lost)
    assert "inconnu" in page.comparer.origin.text()
    assert "étude de marché 2023" in page.comparer.origin.text()


def test_what_changed_between_two_dates(qtbot: QtBot, page: CataloguePage) -> None:
    page.tabs.setCurrentIndex(1)
    comparer = page.comparer
    qtbot.waitUntil(lambda: comparer.other.count() > 1)
    comparer.other.setCurrentIndex(1)
    comparer.other.activated.emit(1)
    qtbot.waitUntil(lambda: comparer.model.columnCount() == 4)
    assert "se compare" in comparer.summary.text() or "se comparent" in comparer.summary.text()
    assert comparer.model.headerData(2, Qt.Orientation.Horizontal) == "Au 06/2021"
    assert not comparer.differences.isVisible()


def test_only_the_services_that_tell_editors_apart(qtbot: QtBot, page: CataloguePage) -> None:
    page.tabs.setCurrentIndex(1)
    comparer = page.comparer
    qtbot.waitUntil(lambda: comparer.model.rowCount() > 0)
    choose(comparer.date, "2021-06")
    qtbot.waitUntil(lambda: comparer.model.rowCount() == 21)
    comparer.differences.click()
    assert 0 < comparer.model.rowCount() < 21
    assert comparer.summary.text().startswith(f"{comparer.model.rowCount()} services sur 21")


@pytest.mark.parametrize(
    ("iso", "told"),
    [
        ("2021", "2021"),
        ("2021-06", "06/2021"),
        ("2024-01-08", "08/01/2024"),
        ("2021-06 / 2024-01", "06/2021 / 01/2024"),
        ("", ""),
    ],
)
def test_dates_are_as_precise_as_their_source(iso: str, told: str) -> None:
    assert french_date(iso) == told


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ({"status": "yes", "value": "yes"}, ("success", "oui")),
        ({"status": "no", "value": "no"}, ("error", "non")),
        ({"status": "text", "value": "Add. 8"}, ("success", "Add. 8")),
        ({"status": "unknown", "value": None}, ("unknown", "inconnu")),
        (
            {"status": "unknown", "value": None, "prose_value": "yes", "prose_basis": "explicit"},
            ("unknown", "inconnu (texte : oui)"),
        ),
        (
            {"status": "unknown", "value": None, "prose_value": "yes", "prose_basis": "interpretation"},
            ("unknown", "inconnu"),
        ),
    ],
)
def test_unknown_is_not_no(cell: dict[str, object], told: tuple[str, str]) -> None:
    assert answer(cell) == told
