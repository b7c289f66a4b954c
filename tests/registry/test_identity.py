"""Tokens of an OpenID provider: whose they are is believed on its signature alone, and rights never come from them."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jwt
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fieldkit.errors import KnownError
from fieldkit.registry import tokens
from fieldkit.registry.database import write
from fieldkit.registry.identity import FRESH_S, MOST_CHARS, PAUSE_S, STALE_S, Identity, Person
from fieldkit.registry.problems import ProtocolError
from fieldkit.services import registry as service
from fieldkit.sync.protocol import OpenId, user_of
from tests.registry.caller import Caller, problem_of
from tests.registry.live import LiveRegistry, live_registry, sqlite_url
from tests.registry.openid_provider import (
    AUDIENCE,
    CLIENT,
    OpenIdProvider,
    openid_provider,
    private_key,
    public,
)

ANNE = Person("0190-anne", "Anne Morel")


@pytest.fixture
def provider() -> Iterator[OpenIdProvider]:
    with openid_provider() as running:
        yield running


@pytest.fixture
def registry(provider: OpenIdProvider, tmp_path: Path) -> Iterator[LiveRegistry]:
    identity = Identity(OpenId(provider.url, CLIENT))
    with live_registry(sqlite_url(tmp_path), identity=identity) as running:
        yield running


class Clock:
    """Time that stands still until it is moved."""

    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at


def alone(provider: OpenIdProvider, audience: str = "") -> Identity:
    """An identity that knows the provider's keys without asking over the network."""
    keys = {"keys": [public(provider.algorithm, provider.key)]}
    return Identity(OpenId(provider.url, CLIENT, audience), lambda: keys)


def refused(identity: Identity, token: str) -> str:
    with pytest.raises(ProtocolError) as caught:
        identity.person(token)
    assert caught.value.problem.status == (503 if caught.value.wait else 401)
    return caught.value.problem.code


@pytest.mark.parametrize("algorithm", ["RS256", "PS256", "ES256"])
def test_a_token_signed_by_the_provider_tells_who_it_is(provider: OpenIdProvider, algorithm: str) -> None:
    provider.algorithm = algorithm
    identity = Identity(OpenId(provider.url, CLIENT))
    assert identity.person(provider.sign()) == ANNE
    assert identity.person(provider.sign(aud=["other", CLIENT], azp=CLIENT)) == ANNE
    assert identity.person(provider.sign(name=None, preferred_username="anne")).name == "anne"
    assert identity.person(provider.sign(name="A\x00B\n" + "c" * 300)).name == "AB" + "c" * 118
    assert identity.person(provider.sign(name=7)).name == ""
    assert provider.asked == ["/.well-known/openid-configuration", "/keys"]


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://elsewhere.example"},
        {"aud": "another-app"},
        {"aud": [CLIENT, "another-app"], "azp": "another-app"},
        {"aud": None},
        {"sub": None},
        {"sub": ""},
        {"sub": 7},
        {"exp": None},
        {"nbf": time.time() + 3_600},
        {"iat": time.time() + 3_600},
        {"exp": "soon"},
    ],
    ids=lambda claims: "-".join(claims),
)
def test_claims_that_are_not_for_us_are_refused(provider: OpenIdProvider, claims: dict[str, Any]) -> None:
    assert refused(alone(provider), provider.sign(**claims)) == "token-unknown"


def test_clocks_may_differ_by_a_minute(provider: OpenIdProvider) -> None:
    identity, now = alone(provider), int(time.time())
    assert identity.person(provider.sign(exp=now - 50, nbf=now + 50)) == ANNE
    assert refused(identity, provider.sign(exp=now - 70)) == "token-expired"
    assert refused(identity, provider.sign(nbf=now + 70)) == "token-unknown"


def test_an_access_token_must_be_for_this_registry(provider: OpenIdProvider) -> None:
    identity = alone(provider, AUDIENCE)
    assert identity.person(provider.sign(aud=AUDIENCE, azp="another-app")) == ANNE
    assert refused(identity, provider.sign()) == "token-unknown"


def forged(header: dict[str, Any], provider: OpenIdProvider, secret: bytes = b"") -> str:
    """A token whose header says what the forger likes."""
    _header, claims, _signature = provider.sign().split(".")
    start = base64.urlsafe_b64encode(json.dumps(header).encode()).rstrip(b"=").decode() + "." + claims
    algorithm = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256)
    signature = algorithm.sign(start.encode(), secret) if secret else b""
    return f"{start}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


