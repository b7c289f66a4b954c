"""A practitioner of the directory, to read; text can be selected and copied."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QEvent
from PySide6.QtGui import QTextOption
from PySide6.QtWidgets import QFrame, QTextBrowser

from fieldkit.i18n import _
from fieldkit.ui.models.practitioner_html import practitioner_html
from fieldkit.ui.theme import GRID


class PractitionerCard(QTextBrowser):
    """Shows the dictionary that `services.directory.practitioner` returns."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("practitionerCard")
        self.setAccessibleName(_("Fiche"))
        self.setOpenLinks(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.document().setDocumentMargin(2 * GRID)
        self._card: Mapping[str, Any] | None = None

    def show_card(self, card: Mapping[str, Any]) -> None:
        """Show this practitioner, from the top."""
        self._card = card
        self.setAccessibleName(_("Fiche : {name}").format(name=card["name"]))
        self._render()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._card is not None:
            self._render()

    def _render(self) -> None:
        assert self._card is not None
        self.document().setDefaultFont(self.font())
        self.setHtml(practitioner_html(self._card))
