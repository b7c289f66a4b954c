"""What can go wrong between a laptop and the registry, each in its own words and with its way out."""

from __future__ import annotations

from typing import Final

from fieldkit.errors import KnownError
from fieldkit.i18n import N_, _

_LATER: Final = N_("Vos saisies restent sur ce poste et partiront plus tard.")

SENTENCES: Final[dict[str, tuple[str, str]]] = {
    "registry-unreachable": (
        N_("Le registre ne répond pas."),
        N_("Vérifiez votre connexion et l'adresse du registre. Vos saisies restent sur ce poste."),
    ),
    "registry-timeout": (N_("Le registre a mis trop de temps à répondre."), _LATER),
    "registry-certificate": (
        N_("L'identité du registre n'a pas pu être vérifiée : son certificat est refusé."),
        N_("Vérifiez la date de ce poste et l'adresse du registre ; sinon, prévenez votre support."),
    ),
    "captive-portal": (
        N_("Ce réseau demande de s'identifier avant de laisser passer."),
        N_("Ouvrez votre navigateur, identifiez-vous sur le réseau, puis recommencez."),
    ),
    "not-a-registry": (
        N_("Cette adresse répond, mais ce n'est pas un registre Fieldkit."),
        N_("Vérifiez l'adresse du registre à la page Synchro."),
    ),
    "registry-busy": (N_("Le registre est occupé."), _LATER),
    "registry-fault": (
        N_("Le registre a rencontré une erreur."),
        N_("Vos saisies restent sur ce poste. Si cela dure, prévenez la personne qui tient le registre."),
    ),
    "token-unknown": (
        N_("Le registre ne reconnaît pas votre jeton d'accès."),
        N_("Vérifiez le fichier du jeton, ou demandez-en un nouveau à la personne qui tient le registre."),
    ),
    "token-expired": (
        N_("Votre jeton d'accès a expiré."),
        N_("Demandez-en un nouveau à la personne qui tient le registre. Rien n'est perdu."),
    ),
    "token-revoked": (
        N_("Votre jeton d'accès a été retiré."),
        N_("Demandez-en un nouveau à la personne qui tient le registre. Rien n'est perdu."),
    ),
    "account-erased": (
        N_("Votre compte a été effacé du registre."),
        N_("Ce qui est sur ce poste y reste. Pour revenir, voyez la personne qui tient le registre."),
    ),
    "no-right-yet": (
        N_("Vous êtes connecté, mais aucun département ne vous est ouvert."),
        N_("Demandez ce droit à la personne qui tient le registre. Vos saisies attendent sur ce poste."),
    ),
    "sign-in-refused": (
        N_("Le registre ne reconnaît pas votre connexion."),
        N_("Reconnectez-vous ; si cela dure, prévenez la personne qui tient le registre. Rien n'est perdu."),
    ),
    "device-foreign": (
        N_("Ce profil appartient à une autre personne sur le registre."),
        N_("Utilisez votre propre profil, ou remettez le jeton de cette personne."),
    ),
    "scope-denied": (
        N_("Vos droits sur un département ont changé pendant l'échange."),
        N_("Recommencez la synchronisation."),
    ),
    "schema-too-old": (
        N_("Cette version de Fieldkit est trop ancienne pour recevoir les données du registre."),
        N_("Vos saisies ont pu partir. Installez la version récente pour recevoir les autres."),
    ),
    "registry-full": (
        N_("Le registre n'a plus de place : son disque est plein."),
        N_("Vos saisies restent sur ce poste. Prévenez la personne qui tient le registre."),
    ),
    "too-large": (
        N_("Un envoi est trop gros pour le registre, ou pour le réseau qui y mène."),
        N_("Il reste sur ce poste. Mettez-le de côté, et prévenez la personne qui tient le registre."),
    ),
    "proxy-sign-in": (
        N_("Le proxy de ce réseau demande un nom et un mot de passe."),
        N_("Inscrivez-les dans les réglages de proxy de ce poste, ou passez par un autre réseau."),
    ),
    "proxy-refused": (
        N_("Le proxy de ce réseau ne laisse pas passer vers le registre."),
        N_("Demandez à votre support d'autoriser l'adresse du registre, ou passez par un autre réseau."),
    ),
    "clock-wrong": (
        N_("La date de ce poste ne s'accorde pas avec le certificat du registre."),
        N_("Réglez la date et l'heure de ce poste, puis recommencez. Sinon, prévenez votre support."),
    ),
    "photo-damaged": (
        N_("Cette photo est endommagée sur le disque de ce poste."),
        N_("Retirez-la et ajoutez-la de nouveau ; les autres partent sans elle."),
    ),
    "digest-differs": (
        N_("Cette photo est arrivée abîmée au registre."),
        N_("Elle sera envoyée de nouveau à la prochaine synchronisation."),
    ),
}


def known(code: str) -> KnownError:
    """A trouble by its code; one without a sentence of its own is a fault of the registry."""
    message, hint = SENTENCES.get(code, SENTENCES["registry-fault"])
    return KnownError(code, _(message), _(hint))
