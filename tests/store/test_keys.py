"""A passphrase opens one profile and no other, and a wrong one is not mistaken for damage."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldkit.errors import KnownError
from fieldkit.services.profile import open_profile
from fieldkit.services.visits import list_practices, new_visit
from fieldkit.store import keys


def first_start(folder: Path) -> None:
    profile = open_profile(folder, "genêt")
    new_visit(profile.store, practice="Cabinet des Tilleuls")
    profile.close()


def names(folder: Path, passphrase: str) -> list[str]:
    profile = open_profile(folder, passphrase)
    try:
        return [p["name"] for p in list_practices(profile.store)]
    finally:
        profile.close()


def test_what_was_written_is_there_again(tmp_path: Path) -> None:
    first_start(tmp_path)
    assert names(tmp_path, "genêt") == ["Cabinet des Tilleuls"]


def test_nothing_readable_is_on_the_disk(tmp_path: Path) -> None:
    first_start(tmp_path)
    for file in tmp_path.iterdir():
        assert b"Tilleuls" not in file.read_bytes()


def test_a_wrong_passphrase_is_told_and_harms_nothing(tmp_path: Path) -> None:
    first_start(tmp_path)
    with pytest.raises(KnownError) as caught:
        open_profile(tmp_path, "bruyère")
    assert caught.value.code == "passphrase-wrong"
    assert names(tmp_path, "genêt") == ["Cabinet des Tilleuls"]


@pytest.mark.parametrize("damage", ["missing", "garbage", "half"])
def test_a_lost_key_file_is_made_again(tmp_path: Path, damage: str) -> None:
    first_start(tmp_path)
    sealed = tmp_path / keys.KEY_FILE
    text = sealed.read_text()
    sealed.unlink()
    if damage != "missing":
        sealed.write_text("{" if damage == "garbage" else '{"kdf": "scrypt"}')
    assert names(tmp_path, "genêt") == ["Cabinet des Tilleuls"]
    if damage == "missing":
        assert sealed.read_text() == text


@pytest.mark.parametrize("place", [0, 2000, -3000])
def test_a_damaged_file_is_told_and_kept(tmp_path: Path, place: int) -> None:
    first_start(tmp_path)
    file = tmp_path / keys.FIELD_FILE
    content = bytearray(file.read_bytes())
    content[place : place + 200] = b"\xff" * 200
    file.write_bytes(content)
    with pytest.raises(KnownError) as caught:
        open_profile(tmp_path, "genêt")
    assert caught.value.code == "database-corrupt"
    assert "sauvegarde" in caught.value.hint
    assert file.read_bytes() == content


def test_a_key_file_without_a_database_is_not_a_profile(tmp_path: Path) -> None:
    first_start(tmp_path)
    (tmp_path / keys.FIELD_FILE).unlink()
    assert not keys.exists(tmp_path)
    with pytest.raises(KnownError) as caught:
        open_profile(tmp_path)
    assert caught.value.code == "passphrase-new"
    assert names(tmp_path, "nouvelle") == []


def test_no_keyring_and_no_passphrase_asks_for_one(tmp_path: Path) -> None:
    first_start(tmp_path)
    with pytest.raises(KnownError) as caught:
        open_profile(tmp_path)
    assert caught.value.code == "passphrase-needed"
    assert "--passphrase-file" in caught.value.hint


def test_a_newer_profile_is_refused_and_kept(tmp_path: Path) -> None:
    first_start(tmp_path)
    profile = open_profile(tmp_path, "genêt")
    profile.store.database.execute("INSERT INTO migration (name) VALUES ('9999 from the future')")
    profile.close()
    with pytest.raises(KnownError) as caught:
        open_profile(tmp_path, "genêt")
    assert caught.value.code == "database-newer"
