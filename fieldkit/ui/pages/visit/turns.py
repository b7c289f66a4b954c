"""Back and forth in a draft: two buttons, and the keys that everyone knows."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from fieldkit.i18n import _
from fieldkit.ui.pages.visit.desk import Desk
from fieldkit.ui.theme import GRID
from fieldkit.ui.widgets.text import button

if TYPE_CHECKING:
    from fieldkit.store.changes import Changes
    from fieldkit.store.fieldwork import FieldStore


class Turns(QWidget):
    """Undo and redo of what was written in the visit; a text field keeps Ctrl+Z for its own letters."""

    turned = Signal()
    """Something was undone or done again."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.undo = button("", "undoInVisit", self._undo, kind="quiet", icon="undo")
        self.redo = button("", "redoInVisit", self._redo, kind="quiet", icon="redo")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID // 2)
        row.addWidget(self.undo)
        row.addWidget(self.redo)
        for keys, act in (("Ctrl+Z", self._undo), ("Ctrl+Y", self._redo), ("Ctrl+Shift+Z", self._redo)):
            QShortcut(QKeySequence(keys), self, act)
        self.show_next("", "")

    def show_next(self, undo: str, redo: str) -> None:
        """Say what either would turn; "" for nothing."""
        _say(self.undo, _("Annuler"), undo, "Ctrl+Z")
        _say(self.redo, _("Rétablir"), redo, "Ctrl+Y")

    def _undo(self) -> None:
        def work(store: FieldStore, visit_id: str) -> Changes:
            from fieldkit.services import visit_desk

            return visit_desk.undo(store, visit_id)

        self._turn(self.undo, work)

    def _redo(self) -> None:
        def work(store: FieldStore, visit_id: str) -> Changes:
            from fieldkit.services import visit_desk

            return visit_desk.redo(store, visit_id)

        self._turn(self.redo, work)

    def _turn(self, pressed: QPushButton, work: Callable[[FieldStore, str], Changes]) -> None:
        if pressed.isEnabled():
            pressed.setFocus()  # a field that has the keyboard would not show what it is given back
            visit_id = self._desk.visit_id
            self._desk.change(lambda store: work(store, visit_id), lambda _changes: self.turned.emit())


def _say(pressed: QPushButton, verb: str, what: str, keys: str) -> None:
    words = _("{verb} : {what}").format(verb=verb, what=what) if what else verb
    pressed.setEnabled(bool(what))
    pressed.setAccessibleName(words)
    pressed.setToolTip(f"{words} ({keys})")
