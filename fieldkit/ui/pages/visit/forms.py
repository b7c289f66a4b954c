"""Forms of a visit's steps: fields that save themselves, laid out in columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QObject

from fieldkit.ui.pages.visit.desk import Desk
from fieldkit.ui.theme import GRID
from fieldkit.ui.widgets.autosave import Write
from fieldkit.ui.widgets.card import Card
from fieldkit.ui.widgets.field_box import FieldBox
from fieldkit.ui.widgets.wrap_grid import WrapGrid

COLUMN = 250
"""Least width of a column of fields, at 100 % text."""


class Form(QObject):
    """The fields of one record: shown, saved as they are typed, read-only once the visit is finalised.

    Those in `afterwards` are still written then, in a record that exists.
    """

    def __init__(self, desk: Desk, boxes: Mapping[str, FieldBox], afterwards: Sequence[str] = ()) -> None:
        super().__init__(desk)
        self._desk, self._afterwards = desk, frozenset(afterwards)
        self.boxes = dict(boxes)
        self.autosave = desk.autosave()
        for field, box in self.boxes.items():
            self.autosave.watch(field, box)

    def show(self, values: Mapping[str, Any], write: Write, *, fresh: bool, fixed: bool = False) -> None:
        """Show a record: another one when `fresh`, else the same as it now stands; one that is `fixed` is only read."""
        if fresh:
            self.autosave.show(values, write)
        else:
            self.autosave.refresh(values)
        for field, box in self.boxes.items():
            later = field in self._afterwards and bool(values)
            box.set_read_only(fixed or not (self._desk.editable or later))

    def fill(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Put values in fields as if they had been typed; returns what stood there."""
        before = {field: self.boxes[field].value() for field in values}
        for field, value in values.items():
            self.boxes[field].show_value(value)
            self.autosave.touch(field)
        self.autosave.flush()
        return before

    def take_focus(self, field: str = "") -> None:
        """Put the keyboard on `field`, or on the first one."""
        box = self.boxes.get(field) or next(iter(self.boxes.values()))
        box.control.setFocus()


def field_card(title: str, name: str, boxes: Sequence[FieldBox], column: int = COLUMN) -> Card:
    """A card with fields in as many columns as fit."""
    card = Card(title, name)
    card.body.setSpacing(GRID + GRID // 2)
    grid = WrapGrid(column)
    grid.show_cells(boxes)
    card.body.addWidget(grid)
    card.body.addStretch(1)
    return card
