"""Photos of a visit, from the file to the record."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec import Raw

from fieldkit.domain.marks import Mark
from fieldkit.errors import KnownError
from fieldkit.registry import rules
from fieldkit.services import photos, visits
from fieldkit.store import attachments
from fieldkit.store.fieldwork import FieldStore
from fieldkit.sync.protocol import Changeset
from tests.photos import pictures


@pytest.fixture
def visit(store: FieldStore) -> str:
    return visits.new_visit(store, practice="Cabinet des Tilleuls")[0]


def taken(width: int = 64) -> photos.Photo:
    return photos.encode(photos.read(pictures.saved(pictures.scene(width))))


def test_a_photo_is_a_part_of_its_visit(store: FieldStore, visit: str) -> None:
    made = photos.add(store, visit, taken(), "Le lecteur du comptoir")
    (shown,) = visits.show_visit(store, visit)["photos"]
    assert shown["id"] == made
    assert shown["caption"] == "Le lecteur du comptoir"
    assert (shown["width"], shown["height"], shown["mime"]) == (64, 48, "image/jpeg")
    assert shown["sha256"] == taken().sha256
    assert shown["size"] == len(taken().jpeg)
    seen = photos.gallery(store, visit, [shown["sha256"]])
    assert seen == photos.Gallery({shown["sha256"]: taken().small}, waiting=1, elsewhere=0)


def test_nothing_tells_what_the_file_was_called(store: FieldStore, visit: str, tmp_path: Path) -> None:
    file = tmp_path / "Mme Dupont.jpg"
    file.write_bytes(pictures.photo())
    photos.add(store, visit, photos.encode(photos.read(file)))
    (record,) = store.of_visit("photo", visit)
    assert "Dupont" not in str(record)
    (ops,) = store.database.execute("SELECT ops FROM outbox ORDER BY seq DESC LIMIT 1").fetchone()
    assert "Dupont" not in ops
    assert record["sha256"] in ops


def test_a_social_security_number_in_a_caption_is_refused_with_the_photo(
    store: FieldStore, visit: str
) -> None:
    with pytest.raises(KnownError) as caught:
        photos.add(store, visit, taken(), "Dossier 1 85 05 78 006 084 36")
    assert caught.value.code == "nir-refused"
    assert store.of_visit("photo", visit) == []
    assert attachments.read(store.database, taken().sha256) is None


def test_a_photo_is_marked_again_in_its_place(store: FieldStore, visit: str) -> None:
    made = photos.add(store, visit, taken(), "Écran")
    before = store.get("photo", made)["sha256"]
    again = photos.encode(photos.open_stored(store, before), [Mark("blur", 0, 0, 20, 20)])
    changes = photos.replace(store, made, again)
    assert changes.touches("photo")
    after = store.get("photo", made)
    assert after["sha256"] == again.sha256 != before
    assert after["caption"] == "Écran"
    assert [blob.sha256 for blob in attachments.pending(store.database)] == [again.sha256]


def test_a_finalised_visit_takes_no_photo_and_forgets_the_one_that_was_taken_out(
    store: FieldStore, visit: str
) -> None:
    kept, gone = photos.add(store, visit, taken()), photos.add(store, visit, taken(60))
    visits.archive(store, "photo", gone)
    visits.finalise(store, visit)
    assert attachments.read(store.database, taken(60).sha256) is None
    assert attachments.read(store.database, taken().sha256) is not None
    for act in (
        lambda: photos.add(store, visit, taken()),
        lambda: photos.replace(store, kept, taken(60)),
        lambda: visits.set_part(store, "photo", kept, {"caption": "x"}),
    ):
        with pytest.raises(KnownError) as caught:
            act()
        assert caught.value.code == "visit-finalised"
    assert attachments.read(store.database, taken(60).sha256) is None


def test_a_photo_of_another_laptop_says_where_it_is(store: FieldStore, visit: str) -> None:
    with pytest.raises(KnownError) as caught:
        photos.open_stored(store, "ab" * 32)
    assert caught.value.code == "photo-elsewhere"
    assert photos.small(store, ["ab" * 32]) == {}
    with store.changeset("x") as c:
        c.create("photo", "user:me", {"visit": visit, "sha256": "ab" * 32})
    assert photos.gallery(store, visit, ["ab" * 32]) == photos.Gallery({}, waiting=0, elsewhere=1)


def test_a_printed_photo_is_small(store: FieldStore, visit: str) -> None:
    photos.add(store, visit, taken(2000))
    (printed,) = photos.small(store, [taken(2000).sha256]).values()
    assert photos.read(printed).width == 1024


def test_the_registry_takes_the_link_of_a_photo(store: FieldStore, visit: str) -> None:
    made = photos.add(store, visit, taken(), "Écran")
    photos.replace(store, made, taken(60))
    for (ops,) in store.database.execute("SELECT ops FROM outbox").fetchall():
        assert rules.read_ops(Changeset(seq=1, v=1, ops=Raw(ops.encode())))
