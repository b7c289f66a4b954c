"""Who a signed token of the OpenID provider speaks of: its signature by the provider's published keys, then its claims.

It tells who somebody is, never what they may do: that is what grants are for.
"""

from __future__ import annotations

import logging
import math
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, NamedTuple

import jwt

from fieldkit.errors import KnownError
from fieldkit.registry.problems import ProtocolError
from fieldkit.sync import provider
from fieldkit.sync.protocol import OpenId, user_of

_log = logging.getLogger(__name__)

ALGORITHMS: Final = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Only those in which the registry holds no secret."""
TOLERANCE_S: Final = 60
"""By how much the provider's clock and ours may differ."""
FRESH_S: Final = 3_600.0
"""How long keys are used before they are asked for again; one that the provider withdraws is refused after that."""
STALE_S: Final = 24 * 3_600.0
"""…and at the very most, where the provider does not answer."""
PAUSE_S: Final = 15.0
"""The least time between two questions to the provider, whatever tokens arrive."""
WAIT_S: Final = 2.0
MOST_CHARS: Final = 16_384
_FAMILIES: Final = {"RS": "RSA", "PS": "RSA", "ES": "EC", "Ed": "OKP"}
_NAMES: Final = ("name", "preferred_username", "email")
_MOST_NAME: Final = 120


class Person(NamedTuple):
    """Whom a token speaks of: the registry's name for the user, and what people call them."""

    user: str
    name: str


class Identity:
    """The tokens of one provider, for one registry. May be asked from several threads."""

    def __init__(
        self,
        openid: OpenId,
        ask: Callable[[], Mapping[str, Any]] | None = None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self.openid = openid
        self._ask = ask or (lambda: provider.keys(provider.discover(openid.issuer)))
        self._now = now
        self._lock = threading.Lock()
        self._keys: list[jwt.PyJWK] = []
        self._asked = self._read = -math.inf

    def person(self, token: str) -> Person:
        """Whom `token` speaks of. Raises ProtocolError 401 `token-unknown` or `token-expired`, 503 `busy`."""
        try:
            header = jwt.get_unverified_header(token[: MOST_CHARS + 1]) if len(token) <= MOST_CHARS else {}
            claims = self._claims(token, header)
        except jwt.ExpiredSignatureError:
            raise ProtocolError("token-expired", 401) from None
        except (jwt.PyJWTError, ValueError, TypeError, RecursionError):
            raise ProtocolError("token-unknown", 401) from None
        name = next((told for claim in _NAMES if isinstance(told := claims.get(claim), str)), "")
        return Person(user_of(claims["sub"]), "".join(filter(str.isprintable, name))[:_MOST_NAME].strip())

    def _claims(self, token: str, header: Mapping[str, Any]) -> dict[str, Any]:
        key = self._key(header)
        claims: dict[str, Any] = jwt.decode(
            token,
            key.key,
            algorithms=ALGORITHMS,
            issuer=self.openid.issuer,
            audience=self.openid.audience or self.openid.client_id,
            leeway=TOLERANCE_S,
            options={"require": ["iss", "aud", "exp", "sub"]},
        )
        if not self.openid.audience and claims.get("azp", self.openid.client_id) != self.openid.client_id:
            raise jwt.InvalidAudienceError  # an ID token made for another app (OpenID Connect Core, 3.1.3.7)
        if not claims["sub"]:
            raise jwt.InvalidTokenError("sub")
        return claims

    def _key(self, header: Mapping[str, Any]) -> jwt.PyJWK:
        """The key that a token names. Raises InvalidKeyError where the provider has none such."""
        algorithm = header.get("alg")
        if algorithm not in ALGORITHMS:
            raise jwt.InvalidAlgorithmError
        found = self._found(header)
        if found is None or self._now() - self._read > FRESH_S:
            self._renew(wait=found is None)
            found = self._found(header)
        if found is None:
            raise jwt.InvalidKeyError
        return found

    def _found(self, header: Mapping[str, Any]) -> jwt.PyJWK | None:
        if self._now() - self._read > STALE_S:
            return None
        fit = [key for key in self._keys if _fits(key, header["alg"])]
        if "kid" in header:
            fit = [key for key in fit if key.key_id == header["kid"]]
        return fit[0] if len(fit) == 1 else None

    def _renew(self, *, wait: bool) -> None:
        """Ask for the keys again, but for a little while after each question. Raises ProtocolError `busy`.

        One thread does so; another one goes on with what it has, or is told to come back where it has to `wait`.
        """
        if not self._lock.acquire(timeout=WAIT_S if wait else 0):
            if wait:
                raise ProtocolError("busy", 503, wait=1)
            return
        try:
            if self._now() - self._asked < PAUSE_S:
                if self._now() - self._read > STALE_S:
                    raise ProtocolError("busy", 503, wait=int(PAUSE_S))
                return
            self._asked = self._now()
            self._keys = list(_usable(self._ask().get("keys")))
            self._read = self._now()
        except KnownError as error:
            _log.warning("provider: %s", error.code)
            if self._now() - self._read > STALE_S:
                raise ProtocolError("busy", 503, wait=int(PAUSE_S)) from error
        finally:
            self._lock.release()


def is_signed(token: str) -> bool:
    """Whether a token looks like one of a provider (a JWS in its compact form) rather than one of our own."""
    return token.count(".") == 2


def _usable(told: Any) -> Iterable[jwt.PyJWK]:
    """Keys that can check a signature; what cannot be read is left out."""
    for one in told if isinstance(told, list) else ():
        if (
            not isinstance(one, dict)
            or one.get("use", "sig") != "sig"
            or one.get("kty") not in _FAMILIES.values()
        ):
            continue
        try:
            yield jwt.PyJWK(one)
        except (jwt.PyJWTError, ValueError, TypeError):
            _log.warning("provider: a key cannot be read")


def _fits(key: jwt.PyJWK, algorithm: str) -> bool:
    told: Mapping[str, Any] = key._jwk_data
    return (told["kty"], told.get("alg", algorithm)) == (_FAMILIES[algorithm[:2]], algorithm)
