"""Signing in through a browser at a real provider, for a real registry, and all that can go wrong on the way."""

from __future__ import annotations

import socket
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from fieldkit.registry.identity import Identity
from fieldkit.services import sign_in as service
from fieldkit.services import sync
from fieldkit.store.fieldwork import FieldStore
from fieldkit.sync import loopback
from fieldkit.sync.protocol import OpenId
from tests.registry.live import LiveRegistry, live_registry, sqlite_url
from tests.registry.openid_provider import CLIENT, OpenIdProvider
from tests.services.signing.browser import Browser
from tests.services.signing.drawer import Drawer
from tests.services.signing.process import practice, refused

BRUNO = {"sub": "0190-bruno", "name": "Bruno Le Goff"}
DAY = 86_400.0


def test_a_delegate_signs_in_and_their_work_leaves(
    registry: LiveRegistry, provider: OpenIdProvider, store: FieldStore, browser: Browser, drawer: Drawer
) -> None:
    practice(store)
    known = service.sign_in(store, registry.url + "/", browser.show)
    assert (known.registry, known.name, known.kept) == (registry.url, "Anne Morel", True)
    assert sync.status(store)["sign_in"] == {
        "how": "browser",
        "name": "Anne Morel",
        "kept": True,
        "expired": False,
    }
    browser.close()
    assert browser.page is not None
    assert browser.page.status_code == 200
    assert "Fermez cet onglet" in browser.page.text
    question = {name: values[0] for name, values in parse_qs(urlsplit(browser.address).query).items()}
    assert (question["response_type"], question["code_challenge_method"]) == ("code", "S256")
    assert question["redirect_uri"].startswith("http://127.0.0.1:")
    assert question["prompt"] == "login consent"
    assert sync.run(store)["pushed"] == 1
    assert sync.status(store)["user"] == "0190-anne"
    assert provider.asked.count("/token") == 1


@pytest.mark.parametrize(
    ("error", "code"),
    [
        ("access_denied", "sign-in-denied"),
        ("server_error", "sign-in-fault"),
        ("login_required", "sign-in-fault"),
    ],
)
def test_a_refusal_in_the_browser_is_told(
    registry: LiveRegistry,
    provider: OpenIdProvider,
    store: FieldStore,
    browser: Browser,
    error: str,
    code: str,
) -> None:
    provider.error = error
    assert refused(store, registry.url, browser) == code
    browser.close()
    assert browser.page is not None
    assert browser.page.status_code == 400


@pytest.mark.parametrize("what", ["state", "iss", "no-state", "no-iss", "no-code"])
def test_an_answer_to_another_question_is_set_aside(
    registry: LiveRegistry, provider: OpenIdProvider, store: FieldStore, what: str
) -> None:
    changes = {
        "state": lambda url: url.replace("state=", "state=x"),
        "iss": lambda url: url.replace("iss=", "iss=x"),
        "no-state": lambda url: url.replace("state=", "other="),
        "no-iss": lambda url: url.replace("iss=", "other="),
        "no-code": lambda url: url.replace("code=", "other="),
    }
    browser = Browser(changes[what])
    expected = "sign-in-fault" if what == "no-code" else "sign-in-state"
    assert refused(store, registry.url, browser) == expected
    browser.close()
    assert "/token" not in provider.asked


def test_a_provider_that_never_names_itself_is_accepted(
    registry: LiveRegistry, provider: OpenIdProvider, store: FieldStore, browser: Browser, drawer: Drawer
) -> None:
    provider.skip_iss = True
    assert service.sign_in(store, registry.url, browser.show).name == "Anne Morel"


def test_waiting_ends_when_asked_and_after_its_time(registry: LiveRegistry, store: FieldStore) -> None:
    assert loopback.SECONDS == 300
    assert refused(store, registry.url, cancelled=lambda: True) == "sign-in-cancelled"
    assert refused(store, registry.url, seconds=0.01) == "sign-in-timeout"


def test_idle_and_stray_connections_keep_nobody_waiting(
    registry: LiveRegistry, provider: OpenIdProvider, store: FieldStore, browser: Browser, drawer: Drawer
) -> None:
    idle: list[socket.socket] = []

    def show(address: str) -> None:
        back = urlsplit(parse_qs(urlsplit(address).query)["redirect_uri"][0])
        assert (back.hostname, back.path) == ("127.0.0.1", loopback.PATH)
        idle.extend(socket.create_connection(("127.0.0.1", back.port or 0)) for _one in range(3))
        idle[0].sendall(b"\x16\x03\x01")
        idle[1].sendall(b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\n\r\n")
        browser.show(address)

    assert service.sign_in(store, registry.url, show).name == "Anne Morel"
    for one in idle:
        one.close()


def test_a_port_that_is_taken_is_told(tmp_path: Path, provider: OpenIdProvider, store: FieldStore) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        openid = OpenId(provider.url, CLIENT, port=taken.getsockname()[1])
        with live_registry(sqlite_url(tmp_path), identity=Identity(openid)) as registry:
            assert refused(store, registry.url) == "sign-in-port"


def test_a_registry_with_tokens_only_says_so(tmp_path: Path, store: FieldStore) -> None:
    with live_registry(sqlite_url(tmp_path)) as registry:
        assert refused(store, registry.url) == "sign-in-not-offered"
    assert refused(store, "nulle part") == "registry-address"
    assert refused(store, "http://127.0.0.1:9") == "registry-unreachable"


def test_a_provider_that_is_away_or_strange_is_told(
    tmp_path: Path, provider: OpenIdProvider, store: FieldStore
) -> None:
    for issuer, code in [
        ("http://127.0.0.1:9", "provider-unreachable"),
        (provider.url + "/x", "provider-fault"),
    ]:
        with live_registry(sqlite_url(tmp_path), identity=Identity(OpenId(issuer, CLIENT))) as registry:
            assert refused(store, registry.url) == code


@pytest.mark.parametrize(
    ("status", "code"), [(200, "captive-portal"), (302, "captive-portal"), (502, "provider-unreachable")]
)
def test_a_portal_in_between_is_told(
    tmp_path: Path, provider: OpenIdProvider, store: FieldStore, status: int, code: str
) -> None:
    with live_registry(sqlite_url(tmp_path), identity=Identity(OpenId(provider.url, CLIENT))) as registry:
        provider.portal = status
        assert refused(store, registry.url) == code


def test_a_code_that_was_used_or_changed_opens_nothing(
    registry: LiveRegistry, provider: OpenIdProvider, store: FieldStore
) -> None:
    browser = Browser(lambda url: url.replace("code=", "code=x"))
    assert refused(store, registry.url, browser) == "sign-in-again"
    browser.close()


@pytest.mark.parametrize("wrong", ["nonce", "aud", "iss", "sub"])
def test_an_id_token_for_somebody_else_is_not_believed(
    registry: LiveRegistry,
    provider: OpenIdProvider,
    store: FieldStore,
    browser: Browser,
    wrong: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sign = provider.sign
    other = "other" if wrong != "sub" else ""
    monkeypatch.setattr(provider, "sign", lambda *which, **claims: sign(*which, **{**claims, wrong: other}))
    assert refused(store, registry.url, browser) == "provider-fault"
