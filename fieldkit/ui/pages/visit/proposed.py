"""Facts that a machine proposes for a workstation: looked at one by one, noted only when the delegate says so."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from fieldkit.domain.fieldwork import WORKSTATION_FACTS
from fieldkit.i18n import _
from fieldkit.reports import wording
from fieldkit.ui.theme import GRID
from fieldkit.ui.widgets.card import Card
from fieldkit.ui.widgets.flow import empty, flowing
from fieldkit.ui.widgets.text import button, label
from fieldkit.ui.widgets.tick_line import TickLine

Take = Callable[[dict[str, Any]], None]
"""Notes `{field: value}`."""


class ProposedCard(Card):
    """Each proposed fact with what is noted now; hidden until something is proposed."""

    def __init__(self, after: QWidget) -> None:
        """`after`: what takes the keyboard before it."""
        super().__init__(_("Faits proposés"), "proposedCard")
        self._after = after
        self.title.setWordWrap(True)
        self._take: Take = lambda _facts: None
        self._rows: list[tuple[TickLine, str, Any]] = []
        self._origin = label("", "caption", wrap=True)
        self._lines = QVBoxLayout()
        self._lines.setSpacing(GRID)
        self.accept = button(
            _("&Noter les faits cochés"), "takeProposed", self._accept, kind="primary", icon="pen"
        )
        self._leave = button(_("Ne rien noter"), "leaveProposed", self.hide)
        self.body.addWidget(self._origin)
        self.body.addLayout(self._lines)
        self.body.addWidget(flowing(self.accept, self._leave))
        self.stops = [self.accept, self._leave]
        self.hide()

    def propose(self, title: str, origin: str, facts: Sequence[Mapping[str, Any]], take: Take) -> None:
        """Propose `facts` (`{field, before, after}`, and `{field, choices}` where several devices are possible).

        Those that would replace a noted fact, and choices, are not ticked: that is for the delegate to say.
        """
        self._take = take
        self.title.setText(title)
        self.setAccessibleName(title)
        self._origin.setText(origin)
        empty(self._lines)
        self._rows = []
        for fact in facts:
            for value in fact.get("choices", [fact.get("after")]):
                self._offer(fact, value)
        if not self._rows:
            nothing = _("Rien de nouveau : ce qui a été relevé est déjà noté.")
            self._lines.addWidget(label(nothing, "muted", wrap=True))
        self.accept.setVisible(bool(self._rows))
        self._leave.setText(_("Ne rien noter") if self._rows else _("Fermer"))
        self.show()
        ticks = [row.box for row, _field, _value in self._rows]
        for before, after in pairwise([self._after, *ticks, *self.stops]):
            self.setTabOrder(before, after)
        (self._rows[0][0].box if self._rows else self._leave).setFocus()

    def _offer(self, fact: Mapping[str, Any], value: Any) -> None:
        field, before = fact["field"], fact.get("before")
        known = before not in (None, "")
        words = _("{fact} : {value}").format(
            fact=_(WORKSTATION_FACTS[field].label), value=wording.fact(field, value)
        )
        detail = _("Noté pour l'instant : {value}").format(value=wording.fact(field, before)) if known else ""
        row = TickLine(
            words, detail, f"proposed-{len(self._rows)}", checked=not known and "choices" not in fact
        )
        self._rows.append((row, field, value))
        self._lines.addWidget(row)

    def _accept(self) -> None:
        chosen = {field: value for row, field, value in self._rows if row.box.isChecked()}
        self.hide()
        if chosen:
            self._take(chosen)
