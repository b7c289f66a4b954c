"""The corner of the readers page from which the guided test and the training are begun."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QVBoxLayout, QWidget

from fieldkit.i18n import _
from fieldkit.services import guided
from fieldkit.services.guided import Subject, words
from fieldkit.ui.pages.base import Context
from fieldkit.ui.pages.guided.panel import GuidedPanel
from fieldkit.ui.pages.guided.scenarios import Scenarios
from fieldkit.ui.theme import GRID
from fieldkit.ui.widgets.card import Card
from fieldkit.ui.widgets.flow import flowing
from fieldkit.ui.widgets.text import button, label


class GuidedCorner(QWidget):
    """Two buttons; under them what they open: the choice of a reader or a scenario, or the test itself."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._choice: Card | None = None
        self.panel = GuidedPanel(context)
        self._begin = button(_("&Test guidé"), "guidedTest", self.ask, kind="primary", icon="card")
        self._train = button(_("&Entraînement…"), "training", self.offer_training, icon="pen")
        self._buttons = flowing(self._begin, self._train)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2 * GRID)
        self._column.addWidget(self._buttons)
        self._column.addWidget(self.panel)
        self.panel.closed.connect(self._reopen)

    def ask(self) -> None:
        """Begin on the only reader there is, or ask on which one."""
        bench = self._context.readers.bench
        found = guided.subjects(bench) if bench is not None else ()
        if not found:
            said = _("Aucun lecteur à tester : branchez-en un, il apparaît ici de lui-même.")
            self._context.show_message("warning", said)
        elif len(found) == 1:
            self._start(found[0])
        else:
            self._open(self._readers(found))

    def offer_training(self) -> None:
        """Show the scenarios."""
        self._open(Scenarios(self._context.readers.train, self.fold))

    def _start(self, subject: Subject) -> None:
        self.fold()
        self._buttons.hide()
        self.panel.begin(subject)

    def _readers(self, found: tuple[Subject, ...]) -> Card:
        card = Card(_("Quel lecteur tester ?"), "guidedChoice")
        close = button("", "guidedChoiceClose", self.fold, kind="quiet", icon="close")
        close.setAccessibleName(_("Fermer le choix du lecteur"))
        card.header.addWidget(close)
        starts = [
            button(words.title(subject), f"guide-{number}", partial(self._start, subject))
            for number, subject in enumerate(found)
        ]
        card.body.addWidget(flowing(*starts))
        card.body.addWidget(
            label(
                _("Un lecteur à la fois : les autres cartes peuvent rester où elles sont."),
                "muted",
                wrap=True,
            )
        )
        return card

    def _open(self, card: Card) -> None:
        self.fold()
        self._choice = card
        self._column.insertWidget(1, card)
        card.show()

    def fold(self) -> None:
        """Close the choice that is open, if any."""
        card, self._choice = self._choice, None
        if card is not None:
            card.hide()
            card.deleteLater()

    def _reopen(self) -> None:
        self._buttons.show()
        self._begin.setFocus()
