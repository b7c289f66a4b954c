"""The billing software of a workstation: free text, with the products of the catalogue that it may name."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QTimer

from fieldkit.i18n import _
from fieldkit.ui.models.hits import Hit
from fieldkit.ui.widgets.controls import LineControl
from fieldkit.ui.widgets.suggestions import ROWS, Suggestions

if TYPE_CHECKING:
    from fieldkit.ui.pages.base import Context

_PAUSE_MS: Final = 120


class SoftwareControl(LineControl):
    """One line; arrows and Enter take a product that the catalogue knows."""

    def __init__(self, context: Context) -> None:
        super().__init__(_("Nom du logiciel, ou de son éditeur"))
        self._context = context
        self.suggestions = Suggestions(self, _("Logiciels du catalogue"), "softwareSuggestions")
        self.suggestions.taken.connect(lambda _hit: self.typed.emit())
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self._look_up)
        self.textEdited.connect(lambda _text: self._pause.start())

    def _look_up(self) -> None:
        text = self.text().strip()
        if not text:
            self.suggestions.offer([])
        elif self.hasFocus():
            self._context.ask_catalogue(lambda path: _products(path, text), self.suggestions.offer)


def _products(path: Path, text: str) -> list[Hit]:
    from fieldkit.services import catalogue

    found = catalogue.products_for_billing(path, text, ROWS)
    return [
        Hit("product", _("Logiciel"), row["name"], row["detail"], "catalogue", row["id"]) for row in found
    ]
