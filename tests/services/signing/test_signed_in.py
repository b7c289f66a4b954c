"""What becomes of a sign-in: how long it lasts, whose work it sends, how it ends."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldkit.errors import KnownError
from fieldkit.registry.database import write
from fieldkit.registry.identity import Identity
from fieldkit.services import sign_in as service
from fieldkit.services import sync
from fieldkit.store.fieldwork import FieldStore
from fieldkit.sync.protocol import OpenId
from tests.conftest import KEY
from tests.registry.live import LiveRegistry, live_registry, sqlite_url
from tests.registry.openid_provider import AUDIENCE, CLIENT, OpenIdProvider
from tests.services.signing.browser import Browser
from tests.services.signing.drawer import Drawer
from tests.services.signing.process import forget_process, practice, refused

BRUNO = {"sub": "0190-bruno", "name": "Bruno Le Goff"}
DAY = 86_400.0


def test_nothing_that_opens_anything_is_written_to_the_profile(
    registry: LiveRegistry, provider: OpenIdProvider, store: FieldStore, browser: Browser, drawer: Drawer
) -> None:
    sync.configure(store, registry.url, "fk_secret")
    service.sign_in(store, registry.url, browser.show)
    sync.run(store)
    names = store.database.table_names()
    written = "\n".join(
        str([*row]) for name in names for row in store.database.execute(f"SELECT * FROM [{name}]")
    )
    assert "Anne Morel" in written
    (refresh,) = provider.grants
    (kept,) = drawer.kept.values()
    assert kept == f"1:{refresh}"
    for secret in (refresh, "eyJ", "fk_secret"):
        assert secret not in written


@pytest.mark.parametrize("audience", ["", AUDIENCE])
def test_it_lasts_over_processes_and_tokens(
    tmp_path: Path,
    provider: OpenIdProvider,
    store: FieldStore,
    browser: Browser,
    drawer: Drawer,
    audience: str,
) -> None:
    provider.audience = audience
    identity = Identity(OpenId(provider.url, CLIENT, audience))
    with live_registry(sqlite_url(tmp_path), identity=identity) as registry:
        registry.grant("0190-anne")
        service.sign_in(store, registry.url, browser.show)
        for n in range(3):
            practice(store, str(n))
            assert sync.run(store)["pushed"] == 1
            forget_process()
    assert provider.asked.count("/token") == 3
    assert len(provider.grants) == 1  # the newest; each was used once


def test_a_token_is_renewed_before_its_end_and_when_the_registry_refuses_it(
    registry: LiveRegistry,
    provider: OpenIdProvider,
    store: FieldStore,
    browser: Browser,
    drawer: Drawer,
    moved: list[float],
) -> None:
    service.sign_in(store, registry.url, browser.show)
    sync.run(store)
    assert provider.asked.count("/token") == 1
    moved[0] += 250  # of 300
    sync.run(store)
    assert provider.asked.count("/token") == 2
    (held,) = service._held.values()
    held.token = provider.sign(exp=1)
    practice(store)
    assert sync.run(store)["pushed"] == 1
    assert provider.asked.count("/token") == 3


@pytest.mark.parametrize("lasts_days", [90, 14])
def test_two_months_offline_lose_nothing(
    registry: LiveRegistry,
    provider: OpenIdProvider,
    store: FieldStore,
    browser: Browser,
    drawer: Drawer,
    moved: list[float],
    lasts_days: int,
) -> None:
    provider.refresh_s = lasts_days * DAY
    service.sign_in(store, registry.url, browser.show)
    sync.run(store)
    for n in range(5):
        practice(store, str(n))
    forget_process()
    moved[0] += 61 * DAY
    if lasts_days == 14:
        with pytest.raises(KnownError) as caught:
            sync.run(store)
        assert caught.value.code == "sign-in-again"
        assert "reconnectez-vous" in caught.value.message
        status = sync.status(store)
        assert len(status["waiting"]) == 5
        assert status["sign_in"]["expired"]
        service.sign_in(store, registry.url, browser.show)
        assert not sync.status(store)["sign_in"]["expired"]
    assert sync.run(store)["pushed"] == 5
    assert sync.status(store)["waiting"] == []


def test_without_a_keyring_it_ends_with_the_process(
    registry: LiveRegistry, provider: OpenIdProvider, store: FieldStore, browser: Browser, drawer: Drawer
) -> None:
    drawer.closed = True
    known = service.sign_in(store, registry.url, browser.show)
    assert not known.kept
    practice(store)
    assert sync.run(store)["pushed"] == 1
    assert not sync.status(store)["sign_in"]["expired"]
    (held,) = service._held.values()
    held.until = 0
    practice(store)
    assert sync.run(store)["pushed"] == 1
    forget_process()
    assert sync.status(store)["sign_in"]["expired"]
    practice(store)
    with pytest.raises(KnownError) as caught:
        sync.run(store)
    assert caught.value.code == "sign-in-again"
    assert drawer.kept == {}


def test_a_long_refresh_token_is_kept_in_pieces(drawer: Drawer) -> None:
    from fieldkit import secrets

    assert secrets.find("x") is None
    assert secrets.keep("x", "a" * 2_500)
    assert len(drawer.kept) == 3
    assert secrets.find("x") == "a" * 2_500
    assert secrets.keep("x", "b" * 900)
    assert secrets.find("x") == "b" * 900
    assert secrets.keep("x", "c" * 2_000)
    del drawer.kept["x#1"]
    assert secrets.find("x") is None
    drawer.kept["x#0"] = "written by somebody else"
    assert secrets.find("x") is None
    secrets.forget("x")
    assert "x#0" not in drawer.kept
    drawer.closed = True
    assert not secrets.keep("x", "d")
    secrets.forget("x")


def test_another_person_never_sends_the_first_ones_queue(
    registry: LiveRegistry, provider: OpenIdProvider, store: FieldStore, drawer: Drawer
) -> None:
    first, second = Browser(), Browser()
    service.sign_in(store, registry.url, first.show)
    sync.run(store)
    practice(store, "secret d'Anne")
    service.sign_out(store)
    provider.who = BRUNO
    assert refused(store, registry.url, second) == "profile-foreign"
    with pytest.raises(KnownError):
        sync.run(store)
    assert len(sync.status(store)["waiting"]) == 1
    assert provider.grants == {}  # what Bruno was given for nothing is handed back
    provider.who = {"sub": "0190-anne", "name": "Anne Morel"}
    service.sign_in(store, registry.url, first.show)
    assert sync.run(store)["pushed"] == 1
    first.close()
    second.close()


def test_what_waits_belongs_to_who_signed_in_even_before_it_was_ever_sent(
    registry: LiveRegistry, provider: OpenIdProvider, store: FieldStore, browser: Browser, drawer: Drawer
) -> None:
    service.sign_in(store, registry.url, browser.show)
    service.sign_out(store)
    provider.who = BRUNO
    service.sign_in(store, registry.url, browser.show)  # nobody has written anything yet
    practice(store)
    service.sign_out(store)
    provider.who = {"sub": "0190-anne", "name": "Anne Morel"}
    assert refused(store, registry.url, browser) == "profile-foreign"


def test_a_registry_that_forgot_the_laptop_does_not_give_it_to_another(
    registry: LiveRegistry, provider: OpenIdProvider, store: FieldStore, browser: Browser, drawer: Drawer
) -> None:
    service.sign_in(store, registry.url, browser.show)
    sync.run(store)
    practice(store)
    with registry.engine.begin() as db:
        db.exec_driver_sql("DELETE FROM applied")
        db.exec_driver_sql("DELETE FROM device")
    sync.configure(store, registry.url, registry.token("bruno", "dept:72"))
    with pytest.raises(KnownError) as caught:
        sync.run(store)
    assert caught.value.code == "device-foreign"
    service.sign_in(store, registry.url, browser.show)
    assert sync.run(store)["pushed"] >= 1


def test_signing_out_forgets_everything_but_the_work(
    registry: LiveRegistry, provider: OpenIdProvider, store: FieldStore, browser: Browser, drawer: Drawer
) -> None:
    service.sign_in(store, registry.url, browser.show)
    sync.run(store)
    practice(store)
    service.sign_out(store)
    service.sign_out(store)
    assert (drawer.kept, service._held, provider.grants) == ({}, {}, {})
    status = sync.status(store)
    assert (status["sign_in"]["how"], len(status["waiting"])) == (None, 1)
    assert status["registry"] == registry.url
    with pytest.raises(KnownError) as caught:
        sync.run(store)
    assert caught.value.code == "registry-not-set"


def test_a_token_file_takes_the_place_of_a_sign_in_and_back(
    registry: LiveRegistry, provider: OpenIdProvider, store: FieldStore, browser: Browser, drawer: Drawer
) -> None:
    service.sign_in(store, registry.url, browser.show)
    sync.configure(store, registry.url, registry.token("0190-anne", "dept:72"))
    assert drawer.kept == {}
    assert sync.status(store)["sign_in"]["how"] == "token"
    assert sync.run(store)["pushed"] == 0
    service.sign_in(store, registry.url, browser.show)
    service.sign_in(store, registry.url, browser.show)
    assert len(drawer.kept) == 1
    assert sync.status(store)["sign_in"]["how"] == "browser"
    with pytest.raises(KnownError) as caught:
        sync.run(store, "https://elsewhere.invalid")  # the token is of no business there
    assert caught.value.code == "registry-not-set"


def test_a_refresh_that_turns_into_somebody_else_is_refused(
    registry: LiveRegistry, provider: OpenIdProvider, store: FieldStore, browser: Browser, drawer: Drawer
) -> None:
    service.sign_in(store, registry.url, browser.show)
    sync.run(store)
    practice(store)
    for one in provider.grants.values():
        one["who"] = BRUNO
    forget_process()
    with pytest.raises(KnownError) as caught:
        sync.run(store)
    assert caught.value.code == "sign-in-again"
    assert len(sync.status(store)["waiting"]) == 1


def test_another_process_that_renewed_first_is_followed(
    registry: LiveRegistry,
    provider: OpenIdProvider,
    store: FieldStore,
    browser: Browser,
    drawer: Drawer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from fieldkit import secrets

    known = service.sign_in(store, registry.url, browser.show)
    (old,) = provider.grants
    _status, newer = provider.token({"grant_type": "refresh_token", "refresh_token": old})
    provider.used.clear()  # a provider with a grace for such races
    told = iter([old])
    monkeypatch.setattr(secrets, "find", lambda _name: next(told, newer["refresh_token"]))
    assert service.Bearer(known).renewed()


def test_a_registry_that_refuses_a_fresh_token_is_told_as_such(
    registry: LiveRegistry,
    provider: OpenIdProvider,
    store: FieldStore,
    browser: Browser,
    drawer: Drawer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    service.sign_in(store, registry.url, browser.show)
    (held,) = service._held.values()
    sign = provider.sign
    with monkeypatch.context() as patch:
        patch.setattr(provider, "sign", lambda *_which, **claims: sign(None, 1, **claims))
        held.until = 0
        with pytest.raises(KnownError) as caught:
            sync.run(store)
    assert caught.value.code == "sign-in-refused"
    assert sync.status(store)["sign_in"]["expired"]


def test_an_erased_account_is_told_and_keeps_its_laptop(
    registry: LiveRegistry, provider: OpenIdProvider, store: FieldStore, browser: Browser, drawer: Drawer
) -> None:
    from fieldkit.registry import accounts
    from fieldkit.registry.blobs import Shelf

    service.sign_in(store, registry.url, browser.show)
    practice(store)
    sync.run(store)
    practice(store, "tardif")
    write(registry.engine, lambda db: accounts.erase(db, Shelf(registry.folder), "0190-anne"))
    with pytest.raises(KnownError) as caught:
        sync.run(store)
    assert caught.value.code == "account-erased"
    assert len(sync.status(store)["waiting"]) == 1


def test_it_survives_a_restart_of_the_profile(
    registry: LiveRegistry, provider: OpenIdProvider, tmp_path: Path, browser: Browser, drawer: Drawer
) -> None:
    first = FieldStore.open(tmp_path / "own.db", KEY)
    service.sign_in(first, registry.url, browser.show)
    first.close()
    forget_process()
    again = FieldStore.open(tmp_path / "own.db", KEY)
    assert sync.status(again)["sign_in"]["name"] == "Anne Morel"
    assert sync.run(again)["pushed"] == 0
    again.close()


def test_work_waits_for_the_first_right(
    registry: LiveRegistry, provider: OpenIdProvider, store: FieldStore, browser: Browser, drawer: Drawer
) -> None:
    provider.who = {"sub": "0190-camille", "name": "Camille"}
    service.sign_in(store, registry.url, browser.show)
    assert sync.run(store)["pushed"] == 0
    practice(store)
    with pytest.raises(KnownError) as caught:
        sync.run(store)
    assert caught.value.code == "no-right-yet"
    status = sync.status(store)
    assert (len(status["waiting"]), status["refused"]) == (1, [])
    registry.grant("0190-camille")
    assert sync.run(store)["pushed"] == 1
