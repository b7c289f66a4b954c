"""Rules on the readers: are they seen, in which mode, who holds them, what can they read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from fieldkit.domain.reader_diagnosis import usb
from fieldkit.domain.reader_diagnosis.facts import Situation, System, enumerated
from fieldkit.domain.reader_diagnosis.finding import DELEGATE, EDITOR, PS, Finding
from fieldkit.i18n import N_, _

_MARKET_STUDY: Final = N_("GIE SESAM-Vitale, étude de marché 2023, données de fin 2023")
_PLUG: Final[dict[System, str]] = {
    "windows": N_(
        "Branchez le lecteur directement sur l'ordinateur. S'il l'est déjà, vérifiez son pilote dans le "
        "Gestionnaire de périphériques."
    ),
    "macos": N_(
        "Branchez le lecteur directement sur le Mac, et répondez « Autoriser » si le Mac demande s'il peut "
        "se connecter à l'accessoire."
    ),
    "linux": N_("Branchez le lecteur directement sur l'ordinateur, sans passer par un clavier ou un écran."),
}


def on_usb_only(situation: Situation) -> Iterator[Finding]:
    """A reader on USB that PC/SC does not list (domain.md §1.7 R2, R6)."""
    if not situation.serving or situation.computer.usb is None:
        return
    for device in situation.computer.usb:
        if usb.missing(device, situation.real_slots):
            yield usb.explain(device, situation.computer)


def none_visible(situation: Situation) -> Iterator[Finding]:
    """No reader at all, on USB neither as far as the system tells."""
    if not situation.serving or situation.real_slots or situation.computer.usb:
        return
    told = situation.computer.usb is not None
    yield Finding(
        "no-reader",
        "warning",
        _("Aucun lecteur de cartes n'est branché.") if told else _("Aucun lecteur de cartes n'est visible."),
        _("Ni en PC/SC, ni parmi les lecteurs connus sur USB.") if told else _("La liste PC/SC est vide."),
        _(_PLUG[situation.computer.system]),
        DELEGATE,
    )


def galss(situation: Situation) -> Iterator[Finding]:
    """GALSS: in PSS mode a reader is not in PC/SC, never both (R1, R2); leftovers are of no use any more."""
    for found in situation.computer.galss or ():
        evidence = _("galss.ini : {libraries}.").format(
            libraries=enumerated(found.libraries) or _("aucune bibliothèque nommée")
        )
        if found.serial:
            evidence += " " + _("Un canal est en liaison série.")
        contact = any(slot.interface in ("contact", "unknown") for slot in situation.real_slots)
        if (found.pss or found.serial) and situation.serving and not contact:
            yield Finding(
                "galss-mode",
                "error",
                _("Le lecteur est réglé pour GALSS, pas pour PC/SC."),
                evidence,
                _(
                    "Passez le lecteur en mode PC/SC (menu du lecteur ou outil de l'éditeur), puis faites "
                    "régler le logiciel : un lecteur est dans un mode ou dans l'autre, jamais dans les deux."
                ),
                EDITOR,
                _(_MARKET_STUDY),
            )
        else:
            yield Finding(
                "galss-leftover",
                "warning" if found.pss or found.serial else "info",
                _("Des restes de GALSS sont installés sur ce poste."),
                evidence,
                _(
                    "GALSS n'est plus maintenu depuis le 31/12/2021. Demandez à l'éditeur si le logiciel s'en "
                    "sert encore avant de le désinstaller."
                ),
                EDITOR,
                _(_MARKET_STUDY),
            )


def held(situation: Situation) -> Iterator[Finding]:
    """Another program has the card: for itself alone, or beside others (flags EXCLUSIVE and INUSE, R4)."""
    suspects = _suspects(situation)
    for slot in situation.slots:
        if slot.state == "exclusive":
            yield Finding(
                "held-exclusive",
                "error",
                _("{place} : un autre programme tient la carte pour lui seul.").format(place=slot.place),
                suspects,
                _("Fermez le logiciel qui tient le lecteur (facturation, gestion des lecteurs, navigateur)."),
                PS,
            )
        elif slot.state == "in-use":
            yield Finding(
                "held-shared",
                "info",
                _("{place} : un autre programme se sert de la carte.").format(place=slot.place),
                suspects,
                _("C'est normal si le logiciel de facturation est ouvert. Sinon, fermez ce programme."),
                PS,
            )


def _suspects(situation: Situation) -> str:
    names = situation.suspects()
    if not names:
        return _("Aucun programme connu pour se servir des lecteurs n'a été reconnu.")
    return _("Programmes en cours qui se servent d'ordinaire des lecteurs : {names}.").format(names=names)


def programs(situation: Situation) -> Iterator[Finding]:
    """Programs known to fight for the reader, before they do (domain.md §1.7 R9)."""
    busy = any(slot.state in ("exclusive", "in-use") for slot in situation.slots)
    if not busy and situation.suspects():
        yield Finding(
            "reader-programs",
            "info",
            _("Des programmes en cours peuvent prendre le lecteur."),
            situation.suspects(),
            _("Si une carte n'est lue qu'une fois sur deux, fermez celui dont le cabinet ne se sert plus."),
            PS,
        )


def unavailable(situation: Situation) -> Iterator[Finding]:
    """A reader that is listed and does not answer; of a virtual one nothing else is to be expected."""
    for slot in situation.real_slots:
        if slot.state == "unavailable":
            yield Finding(
                "reader-unavailable",
                "error",
                _("{place} : le lecteur ne répond plus.").format(place=slot.place),
                _("Il est dans la liste PC/SC, mais le système ne peut pas l'interroger."),
                _(
                    "Débranchez-le, attendez quelques secondes, puis rebranchez-le, sur une autre prise si besoin."
                ),
                DELEGATE,
            )


def driver_trouble(situation: Situation) -> Iterator[Finding]:
    """A driver that crashes or hangs when it is asked for the reader's version."""
    for asked in situation.computer.asked:
        if asked.outcome not in ("crashed", "timed-out"):
            continue
        crashed = asked.outcome == "crashed"
        yield Finding(
            f"driver-{asked.outcome}",
            "warning",
            _("{reader} : le pilote est fragile.").format(reader=asked.device),
            _("Interrogé sur sa version, il s'est arrêté net (code {code}).").format(code=asked.code)
            if crashed
            else _("Interrogé sur sa version, il n'a pas répondu à temps."),
            _("Le lecteur peut marcher malgré cela. S'il pose problème, mettez son pilote à jour."),
            EDITOR,
        )


