"""One entry of the catalogue, to read: text that can be selected, and links to follow with the keyboard."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QEvent, QUrl, Signal
from PySide6.QtGui import QTextDocument, QTextOption
from PySide6.QtWidgets import QFrame, QTextBrowser

from fieldkit.i18n import _
from fieldkit.ui import icons
from fieldkit.ui.models.entry_html import entry_html
from fieldkit.ui.theme import GRID, colors, scaled


class EntryCard(QTextBrowser):
    """Shows the dictionary that `services.catalogue.show` returns."""

    followed = Signal(str)
    """Emitted with the id of the entry whose link was followed."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("entryCard")
        self.setAccessibleName(_("Fiche"))
        self.setOpenLinks(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.document().setDocumentMargin(2 * GRID)
        self.anchorClicked.connect(lambda url: self.followed.emit(url.toString().removeprefix("entry:")))
        self._card: Mapping[str, Any] | None = None

    @property
    def entry(self) -> str:
        """The id of the entry shown; empty before the first."""
        return self._card["id"] if self._card else ""

    def show_card(self, card: Mapping[str, Any]) -> None:
        """Show this entry, from its top."""
        self._card = card
        self.setAccessibleName(_("Fiche : {name}").format(name=card["name"]))
        self._render()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._card is not None:
            self._render()

    def _render(self) -> None:
        assert self._card is not None
        for state in ("success", "error", "unknown"):
            drawing = icons.pixmap(state, getattr(colors(), state), scaled(15))
            self.document().addResource(
                QTextDocument.ResourceType.ImageResource, QUrl(f"state:{state}"), drawing
            )
        self.document().setDefaultFont(self.font())
        self.setHtml(entry_html(self._card))
