"""The whole sign-in against `oidc-provider`, a certified OpenID provider of others, in its own process on loopback."""

from __future__ import annotations

import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from fieldkit.errors import KnownError
from fieldkit.registry.identity import Identity
from fieldkit.services import sign_in as service
from fieldkit.services import sync
from fieldkit.store.fieldwork import FieldStore
from fieldkit.sync import provider as provider_calls
from fieldkit.sync.protocol import OpenId
from tests.registry.live import LiveRegistry, live_registry, sqlite_url
from tests.registry.openid_provider import AUDIENCE, CLIENT
from tests.services.signing.drawer import Drawer
from tests.services.signing.process import forget_process, practice

pytestmark = pytest.mark.soak
SCRIPT = Path(__file__).with_name("certified_provider.mjs")


class Person:
    """Somebody at a browser who fills the provider's forms in; `name` is their login."""

    def __init__(self, name: str = "anne", *, refuses: bool = False) -> None:
        self.name, self.refuses = name, refuses
        self.forms: list[str] = []
        self._threads: list[threading.Thread] = []

    def show(self, address: str) -> None:
        """Go there, as another process would."""
        self._threads.append(threading.Thread(target=self._go, args=[address], name="browser"))
        self._threads[-1].start()

    def close(self) -> None:
        """Wait until the last page is seen."""
        for thread in self._threads:
            thread.join(60)

    def _go(self, address: str) -> None:
        with httpx.Client(verify=False, follow_redirects=True, timeout=30) as http:
            page = http.get(address)
            while "/interaction/" in str(page.url):
                page = self._fill_in(http, page)

    def _fill_in(self, http: httpx.Client, page: httpx.Response) -> httpx.Response:
        told = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page.text))
        self.forms.append(told["prompt"])
        if self.refuses:
            found = re.search(r'href="([^"]+/abort)"', page.text)
            assert found is not None
            return http.get(page.url.join(found[1]))
        action = re.search(r'action="([^"]+)"', page.text)
        assert action is not None
        more = {"login": self.name, "password": "any"} if told["prompt"] == "login" else {}
        return http.post(action[1], data={**told, **more})


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the package is installed."""
    if not (shutil.which("npm") and shutil.which("node")):
        pytest.skip("npm is not here")
    folder = tmp_path_factory.mktemp("oidc-provider")
    (folder / "package.json").write_text('{"type": "module", "private": true}')
    command = ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "oidc-provider"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300, check=False)
    if done.returncode:
        pytest.skip("oidc-provider does not install here: " + done.stderr.strip()[-300:])
    shutil.copy(SCRIPT, folder)
    return folder


@contextmanager
def certified(folder: Path, audience: str, algorithm: str) -> Iterator[str]:
    """Run it; gives its address."""
    command = ["node", SCRIPT.name, audience, algorithm]
    with (
        (folder / "log").open("w") as log,
        subprocess.Popen(
            command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True
        ) as process,
    ):
        assert process.stdout is not None
        assert process.stdin is not None
        url = process.stdout.readline().strip()
        try:
            assert url.startswith("http://127.0.0.1:"), (folder / "log").read_text()
            yield url
        finally:
            process.stdin.close()
            process.wait(20)


@pytest.fixture(
    params=[("", "RS256"), (AUDIENCE, "ES256"), ("", "PS256")], ids=["id-token", "access-token", "pss"]
)
def registry(request: pytest.FixtureRequest, installed: Path, tmp_path: Path) -> Iterator[LiveRegistry]:
    audience, algorithm = request.param
    with certified(installed, audience, algorithm) as issuer:
        identity = Identity(OpenId(issuer, CLIENT, audience))
        with live_registry(sqlite_url(tmp_path), identity=identity) as running:
            for user in ("anne", "bruno"):
                running.grant(user)
            yield running


@pytest.fixture(autouse=True)
def kept(drawer: Drawer) -> dict[str, str]:
    """What the keyring holds, by name."""
    return drawer.kept


@pytest.fixture
def anne() -> Iterator[Person]:
    made = Person()
    yield made
    made.close()


def refused(store: FieldStore, registry: LiveRegistry, person: Person) -> str:
    with pytest.raises(KnownError) as caught:
        service.sign_in(store, registry.url, person.show)
    person.close()
    return caught.value.code


def test_a_sign_in_lasts_over_processes_until_it_is_ended(
    registry: LiveRegistry, store: FieldStore, anne: Person, kept: dict[str, str]
) -> None:
    practice(store)
    known = service.sign_in(store, registry.url, anne.show)
    assert (known.sub, known.name, known.kept) == ("anne", "Délégué anne", True)
    assert anne.forms == ["login", "consent"]
    assert sync.run(store)["pushed"] == 1
    first = dict(kept)
    for _process in range(3):
        forget_process()
        practice(store)
        assert sync.run(store)["pushed"] == 1
    assert kept.keys() == first.keys()
    assert kept != first  # the refresh token was rotated
    (last,) = kept.values()
    service.sign_out(store)
    assert kept == {}
    provider = provider_calls.discover(known.openid.issuer)
    with pytest.raises(KnownError) as caught:
        provider_calls.refresh(provider, CLIENT, last.partition(":")[2], known.openid.audience)
    assert caught.value.code == "sign-in-again"


def test_a_stolen_refresh_token_ends_the_sign_in_and_loses_nothing(
    registry: LiveRegistry, store: FieldStore, anne: Person, kept: dict[str, str]
) -> None:
    known = service.sign_in(store, registry.url, anne.show)
    (stolen,) = kept.values()
    forget_process()
    sync.run(store)
    practice(store)
    provider = provider_calls.discover(known.openid.issuer)
    with pytest.raises(KnownError):
        provider_calls.refresh(provider, CLIENT, stolen.partition(":")[2], known.openid.audience)
    forget_process()
    with pytest.raises(KnownError) as caught:
        sync.run(store)
    assert caught.value.code == "sign-in-again"
    assert len(sync.status(store)["waiting"]) == 1
    service.sign_in(store, registry.url, anne.show)
    assert sync.run(store)["pushed"] == 1


def test_another_person_and_a_refusal_change_nothing(
    registry: LiveRegistry, store: FieldStore, anne: Person
) -> None:
    assert refused(store, registry, Person(refuses=True)) == "sign-in-denied"
    service.sign_in(store, registry.url, anne.show)
    sync.run(store)
    practice(store)
    assert refused(store, registry, Person("bruno")) == "profile-foreign"
    assert sync.run(store)["pushed"] == 1
    assert sync.status(store)["user"] == "anne"
