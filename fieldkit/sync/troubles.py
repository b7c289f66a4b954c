"""What can go wrong between a laptop and the registry, each with its own sentence and way out."""

from __future__ import annotations

import ssl
from http import HTTPStatus
from typing import Final

import httpx

from fieldkit.errors import KnownError
from fieldkit.i18n import N_, _

_LATER: Final = N_("Vos saisies restent sur ce poste et partiront plus tard.")

_SENTENCES: Final[dict[str, tuple[str, str]]] = {
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
        N_("Vérifiez l'adresse du registre dans les réglages."),
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
}


def of_transport(error: httpx.HTTPError) -> KnownError:
    """The trouble behind an exchange that failed before an answer came."""
    if isinstance(error, httpx.TimeoutException):
        return known("registry-timeout")
    if isinstance(error, httpx.DecodingError):
        return not_a_registry()
    return known("registry-certificate" if is_certificate(error) else "registry-unreachable")


def of_stranger(status: int, content_type: str) -> KnownError:
    """The trouble where something else than the registry answered: the network's own page, a proxy, a wrong host."""
    if status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE):
        return known("registry-busy")
    if status in (HTTPStatus.BAD_GATEWAY, HTTPStatus.GATEWAY_TIMEOUT):
        return known("registry-unreachable")
    portal = HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST or (
        status in (HTTPStatus.OK, HTTPStatus.NETWORK_AUTHENTICATION_REQUIRED) and "html" in content_type
    )
    return known("captive-portal") if portal else not_a_registry()


def of_problem(code: str) -> KnownError:
    """The trouble that the registry itself told, by the short name of the problem."""
    if code == "busy":
        return known("registry-busy")
    return known(code if code in _SENTENCES else "registry-fault")


def not_a_registry() -> KnownError:
    """The trouble of an answer that no registry gives."""
    return known("not-a-registry")


def known(code: str) -> KnownError:
    """A trouble by its code."""
    message, hint = _SENTENCES[code]
    return KnownError(code, _(message), _(hint))


def is_certificate(error: BaseException | None) -> bool:
    """Whether an exchange failed because the other side could not prove who it is."""
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return True
        error = error.__cause__ or error.__context__
    return False