def test_no_signature_but_the_providers_opens(provider: OpenIdProvider) -> None:
    identity = alone(provider)
    kid = {"kid": "RS256-0"}
    secret = json.dumps(public("RS256", 0)).encode()
    bad = [
        provider.sign(key=1),
        jwt.encode(
            jwt.decode(provider.sign(), options={"verify_signature": False}),
            private_key("RS256", 1),
            "RS256",
            headers=kid,
        ),
        forged({"alg": "none", **kid}, provider),
        forged({"alg": "HS256", **kid}, provider, secret),
        forged({"alg": "HS256"}, provider, secret),
        forged({"alg": "ES256", **kid}, provider),
        forged({"alg": "RS256", "kid": "../../etc/passwd"}, provider),
        forged({"alg": "RS256", "kid": 7}, provider),
        forged({"alg": ["RS256"], **kid}, provider),
        forged({"alg": "RS256", "jwk": public("RS256", 1)}, provider),
        provider.sign()[:-4] + "AAAA",
        provider.sign() + "=",
        "a.b.c",
        "..",
        "é.é.é",
        "A" * MOST_CHARS + ".b.c",
    ]
    assert [refused(identity, token) for token in bad] == ["token-unknown"] * len(bad)
    assert identity.person(provider.sign()) == ANNE


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(text=st.text(max_size=60), cut=st.integers(0, 400))
def test_no_text_is_a_fault_of_ours(text: str, cut: int) -> None:
    provider = OpenIdProvider("http://127.0.0.1:1")
    identity = alone(provider)
    good = provider.sign()
    for token in (text, f"{text}.{text}.{text}", good[:cut] + text + good[cut + 1 :]):
        if token != good:
            assert refused(identity, token) in ("token-unknown", "token-expired")


def test_a_new_key_is_asked_for_once_and_an_old_one_let_go(provider: OpenIdProvider) -> None:
    clock = Clock()
    asked: list[float] = []

    def ask() -> dict[str, Any]:
        asked.append(clock.at)
        return {"keys": [public("RS256", provider.key)]}

    identity = Identity(OpenId(provider.url, CLIENT), ask, clock)
    old = provider.sign()
    assert identity.person(old) == ANNE
    clock.at += PAUSE_S + 1
    provider.key = 1
    assert identity.person(provider.sign()) == ANNE
    assert refused(identity, old) == "token-unknown"
    for _token in range(20):
        assert refused(identity, provider.sign(key=2)) == "token-unknown"
    assert len(asked) == 2
    clock.at += PAUSE_S + 1
    assert refused(identity, provider.sign(key=2)) == "token-unknown"
    assert len(asked) == 3


def test_a_withdrawn_key_works_an_hour_at_most(provider: OpenIdProvider) -> None:
    clock = Clock()
    identity = Identity(
        OpenId(provider.url, CLIENT), lambda: {"keys": [public("RS256", provider.key)]}, clock
    )
    old = provider.sign()
    assert identity.person(old) == ANNE
    provider.key = 1
    clock.at += FRESH_S + 1
    assert refused(identity, old) == "token-unknown"


def test_without_the_provider_its_last_keys_serve_for_a_day(provider: OpenIdProvider) -> None:
    clock, up = Clock(), [False]

    def ask() -> dict[str, Any]:
        if not up[0]:
            raise KnownError("provider-unreachable", "")
        return {"keys": [public("RS256", 0)]}

    identity = Identity(OpenId(provider.url, CLIENT), ask, clock)
    assert refused(identity, provider.sign()) == "busy"
    up[0] = True
    assert refused(identity, provider.sign()) == "busy"  # it is not asked again at once
    clock.at += PAUSE_S + 1
    assert identity.person(provider.sign()) == ANNE
    up[0] = False
    clock.at += FRESH_S + 1
    assert identity.person(provider.sign()) == ANNE
    clock.at += STALE_S
    assert refused(identity, provider.sign()) == "busy"


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"keys": None},
        {"keys": ["x", {"kty": "oct", "k": "AAAA"}, {"kty": "RSA"}, {"kty": "EC", "crv": []}]},
    ],
)
def test_keys_that_cannot_be_read_open_nothing(provider: OpenIdProvider, told: dict[str, Any]) -> None:
    assert refused(Identity(OpenId(provider.url, CLIENT), lambda: told), provider.sign()) == "token-unknown"


def test_a_key_for_encryption_or_another_algorithm_signs_nothing(provider: OpenIdProvider) -> None:
    for more in ({"use": "enc"}, {"alg": "PS256"}):
        keys = {"keys": [public("RS256", 0, **more)]}
        identity = Identity(OpenId(provider.url, CLIENT), lambda keys=keys: keys)  # type: ignore[misc]
        assert refused(identity, provider.sign()) == "token-unknown"


