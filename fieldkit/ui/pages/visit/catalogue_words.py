"""Under the software of a workstation: what the catalogue says of it, and the offer to note what counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from PySide6.QtWidgets import QVBoxLayout, QWidget

from fieldkit.i18n import _
from fieldkit.ui.pages.base import Context
from fieldkit.ui.theme import GRID
from fieldkit.ui.widgets.flow import empty, flowing
from fieldkit.ui.widgets.text import button, label
from fieldkit.ui.words import french_date

_IN_SIGHT: Final = 3
"""Facts of a kind that are shown; the card in the catalogue has them all."""


class CatalogueWords(QWidget):
    """Hidden where the catalogue knows no product of that name."""

    def __init__(self, context: Context, note: Callable[[int], None]) -> None:
        """`note` writes the addendum that the editor offers."""
        super().__init__()
        self.setObjectName("catalogueWords")
        self._context, self._note = context, note
        self._asked: tuple[str, str] | None = None
        self._told: Mapping[str, Any] = {}
        self._noted: Any = None
        self._editable = False
        self._lines = QVBoxLayout()
        self._lines.setSpacing(GRID // 2)
        self.take = button("", "noteOffered", self._take, icon="pen")
        self.card = button(_("Voir sa &fiche"), "softwareCard", self._open, kind="quiet", icon="catalogue")
        self.stops = [self.take, self.card]
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID // 2)
        column.addLayout(self._lines)
        column.addWidget(flowing(self.take, self.card))
        self.hide()

    def look(self, software: str, profession: str, noted: Any, *, editable: bool) -> None:
        """Say what the catalogue knows of `software`; `noted` is the addendum on offer that is noted already."""
        self._noted, self._editable = noted, editable
        self._offer()
        if (software, profession) == self._asked:
            return
        self._asked = (software, profession)
        if not software:
            self._show({})
            return

        def ask(path: Any) -> Mapping[str, Any]:
            from fieldkit.services import software_facts

            return software_facts.told(path, software, profession) or {}

        def show(told: Mapping[str, Any]) -> None:
            if self._asked == (software, profession):
                self._show(told)

        self._context.ask_catalogue(ask, show)

    def _show(self, told: Mapping[str, Any]) -> None:
        self._told = told
        empty(self._lines)
        self.setVisible(bool(told))
        if not told:
            return
        heading = _("Ce que dit le catalogue de « {name} » :").format(name=told["name"])
        self._lines.addWidget(label(heading, wrap=True))
        lines = [*map(_addendum, told["addenda"][:_IN_SIGHT]), *map(_label, told["labels"][:_IN_SIGHT])]
        for text in lines or [_("Aucune source ne donne son addendum ni ses labels.")]:
            self._lines.addWidget(label("• " + text, "caption", wrap=True))
        self._offer()

    def _offer(self) -> None:
        offered = self._told.get("offered")
        self.take.setText(_("Noter l'offre : addendum {n}").format(n=offered))
        self.take.setAccessibleName(self.take.text())
        self.take.setVisible(self._editable and offered is not None and self._noted != offered)

    def _take(self) -> None:
        self._note(self._told["offered"])

    def _open(self) -> None:
        self._context.navigate("catalogue", self._told["id"])


def _addendum(fact: Mapping[str, Any]) -> str:
    said = _("{editor}, {profession} : cahier des charges {value}").format(
        editor=fact["editor"], profession=fact["profession"], value=fact["value"]
    )
    return f"{said} ({_origin(fact)})"


def _label(fact: Mapping[str, Any]) -> str:
    parts = [fact["value"], fact["profession"]]
    return f"{', '.join(part for part in parts if part)} ({_origin(fact)})"


def _origin(fact: Mapping[str, Any]) -> str:
    return _("{source}, {date}").format(source=fact["source"], date=french_date(fact["as_of"]))
