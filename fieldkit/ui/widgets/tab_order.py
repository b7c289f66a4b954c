"""The order in which Tab goes through widgets that were not made in the order in which they are shown."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLayout, QWidget


def tab_as_laid_out(layout: QLayout) -> None:
    """Let Tab go through `layout` in the order in which it shows its widgets, whenever they were made."""
    for before, after in pairwise(_stops(layout)):
        QWidget.setTabOrder(before, after)


def _stops(layout: QLayout) -> Iterator[QWidget]:
    place = 0
    while (item := layout.itemAt(place)) is not None:
        place += 1
        widget = item.widget()
        inside = item.layout() if widget is None else widget.layout()
        if widget is not None and widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            yield widget
        if inside is not None:
            yield from _stops(inside)
