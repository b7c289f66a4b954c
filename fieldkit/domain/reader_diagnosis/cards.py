"""Rules on the cards that are in: do they answer, are they the right ones, in which slot."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from fieldkit.domain.reader_diagnosis.facts import Situation, SlotFacts
from fieldkit.domain.reader_diagnosis.finding import DELEGATE, PS, Finding
from fieldkit.i18n import _

_PRO: Final = ("cps2ter", "cps3", "cps4", "cps4-rc")
_VITALE: Final = ("vitale1", "vitale2")


def mute(situation: Situation) -> Iterator[Finding]:
    """A card that does not answer is most often upside down (hardware.md §1, code 0x80100066)."""
    for slot in situation.slots:
        if slot.state == "mute":
            yield Finding(
                "card-mute",
                "warning",
                _("{place} : la carte ne répond pas.").format(place=slot.place),
                _("Une carte est insérée, sans réponse (ATR)."),
                _(
                    "Retournez la carte et insérez-la à fond. Si rien ne change, essayez-en une autre : "
                    "si elle répond, c'est la première qui est en cause, sinon c'est le lecteur."
                ),
                DELEGATE,
            )


def damaged(situation: Situation) -> Iterator[Finding]:
    """An answer that breaks ISO 7816-3: contact or card is bad."""
    for slot in situation.slots:
        if slot.damaged:
            yield Finding(
                "answer-damaged",
                "warning",
                _("{place} : la réponse de la carte est endommagée.").format(place=slot.place),
                _("La réponse (ATR) ne suit pas la norme ISO 7816-3."),
                _("Réinsérez la carte, nettoyez sa puce avec un chiffon sec, puis essayez-en une autre."),
                DELEGATE,
            )


def agent(situation: Situation) -> Iterator[Finding]:
    """The delegate's own card is not a practitioner's (domain.md §2.2)."""
    for slot in situation.slots:
        if slot.family == "agent":
            yield Finding(
                "agent-card",
                "info",
                _("{place} : c'est une carte d'agent de l'Assurance Maladie.").format(place=slot.place),
                _("Elle prouve que le lecteur marche, pas que la CPS du cabinet est lue."),
                _("Essayez avec la carte CPS du professionnel."),
                PS,
            )


def places(situation: Situation) -> Iterator[Finding]:
    """Which card answers in which slot. No public source says which slot is for which card: the billing software
    decides. So the places are told, and it is a warning only where the two cards have changed places."""
    for pro in situation.slots:
        for vitale in situation.slots:
            if pro.device == vitale.device and pro.family in _PRO and vitale.family in _VITALE:
                yield _exchanged(pro, vitale) if _swapped(pro, vitale) else _told(pro, vitale)


def _swapped(pro: SlotFacts, vitale: SlotFacts) -> bool:
    return pro.usual in _VITALE and vitale.usual in _PRO


def _where(pro: SlotFacts, vitale: SlotFacts) -> str:
    return _("{reader} : CPS en fente {pro}, carte Vitale en fente {vitale}.").format(
        reader=pro.device, pro=pro.number, vitale=vitale.number
    )


def _exchanged(pro: SlotFacts, vitale: SlotFacts) -> Finding:
    return Finding(
        "cards-swapped",
        "warning",
        _("Les deux cartes ont été échangées depuis tout à l'heure."),
        _where(pro, vitale),
        _(
            "Le lecteur les lit dans les deux sens, mais un logiciel qui attend chaque carte dans une fente "
            "précise ne les trouve plus. Remettez-les comme le cabinet les place d'habitude."
        ),
        PS,
    )


def _told(pro: SlotFacts, vitale: SlotFacts) -> Finding:
    return Finding(
        "cards-places",
        "info",
        _("Les deux cartes répondent, chacune dans sa fente."),
        _where(pro, vitale),
        _(
            "Si le logiciel dit qu'il en manque une, échangez-les ou corrigez l'affectation des fentes dans "
            "ses réglages : lui seul sait quelle carte il attend dans quelle fente."
        ),
        PS,
    )
