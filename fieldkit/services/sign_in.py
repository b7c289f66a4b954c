"""Signing in through the browser (OpenID Connect): who the delegate is, for as long as the provider lets them.

The refresh token is kept in the system's keyring, or in memory where there is none; access tokens only ever in memory.
The encrypted field data keep whom they belong to, and nothing that opens anything.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from secrets import token_urlsafe
from typing import TYPE_CHECKING, Final, TypeVar
from urllib.parse import urlencode

import msgspec

from fieldkit import secrets
from fieldkit.errors import KnownError
from fieldkit.i18n import _
from fieldkit.store import outbox
from fieldkit.store.changes import read_kv, write_kv
from fieldkit.store.database import writing
from fieldkit.store.fieldwork import FieldStore

if TYPE_CHECKING:
    from fieldkit.sync.engine import OnDatabase
    from fieldkit.sync.loopback import Loopback
    from fieldkit.sync.protocol import OpenId
    from fieldkit.sync.provider import Provider, Tokens

T = TypeVar("T")

EARLY_S: Final = 60.0
"""How long before its end a token is renewed."""


class SignedIn(msgspec.Struct, frozen=True):
    """Who is signed in where, as the profile keeps it."""

    registry: str
    openid: OpenId
    sub: str
    name: str
    key: str
    """The name of their refresh token in the keyring."""
    kept: bool
    """Whether a keyring has it; otherwise it ends with this process."""


@dataclass(slots=True)
class _Held:
    """What this process knows and writes nowhere."""

    token: str = ""
    until: float = 0.0
    refresh: str = ""
    provider: Provider | None = None


_held: Final[dict[str, _Held]] = {}


def here(work: Callable[[], T]) -> T:
    """Touch the database right here: for a caller that has it to itself."""
    return work()


def sign_in(
    store: FieldStore,
    registry_url: str,
    show: Callable[[str], None],
    *,
    cancelled: Callable[[], bool] = lambda: False,
    on_database: OnDatabase = here,
    seconds: float | None = None,
) -> SignedIn:
    """Have the delegate prove who they are, in the browser that `show` opens at the address it is given.

    Waits up to five minutes, or `seconds`, and never where the database is touched. Raises KnownError `sign-in-…`
    (`-not-offered`, `-port`, `-cancelled`, `-timeout`, `-state`, `-denied`, `-fault`), `profile-foreign` where these
    are the field data of somebody else, and those of the registry and the provider.
    """
    from fieldkit.sync import loopback, provider
    from fieldkit.sync.client import checked_url, welcome
    from fieldkit.sync.protocol import user_of

    address = checked_url(registry_url)
    openid = welcome(address).openid
    if openid is None:
        raise KnownError(
            "sign-in-not-offered",
            _("Ce registre n'offre pas de connexion par le navigateur."),
            _("Demandez un jeton d'accès à la personne qui le tient."),
        )
    at = provider.discover(openid.issuer)
    with loopback.Loopback(openid.port) as back:
        tokens, nonce = _ask_person(at, openid, back, show, cancelled, seconds or loopback.SECONDS)
    told = provider.claims(at, openid.client_id, tokens.id_token, nonce)
    known = SignedIn(address, openid, told.sub, told.name, "sign-in " + token_urlsafe(12), kept=False)
    try:
        on_database(lambda: _refuse_stranger(store, user_of(told.sub)))
    except KnownError:
        _let_go(known, tokens.refresh_token, at)
        raise
    held = _held.setdefault(known.key, _Held(provider=at))
    kept = _take(known, held, tokens, told.seconds)
    known = msgspec.structs.replace(known, kept=kept)
    earlier = on_database(lambda: _note(store, known, user_of(told.sub)))
    if earlier is not None:
        _forget(earlier)
    return known


def sign_out(store: FieldStore, *, on_database: OnDatabase = here) -> None:
    """Forget who is signed in, here and with the provider where it answers. What waits to be sent goes on waiting."""
    known = on_database(lambda: forget(store))
    if known is not None:
        refresh = secrets.find(known.key) or _held.get(known.key, _Held()).refresh
        _forget(known)
        _let_go(known, refresh, None)


def signed_in(store: FieldStore) -> SignedIn | None:
    """Who is signed in through a browser."""
    text = read_kv(store.database, "signed_in")
    if not text:
        return None
    from fieldkit.sync import protocol

    return _decoded(text, protocol.OpenId)


def sign_out_here(store: FieldStore) -> None:
    """Forget who is signed in without asking anybody."""
    known = forget(store)
    if known is not None:
        _forget(known)


def lasts(known: SignedIn) -> bool:
    """Whether there is anything left to sign in with, as far as this process can tell without asking."""
    return known.kept or known.key in _held


def forget(store: FieldStore) -> SignedIn | None:
    """Note that nobody is signed in any more; returns who was."""
    known = signed_in(store)
    with writing(store.database):
        write_kv(store.database, "signed_in", "")
    return known


class Bearer:
    """The token of whoever is signed in, renewed before its end and when the registry refuses it."""

    def __init__(self, known: SignedIn) -> None:
        self._known = known

    def token(self) -> str:
        """One that is good. Raises KnownError `sign-in-again`, or that of the trouble met on the way to another."""
        held = _held.get(self._known.key, _Held())
        return held.token if time.time() < held.until else self.renewed()

    def renewed(self) -> str:
        """A new one."""
        from fieldkit.sync import provider

        known = self._known
        held = _held.setdefault(known.key, _Held())
        used = secrets.find(known.key) or held.refresh
        if not used:
            raise provider.known("sign-in-again")
        held.provider = held.provider or provider.discover(known.openid.issuer)
        tokens = self._refreshed(held.provider, used)
        shown = tokens.id_token
        told = provider.claims(held.provider, known.openid.client_id, shown) if shown else None
        if (told is None and not known.openid.audience) or (told and told.sub != known.sub):
            raise provider.known("sign-in-again")
        _take(known, held, tokens, told.seconds if told else 0)
        return held.token

    def _refreshed(self, at: Provider, used: str) -> Tokens:
        from fieldkit.sync import provider

        openid = self._known.openid
        try:
            return provider.refresh(at, openid.client_id, used, openid.audience)
        except KnownError as error:
            newer = secrets.find(self._known.key)  # another window, or the command line, was faster
            if error.code != "sign-in-again" or newer in (None, used):
                raise
            return provider.refresh(at, openid.client_id, str(newer), openid.audience)


def _ask_person(
    at: Provider,
    openid: OpenId,
    back: Loopback,
    show: Callable[[str], None],
    cancelled: Callable[[], bool],
    seconds: float,
) -> tuple[Tokens, str]:
    """Tokens for who signs in at the browser, and the nonce that their ID token must bear."""
    from fieldkit.sync import provider

    state, nonce, verifier = (token_urlsafe(32) for _secret in range(3))
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    question = {
        **{"response_type": "code", "client_id": openid.client_id, "redirect_uri": back.redirect},
        **{"scope": openid.scope, "state": state, "nonce": nonce},
        **{"code_challenge": challenge, "code_challenge_method": "S256"},
        "prompt": openid.prompt,
        **({"resource": openid.audience} if openid.audience else {}),
    }
    joint = "&" if "?" in at.authorization_endpoint else "?"
    show(at.authorization_endpoint + joint + urlencode(question))
    names_issuer = at.authorization_response_iss_parameter_supported
    code = back.answer(state, at.issuer, names_issuer=names_issuer, cancelled=cancelled, seconds=seconds)
    return provider.redeem(at, openid.client_id, code, back.redirect, verifier, openid.audience), nonce


def _take(known: SignedIn, held: _Held, tokens: Tokens, id_seconds: float) -> bool:
    """Hold new tokens, the refresh token in the keyring. Returns whether it is there."""
    seconds = tokens.expires_in if known.openid.audience else id_seconds
    held.token = tokens.access_token if known.openid.audience else tokens.id_token
    held.until = time.time() + seconds - min(EARLY_S, seconds / 4)
    kept = secrets.keep(known.key, tokens.refresh_token) if tokens.refresh_token else known.kept
    if tokens.refresh_token:
        held.refresh = "" if kept else tokens.refresh_token
    return kept


def _refuse_stranger(store: FieldStore, user: str) -> None:
    """Refuse whoever is not the person of these field data, once there is one: who synced, or whose changes wait."""
    owner = read_kv(store.database, "user")
    if not owner and outbox.counts(store.database)["pending"]:
        owner = read_kv(store.database, "signed_in_user")
    if owner and owner != user:
        raise KnownError(
            "profile-foreign",
            _("Vous êtes identifié comme une autre personne que celle de ce profil : rien n'a été envoyé."),
            _("Identifiez-vous avec le compte de ce profil, ou ouvrez Fieldkit avec votre propre profil."),
        )


def _note(store: FieldStore, known: SignedIn, user: str) -> SignedIn | None:
    """Keep who is signed in. Returns who was before."""
    with writing(store.database):
        _refuse_stranger(store, user)
        earlier = signed_in(store)
        for key, value in (
            ("registry_url", known.registry),
            ("registry_token", ""),
            ("signed_in", msgspec.json.encode(known).decode()),
            ("signed_in_user", user),
            ("last_trouble", "null"),
        ):
            write_kv(store.database, key, value)
    return earlier


def _forget(known: SignedIn) -> None:
    _held.pop(known.key, None)
    secrets.forget(known.key)


def _let_go(known: SignedIn, refresh_token: str | None, at: Provider | None) -> None:
    """Have the provider end a refresh token, where it answers."""
    from fieldkit.sync import provider

    if refresh_token:
        with contextlib.suppress(KnownError):
            provider.revoke(
                at or provider.discover(known.openid.issuer), known.openid.client_id, refresh_token
            )


def _decoded(text: str, openid: type[OpenId]) -> SignedIn:
    plain = msgspec.json.decode(text)
    return SignedIn(**{**plain, "openid": msgspec.convert(plain["openid"], openid)})
