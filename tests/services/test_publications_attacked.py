"""Whoever changes, cuts, swaps, holds back or forges what is published gets nothing in; each has its own sentence."""

from __future__ import annotations

import datetime as dt
import errno
import json
import shutil
from collections.abc import Callable, Iterator
from http.server import SimpleHTTPRequestHandler
from pathlib import Path

import pytest
from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import Metadata, Root
from tuf.ngclient import Updater

from fieldkit.errors import KnownError
from fieldkit.registry import publisher, signing_keys
from fieldkit.registry.publisher import Workshop
from fieldkit.services import catalogue_file, catalogue_update, publications
from fieldkit.services.profile import catalogue_path
from fieldkit.store import catalogue as store
from fieldkit.store import edition
from fieldkit.sync.editions import StoppedError
from tests.services import press
from tests.services.press import Press

Spoil = Callable[[Press], None]


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Press:
    """Two editions, of which the first lies beside the newest, as it was published."""
    top = tmp_path_factory.mktemp("printed")
    made = Press(top / "publications", top / "keys").begin()
    made.catalogue(press.small())
    press.copy(made.folder, top / "before")
    made.catalogue(press.later())
    return made


@pytest.fixture
def keeper(printed: Press, tmp_path: Path) -> Press:
    """The same, to spoil."""
    shutil.copytree(printed.folder.parent, tmp_path / "here")
    return Press(tmp_path / "here" / "publications", tmp_path / "here" / "keys")


@pytest.fixture(params=["folder", "http"])
def source(request: pytest.FixtureRequest, keeper: Press) -> Iterator[str]:
    """Both sorts of places."""
    if request.param == "folder":
        yield str(keeper.folder)
    else:
        with press.served(keeper.folder) as url:
            yield url


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A new profile."""
    return tmp_path / "profil"


def held(folder: Path) -> set[tuple[str, object]]:
    """All facts of the catalogue in use."""
    return press.facts(store.whole(catalogue_file.opened(catalogue_path(folder))))


def refused(folder: Path, source: str) -> KnownError:
    """Why an update is not taken; what was there is there still."""
    before, file = held(folder), edition.digest(edition.beside(catalogue_path(folder)))
    with pytest.raises(KnownError) as caught:
        catalogue_update.update(folder, source)
    assert held(folder) == before
    assert edition.digest(edition.beside(catalogue_path(folder))) == file
    assert caught.value.hint
    return caught.value


def metadata(keeper: Press, name: str) -> Path:
    """A file of the metadata."""
    return keeper.folder / "metadata" / name


def tampered_target(keeper: Press) -> None:
    press.change(keeper.newest(".whole.zst"))


def cut_target(keeper: Press) -> None:
    file = keeper.newest(".whole.zst")
    file.write_bytes(file.read_bytes()[:-7])


def longer_target(keeper: Press) -> None:
    file = keeper.newest(".whole.zst")
    file.write_bytes(file.read_bytes() + b"\0" * 100_000)


def missing_target(keeper: Press) -> None:
    keeper.newest(".whole.zst").unlink()


def tampered_timestamp(keeper: Press) -> None:
    told = json.loads(metadata(keeper, "timestamp.json").read_bytes())
    told["signed"]["version"] += 5
    metadata(keeper, "timestamp.json").write_text(json.dumps(told))


def cut_timestamp(keeper: Press) -> None:
    file = metadata(keeper, "timestamp.json")
    file.write_bytes(file.read_bytes()[:-9])


def tampered_targets(keeper: Press) -> None:
    press.change(metadata(keeper, "3.targets.json"))


def snapshot_of_before(keeper: Press) -> None:
    shutil.copy(metadata(keeper, "2.snapshot.json"), metadata(keeper, "3.snapshot.json"))


def targets_of_before(keeper: Press) -> None:
    shutil.copy(metadata(keeper, "2.targets.json"), metadata(keeper, "3.targets.json"))


def endless_timestamp(keeper: Press) -> None:
    with metadata(keeper, "timestamp.json").open("ab") as file:
        file.truncate(1 << 40)  # takes no room


def another_keeper(keeper: Press) -> None:
    other = Press(keeper.folder.parent / "forged", keeper.folder.parent / "forger").begin()
    other.catalogue(press.later())
    press.copy(other.folder, keeper.folder)


def root_of_a_forger(keeper: Press) -> None:
    forged(keeper, [signing_keys.make(keeper.keys, "forger", None)])


def root_below_the_threshold(keeper: Press) -> None:
    forged(keeper, [keeper.at.signer("root-1")])


def forged(keeper: Press, signers: list[CryptoSigner]) -> None:
    """A next root that gives the timestamp to a key of the forger's."""
    root = Metadata[Root].from_bytes(metadata(keeper, "root.json").read_bytes()).signed
    mine = signing_keys.make(keeper.keys, "mine", None)
    root.add_key(mine.public_key, "timestamp")
    root.version += 1
    signed = Metadata(root)
    for signer in signers:
        signed.sign(signer, append=True)
    metadata(keeper, "2.root.json").write_bytes(signed.to_bytes())


def nothing_there(keeper: Press) -> None:
    shutil.rmtree(keeper.folder / "metadata")


