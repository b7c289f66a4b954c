"""Bytes of photos: kept with their record or not at all, given to whoever sends them, forgotten when they must be."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from fieldkit.errors import KnownError
from fieldkit.store import attachments, outbox
from fieldkit.store.fieldwork import FieldStore
from tests.conftest import KEY

SMALL, LARGE = b"small" * 10, b"large" * 10_000


@pytest.fixture
def visit(store: FieldStore) -> str:
    with store.changeset("x") as c:
        practice = c.create("practice", "dept:72", {"name": "Cabinet"})
        return c.create("visit", "dept:72", {"practice": practice, "date": "2026-11-25", "state": "draft"})


def take(store: FieldStore, visit: str, content: bytes) -> str:
    """A photo of the visit; returns its record."""
    with store.changeset("Nouvelle photo") as c:
        sha256 = attachments.keep(store.database, content, "image/jpeg", content[:5])
        return c.create("photo", "dept:72", {"visit": visit, "sha256": sha256, "size": len(content)})


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def blobs(store: FieldStore) -> set[str]:
    return {row[0] for row in store.database.execute("SELECT sha256 FROM blob")}


def finalise(store: FieldStore, visit: str) -> None:
    with store.changeset("x") as c:
        c.set("visit", visit, {"state": "finalised"})
        attachments.forget_removed(store.database, visit)


def test_bytes_are_found_under_their_digest_and_small_ones_beside(store: FieldStore, visit: str) -> None:
    take(store, visit, LARGE)
    assert attachments.read(store.database, digest(LARGE)) == LARGE
    assert attachments.read_small(store.database, [digest(LARGE), digest(SMALL)]) == {
        digest(LARGE): LARGE[:5]
    }
    assert attachments.read(store.database, digest(SMALL)) is None


def test_nothing_of_them_can_be_read_in_the_file(store: FieldStore, visit: str, tmp_path: Path) -> None:
    take(store, visit, LARGE)
    store.database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    files = b"".join(path.read_bytes() for path in tmp_path.iterdir() if path.is_file())
    assert len(files) > len(LARGE)
    assert LARGE[:20] not in files


def test_the_same_bytes_are_kept_once(store: FieldStore, visit: str) -> None:
    for _time in range(2):
        take(store, visit, LARGE)
    assert blobs(store) == {digest(LARGE)}
    assert len(store.of_visit("photo", visit)) == 2


def test_a_changeset_that_fails_keeps_no_bytes(store: FieldStore, visit: str) -> None:
    with pytest.raises(KnownError), store.changeset("x") as c:
        attachments.keep(store.database, LARGE, "image/jpeg", b"")
        c.create("photo", "dept:72", {"visit": visit, "caption": "1 85 05 78 006 084 36"})
    assert blobs(store) == set()


def test_a_full_disk_keeps_neither_photo_nor_link_and_says_so(store: FieldStore, visit: str) -> None:
    take(store, visit, SMALL)
    before = (blobs(store), outbox.counts(store.database), len(store.of_visit("photo", visit)))
    pages = store.database.execute("PRAGMA page_count").fetchone()[0]
    store.database.execute(f"PRAGMA max_page_count = {pages + 3}")
    with pytest.raises(KnownError) as caught:
        take(store, visit, LARGE)
    assert caught.value.code == "disk-full"
    assert (blobs(store), outbox.counts(store.database), len(store.of_visit("photo", visit))) == before
    store.database.execute(f"PRAGMA max_page_count = {pages + 300}")
    take(store, visit, LARGE)
    assert digest(LARGE) in blobs(store)


def arrive(store: FieldStore) -> None:
    """Have it that the registry has every record."""
    store.database.execute("UPDATE record SET rev = 1")


def test_what_is_to_be_sent_comes_smallest_first_and_stops_when_it_is_stored(
    store: FieldStore, visit: str
) -> None:
    take(store, visit, LARGE)
    take(store, visit, SMALL)
    found = attachments.pending(store.database)
    assert [(blob.sha256, blob.size) for blob in found] == [
        (digest(SMALL), len(SMALL)), (digest(LARGE), len(LARGE)),
    ]  # fmt: skip
    assert attachments.states(store.database, visit) == dict.fromkeys(
        [digest(SMALL), digest(LARGE)], "pending"
    )
    shelf = attachments.Shelf(store.database, lambda content: content[:5])
    assert shelf.read([digest(LARGE)]) == {digest(LARGE): LARGE}
    shelf.begun(digest(LARGE), "abc")
    shelf.failed(digest(LARGE), "full")
    assert shelf.to_send() == [], "the registry must have their records first, or it could not erase them"
    arrive(store)
    assert [(blob.remote, blob.tries, blob.trouble) for blob in shelf.to_send()] == [
        (None, 0, None), ("abc", 1, "full"),
    ]  # fmt: skip
    shelf.stored([digest(SMALL)])
    assert [blob.sha256 for blob in attachments.pending(store.database)] == [digest(LARGE)]
    assert attachments.states(store.database, visit)[digest(SMALL)] == "stored"
    assert attachments.read(store.database, digest(SMALL)) == SMALL


def test_a_photo_that_is_taken_out_is_not_sent(store: FieldStore, visit: str) -> None:
    photo = take(store, visit, SMALL)
    with store.changeset("Retiré") as c:
        c.archive("photo", photo)
    assert attachments.pending(store.database) == []
    with store.changeset("Remis en place") as c:
        c.archive("photo", photo, back=True)
    assert len(attachments.pending(store.database)) == 1


def test_what_was_taken_out_or_replaced_is_forgotten_when_the_visit_is_frozen(
    store: FieldStore, visit: str
) -> None:
    removed, replaced, shared = b"removed", b"replaced", b"shared"
    other = store.get("visit", visit)["practice"]
    with store.changeset("x") as c:
        draft = c.create("visit", "dept:72", {"practice": other, "date": "2026-11-25", "state": "draft"})
    kept = take(store, visit, replaced)
    gone = take(store, visit, removed)
    twice = take(store, visit, shared)
    take(store, draft, shared)
    out = take(store, draft, b"of another draft")
    with store.changeset("x") as c:
        c.set("photo", kept, {"sha256": attachments.keep(store.database, SMALL, "image/jpeg", b"")})
        for photo in (gone, twice, out):
            c.archive("photo", photo)
    assert len(blobs(store)) == 5
    finalise(store, visit)
    assert blobs(store) == {digest(SMALL), digest(shared), digest(b"of another draft")}


def test_a_damaged_photo_keeps_nobody_from_opening(store: FieldStore, visit: str, tmp_path: Path) -> None:
    take(store, visit, SMALL)
    take(store, visit, LARGE)
    file = tmp_path / "field.db"
    store.database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with file.open("r+b") as pages:
        pages.seek(-3 * 4096, 2)  # the newest pages hold the newest bytes
        pages.write(b"damage" * 100)
    opened = FieldStore.open(file, KEY)
    assert attachments.read(opened.database, digest(LARGE)) is None
    assert attachments.read(opened.database, digest(SMALL)) == SMALL
    assert attachments.read_small(opened.database, [digest(SMALL), digest(LARGE)]).keys() >= {digest(SMALL)}
    opened.close()


def test_damage_to_records_is_still_seen_at_once(store: FieldStore, visit: str, tmp_path: Path) -> None:
    for _time in range(40):
        take(store, visit, SMALL)
    root = store.database.execute("SELECT rootpage FROM sqlite_master WHERE name = 'record'").fetchone()[0]
    store.close()
    with (tmp_path / "field.db").open("r+b") as pages:
        pages.seek((root - 1) * 4096 + 100)
        pages.write(b"damage" * 100)
    with pytest.raises(KnownError) as caught:
        FieldStore.open(tmp_path / "field.db", KEY)
    assert caught.value.code == "database-corrupt"


def test_photos_come_to_a_profile_that_is_there_already(tmp_path: Path) -> None:
    before = FieldStore.open(tmp_path / "old.db", KEY)
    with before.changeset("x") as c:
        practice = c.create("practice", "dept:72", {"name": "Cabinet"})
    before.database.execute("DROP TABLE blob")
    before.database.execute("DELETE FROM migration WHERE name = '0003 photos'")
    before.close()
    after = FieldStore.open(tmp_path / "old.db", KEY)
    assert after.get("practice", practice)["name"] == "Cabinet"
    assert attachments.pending(after.database) == []
    after.close()


def test_what_another_laptop_made_is_asked_for_and_kept_as_stored(store: FieldStore, visit: str) -> None:
    with store.changeset("x") as c:
        new = {"visit": visit, "sha256": digest(SMALL), "made_at": "2999-01-01T00:00:00+00:00"}
        c.create("photo", "dept:72", new)
        c.create("photo", "dept:72", {"visit": visit, "sha256": digest(LARGE), "made_at": "2020-01-01"})
    shelf = attachments.Shelf(store.database, lambda content: content[:5])
    assert shelf.to_fetch() == [digest(SMALL)]
    assert set(shelf.to_fetch(visit)) == {digest(SMALL), digest(LARGE)}
    shelf.keep(digest(SMALL), *shelf.ready(SMALL))
    arrive(store)
    assert (shelf.to_fetch(), shelf.to_send()) == ([], [])
    take(store, visit, b"mine")
    shelf.stored([digest(b"mine")])
    attachments.send_again(store.database)
    arrive(store)
    assert [blob.sha256 for blob in shelf.to_send()] == [digest(b"mine")]
    assert attachments.read_small(store.database, [digest(SMALL)]) == {digest(SMALL): SMALL[:5]}