def test_rights_come_from_grants_alone(registry: LiveRegistry, provider: OpenIdProvider) -> None:
    boast = provider.sign(scope="dept:72 registry", roles=["writer"], groups=["dept:72"], scopes=["dept:72"])
    with Caller(registry.url, boast) as anne:
        assert problem_of(anne.post("/pull", [{"cursors": {"dept:72": 0}}])) == "scope-denied"
        assert problem_of(anne.http.get("/metrics")) == "scope-denied"
        assert anne.pull({"user:me": 0})[0] == []
        (outcome,) = anne.push((1, [anne.create(name="x")]))
        assert outcome["status"] == "refused"
        write(registry.engine, lambda db: tokens.set_grant(db, "0190-anne", "dept:72", tokens.WRITER, None))
        (outcome,) = anne.push((2, [anne.create(name="y")]))
        assert outcome["status"] == "ok"
        write(registry.engine, lambda db: tokens.end_grant(db, "0190-anne", "dept:72"))
        assert problem_of(anne.post("/pull", [{"cursors": {"dept:72": 0}}])) == "scope-denied"


def test_the_registry_says_with_whom_to_sign_in(registry: LiveRegistry, provider: OpenIdProvider) -> None:
    with Caller(registry.url, provider.sign()) as anne:
        told = anne.http.get("/.well-known/fieldkit").json()
        assert told["sign_in"] == ["token", "openid"]
        assert told["openid"]["issuer"] == provider.url
        assert told["openid"]["client_id"] == CLIENT
        opaque = Caller(registry.url, registry.token("bruno", "dept:72"), "b" * 16)
        with opaque as bruno:
            assert bruno.push((1, [bruno.create(name="x")]))[0]["status"] == "ok"


@pytest.mark.parametrize("broken", ["expired", "guessed", "signature", "provider-gone"])
def test_over_http_bad_tokens_are_401_and_a_missing_provider_is_busy(
    tmp_path: Path, provider: OpenIdProvider, broken: str
) -> None:
    issuer = provider.url if broken != "provider-gone" else "http://127.0.0.1:1"
    with live_registry(sqlite_url(tmp_path), identity=Identity(OpenId(issuer, CLIENT))) as registry:
        secret = {
            "expired": provider.sign(exp=1),
            "guessed": "eyJhbGciOiJSUzI1NiJ9.e30.AAAA",
            "signature": provider.sign(key=1),
        }.get(broken, provider.sign())
        caller = Caller(registry.url, secret)
        answer = caller.post("/session", [{"cursors": {}}])
        caller.http.close()
        expected = {"provider-gone": (503, "busy"), "expired": (401, "token-expired")}
        assert (answer.status_code, problem_of(answer)) == expected.get(broken, (401, "token-unknown"))


def test_a_laptop_is_not_registered_to_another_person(
    registry: LiveRegistry, provider: OpenIdProvider
) -> None:
    card = {"device_id": "a" * 16, "name": "", "app": "test", "schema": 1}
    caller = Caller(registry.url, provider.sign())
    answer = caller.post("/devices", [{**card, "user": "0190-bruno"}])
    assert (answer.status_code, problem_of(answer)) == (403, "device-foreign")
    assert caller.post("/devices", [{**card, "user": "0190-anne"}]).status_code == 200
    caller.http.close()


def test_who_signed_in_is_known_by_name_to_the_keeper(
    registry: LiveRegistry, provider: OpenIdProvider
) -> None:
    from fieldkit.registry import admin
    from fieldkit.registry.database import reading

    with Caller(registry.url, provider.sign()):
        pass
    with Caller(registry.url, provider.sign(sub="auth0|é" * 20, name="Zoé"), "b" * 16):
        pass
    with reading(registry.engine) as db:
        people = {row["sub"]: row["name"] for row in admin.show(db, "person")["items"]}
    assert people == {"0190-anne": "Anne Morel", user_of("auth0|é" * 20): "Zoé"}
    assert len(user_of("auth0|é" * 20)) <= 64


@pytest.mark.parametrize(
    "issuer", ["http://sso.exemple.fr", "sso.exemple.fr", "file:///etc/passwd", "https://"]
)
def test_an_issuer_is_never_asked_over_plain_http(tmp_path: Path, issuer: str) -> None:
    with pytest.raises(KnownError) as caught:
        service.serve(port=0, data=tmp_path, openid=OpenId(issuer, CLIENT))
    assert caught.value.code == "issuer-address"


def test_a_provider_that_names_another_issuer_is_not_believed(provider: OpenIdProvider) -> None:
    from fieldkit.sync.provider import discover

    tell: Callable[[], dict[str, Any]] = provider.metadata
    provider.metadata = lambda: {**tell(), "issuer": "https://elsewhere.example"}  # type: ignore[method-assign]
    with pytest.raises(KnownError) as caught:
        discover(provider.url)
    assert caught.value.code == "provider-fault"
    provider.metadata = lambda: {**tell(), "token_endpoint": "http://elsewhere.example/"}  # type: ignore[method-assign]
    with pytest.raises(KnownError):
        discover(provider.url)
