"""One slot of a card reader as a card: its state in a word, a drawing and a colour, and what is in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel

from fieldkit.i18n import N_, _
from fieldkit.ui.theme import GRID
from fieldkit.ui.widgets.card import Badge, Card
from fieldkit.ui.widgets.text import IconLabel, label, line

if TYPE_CHECKING:
    from fieldkit.services.reader_identity import Identity
    from fieldkit.services.readers import Slot

INTERFACES: Final = {
    "contact": N_("à contact"),
    "contactless": N_("sans contact"),
    "sam": N_("module SAM, interne au lecteur"),
    "unknown": N_("type non communiqué"),
}
_STATES: Final = {
    "empty": ("unknown", N_("Vide")),
    "present": ("warning", N_("Autre carte")),
    "mute": ("error", N_("Muette")),
    "in-use": ("warning", N_("Occupée")),
    "exclusive": ("error", N_("Bloquée")),
    "unavailable": ("error", N_("Indisponible")),
}
_RECOGNISED: Final = N_("Reconnue")


class SlotCard(Card):
    """A live card; `show_slot` again whenever the slot changed."""

    def __init__(self, slot: Slot) -> None:
        super().__init__(name=f"slotCard-{slot.slot}")
        self._icon = IconLabel("empty-slot", "muted", 32)
        self._name = label("", "strong", wrap=True)
        self._where = label("", "caption", wrap=True)
        self.badge = Badge("unknown", "")
        head = QGridLayout()
        head.setHorizontalSpacing(GRID + GRID // 2)
        head.setVerticalSpacing(0)
        head.setColumnStretch(1, 1)
        head.addWidget(self._icon, 0, 0, 2, 1)
        head.addWidget(self._name, 0, 1)
        head.addWidget(self._where, 1, 1)
        head.addWidget(self.badge, 0, 2, 2, 1, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(head)
        self.card_name = label("", "section", wrap=True)
        self._sentence = label("", "muted", wrap=True)
        self._hint = label("", wrap=True)
        for words in (self.card_name, self._sentence, self._hint):
            self.body.addWidget(words)
        self.body.addStretch(1)
        self.body.addWidget(line())
        self._facts = QGridLayout()
        self._facts.setHorizontalSpacing(2 * GRID)
        self._facts.setVerticalSpacing(GRID // 4)
        self._facts.setColumnStretch(0, 2)
        self._facts.setColumnStretch(1, 3)
        self._changed = self._fact(0, _("Dernier changement"))
        self._count = self._fact(1, _("Insertions vues"))
        self._answer = self._fact(2, _("Délai de réponse"))
        self._atr = self._fact(3, _("Réponse de la carte (ATR)"), "mono")
        self._reader = self._fact(4, _("Lecteur"))
        self.body.addLayout(self._facts)
        self.show_slot(slot)
        self.show_identity(None)

    def show_slot(self, slot: Slot) -> None:
        """Show what is known of the slot now."""
        from fieldkit.services.readers import answer_text, place_text, shown, state_text

        state, word = _STATES[slot.state]
        if slot.state == "present" and slot.card is not None and slot.card.health:
            state, word = "success", _RECOGNISED
        self.badge.show_state(state, _(word))
        empty = "contactless" if slot.interface == "contactless" else "empty-slot"
        self._icon.show_icon("card" if slot.occupied else empty, state if slot.occupied else "muted")
        self._name.setText(slot.name)
        kind = _("lecteur virtuel, {kind}") if slot.virtual else "{kind}"
        where = kind.format(kind=_(INTERFACES[slot.interface]))
        self._where.setText(_("Fente {number} · {kind}").format(number=slot.slot + 1, kind=where))
        self.card_name.setText(slot.card.label if slot.card else "")
        self.card_name.setVisible(slot.card is not None)
        self._sentence.setText(state_text(slot) if slot.card is None or slot.fault else "")
        self._sentence.setVisible(bool(self._sentence.text()))
        self._hint.setText(slot.fault.hint if slot.fault else "")
        self._hint.setVisible(bool(self._hint.text()))
        moment = slot.changed_at.astimezone().strftime("%H:%M:%S") if slot.changed_at else _("aucun vu")
        self._changed.setText(moment)
        self._count.setText(str(slot.insertions))
        self._answer.setText(answer_text(slot))
        self._atr.setText(shown(slot.atr) or _("aucune"))
        self.setAccessibleName(f"{place_text(slot)} : {_(word)}. {state_text(slot)}")

    def show_identity(self, who: Identity | None) -> None:
        """Show whose make the reader is, as far as it is known."""
        from fieldkit.services.diagnosis_text import identity_text

        self._reader.setText(identity_text(who))

    def _fact(self, row: int, title: str, role: str = "") -> QLabel:
        value = label("", role, wrap=True, selectable=True)
        value.setAccessibleName(title)
        self._facts.addWidget(label(title, "caption", wrap=True), row, 0, Qt.AlignmentFlag.AlignTop)
        self._facts.addWidget(value, row, 1)
        return value
