"""The catalogue page: search and filters, cards with sources, comparison that never turns unknown into no."""

from __future__ import annotations

from typing import cast

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot

from fieldkit.ui.main_window import MainWindow
from fieldkit.ui.models.entry_html import entry_html
from fieldkit.ui.pages.catalogue import CataloguePage
from fieldkit.ui.words import answer, french_date, source_and_date
from tests.ui.conftest import MakeWindow


@pytest.fixture
def page(qtbot: QtBot, make_window: MakeWindow) -> CataloguePage:
    """The page, its list filled."""
    window: MainWindow = make_window(unlocked=False)
    window.open_page("catalogue")
    made = cast(CataloguePage, window.page("catalogue"))
    qtbot.waitUntil(lambda: made.model.rowCount() > 100 and made.service.count() > 10)
    return made


def choose(box: QComboBox, data: object) -> None:
    """Choose as a person does."""
    box.setCurrentIndex(box.findData(data))
    box.activated.emit(box.currentIndex())


def names(page: CataloguePage) -> list[str]:
    """The names in the list."""
    return [page.model.data(page.model.index(row)) for row in range(page.model.rowCount())]


def test_typing_narrows_the_list_whatever_the_accents(qtbot: QtBot, page: CataloguePage) -> None:
    QTest.keyClicks(page.field, "sante")
    qtbot.waitUntil(lambda: 0 < page.model.rowCount() < 100)
    assert {"AxiSanté", "Cegedim Santé", "Idem Santé"} <= set(names(page))
    assert page.count.text() == f"{page.model.rowCount()} lignes"


def test_filters_narrow_the_list(qtbot: QtBot, page: CataloguePage) -> None:
    choose(page.kind, "service")
    qtbot.waitUntil(lambda: "ADRi" in names(page) and "Pharmagest" not in names(page))
    choose(page.kind, "editor")
    choose(page.profession, "pharmaciens")
    qtbot.waitUntil(lambda: "Pharmagest" in names(page) and "ADRi" not in names(page))
    assert "Doctolib" not in names(page)
    choose(page.profession, None)
    choose(page.service, "SPHEV")
    qtbot.waitUntil(lambda: "Doctolib" not in names(page) and 0 < page.model.rowCount() < 50)


def test_arrows_open_cards(qtbot: QtBot, page: CataloguePage) -> None:
    page.results.setFocus()
    QTest.keyClick(page.results, Qt.Key.Key_Down)
    first = page.model.hit(page.results.currentIndex())
    assert first is not None
    qtbot.waitUntil(lambda: first.name in page.card.toPlainText())


def test_a_card_shows_each_fact_with_its_source_and_date(qtbot: QtBot, page: CataloguePage) -> None:
    page.show_target("editor:pharmagest")
    qtbot.waitUntil(lambda: "devenu Equasens" in page.card.toPlainText())
    text = page.card.toPlainText()
    assert "GIE SESAM-Vitale, étude de marché 2021, 06/2021" in text
    assert page.results.currentIndex().data() == "Pharmagest"
    page.card.anchorClicked.emit(QUrl("entry:editor:equasens"))
    qtbot.waitUntil(lambda: "Fiche : Equasens" in page.card.accessibleName())


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
    qtbot.waitUntil(lambda: comparer.model.columnCount() == 2)
    assert "se compare" in comparer.summary.text() or "se comparent" in comparer.summary.text()
    assert comparer.model.headerData(0, Qt.Orientation.Horizontal) == "Avant"


@pytest.mark.parametrize(
    ("iso", "told"), [("2021", "2021"), ("2021-06", "06/2021"), ("2024-01-08", "08/01/2024"), ("", "")]
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


def test_what_a_source_wrote_is_never_taken_for_markup() -> None:
    fact = {
        "value": "<img src=x> & fils",
        "as_of": "2021",
        "source": "<b>S</b>",
        "locator": "",
        "kind": "current",
    }
    empty = dict.fromkeys(
        ("about", "group", "products", "labels", "figures", "milestones", "integration"), ()
    )
    html = entry_html({"id": "editor:x", "kind": "editor", "name": "<x>", "names": [fact], **empty})
    assert "&lt;img src=x&gt; &amp; fils" in html
    assert "<b>S</b>" not in html
    assert source_and_date(fact) == "<b>S</b>, 2021"