SPOILT: dict[str, list[Spoil]] = {
    "publications-damaged": [tampered_target, cut_timestamp],
    "publications-cut": [cut_target],
    "publications-too-long": [longer_target, endless_timestamp],
    "publications-incomplete": [missing_target],
    "publications-unsigned": [tampered_timestamp, another_keeper, root_of_a_forger, root_below_the_threshold],
    "publications-mixed": [tampered_targets, snapshot_of_before, targets_of_before],
    "publications-none": [nothing_there],
}


@pytest.mark.parametrize(
    ("code", "spoil"), [(code, spoil) for code, spoils in SPOILT.items() for spoil in spoils]
)
def test_what_is_spoilt_is_not_taken(
    printed: Press, keeper: Press, source: str, folder: Path, code: str, spoil: Spoil
) -> None:
    printed.trusted_by(folder)
    spoil(keeper)
    assert refused(folder, source).code == code


def test_a_registry_that_shows_the_past_is_told_so(keeper: Press, source: str, folder: Path) -> None:
    keeper.trusted_by(folder)
    catalogue_update.update(folder, source)
    press.copy(keeper.folder.parent / "before", keeper.folder)
    assert refused(folder, source).code == "publications-older"
    assert held(folder) == press.facts(press.later())


@pytest.mark.parametrize(
    ("place", "hint"), [("folder", "copie récente sur la clé"), ("http", "signer de nouveau")]
)
def test_what_has_expired_is_not_taken_and_says_what_to_do(
    tmp_path: Path, folder: Path, place: str, hint: str
) -> None:
    old = Press(tmp_path / "old" / "publications", tmp_path / "keys", press.LONG_AGO).begin()
    old.catalogue(press.small())
    old.trusted_by(folder)
    with press.served(old.folder) as url:
        trouble = refused(folder, str(old.folder) if place == "folder" else url)
        assert trouble.code == "publications-expired"
        assert hint in trouble.hint
        assert "date de ce poste" in trouble.hint
    publisher.refresh(Workshop(old.folder, (old.keys,)))  # the keeper signs again
    assert catalogue_update.update(folder)["changed"]


def test_a_root_that_has_expired_takes_nothing_either(tmp_path: Path, folder: Path) -> None:
    long_ago = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    old = Press(tmp_path / "old" / "publications", tmp_path / "keys", long_ago).begin()
    old.now = None
    old.catalogue(press.small())
    old.trusted_by(folder)
    assert refused(folder, str(old.folder)).code == "publications-expired"
    publisher.new_root(old.at)
    assert catalogue_update.update(folder)["changed"]


class Endless(SimpleHTTPRequestHandler):
    """Sends without end."""

    sent = 0

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        try:
            while True:
                self.wfile.write(b" " * 65_536)
                type(self).sent += 65_536
        except OSError:
            return


def test_a_server_that_sends_without_end_is_left(keeper: Press, folder: Path) -> None:
    keeper.trusted_by(folder)
    with press.served(keeper.folder, Endless) as url:
        assert refused(folder, url).code == "publications-too-long"
    assert Endless.sent < 50_000_000


class Portal(SimpleHTTPRequestHandler):
    """The page of a hotel, whatever is asked."""

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(b"<html>Bienvenue</html>")


def test_a_captive_portal_is_told_as_such(keeper: Press, folder: Path) -> None:
    keeper.trusted_by(folder)
    with press.served(keeper.folder, Portal) as url:
        assert refused(folder, url).code == "captive-portal"


def test_a_registry_that_is_away_is_told_as_such(keeper: Press, folder: Path) -> None:
    keeper.trusted_by(folder)
    with press.served(keeper.folder) as url:
        pass
    assert refused(folder, url).code == "registry-unreachable"
    assert refused(folder, "http://registre.exemple.test").code == "registry-address"


@pytest.mark.parametrize(
    ("place", "name", "code"),
    [
        (Updater, "_persist_file", "disk-full"),
        (edition, "replace_file", "disk-full"),
        (store, "_fill", "catalogue-unwritable"),
    ],
)
def test_a_full_disk_keeps_what_is_there(
    keeper: Press, folder: Path, monkeypatch: pytest.MonkeyPatch, place: object, name: str, code: str
) -> None:
    keeper.trusted_by(folder)
    held(folder)

    def full(*_any: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(place, name, full)
        assert refused(folder, str(keeper.folder)).code == code
    assert catalogue_update.update(folder)["changed"]


def test_whoever_wants_no_more_of_it_is_heard(keeper: Press, source: str, folder: Path) -> None:
    keeper.trusted_by(folder)
    before = held(folder)
    with pytest.raises(StoppedError):
        catalogue_update.update(folder, source, cancelled=lambda: True)
    assert held(folder) == before


def test_a_root_that_signs_not_even_itself_is_not_shown(keeper: Press, source: str) -> None:
    told = json.loads(metadata(keeper, "root.json").read_bytes())
    told["signed"]["version"] = 9
    metadata(keeper, "root.json").write_text(json.dumps(told))
    with pytest.raises(KnownError) as caught:
        publications.look_at(source)
    assert caught.value.code == "publications-unsigned"
