"""Suggestions under a line of text, drawn on two lines each; arrows and Enter take one."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QCompleter, QLineEdit, QListView

from fieldkit.ui.models.hits import Hit, HitDelegate, HitModel

ROWS = 8
"""How many suggestions are in sight."""


class Suggestions(QObject):
    """The list that drops under `line`; whoever owns it decides what is in it."""

    taken = Signal(object)
    """One was chosen: the `Hit`; its name already stands in the line."""

    def __init__(self, line: QLineEdit, title: str, name: str) -> None:
        super().__init__(line)
        self._line = line
        self.model = HitModel(self)
        self._popup = QListView()
        self._popup.setObjectName(name)
        self._popup.setAccessibleName(title)
        self._completer = QCompleter(self.model, self)
        self._completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self._completer.setMaxVisibleItems(ROWS)
        self._completer.setPopup(self._popup)
        self._completer.setWidget(line)
        self._popup.setItemDelegate(HitDelegate(self._popup))
        self._completer.activated.connect(self._take)

    def offer(self, hits: Sequence[Hit]) -> None:
        """Suggest these, or nothing; a name that already stands in the line alone needs no suggestion."""
        self.model.show(hits)
        said = len(hits) == 1 and hits[0].name == self._line.text()
        if hits and not said and self._line.hasFocus():
            self._completer.complete()
        else:
            self._popup.hide()

    def _take(self, _name: str) -> None:
        hit = self.model.hit(self.model.index(self._popup.currentIndex().row()))
        if hit is not None:
            self._line.setText(hit.name)
            self.taken.emit(hit)
