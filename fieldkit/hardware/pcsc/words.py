"""The bench in sentences: what a delegate reads of a slot and of an event."""

from __future__ import annotations

from typing import Final

from fieldkit.hardware.pcsc.bench import Event, EventKind, Service, Slot, SlotState
from fieldkit.i18n import N_, _, language

_SLOT: Final[dict[SlotState, str]] = {
    "empty": N_("Vide : insérez une carte."),
    "present": N_("{card} : elle répond."),
    "mute": N_("Une carte est insérée, mais elle ne répond pas."),
    "in-use": N_("{card} : un autre programme s'en sert en ce moment."),
    "exclusive": N_("{card} : un autre programme la tient pour lui seul."),
    "unavailable": N_("Lecteur indisponible."),
}
_AWAITED: Final = N_("Une carte est insérée ; sa réponse est attendue.")
_NOTHING_ON_IT: Final = N_("Rien n'est posé sur la zone sans contact.")
_SERVICE: Final[dict[str, str]] = {
    "running": N_("Le service de cartes à puce fonctionne."),
    "stopped": N_("Le service de cartes à puce est arrêté."),
    "absent": N_("Aucun service de cartes à puce n'est installé."),
}
_EVENT: Final[dict[EventKind, str]] = {
    "reader-added": N_("{place} : lecteur visible."),
    "reader-removed": N_("{place} : lecteur disparu."),
    "card-inserted": N_("{place} : carte insérée. {card}."),
    "card-removed": N_("{place} : carte retirée."),
}
_ALREADY: Final = N_("{place} : carte déjà en place. {card}.")
_UNREAD: Final = N_("Carte sans réponse")


def place_text(slot: Slot) -> str:
    """Where a card goes, slots counted from 1 as on the device: `KAPELSE KAP-GO, fente 1`."""
    return _("{reader}, fente {number}").format(reader=slot.name, number=slot.slot + 1)


def state_text(slot: Slot) -> str:
    """The state of `slot`, with the card that is in it."""
    if slot.state == "empty" and slot.interface == "contactless":
        return _(_NOTHING_ON_IT)
    if slot.state == "present" and not slot.atr:
        return _(_AWAITED)
    return _(_SLOT[slot.state]).format(card=_card(slot))


def answer_text(slot: Slot) -> str:
    """How long the card in `slot` took to answer."""
    if not slot.occupied:
        return _("pas de carte")
    if not slot.atr:
        return _("aucune réponse")
    return _("non mesuré") if slot.answer_ms is None else duration_text(slot.answer_ms)


def duration_text(milliseconds: float) -> str:
    """A time to an answer. pcscd and its like tell card and answer at once, which leaves no time to measure."""
    if milliseconds < 1:
        return _("aussitôt")
    if milliseconds < 1000:
        return _("{n} ms").format(n=round(milliseconds))
    seconds = f"{milliseconds / 1000:.1f}"
    return _("{n} s").format(n=seconds if language() == "en" else seconds.replace(".", ","))


def service_text(service: Service) -> str:
    """The state of the card service."""
    return _(_SERVICE[service])


def event_text(event: Event) -> str:
    """What happened, where."""
    if event.slot is None:
        return _(_SERVICE[event.state])
    sentence = _ALREADY if event.already else _EVENT[event.kind]
    return _(sentence).format(place=place_text(event.slot), card=_card(event.slot))


def _card(slot: Slot) -> str:
    return slot.card.label if slot.card else _(_UNREAD)
