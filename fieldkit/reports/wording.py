"""The French of coded values: what a delegate reads where a record says `tl-bimode` or `not-yet`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from fieldkit.i18n import N_, _, ngettext

Words = Mapping[str, str]

UNKNOWN: Final = N_("inconnu")

_YES_NO: Final[Words] = {"yes": N_("oui"), "no": N_("non")}
_NONE: Final[Words] = {"none": N_("aucun")}

FACTS: Final[Mapping[str, Words]] = {
    "os": {"windows": "Windows", "macos": "macOS", "linux": "Linux"},
    "card_reader_kind": {
        "standard-pcsc": N_("lecteur standard PC/SC"),
        "tl-bimode": N_("terminal (TL) bi-mode"),
        "tl": N_("terminal (TL)"),
        "tla": N_("terminal applicatif (TLA)"),
        "none": N_("aucun"),
    },
    "card_reader_pcsc": {
        "active": N_("activé"),
        "activable": N_("activable, pas encore activé"),
        "no": N_("non"),
    },
    "qr_reader": _NONE,
    "qr_reader_mode": {
        "keyboard": N_("clavier"),
        "serial": N_("série"),
        "hid-pos": "HID-POS",
        "camera": N_("caméra"),
    },
    "nfc_reader": _NONE,
    "apcv_setting": {"on": N_("activée"), "off": N_("désactivée")},
    "internet": _YES_NO,
    "pro_card": {"cps2ter": "CPS2ter", "cps3": "CPS3", "cps4": "CPS4", "ecps": "e-CPS", "none": N_("aucune")},
    "galss_leftovers": _YES_NO,
}
"""By field of a workstation; a field that is not here holds free text."""

FINDINGS: Final[Words] = {
    "up-to-date": N_("à jour"),
    "action": N_("action requise"),
    "obsolete": N_("obsolète"),
    "unknown": UNKNOWN,
}
TESTS: Final[Words] = {
    "good": N_("bon"),
    "fault": N_("défaut"),
    "unstable": N_("instable"),
    "not-tested": N_("non testé"),
}
TEST_KINDS: Final[Words] = {"readers": N_("Lecteurs de cartes"), "scanner": N_("Lecteur de QR code")}
THEMES: Final[Words] = {
    "ins": N_("Identité nationale de santé (INS)"),
    "dmp": "DMP",
    "messagerie": N_("Messagerie sécurisée"),
    "ordonnance": N_("Ordonnance numérique"),
    "apcv": N_("Appli carte Vitale"),
    "logiciel": N_("Logiciel"),
    "materiel": N_("Matériel"),
    "reseau": N_("Réseau"),
    "formation": N_("Formation"),
}
GRAVITIES: Final[Words] = {"low": N_("gêne légère"), "medium": N_("gêne réelle"), "high": N_("bloquant")}
OWNERS: Final[Words] = {
    "ps": N_("professionnel de santé"),
    "editeur": N_("éditeur"),
    "support": N_("support de l'Assurance Maladie"),
    "delegue": N_("délégué"),
    "PS": N_("professionnel de santé"),
    "éditeur": N_("éditeur"),
    "support AM": N_("support de l'Assurance Maladie"),
    "délégué": N_("délégué"),
}
"""Follow-ups name owners by a code, rulesets by the trade's own words."""

STATES: Final[Words] = {
    "draft": N_("Brouillon"),
    "finalised": N_("Finalisée"),
    "waiting": N_("En attente d'envoi"),
    "sent": N_("Envoyée"),
    "refused": N_("Refusée"),
}
READINESS: Final[Words] = {
    "ready": N_("Prêt"),
    "not-yet": N_("Pas encore prêt"),
    "impossible": N_("Impossible"),
    "unknown": N_("Inconnu"),
}
"""The verdict on the appli carte Vitale, alone."""
_HEADLINES: Final[Words] = {
    "ready": N_("{poste} : prêt pour l'appli carte Vitale"),
    "not-yet": N_("{poste} : pas encore prêt pour l'appli carte Vitale"),
    "impossible": N_("{poste} : appli carte Vitale impossible en l'état"),
    "unknown": N_("{poste} : on ne sait pas encore si l'appli carte Vitale peut y être lue"),
}


def word(words: Words, value: Any) -> str:
    """The word for a coded value; a value without one is shown as it is, a missing one is unknown."""
    if value is None or value == "":
        return _(UNKNOWN)
    return _(words[value]) if value in words else str(value)


def fact(field: str, value: Any) -> str:
    """The value of a workstation's field in words; "inconnu" where it is not known."""
    return word(FACTS.get(field, {}), value)


def dated_fact(field: str, value: Any, seen: str | None) -> str:
    """A fact in words; one that was only `seen` on another day ("" where no visit says which) says so."""
    known = fact(field, value)
    if seen is None:
        return known
    if not seen:
        return _("{fait} (à confirmer)").format(fait=known)
    from fieldkit.reports.typography import day  # not for the window, which has its words here as it opens

    return _("{fait} (à confirmer, relevé le {date})").format(fait=known, date=day(seen))


def headline(name: str, apcv: str) -> str:
    """The verdict on a workstation: `Poste accueil : pas encore prêt pour l'appli carte Vitale`."""
    return _(_HEADLINES[apcv]).format(poste=name)


def way(changes: int, checks: int) -> str:
    """How far it is to ready: `2 changements, 1 vérification`; empty where nothing is to be done."""
    counts = [
        ngettext("{n} changement", "{n} changements", changes).format(n=changes) if changes else "",
        ngettext("{n} vérification", "{n} vérifications", checks).format(n=checks) if checks else "",
    ]
    return ", ".join(count for count in counts if count)


def doubt(old: int) -> str:
    """That a verdict rests on `old` facts of an earlier visit; empty for none."""
    if not old:
        return ""
    return ngettext(
        "Ce verdict s'appuie sur {n} fait d'une visite précédente, à confirmer.",
        "Ce verdict s'appuie sur {n} faits d'une visite précédente, à confirmer.",
        old,
    ).format(n=old)
