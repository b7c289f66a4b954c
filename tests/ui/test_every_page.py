"""A walk over every page: whatever takes the keyboard has a name and is reached, and nothing is cut off."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QScrollArea,
    QTabBar,
    QTabWidget,
    QWidget,
)

from fieldkit.settings import Settings
from fieldkit.ui import theme
from fieldkit.ui.main_window import ENTRIES, MainWindow
from fieldkit.ui.pages.base import Page
from fieldkit.ui.pages.scanner import ScannerPage
from tests.ui.conftest import close_window, open_window, until

PAGES = [
    *(entry.name for entry in ENTRIES),
    "catalogue/1",
    "catalogue/2",
    "scanner/serial",
    "scanner/picture",
]
"""Every page, and the tabs of those that have some, by their place; the ways in of the scanner by their name."""
CONTROLS = (QAbstractButton, QLineEdit, QComboBox, QAbstractSpinBox, QAbstractItemView, QTabBar)


@pytest.fixture(scope="module")
def usual(
    tmp_path_factory: pytest.TempPathFactory, ready_profile: Path, qapp: object
) -> Iterator[MainWindow]:
    """One window for the whole walk, of the usual size."""
    yield from walk(tmp_path_factory.mktemp("walk"), ready_profile, (1280, 720), 100)


@pytest.fixture(scope="module")
def small(
    tmp_path_factory: pytest.TempPathFactory, ready_profile: Path, qapp: object
) -> Iterator[MainWindow]:
    """The same, as small as it gets."""
    yield from walk(tmp_path_factory.mktemp("walk"), ready_profile, (1024, 600), 100)


@pytest.fixture(scope="module")
def large(
    tmp_path_factory: pytest.TempPathFactory, ready_profile: Path, qapp: object
) -> Iterator[MainWindow]:
    """The smallest window with text twice as large."""
    yield from walk(tmp_path_factory.mktemp("walk"), ready_profile, (1024, 600), 200)


def walk(folder: Path, ready: Path, size: tuple[int, int], text: int) -> Iterator[MainWindow]:
    """A window to walk through."""
    shutil.copytree(ready, folder, dirs_exist_ok=True)
    window = open_window(folder, settings=Settings(theme="light", text_size=text))
    window.resize(*size)
    yield window
    close_window(window)


def shown(widget: QWidget) -> Iterator[QWidget]:
    """Every visible widget inside `widget`."""
    return (inner for inner in widget.findChildren(QWidget) if inner.isVisibleTo(widget))


def takes_keyboard(widget: QWidget) -> bool:
    """Whether Tab stops at `widget`."""
    return widget.isEnabled() and bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)


def arrows_reach(widget: QWidget) -> bool:
    """Whether it is one of several choices at one of which Tab stops: the last one used, as Qt has it."""
    group = widget.group() if isinstance(widget, QAbstractButton) else None
    if group is None or not group.exclusive():
        return False
    return any(choice.isVisible() and takes_keyboard(choice) for choice in group.buttons())


def about(widget: QWidget) -> str:
    """How a failing test calls a widget."""
    return f"{type(widget).__name__} {widget.objectName()!r} {widget.accessibleName()!r}"


def settle(window: MainWindow, name: str) -> Page:
    """Open a page, at the text size of its window, and let its content arrive."""
    context = window.context
    if theme.scaled(100) != context.settings.text_size:
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        theme.apply(app, context.settings.theme, context.settings.text_size)
    name, _slash, tab = name.partition("/")
    window.open_page(name)
    page = window.page(name)
    if (tabs := page.findChild(QTabWidget)) is not None:
        tabs.setCurrentIndex(int(tab or 0))
    if isinstance(page, ScannerPage):
        page.bench.choose(tab or "keyboard")
    until(lambda: not context.runner.busy)
    return page


def wait_for_none(found: Callable[[], list[str]]) -> None:
    """Wait until `found` finds nothing wrong: what has just arrived is still being laid out."""
    with contextlib.suppress(AssertionError):
        until(lambda: not found(), seconds=20)
    assert found() == []


@pytest.mark.parametrize("name", PAGES)
def test_whatever_takes_the_keyboard_has_a_name(usual: MainWindow, name: str) -> None:
    page = settle(usual, name)
    assert page.accessibleName()
    nameless = [
        about(widget)
        for widget in shown(usual)
        if takes_keyboard(widget) and isinstance(widget, CONTROLS) and not (widget.accessibleName().strip())
        and not isinstance(widget.parent(), (QComboBox, QAbstractSpinBox)) and not isinstance(widget, QTabBar)
    ]  # fmt: skip
    assert nameless == []


@pytest.mark.parametrize("name", PAGES)
def test_every_control_can_be_reached_without_a_mouse(usual: MainWindow, name: str) -> None:
    page = settle(usual, name)
    out_of_reach = [
        about(widget)
        for widget in shown(page)
        if isinstance(widget, CONTROLS)
        and widget.isEnabled()
        and not takes_keyboard(widget)
        and not arrows_reach(widget)
        and not isinstance(
            widget.parent(), (QComboBox, QAbstractSpinBox, QTabBar, QLineEdit, QAbstractItemView)
        )
    ]
    assert out_of_reach == []


def test_arrows_go_through_the_ways_of_the_scanner(usual: MainWindow) -> None:
    page = settle(usual, "scanner")
    first = page.findChild(QAbstractButton, "step-keyboard")
    second = page.findChild(QAbstractButton, "step-serial")
    assert first is not None
    assert second is not None
    usual.activateWindow()
    assert QTest.qWaitForWindowActive(usual)
    first.click()
    until(lambda: not usual.context.runner.busy)
    first.setFocus()
    QTest.keyClick(first, Qt.Key.Key_Right)
    until(second.isChecked)  # and the way it opens has the keyboard
    first.click()


@pytest.mark.parametrize("name", PAGES)
def test_tab_goes_round_every_control_of_the_page_from_top_to_bottom(usual: MainWindow, name: str) -> None:
    page = settle(usual, name)
    wanted = {widget for widget in shown(page) if takes_keyboard(widget)}
    order: list[QWidget] = []
    widget = page.nextInFocusChain()
    while widget is not None and widget is not page:
        if widget in wanted:
            order.append(widget)
        widget = widget.nextInFocusChain()
    assert set(order) == wanted
    places = [widget.mapTo(page, widget.rect().topLeft()) for widget in order]
    jumps = [about(after) for before, after, a, b in zip(order, order[1:], places, places[1:], strict=False)
             if b.y() < a.y() - 400 and b.x() <= a.x() and not before.isAncestorOf(after)]  # fmt: skip
    assert jumps == []


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_cut_off_in_the_smallest_window(small: MainWindow, name: str) -> None:
    page = settle(small, name)
    assert (small.width(), small.height()) == (1024, 600)
    wait_for_none(lambda: cut_off(small))
    assert page.area.horizontalScrollBar().maximum() == 0


class TestLarge:
    """Apart from the others, whatever the order: to dress all windows for another text size takes long."""

    @pytest.mark.parametrize("name", PAGES)
    def test_at_twice_the_text_size_everything_can_be_scrolled_to(self, large: MainWindow, name: str) -> None:
        page = settle(large, name)
        assert (large.width(), large.height()) == (1024, 600)
        inside = page.area.widget()
        assert inside is not None
        wait_for_none(lambda: cut_off(inside))
        wait_for_none(lambda: outside(inside))


def cut_off(root: QWidget) -> list[str]:
    """Labels and controls that are given less room than they need to be read."""
    cut = []
    for widget in shown(root):
        if not isinstance(widget, (QLabel, QAbstractButton, QComboBox, QLineEdit)):
            continue
        if isinstance(widget.parent(), (QComboBox, QLineEdit, QAbstractItemView)):
            continue
        needs = widget.minimumSizeHint()
        short = widget.width() < needs.width() or widget.height() < needs.height()
        if isinstance(widget, QLabel) and widget.wordWrap():
            short = widget.height() < widget.heightForWidth(widget.width())
        if short:
            cut.append(f"{about(widget)} has {widget.size().toTuple()}, needs {needs.toTuple()}")
    return cut


def outside(root: QWidget) -> list[str]:
    """What no amount of scrolling in `root`, or in a view inside it, would bring into sight."""
    return [
        about(widget)
        for widget in shown(root)
        if not isinstance(widget.parent(), (QAbstractItemView, QScrollArea))
        and scrolled_by(widget, root) is None
        and not root.rect().contains(place(widget, root))
    ]


def scrolled_by(widget: QWidget, root: QWidget) -> QWidget | None:
    """The scrolling view between `widget` and `root`, which shows all of it in its own time."""
    parent = widget.parentWidget()
    while parent is not None and parent is not root:
        if isinstance(parent, (QScrollArea, QAbstractItemView)):
            return parent
        parent = parent.parentWidget()
    return None


def place(widget: QWidget, root: QWidget) -> QRect:
    """Where `widget` is inside `root`."""
    return QRect(widget.mapTo(root, widget.rect().topLeft()), widget.size())
