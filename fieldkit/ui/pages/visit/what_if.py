"""« Et si… ? »: changes to tick under a verdict, and what it would become with them. Nothing is written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from fieldkit.domain.fieldwork import WORKSTATION_FACTS
from fieldkit.i18n import _, ngettext
from fieldkit.reports import wording
from fieldkit.ui.models import visit_words as words
from fieldkit.ui.theme import GRID
from fieldkit.ui.widgets.card import Card
from fieldkit.ui.widgets.flow import empty, flowing
from fieldkit.ui.widgets.tag import Tag
from fieldkit.ui.widgets.text import button, label, line
from fieldkit.ui.widgets.tick_line import TickLine

Answer = Mapping[str, Any]
"""What `services.verdicts.what_if` answers."""


class WhatIfCard(Card):
    """The changes that the rules list for one workstation, and the verdict with those that are ticked."""

    changed = Signal()
    """Another set of changes is ticked: `taken`."""

    def __init__(self, workstation: str, name: str) -> None:
        super().__init__(_("Et si… ? {poste}").format(poste=name), f"whatIf-{workstation}")
        self.title.setWordWrap(True)
        self._workstation = workstation
        self.taken: frozenset[str] = frozenset()
        self._offered: list[tuple[str, str]] = []
        self._lines = QVBoxLayout()
        self._lines.setSpacing(GRID)
        self._said = QVBoxLayout()
        self._said.setSpacing(GRID // 2)
        self._outcome = Tag(f"whatIfOutcome-{workstation}")
        self._words = label("", wrap=True)
        self._clear = button(
            _("Tout décocher"), f"whatIfClear-{workstation}", self._take_none, kind="quiet", icon="close"
        )
        why = _("Cochez un changement pour voir ce que le verdict deviendrait. Rien n'est enregistré.")
        self.body.addWidget(label(why, "caption", wrap=True))
        self.body.addLayout(self._lines)
        self.body.addWidget(line())
        self.body.addWidget(flowing(self._outcome, self._clear))
        self.body.addWidget(self._words)
        self.body.addLayout(self._said)
        self.hide()

    def show_answer(self, answer: Answer) -> None:
        """Show what the verdict would be; hidden where nothing can be changed."""
        options = answer["options"]
        self.taken = frozenset(option["key"] for option in options if option["taken"])
        offered = [(option["key"], option["text"]) for option in options]
        if offered != self._offered:
            self._offer(options)
            self._offered = offered
        self.setVisible(bool(options))
        look = words.readiness(answer["after"])
        self._outcome.show_look(look)
        self._outcome.setAccessibleName(_("Avec ces changements : {verdict}").format(verdict=look.words))
        self._words.setText(self._summary(answer))
        self._clear.setVisible(bool(self.taken))
        empty(self._said)
        for turned in answer["turned"]:
            self._said.addWidget(label("• " + _turned(turned), wrap=True))
        if self.taken:
            QAccessible.updateAccessibility(
                QAccessibleAnnouncementEvent(self, f"{look.words}. {self._words.text()}")
            )

    def _offer(self, options: list[Mapping[str, Any]]) -> None:
        empty(self._lines)
        before: QWidget | None = None
        for number, option in enumerate(options):
            made = TickLine(
                _from_to(option),
                option["text"],
                f"whatIf-{self._workstation}-{number}",
                checked=option["taken"],
            )
            made.ticked.connect(lambda on, key=option["key"]: self._tick(key, on=on))
            self._lines.addWidget(made)
            if before is not None:
                self.setTabOrder(before, made.box)
            before = made.box
        if before is not None:
            self.setTabOrder(before, self._clear)

    def _tick(self, key: str, *, on: bool) -> None:
        self.taken = self.taken | {key} if on else self.taken - {key}
        self.changed.emit()

    def _take_none(self) -> None:
        self.taken = frozenset()
        self._offered = []  # drawn anew, without ticks
        self.changed.emit()

    def _summary(self, answer: Answer) -> str:
        if not self.taken:
            return _("Sans rien changer.")
        n, left = len(self.taken), len(answer["shortest_path"])
        said = ngettext("Avec ce changement.", "Avec ces {n} changements.", n).format(n=n)
        if left:
            more = ngettext("Il resterait {n} étape :", "Il resterait {n} étapes :", left).format(n=left)
            steps = " ; ".join(step["text"].rstrip(".") for step in answer["shortest_path"])
            return f"{said} {more} {steps}."
        return said


def _from_to(option: Mapping[str, Any]) -> str:
    known = WORKSTATION_FACTS.get(option["field"])
    return _("{fact} : {before} → {after}").format(
        fact=_(known.label) if known else option["field"],
        before=wording.fact(option["field"], option["from"]),
        after=wording.fact(option["field"], option["to"]),
    )


def _turned(finding: Mapping[str, str]) -> str:
    return _("{fact} : {before} → {after}").format(
        fact=finding["title"],
        before=wording.word(wording.FINDINGS, finding["before"]),
        after=wording.word(wording.FINDINGS, finding["after"]),
    )
