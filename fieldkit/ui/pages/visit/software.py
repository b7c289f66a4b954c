"""A product or service of a practice: free text, with the entries of the catalogue that it may name."""

from __future__ import annotations

from collections.abc import Callable
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


class CatalogueControl(LineControl):
    """One line; arrows and Enter take an entry of those that `look` finds in the catalogue for a text."""

    def __init__(
        self,
        context: Context,
        placeholder: str,
        look: Callable[[Path, str], list[Hit]],
        title: str,
        name: str,
    ) -> None:
        super().__init__(placeholder)
        self._context, self._look = context, look
        self.suggestions = Suggestions(self, title, name)
        self.suggestions.taken.connect(lambda _hit: self.typed.emit())
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self._look_up)
        self.textEdited.connect(lambda _text: self._pause.start())

    def _look_up(self) -> None:
        text, look = self.text().strip(), self._look
        if not text:
            self.suggestions.offer([])
        elif self.hasFocus():
            self._context.ask_catalogue(lambda path: look(path, text), self.suggestions.offer)


class SoftwareControl(CatalogueControl):
    """The billing software of a workstation."""

    def __init__(self, context: Context) -> None:
        words = _("Nom du logiciel, ou de son éditeur")
        super().__init__(context, words, _software, _("Logiciels du catalogue"), "softwareSuggestions")


class ConcernedControl(CatalogueControl):
    """What an obstacle is about: any product or service."""

    def __init__(self, context: Context) -> None:
        words, title = _("Nom du produit ou du service"), _("Produits et services du catalogue")
        super().__init__(context, words, _products_and_services, title, "concernedSuggestions")


def _software(path: Path, text: str) -> list[Hit]:
    from fieldkit.services import catalogue

    found = catalogue.products_for_billing(path, text, ROWS)
    return [
        Hit("product", _("Logiciel"), row["name"], row["detail"], "catalogue", row["id"]) for row in found
    ]


def _products_and_services(path: Path, text: str) -> list[Hit]:
    from fieldkit.ui import lookup

    return [
        hit
        for kind in ("service", "product")
        for hit in lookup.catalogue(path, text, kind=kind, limit=ROWS // 2)
    ]
