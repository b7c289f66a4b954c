"""Signing in from the command line, and what the person who runs the registry says to have it so."""

from __future__ import annotations

import json
import subprocess
import sys
import webbrowser
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from fieldkit import cli
from fieldkit.registry.identity import Identity
from fieldkit.services import sign_in
from fieldkit.sync.protocol import OpenId
from tests.registry.caller import LOOPBACK
from tests.registry.live import LiveRegistry, live_registry, sqlite_url
from tests.registry.openid_provider import CLIENT, OpenIdProvider, openid_provider
from tests.services.signing.browser import Browser
from tests.test_cli import Fieldkit, fieldkit  # noqa: F401  the fixture


@pytest.fixture
def provider() -> Iterator[OpenIdProvider]:
    with openid_provider() as running:
        yield running


@pytest.fixture
def registry(provider: OpenIdProvider, tmp_path: Path) -> Iterator[LiveRegistry]:
    with live_registry(sqlite_url(tmp_path), identity=Identity(OpenId(provider.url, CLIENT))) as running:
        yield running


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> Iterator[Browser]:
    made = Browser()
    monkeypatch.setattr(webbrowser, "open", made.show)
    yield made
    made.close()
    sign_in._held.clear()


def test_sign_in_tells_the_address_and_who_it_is(
    fieldkit: Fieldkit,  # noqa: F811
    registry: LiveRegistry,
    provider: OpenIdProvider,
    browser: Browser,
) -> None:
    said = fieldkit("sync", "sign-in", registry.url, "--now")
    assert said.code == 0
    assert provider.url + "/authorize?" in said.err
    assert said.json["name"] == "Anne Morel"
    assert not said.json["kept"]
    assert said.json["sync"]["pushed"] == 0
    assert fieldkit("sync", "status").json["sign_in"]["how"] == "browser"
    plain = fieldkit("sync", "sign-in", plain=True)
    assert "en tant que Anne Morel" in plain.out
    assert "pas de trousseau" in plain.out
    assert fieldkit("sync", "sign-out").json == {"signed_out": True}
    assert fieldkit("sync").json["error"]["code"] == "registry-not-set"
    assert fieldkit("sync", "status").json["sign_in"]["how"] is None


def test_sign_in_says_what_went_wrong(
    fieldkit: Fieldkit,  # noqa: F811
    registry: LiveRegistry,
    provider: OpenIdProvider,
    browser: Browser,
) -> None:
    provider.error = "access_denied"
    said = fieldkit("sync", "sign-in", registry.url)
    assert (said.code, said.json["error"]["code"]) == (3, "sign-in-denied")


def test_an_issuer_without_a_client_is_no_way_to_serve(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert (
        cli.run(["registry", "serve", "--data", str(tmp_path), "--oidc-issuer", "https://sso.exemple.fr"])
        == 2
    )
    assert "--oidc-client-id" in capsys.readouterr().err


def test_serve_announces_the_provider_and_an_account_is_erased(
    tmp_path: Path, provider: OpenIdProvider
) -> None:
    data = ["--data", str(tmp_path / "data")]
    serve = [sys.executable, "-m", "fieldkit", "registry", "serve", "--port", "0", *data]
    serve += ["--oidc-issuer", provider.url, "--oidc-client-id", CLIENT, "--oidc-prompt", "login", "--json"]
    with subprocess.Popen(serve, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        url = json.loads(process.stdout.readline())["registry"]
        openid = httpx.get(url + "/.well-known/fieldkit", **LOOPBACK).json()["openid"]
        process.terminate()
        process.wait(20)
    assert openid == {
        "issuer": provider.url, "client_id": CLIENT, "audience": "", "port": 0,
        "scope": "openid profile offline_access", "prompt": "login",
    }  # fmt: skip
    assert cli.run(["registry", "token", "create", "--user", "anne", "--scope", "dept:72", *data]) == 0
    assert cli.run(["registry", "erase", "--account", "anne", "--yes", *data]) == 0
    assert cli.run(["registry", "erase", "--account", "anne", "--yes", *data]) == 3
