"""A small OpenID provider that really listens on loopback: code with PKCE, rotating refresh tokens, keys that change.

It approves whoever `who` says at once, in place of a person at a browser, unless it is told to refuse.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from fieldkit.registry.identity import Identity
from fieldkit.sync.protocol import OpenId

CLIENT = "fieldkit"
AUDIENCE = "https://registre.exemple.fr/"


@cache
def private_key(algorithm: str, n: int) -> Any:
    """The `n`-th key for an algorithm; making one takes long."""
    if algorithm.startswith("ES"):
        return ec.generate_private_key(ec.SECP256R1())
    return rsa.generate_private_key(65_537, 2_048)


def public(algorithm: str, n: int, **more: str) -> dict[str, Any]:
    """That key as providers publish it."""
    kind = jwt.algorithms.ECAlgorithm if algorithm.startswith("ES") else jwt.algorithms.RSAAlgorithm
    told: dict[str, Any] = kind.to_jwk(private_key(algorithm, n).public_key(), as_dict=True)
    return {**told, "kid": f"{algorithm}-{n}", "use": "sig", **more}


@dataclass
class OpenIdProvider:
    """What it does next can be changed while it runs."""

    url: str = ""
    algorithm: str = "RS256"
    key: int = 0
    """Which key signs; it is the only one published."""
    who: dict[str, str] = field(default_factory=lambda: {"sub": "0190-anne", "name": "Anne Morel"})
    audience: str = ""
    """Without one, access tokens are opaque."""
    error: str = ""
    """What it answers instead of a code."""
    token_s: float = 300
    refresh_s: float = 90 * 86_400
    """Counted by `time.time`, which tests move; what it signs bears the true time."""
    skip_iss: bool = False
    portal: int = 0
    """The status of a page that is put before everything."""
    asked: list[str] = field(default_factory=list)
    """The calls that came, by path."""
    questions: list[dict[str, str]] = field(default_factory=list)
    """The queries of calls to `/authorize`."""
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    grants: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Refresh tokens that work: whose, and until when."""
    used: dict[str, str] = field(default_factory=dict)

    def sign(self, algorithm: str | None = None, key: int | None = None, **claims: Any) -> str:
        """A token with these claims over those of an ordinary ID token; those that are None are left out."""
        algorithm, key = algorithm or self.algorithm, self.key if key is None else key
        now = int(dt.datetime.now(dt.UTC).timestamp())
        whole = {
            "iss": self.url,
            "aud": CLIENT,
            "iat": now,
            "exp": now + int(self.token_s),
            **self.who,
            **claims,
        }
        whole = {name: value for name, value in whole.items() if value is not None}
        headers = {"kid": f"{algorithm}-{key}"}
        return jwt.encode(whole, private_key(algorithm, key), algorithm, headers=headers)

    def metadata(self) -> dict[str, Any]:
        """What it says of itself."""
        ends = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
        ends["revocation_endpoint"] = "revoke"
        told = {name: f"{self.url}/{path}" for name, path in ends.items()}
        return {
            "issuer": self.url,
            **told,
            "authorization_response_iss_parameter_supported": not self.skip_iss,
        }

    def authorize(self, query: dict[str, str]) -> str:
        """Where the browser is sent back to."""
        self.questions.append(query)
        answer = {"state": query["state"], "iss": self.url}
        if self.skip_iss:
            del answer["iss"]
        if self.error:
            answer["error"] = self.error
        else:
            answer["code"] = code = secrets.token_urlsafe(8)
            self.codes[code] = {**query, **self.who}
        return f"{query['redirect_uri']}?{urlencode(answer)}"

    def token(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        """Tokens for a code or a refresh token."""
        if form["grant_type"] == "refresh_token":
            return self._refresh(form["refresh_token"])
        asked = self.codes.pop(form["code"], None)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest())
        if (
            asked is None
            or asked["code_challenge"] != challenge.rstrip(b"=").decode()
            or (asked["code_challenge_method"], asked["redirect_uri"]) != ("S256", form["redirect_uri"])
        ):
            return 400, {"error": "invalid_grant"}
        who = {name: asked[name] for name in self.who}
        return 200, self._tokens(who, asked["nonce"])

    def _refresh(self, old: str) -> tuple[int, dict[str, Any]]:
        grant = self.grants.pop(old, None)
        if grant is None or grant["until"] < time.time():
            if old in self.used:  # stolen, or used twice: nothing that came of it works any more
                self.grants.clear()
            return 400, {"error": "invalid_grant"}
        self.used[old] = grant["who"]["sub"]
        return 200, self._tokens(grant["who"], None)

    def _tokens(self, who: dict[str, str], nonce: str | None) -> dict[str, Any]:
        refresh = secrets.token_urlsafe(8)
        self.grants[refresh] = {"who": who, "until": time.time() + self.refresh_s}
        access = (
            self.sign(None, None, aud=self.audience, **who) if self.audience else secrets.token_urlsafe(8)
        )
        told = {"access_token": access, "token_type": "Bearer", "expires_in": self.token_s}
        return {**told, "refresh_token": refresh, "id_token": self.sign(None, None, nonce=nonce, **who)}

    def handler(self) -> type[BaseHTTPRequestHandler]:
        """What answers its calls."""
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                provider.asked.append(parts.path)
                if provider.portal:
                    self.send_response(provider.portal)
                    self.send_header("Content-Type", "text/html")
                    self.send_header("Content-Length", "15")
                    self.end_headers()
                    self.wfile.write(b"<html>Bienvenue"[:15])
                elif parts.path == "/.well-known/openid-configuration":
                    self._say(200, provider.metadata())
                elif parts.path == "/keys":
                    keys = [public(provider.algorithm, provider.key)]
                    self._say(200, {"keys": [{"kty": "unknown"}, *keys]})
                elif parts.path == "/authorize":
                    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
                    self.send_response(302)
                    self.send_header("Location", provider.authorize(query))
                    self.end_headers()
                else:
                    self._say(404, {})

            def do_POST(self) -> None:
                provider.asked.append(self.path)
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                form = {name: values[0] for name, values in parse_qs(body).items()}
                if self.path == "/token":
                    self._say(*provider.token(form))
                else:
                    provider.grants.pop(form["token"], None)
                    self._say(200, {})

            def _say(self, status: int, value: dict[str, Any]) -> None:
                body = json.dumps(value).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                pass

        return Handler


ABSENT = OpenIdProvider("https://sso.exemple.fr")
"""One that signs and that nobody can call."""


def vouched() -> Identity:
    """The users of `ABSENT`, for a registry that was given its keys."""
    return Identity(OpenId(ABSENT.url, CLIENT), lambda: {"keys": [public(ABSENT.algorithm, ABSENT.key)]})


@contextmanager
def openid_provider(**how: Any) -> Iterator[OpenIdProvider]:
    """Run one until the block ends."""
    provider = OpenIdProvider(**how)
    with ThreadingHTTPServer(("127.0.0.1", 0), provider.handler()) as server:
        provider.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(
            target=server.serve_forever, kwargs={"poll_interval": 0.02}, name="provider"
        )
        thread.start()
        try:
            yield provider
        finally:
            server.shutdown()
            thread.join(60)
