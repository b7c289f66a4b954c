"""An OpenID provider over HTTP: what it says of itself, its keys, and tokens for codes (OAuth 2.0 with PKCE).

Shared by both sides: the laptop redeems and refreshes, the registry reads the keys. Nothing it says is logged.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, TypeVar

import httpx
import msgspec
from msgspec import Struct

from fieldkit import __version__
from fieldkit.errors import KnownError
from fieldkit.i18n import N_, _
from fieldkit.sync import troubles
from fieldkit.sync.network import is_safe, tls

if TYPE_CHECKING:
    from jwt.types import Options

T = TypeVar("T")

_SECONDS: Final = 10
_DISCOVERY: Final = "/.well-known/openid-configuration"

_SENTENCES: Final[dict[str, tuple[str, str]]] = {
    "provider-unreachable": (
        N_("Le service de connexion ne répond pas."),
        N_("Vérifiez votre connexion, puis recommencez. Vos saisies restent sur ce poste."),
    ),
    "provider-certificate": (
        N_("L'identité du service de connexion n'a pas pu être vérifiée : son certificat est refusé."),
        N_("Vérifiez la date de ce poste ; sinon, prévenez votre support."),
    ),
    "provider-fault": (
        N_("Le service de connexion a répondu par une erreur."),
        N_("Recommencez plus tard. Si cela dure, prévenez la personne qui tient le registre."),
    ),
    "sign-in-again": (
        N_("Votre connexion a expiré : reconnectez-vous."),
        N_("Vos saisies restent sur ce poste ; elles partiront dès que vous serez reconnecté."),
    ),
}


class Provider(Struct):
    """What a provider says of itself (OpenID Connect Discovery 1.0)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    revocation_endpoint: str = ""
    authorization_response_iss_parameter_supported: bool = False
    """Whether its answers name it (RFC 9207)."""


class Tokens(Struct):
    """What a provider gives for a code or a refresh token; `expires_in` is in seconds."""

    access_token: str
    expires_in: float = 300
    id_token: str = ""
    refresh_token: str = ""


class Claims(Struct):
    """Whom an ID token speaks of, and for how many seconds it is good."""

    sub: str
    name: str
    seconds: float


class _Refusal(Struct):
    error: str = ""


def discover(issuer: str) -> Provider:
    """Ask a provider what it is. Raises KnownError `provider-…`, or `captive-portal`."""
    found = _ask("GET", issuer.rstrip("/") + _DISCOVERY, None, _decoder(Provider))
    addresses = (found.issuer, found.authorization_endpoint, found.token_endpoint, found.jwks_uri)
    if found.issuer != issuer or not all(map(is_safe, addresses)):
        raise known("provider-fault")
    return found


def keys(provider: Provider) -> dict[str, Any]:
    """The keys it signs with (a JWK Set, RFC 7517). Raises KnownError `provider-…`."""
    return _ask("GET", provider.jwks_uri, None, _decoder(dict[str, Any]))


def redeem(
    provider: Provider, client_id: str, code: str, redirect: str, verifier: str, audience: str
) -> Tokens:
    """Tokens for the code that a browser brought back. Raises KnownError `provider-…`, `sign-in-again`."""
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect}
    return _tokens(provider, {**form, "code_verifier": verifier, "client_id": client_id}, audience)


def refresh(provider: Provider, client_id: str, refresh_token: str, audience: str) -> Tokens:
    """New tokens. Raises KnownError `sign-in-again` where the provider wants the person, or `provider-…`."""
    form = {"grant_type": "refresh_token", "refresh_token": refresh_token, "client_id": client_id}
    return _tokens(provider, form, audience)


def revoke(provider: Provider, client_id: str, refresh_token: str) -> None:
    """End a refresh token where the provider has a way to (RFC 7009). Raises KnownError `provider-…`."""
    if is_safe(provider.revocation_endpoint):
        form = {"token": refresh_token, "token_type_hint": "refresh_token", "client_id": client_id}
        _ask("POST", provider.revocation_endpoint, form, lambda _body: None)


def claims(provider: Provider, client_id: str, id_token: str, nonce: str | None = None) -> Claims:
    """What an ID token says that came straight from the provider.

    TLS vouches for it (OpenID Connect Core, 3.1.3.7), so its signature is left alone. Its times are not held against
    this computer's clock, which may be wrong: the registry does that.
    Raises KnownError `provider-fault` where it is not for us, or not for the question that bore `nonce`.
    """
    import jwt

    checks: Options = {"verify_signature": False, "verify_iss": True, "verify_aud": True}
    checks["require"] = ["iss", "aud", "sub"]
    try:
        told = jwt.decode(
            id_token, options=checks, issuer=provider.issuer, audience=client_id, algorithms=["none"]
        )
        seconds = float(told["exp"]) - float(told["iat"])
    except (jwt.PyJWTError, KeyError, TypeError, ValueError) as error:
        raise known("provider-fault") from error
    if not isinstance(told["sub"], str) or not told["sub"] or (nonce and told.get("nonce") != nonce):
        raise known("provider-fault")
    names = (told.get(claim) for claim in ("name", "preferred_username", "email"))
    return Claims(told["sub"], next((name for name in names if name and isinstance(name, str)), ""), seconds)


def known(code: str) -> KnownError:
    """A trouble by its code."""
    message, hint = _SENTENCES[code]
    return KnownError(code, _(message), _(hint))


def _tokens(provider: Provider, form: dict[str, str], audience: str) -> Tokens:
    if audience:
        form["resource"] = audience  # RFC 8707
    return _ask("POST", provider.token_endpoint, form, _decoder(Tokens))


def _decoder(kind: type[T]) -> Callable[[bytes], T]:
    return msgspec.json.Decoder(kind).decode


def _ask(method: str, url: str, form: Mapping[str, str] | None, decode: Callable[[bytes], T]) -> T:
    """One call, whose body is never more than the provider's word: no redirect is followed."""
    headers = {"Accept": "application/json", "User-Agent": f"fieldkit/{__version__}"}
    try:
        with httpx.Client(verify=tls(), timeout=_SECONDS, headers=headers) as http:
            answer = http.request(method, url, data=form)
    except httpx.HTTPError as error:
        code = "provider-certificate" if troubles.certificate_refusal(error) else "provider-unreachable"
        raise known(code) from error
    if not answer.is_success:
        raise _refused(answer)
    try:
        return decode(answer.content)
    except ValueError as error:
        if "html" in answer.headers.get("content-type", ""):
            raise troubles.known("captive-portal") from error
        raise known("provider-fault") from error


def _refused(answer: httpx.Response) -> KnownError:
    if answer.is_redirect:
        return troubles.known("captive-portal")
    if answer.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return known("provider-unreachable")
    try:
        refusal = msgspec.json.decode(answer.content, type=_Refusal)
    except ValueError:
        return known("provider-fault")
    return known(
        "sign-in-again" if refusal.error in ("invalid_grant", "interaction_required") else "provider-fault"
    )