def contactless(situation: Situation) -> Iterator[Finding]:
    """The appli carte Vitale is read by QR code or without contact (domain.md §1.2): is there a place for it?"""
    slots = situation.real_slots
    if not slots or any(slot.interface == "contactless" for slot in slots):
        return
    unsure = [slot.device for slot in slots if slot.interface == "unknown"]
    if unsure:
        yield Finding(
            "contactless-unknown",
            "info",
            _("On ne sait pas si ce lecteur a une zone sans contact."),
            _("Son pilote ne dit pas le type de ses fentes : {readers}.").format(
                readers=enumerated(dict.fromkeys(unsure))
            ),
            _(
                "Posez une carte CPS3 sur le lecteur, jamais le téléphone d'un patient : si une carte sans "
                "contact paraît, la zone existe."
            ),
            DELEGATE,
        )
        return
    yield Finding(
        "contactless-missing",
        "info",
        _("Aucune zone sans contact sur ce poste."),
        _("Toutes les fentes vues sont à contact."),
        _(
            "L'appli carte Vitale se lit par QR code (vivement recommandé) ou sans contact : essayez le "
            "lecteur de QR code à la page Scanner, et voyez le choix du matériel avec l'éditeur."
        ),
        EDITOR,
        _(_MARKET_STUDY),
    )


def virtual(situation: Situation) -> Iterator[Finding]:
    """Readers that nobody can touch: of the system, of a security key, of a remote session."""
    names = dict.fromkeys(slot.device for slot in situation.slots if slot.virtual)
    if names:
        yield Finding(
            "virtual-readers",
            "info",
            _("Certains lecteurs de la liste sont virtuels."),
            enumerated(names),
            _("Ne vous fiez pas à eux : ils ne lisent aucune carte posée sur ce bureau."),
            DELEGATE,
        )
