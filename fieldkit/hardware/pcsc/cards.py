"""Which card it is, from its answer to reset alone: a class of cards, never a person's card."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from fieldkit.hardware.pcsc.atr import Atr, Damage, parse, spaced
from fieldkit.i18n import N_, _

Family = Literal[
    "vitale1",
    "vitale2",
    "cps2ter",
    "cps3",
    "cps3-contactless",
    "cps4",
    "cps4-rc",
    "agent",
    "contactless-object",
    "other",
]


@dataclass(frozen=True, slots=True)
class CardClass:
    """A class of cards. `health`: a carte Vitale or a card of the CPS family, good for billing tests.

    `msgid` is the French name before translation, `source` where the pattern is known from.
    """

    family: Family
    health: bool
    msgid: str
    source: str

    @property
    def label(self) -> str:
        """The name a delegate reads, in the language in use."""
        return _(self.msgid)


_ANS: Final = "ANS, Cryptolib CPS"
_LIST: Final = "pcsc-tools, smartcard_list"
_ISO: Final = "ISO 7816-3"

_PRO_CARD: Final = bytes.fromhex("001225006480")
"""How the historical bytes of every card of the CPS family begin (domain.md §2.2)."""

_GENERATIONS: Final = {
    bytes.fromhex("820212"): CardClass("cps2ter", True, N_("Carte CPS2ter"), _LIST),
    bytes.fromhex("000310"): CardClass("cps3", True, N_("Carte CPS3"), _ANS),
    bytes.fromhex("000401"): CardClass("cps4-rc", True, N_("Carte CPS4 (version candidate)"), _ANS),
    bytes.fromhex("040100"): CardClass("cps4", True, N_("Carte CPS4"), _ANS),
}
_UNKNOWN_GENERATION: Final = CardClass(
    "other", True, N_("Carte de la famille CPS, génération inconnue"), _ANS
)

_NAMED: Final = tuple(
    (re.compile(pattern), card)
    for pattern, card in (
        ("3B751300004[0-9A-F]09[EF]A9000", CardClass("vitale2", True, N_("Carte Vitale 2"), _LIST)),
        (
            "3F652500(2[2C]09[F6]9|52096A|A[34]096A)9000",
            CardClass("vitale1", True, N_("Carte Vitale 1"), _LIST),
        ),
        (
            "3B8F80010031B86404B0ECC1739401808290000E",
            CardClass("cps3-contactless", True, N_("Carte CPS3, sans contact"), _ANS),
        ),
        (
            "3B8F80010031B86404B0ECC173940180FFFFFFE3",
            CardClass("contactless-object", False, N_("Carte IAS-ECC sans contact, hors CPS"), _LIST),
        ),
        (
            "3B6700002D201601789000",
            CardClass("agent", False, N_("Carte d'agent de l'Assurance Maladie"), _LIST),
        ),
        (
            "3B7F1800000031B8645023ECC173940180829000",
            CardClass("other", False, N_("Carte d'établissement, hors CPS"), _LIST),
        ),
        (
            "3BFF960000C00A31FE4380318065B085040011120FFF829000AB",
            CardClass("other", False, N_("Carte nationale d'identité, pas une carte de santé"), _LIST),
        ),
    )
)

_CONTACTLESS: Final = re.compile("3B8[0-9A-F]8001")
"""The form PC/SC part 3 gives the answer of an ISO 14443 object (domain.md §1.5)."""
_OBJECT: Final = CardClass("contactless-object", False, N_("Objet sans contact"), "PC/SC, part 3")
_UNKNOWN: Final = CardClass("other", False, N_("Carte inconnue, pas une carte de santé reconnue"), _ISO)

_DAMAGED: Final[dict[Damage, str]] = {
    "empty": N_("Carte sans réponse"),
    "start": N_("Réponse de la carte endommagée : début inconnu"),
    "short": N_("Réponse de la carte endommagée : elle est coupée"),
    "long": N_("Réponse de la carte endommagée : elle est trop longue"),
    "checksum": N_("Réponse de la carte endommagée : somme de contrôle fausse"),
}


def identify(raw: bytes) -> CardClass:
    """The class of the card that answered `raw`; one that is damaged or unknown is said to be so.

    The patterns are those of domain.md §2.2; a card of the CPS family is known by its historical
    bytes, so that interface bytes changed by a reader do not hide it.
    """
    atr = parse(raw)
    if atr.damage is not None:
        return CardClass("other", False, _DAMAGED[atr.damage], _ISO)
    digits = raw.hex().upper()
    for pattern, card in _NAMED:
        if pattern.fullmatch(digits):
            return card
    return _pro_card(atr) or (_OBJECT if _CONTACTLESS.match(digits) else _UNKNOWN)


def shown(raw: bytes) -> str:
    """The answer `raw` as it may be shown and copied: whole where it is the one of a class of cards we know.

    Any other card may be its holder's, and historical bytes may number it (those of transport cards of the Calypso
    sort end in their serial number; pcsc-tools, smartcard_list): only what comes before them is told.
    """
    atr = parse(raw)
    if atr.damage is None and identify(raw) not in (_UNKNOWN, _OBJECT):
        return spaced(raw)
    start = spaced(raw[: 2 + len(atr.interface)])
    return _("{start} … (suite masquée)").format(start=start) if start else ""


def _pro_card(atr: Atr) -> CardClass | None:
    if not atr.historical.startswith(_PRO_CARD):
        return None
    generation = atr.historical[len(_PRO_CARD) :][:3]
    return _GENERATIONS.get(generation, _UNKNOWN_GENERATION)
