"""Signing in from the Synchro page: the browser is awaited, and the window goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from fieldkit.registry.identity import Identity
from fieldkit.services import sign_in, sync
from fieldkit.store.fieldwork import FieldStore
from fieldkit.sync.protocol import OpenId
from fieldkit.ui.pages.base import Context
from fieldkit.ui.pages.sync import SyncPage
from fieldkit.ui.runner import Queue
from tests.registry.live import LiveRegistry, live_registry, sqlite_url
from tests.registry.openid_provider import CLIENT, OpenIdProvider, openid_provider
from tests.services.signing.browser import Browser
from tests.ui.visits.hands import find, press, retype, texts
from tests.ui.visits.sync_page import shown_sync_page


@pytest.fixture
def provider() -> Iterator[OpenIdProvider]:
    with openid_provider() as running:
        yield running


@pytest.fixture
def registry(provider: OpenIdProvider, tmp_path: Path) -> Iterator[LiveRegistry]:
    with live_registry(sqlite_url(tmp_path), identity=Identity(OpenId(provider.url, CLIENT))) as running:
        running.grant("0190-anne")
        yield running


@pytest.fixture(autouse=True)
def opened(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Addresses that the browser was sent to; nobody is there."""
    addresses: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", _opener(addresses.append))
    yield addresses
    sign_in._held.clear()


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> Iterator[Browser]:
    """A browser in which somebody signs in at once."""
    made = Browser()
    monkeypatch.setattr(QDesktopServices, "openUrl", _opener(made.show))
    yield made
    made.close()


@pytest.fixture
def page(qtbot: QtBot, context: Context) -> Iterator[SyncPage]:
    with shown_sync_page(qtbot, context) as made:
        yield made


def _opener(go: Callable[[str], None]) -> Callable[[QUrl], bool]:
    def open_url(url: QUrl) -> bool:
        go(bytes(url.toEncoded().data()).decode())
        return True

    return open_url


def begin(page: SyncPage, registry: LiveRegistry) -> None:
    retype(page, "registryUrl", registry.url)
    press(page, "registrySignIn")


def test_a_delegate_signs_in_and_out(
    qtbot: QtBot,
    page: SyncPage,
    registry: LiveRegistry,
    browser: Browser,
    disk: FieldStore,
    context: Context,
) -> None:
    begin(page, registry)
    qtbot.waitUntil(lambda: "en tant que Anne Morel" in texts(page))
    assert QApplication.focusWidget() is find(page, "registryChange", QPushButton)
    assert "pas de trousseau" in texts(page)  # as in all tests
    page.start()
    qtbot.waitUntil(lambda: not page.live.running)
    qtbot.waitUntil(lambda: page.live.status is not None and page.live.status["user"] == "0190-anne")
    assert sync.status(disk)["sign_in"]["how"] == "browser"
    press(page, "registrySignOut")
    qtbot.waitUntil(lambda: "Vous êtes déconnecté." in texts(page))
    qtbot.waitUntil(lambda: sync.status(disk)["sign_in"]["how"] is None)
    assert QApplication.focusWidget() is find(page, "registrySignIn", QPushButton)
    assert "Anne" not in texts(page)


def test_the_window_goes_on_while_the_browser_is_awaited(
    qtbot: QtBot,
    page: SyncPage,
    registry: LiveRegistry,
    opened: list[str],
    context: Context,
    disk: FieldStore,
) -> None:
    begin(page, registry)
    qtbot.waitUntil(lambda: "Votre navigateur est ouvert" in texts(page))
    assert not page.sign_in.address.isVisible()
    assert QApplication.focusWidget() is find(page, "signInCancel", QPushButton)
    answers: list[int] = []
    context.runner.run(Queue.DATABASE, lambda: 7, answers.append)
    qtbot.waitUntil(lambda: answers == [7])
    press(page, "signInCopy")
    assert QGuiApplication.clipboard().text() == opened[0]
    press(page, "signInReopen")
    assert opened[1:] == opened[:1]
    page.sign_in.start()  # a second one does not begin
    press(page, "signInCancel")
    qtbot.waitUntil(lambda: "La connexion est abandonnée." in texts(page))
    assert find(page, "registrySignIn", QPushButton).hasFocus()
    assert len(opened) == 2
    assert sync.status(disk)["registry"] is None


def test_a_browser_that_does_not_open_is_told(
    qtbot: QtBot,
    page: SyncPage,
    registry: LiveRegistry,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda _url: False)
    begin(page, registry)
    qtbot.waitUntil(lambda: "Le navigateur ne s'ouvre pas" in texts(page))
    press(page, "signInCancel")
    qtbot.waitUntil(lambda: not page.sign_in.waiting.running)


def test_a_refusal_and_a_wrong_address_are_told(
    qtbot: QtBot,
    page: SyncPage,
    registry: LiveRegistry,
    provider: OpenIdProvider,
    browser: Browser,
) -> None:
    retype(page, "registryUrl", "nulle part")
    press(page, "registrySignIn")
    qtbot.waitUntil(lambda: "n'est pas acceptée" in page.sign_in.address.error())
    provider.error = "access_denied"
    begin(page, registry)
    qtbot.waitUntil(lambda: "refusée dans le navigateur" in texts(page))
    assert find(page, "registrySignIn", QPushButton).isEnabled()


def test_an_expired_sign_in_is_told_and_renewed_in_one_click(
    qtbot: QtBot,
    page: SyncPage,
    registry: LiveRegistry,
    browser: Browser,
    context: Context,
) -> None:
    said: list[str] = []
    context.show_status = lambda _part, text: said.append(text)
    begin(page, registry)
    qtbot.waitUntil(lambda: "en tant que Anne Morel" in texts(page))
    qtbot.waitUntil(lambda: bool(said))
    sign_in._held.clear()  # another day
    page.live.look()
    qtbot.waitUntil(lambda: "Votre connexion a expiré" in texts(page))
    qtbot.waitUntil(lambda: said[-1].startswith("À reconnecter"))
    press(page, "registrySignInAgain")
    qtbot.waitUntil(
        lambda: "Votre connexion a expiré" not in texts(page) and not page.sign_in.waiting.running
    )
    qtbot.waitUntil(lambda: "en tant que Anne Morel" in texts(page))


def test_return_in_the_address_does_what_is_meant(
    qtbot: QtBot,
    page: SyncPage,
    registry: LiveRegistry,
    opened: list[str],
) -> None:
    retype(page, "registryUrl", registry.url)
    page.sign_in._address.returnPressed.emit()
    qtbot.waitUntil(lambda: len(opened) == 1)
    press(page, "signInCancel")
    qtbot.waitUntil(lambda: not page.sign_in.waiting.running)
    retype(page, "registryToken", registry.token("anne"))
    page.sign_in._address.returnPressed.emit()
    qtbot.waitUntil(lambda: bool(page.live.status and page.live.status["sign_in"]["how"] == "token"))
