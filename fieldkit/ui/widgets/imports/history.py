"""Past imports, each with its way back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fieldkit.i18n import _
from fieldkit.services.catalogue_imports import Import
from fieldkit.ui.theme import GRID
from fieldkit.ui.widgets.card import Card
from fieldkit.ui.widgets.text import button, label
from fieldkit.ui.words import french_date


class History(Card):
    """The imports of this profile, the newest first; `undo` is called with the number of one."""

    def __init__(self, undo: Callable[[int], None]) -> None:
        super().__init__(_("Imports passés"), "importHistory")
        self._undo = undo
        self._empty = label(
            _("Rien n'a encore été importé : le catalogue est celui de l'application."), "muted", wrap=True
        )
        self._rows = QVBoxLayout()
        self._rows.setSpacing(GRID)
        self.body.addWidget(self._empty)
        self.body.addLayout(self._rows)

    def show_imports(self, imports: Sequence[Import]) -> None:
        """Show these."""
        while (item := self._rows.takeAt(0)) is not None:
            if (gone := item.widget()) is not None:
                gone.hide()
                gone.deleteLater()
        for made in imports:
            self._rows.addWidget(self._row(made))
        self._empty.setVisible(not imports)

    def _row(self, made: Import) -> QWidget:
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(label(f"n° {made.id} · {made.name}", "strong", wrap=True))
        told = _("{day} · ajoutées : {added}, modifiées : {changed} · empreinte {sha}").format(
            day=french_date(made.made_at[:10]),
            added=made.counts.get("added", 0),
            changed=made.counts.get("changed", 0),
            sha=made.sha256[:12],
        )
        words.addWidget(label(told if made.applied else told + _(" · annulé"), "caption", wrap=True))
        line.addLayout(words, 1)
        if made.applied:
            undo = button(_("Annuler cet import"), f"importUndo{made.id}", partial(self._undo, made.id))
            undo.setAccessibleName(_("Annuler l'import n° {n}, {name}").format(n=made.id, name=made.name))
            line.addWidget(undo)
        return row
