"""Every view of a visit: each control has a name and a place that can be reached, in small windows too."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from fieldkit.services import photos, visit_desk, visits
from fieldkit.settings import Settings
from fieldkit.store.fieldwork import FieldStore
from fieldkit.ui.main_window import MainWindow
from fieldkit.ui.pages.visit.notes import NotesStep
from fieldkit.ui.pages.visit.open import STEPS
from fieldkit.ui.pages.visit.report import ReportStep
from fieldkit.ui.pages.visits import VisitsPage
from tests.photos import pictures
from tests.ui.conftest import MakeWindow
from tests.ui.test_every_page import CONTROLS, about, cut_off, outside, shown, takes_keyboard, wait_for_none


def fill(store: FieldStore) -> str:
    """A visit with something in every step."""
    practice = {
        "rpps": "10003456786",
        "department": "72",
        "city": "Sablé-sur-Sarthe",
        "profession": "sages-femmes",
    }
    name = "Maison de santé pluriprofessionnelle des Tilleuls"
    visits.new_visit(store, practice="Autre")
    visit, _practice = visits.new_visit(store, practice=name, about=practice)
    workstation = visits.set_workstation(
        store, visit, None, {"name": "Accueil", "os": "windows", "addendum": 7}
    )
    visits.set_workstation(store, visit, None, {"name": "Salle de soins"})
    for kind in ("readers", "scanner"):
        visit_desk.attach_test(
            store, visit, kind=kind, verdict="fault", summary="Vu", workstation=workstation
        )
    visits.add_part(
        store, visit, "note", {"text": "Une note assez longue pour être coupée dans la liste " * 3}
    )
    visits.add_part(store, visit, "obstacle", {"theme": "ins", "gravity": "high", "text": "Lent " * 40})
    for width in (400, 600, 800):
        taken = photos.encode(photos.read(pictures.saved(pictures.scene(width, 400))))
        photos.add(store, visit, taken, "Une légende assez longue pour être coupée sous la photo")
    visits.add_part(store, visit, "follow_up", {"who": "editeur", "by": "2020-01-01", "text": "Livrer"})
    return visit


def opened(qtbot: QtBot, window: MainWindow) -> VisitsPage:
    profile = window.context.profile
    assert profile is not None
    qtbot.waitUntil(lambda: not window.context.runner.busy)
    visit = fill(profile.store)
    window.open_page("visits", visit)
    page = window.page("visits")
    assert isinstance(page, VisitsPage)
    qtbot.waitUntil(lambda: page.open.desk.editable)
    return page


def nameless(root: QWidget) -> list[str]:
    return [
        about(widget)
        for widget in shown(root)
        if isinstance(widget, CONTROLS) and takes_keyboard(widget) and not widget.accessibleName()
        and not isinstance(widget.parent(), CONTROLS)
    ]  # fmt: skip


@pytest.mark.parametrize(("width", "height", "text_size"), [(1024, 600, 100), (1280, 720, 200)])
def test_every_view_is_named_and_within_reach(
    qtbot: QtBot, make_window: MakeWindow, width: int, height: int, text_size: int
) -> None:
    window = make_window(settings=Settings(theme="light", text_size=text_size))
    window.resize(width, height)
    page = opened(qtbot, window)
    inside = page.open._area.widget()
    assert inside is not None
    for step in STEPS:
        page.open.open_step(step)
        assert nameless(page) == []
        wait_for_none(lambda: cut_off(page.open._header))
        wait_for_none(lambda: cut_off(inside))
        wait_for_none(lambda: outside(inside))
        assert page.open._area.horizontalScrollBar().maximum() == 0
        assert window.width() == width
    page.begin()
    assert nameless(page) == []
    form = page.new.area.widget()
    assert form is not None
    wait_for_none(lambda: cut_off(form))


@pytest.mark.parametrize(("width", "height", "text_size"), [(1024, 600, 100), (1024, 600, 200)])
def test_the_dialogs_of_a_visit_are_named_and_fit(
    qtbot: QtBot, make_window: MakeWindow, width: int, height: int, text_size: int
) -> None:
    window = make_window(settings=Settings(theme="light", text_size=text_size))
    window.resize(width, height)
    page = opened(qtbot, window)
    page.open.open_step("notes")
    notes = page.open._steps["notes"]
    assert isinstance(notes, NotesStep)
    notes.photos._open()
    qtbot.waitUntil(lambda: notes.photos.editor is not None)
    page.open.open_step("report")
    report = page.open._steps["report"]
    assert isinstance(report, ReportStep)
    report.preview()
    qtbot.waitUntil(lambda: report.previewing is not None)
    for dialog in (notes.photos.editor, report.previewing):
        assert dialog is not None
        assert nameless(dialog) == []
        assert dialog.width() <= width
        assert dialog.height() <= height
        wait_for_none(lambda dialog=dialog: cut_off(dialog))  # type: ignore[misc]
        dialog.reject()


def test_tab_goes_through_each_step_in_the_order_in_which_it_is_read(
    qtbot: QtBot, window: MainWindow
) -> None:
    page = opened(qtbot, window)
    for step in STEPS:
        page.open.open_step(step)
        root = page.open._steps[step]
        wanted = {widget for widget in shown(root) if takes_keyboard(widget)}
        order = [widget for widget in chain(root) if widget in wanted]
        assert set(order) == wanted
        tops = [widget.mapTo(root, widget.rect().topLeft()).y() for widget in order]
        assert [about(w) for w, a, b in zip(order[1:], tops, tops[1:], strict=False) if b < a - 400] == []


def chain(root: QWidget) -> Iterator[QWidget]:
    """What Tab goes to from `root`, until it is there again."""
    widget = root.nextInFocusChain()
    while widget is not None and widget is not root:
        yield widget
        widget = widget.nextInFocusChain()


def test_states_are_told_in_words(qtbot: QtBot, window: MainWindow) -> None:
    page = opened(qtbot, window)
    words = {label.text() for label in page.findChildren(QLabel) if label.isVisible()}
    assert {"Brouillon", "ApCV : pas encore prêt", "Tout est enregistré"} <= words
