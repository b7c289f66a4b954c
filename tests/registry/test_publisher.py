"""What the keeper of a registry publishes: keys, thresholds, what is kept and what is swept away."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from tuf.api.metadata import Metadata, Root

from fieldkit.errors import KnownError
from fieldkit.registry import publisher
from fieldkit.registry.publisher import KEPT, New, Workshop
from fieldkit.services import publishing
from fieldkit.sync import editions


@pytest.fixture
def at(tmp_path: Path) -> Workshop:
    """Publications that were begun."""
    made = Workshop(tmp_path / "publications", (tmp_path / "keys",))
    publisher.begin(made)
    return made


def files(at: Workshop) -> set[str]:
    """What is published, by path."""
    return {str(file.relative_to(at.folder)) for file in at.folder.rglob("*") if file.is_file()}


def root(at: Workshop) -> Metadata[Root]:
    """The newest root."""
    return Metadata[Root].from_bytes((at.folder / "metadata" / "root.json").read_bytes())


def refusal(code: str) -> pytest.RaisesExc[KnownError]:
    """Something is refused for this reason."""
    return pytest.raises(KnownError, check=lambda error: error.code == code)


def test_keys_are_their_owners_and_stay_out_of_what_is_published(at: Workshop) -> None:
    keys = sorted(at.keys[0].iterdir())
    assert [key.name for key in keys] == [
        *("root-1.pem", "root-2.pem", "root-3.pem", "snapshot.pem", "targets.pem", "timestamp.pem"),
    ]
    if os.name == "posix":
        assert {stat.S_IMODE(key.stat().st_mode) for key in keys} == {0o600}
    everything = b"".join(file.read_bytes() for file in at.folder.rglob("*") if file.is_file())
    assert b"PRIVATE" not in everything
    with refusal("keys-published"):
        publishing.workshop(at.folder, [at.folder / "keys"])
    with refusal("publications-exist"):
        publisher.begin(at)
    with refusal("threshold-wrong"):
        publisher.begin(Workshop(at.folder.with_name("other"), at.keys), 2, 3)


def test_the_daily_work_needs_no_root_key(at: Workshop) -> None:
    for key in at.keys[0].glob("root-*.pem"):
        key.unlink()
    publisher.publish(at, [New("catalogue", b"one", "2026-01")])
    publisher.refresh(at)
    with refusal("key-missing"):
        publisher.new_root(at)


def test_a_new_root_needs_as_many_old_keys_as_the_threshold(at: Workshop) -> None:
    elsewhere = at.folder.with_name("usb")
    elsewhere.mkdir()
    for name in ("root-1.pem", "root-2.pem"):
        (at.keys[0] / name).rename(elsewhere / name)
    with refusal("key-missing"):
        publisher.new_root(at, ["timestamp"])
    both = Workshop(at.folder, (*at.keys, elsewhere))
    before = root(at).signed.keys
    publisher.new_root(both, ["root-1", "timestamp"])
    after = root(at)
    assert after.signed.version == 2
    assert len(set(after.signed.keys) - set(before)) == 2
    assert len(after.signed.roles["root"].keyids) == 3
    assert (elsewhere / "root-1.old-1.pem").exists()
    old = Metadata[Root].from_bytes((at.folder / "metadata" / "1.root.json").read_bytes()).signed
    for judge in (old, after.signed):
        judge.verify_delegate("root", after.signed_bytes, after.signatures)
    with refusal("key-unknown"):
        publisher.new_root(both, ["root-9"])
    publisher.publish(at, [New("catalogue", b"signed with the new key", "2026-02")])


def test_a_passphrase_locks_the_keys(tmp_path: Path) -> None:
    locked = Workshop(tmp_path / "publications", (tmp_path / "keys",), "bruyère")
    publisher.begin(locked, 1, 1)
    assert b"ENCRYPTED" in (tmp_path / "keys" / "root-1.pem").read_bytes()
    publisher.publish(locked, [New("catalogue", b"one", "2026-01")])
    for wrong in (None, "genêt"):
        with refusal("key-locked"):
            publisher.publish(
                Workshop(locked.folder, locked.keys, wrong), [New("catalogue", b"two", "2026-02")]
            )


def test_differences_from_the_last_editions_are_there_and_older_files_go(at: Workshop) -> None:
    contents = [f"edition {number} ".encode() * 900 for number in range(KEPT + 4)]
    for number, content in enumerate(contents, start=1):
        made = publisher.publish(at, [New("catalogue", content, f"2026-{number:02}")])
        assert made[0].number == number
    since = [name for name in files(at) if "since-" in name]
    known = {editions.digest(content) for content in contents[-KEPT - 1 : -1]}
    assert known <= {name.rpartition("since-")[2].removesuffix(".zst") for name in since}
    assert len([name for name in files(at) if name.endswith(".whole.zst")]) <= KEPT + 2
    assert len([name for name in files(at) if name.endswith((".targets.json", ".snapshot.json"))]) == 4
    assert len(files(at)) < 30


def test_the_same_again_is_no_new_edition(at: Workshop) -> None:
    first = publisher.publish(at, [New("catalogue", b"one", "2026-01")])
    assert publisher.publish(at, [New("catalogue", b"one", "2026-01")]) == first
    assert publisher.publish(at, [New("catalogue", b"one", "2026-02")])[0].number == 2
    other = publisher.publish(at, [New("directory/72", b"x", "2026-02")])
    assert other[0].number == 1
    told = publisher.status(at.folder)
    assert set(told["editions"]) == {"catalogue", "directory/72"}
    assert told["editions"]["catalogue"]["number"] == 2


def test_without_publications_there_is_nothing_to_tell(tmp_path: Path) -> None:
    with refusal("publications-none"):
        publisher.status(tmp_path)
    with refusal("publications-none"):
        publisher.publish(Workshop(tmp_path, (tmp_path / "keys",)), [])
