"""Where a profile comes from: a file, the keyring, or a question to the user."""

from __future__ import annotations

from pathlib import Path

import keyring
import pytest

from fieldkit import secrets
from fieldkit.errors import KnownError
from fieldkit.services.profile import catalogue_path, exists, open_profile


class Drawer:
    """A keyring in memory, that works as the system's would."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password


@pytest.fixture
def drawer(monkeypatch: pytest.MonkeyPatch) -> Drawer:
    own = Drawer()
    monkeypatch.setattr(keyring, "get_password", own.get_password)
    monkeypatch.setattr(keyring, "set_password", own.set_password)
    return own


def test_a_keyring_makes_the_first_start_silent(tmp_path: Path, drawer: Drawer) -> None:
    open_profile(tmp_path / "p").close()
    (chosen,) = drawer.kept.values()
    assert len(chosen) >= 40
    open_profile(tmp_path / "p").close()
    open_profile(tmp_path / "p", chosen).close()


def test_a_file_goes_before_the_keyring(profile: tuple[Path, Path], drawer: Drawer) -> None:
    folder, passphrase_file = profile
    open_profile(folder, passphrase_file=passphrase_file).close()
    assert drawer.kept == {}
    assert exists(folder)
    with pytest.raises(KnownError) as caught:
        open_profile(folder)
    assert caught.value.code == "passphrase-needed"


@pytest.mark.parametrize("content", [None, b"", b"  \n", b"\xff\xfe\x00"])
def test_a_file_without_a_passphrase_is_told(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "passphrase"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(KnownError) as caught:
        secrets.passphrase(tmp_path, file)
    assert caught.value.code == "passphrase-file"


def test_a_file_in_the_way_of_the_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "p").write_text("not a folder")
    with pytest.raises(KnownError) as caught:
        catalogue_path(tmp_path / "p")
    assert caught.value.code == "profile-unusable"
