"""Photos go to the registry and come to colleagues, whatever is cut, damaged or refused on the way."""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from PIL import Image

from fieldkit.errors import KnownError
from fieldkit.registry import admin
from fieldkit.registry.database import write
from fieldkit.services import photos, sync
from fieldkit.store import attachments
from fieldkit.store.replica import Replica
from fieldkit.sync import uploads
from fieldkit.sync.client import Registry
from fieldkit.sync.engine import Progress, Synchronisation
from fieldkit.sync.uploads import Carried, Carrying
from tests.registry.cut_link import cut_link
from tests.registry.live import LiveRegistry
from tests.sync.laptop import Cut, Killed, Laptop, killed_at


def picture(seed: int, side: int = 300) -> photos.Photo:
    """A photo that compresses badly, so that it has some size."""
    grey = bytes(level & 0x3F for level in random.Random(seed).randbytes(side * side))
    return photos.encode(photos.Picture(side, side, bytes(level for level in grey for _colour in "rgb")))


def visit_of(laptop: Laptop, practice: str | None = None) -> str:
    practice = practice or laptop.practice(name="Tilleuls")
    with laptop.store.changeset("Visite") as c:
        about = {"practice": practice, "date": "2026-11-25", "state": "draft"}
        return c.create("visit", "dept:72", about)


def take(laptop: Laptop, visit: str, *made: photos.Photo) -> list[str]:
    for photo in made:
        photos.add(laptop.store, visit, photo)
    return [photo.sha256 for photo in made]


def carry(
    laptop: Laptop,
    transport: httpx.BaseTransport | None = None,
    on_database: Callable[..., object] = sync.here,
    url: str = "",
    cancelled: Callable[[], bool] = lambda: False,
    report: Callable[[Progress], None] = lambda _progress: None,
) -> Carried:
    """Synchronise over a network, or with a database, that may fail."""
    shelf = attachments.Shelf(laptop.store.database, photos.small_of)
    with Registry(url or laptop.url, laptop.token, transport=transport) as registry:
        carrying = Carrying(registry, shelf, on_database, report, cancelled)  # type: ignore[arg-type]
        replica = Replica(laptop.store.database)
        Synchronisation(registry, replica, sync.here, afterwards=[carrying.send, carrying.fetch]).run()
    return carrying.done


class Counted(httpx.HTTPTransport):
    """A network that notes what was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[str] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Note and pass on."""
        self.calls.append(f"{request.method} {request.url.path.split('/')[4]}")
        return super().handle_request(request)


def stored(registry: LiveRegistry, sha256: str) -> bool:
    return (registry.folder / "blobs" / sha256[:2] / sha256).exists()


def test_a_photo_goes_and_a_colleague_sees_it(registry: LiveRegistry, anne: Laptop, bruno: Laptop) -> None:
    visit = visit_of(anne)
    (sha256,) = take(anne, visit, picture(1))
    assert photos.gallery(anne.store, visit, []).waiting == 1
    assert [p["label"] for p in sync.status(anne.store)["photos"]] == ["Tilleuls, photo en attente 1/1"]
    assert anne.sync()["attachments"] == {"sent": 1, "left": 0, "received": 0, "missing": 0}
    assert stored(registry, sha256)
    assert photos.gallery(anne.store, visit, []).waiting == 0
    assert attachments.read(anne.store.database, sha256), "local bytes stay"
    assert bruno.sync()["attachments"]["received"] == 1
    seen = photos.gallery(bruno.store, visit, [sha256])
    assert (seen.elsewhere, seen.waiting) == (0, 0)
    assert Image.open(io.BytesIO(seen.small[sha256])).size == (300, 300)
    assert photos.open_stored(bruno.store, sha256).width == 300
    assert bruno.sync()["attachments"] == {"sent": 0, "left": 0, "received": 0, "missing": 0}


def test_the_photos_of_a_visit_that_is_opened_come_alone(
    registry: LiveRegistry, anne: Laptop, bruno: Laptop, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit = visit_of(anne)
    take(anne, visit, picture(1), picture(2))
    anne.sync()
    monkeypatch.setattr(uploads, "MOST_FETCHED", 0)
    assert sync.fetch_photos(bruno.store, visit) == 0, "a registry never met is not asked"
    bruno.sync()
    assert photos.gallery(bruno.store, visit, []).elsewhere == 2
    monkeypatch.undo()
    assert sync.fetch_photos(bruno.store, visit) == 2
    assert sync.fetch_photos(bruno.store, visit) == 0


def test_what_is_not_there_yet_is_asked_for_again(
    registry: LiveRegistry, anne: Laptop, bruno: Laptop
) -> None:
    visit = visit_of(anne)
    take(anne, visit, picture(1))
    anne.exchange()
    assert bruno.sync()["attachments"]["missing"] == 1
    anne.sync()
    assert bruno.sync()["attachments"]["received"] == 1


def test_smallest_first_and_what_the_registry_has_is_not_sent(
    registry: LiveRegistry, anne: Laptop, bruno: Laptop
) -> None:
    visit = visit_of(anne)
    large, small = picture(1, 400), picture(2, 20)
    assert len(small.jpeg) < uploads.AT_ONCE < len(large.jpeg)
    take(anne, visit, large, small)
    network = Counted()
    said: list[Progress] = []
    assert carry(anne, network, report=said.append).sent == 2
    assert network.calls[-4:] == ["POST uploads", "HEAD blobs", "POST uploads", "PATCH uploads"]
    assert [(one.step, one.done, one.total) for one in said] == [("photos", 1, 2), ("photos", 2, 2)]
    bruno.sync()
    take(bruno, visit, large)
    bruno.store.database.execute("UPDATE blob SET state = 'pending'")
    network = Counted()
    assert carry(bruno, network).sent == 2
    assert network.calls.count("PATCH uploads") == 0


def test_every_photo_arrives_over_a_link_that_is_cut(
    registry: LiveRegistry, anne: Laptop, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = take(anne, visit_of(anne), *(picture(n, 500) for n in range(4)))
    anne.exchange()
    with cut_link(registry.url, 60_000) as link:
        assert carry(anne, url=link.url).left == 0
        assert link.cuts >= 4
    assert all(stored(registry, sha256) for sha256 in made)


@pytest.mark.parametrize("answered", [False, True])
@pytest.mark.parametrize("path", ["/uploads", "PATCH"])
def test_a_cut_is_made_good_by_the_next_run(
    registry: LiveRegistry, anne: Laptop, path: str, answered: bool
) -> None:
    (sha256,) = take(anne, visit_of(anne), picture(1, 400))

    class CutPatch(Cut):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            self._path = request.url.path if request.method == "PATCH" else "nothing"
            return super().handle_request(request)

    broken = CutPatch("", answered=answered) if path == "PATCH" else Cut(path, answered=answered)
    if path == "PATCH" and answered:
        assert carry(anne, broken).left == 0, "the offset tells that it came"
    else:
        with pytest.raises(KnownError) as caught:
            carry(anne, broken)
        assert caught.value.code == "registry-unreachable"
        (waiting,) = attachments.pending(anne.store.database)
        assert (waiting.tries, waiting.trouble) == (1, "registry-unreachable")
        assert anne.sync()["attachments"]["left"] == 0
    assert stored(registry, sha256)


def test_a_kill_at_any_moment_loses_no_photo(registry: LiveRegistry, anne: Laptop) -> None:
    visit = visit_of(anne)
    made = take(anne, visit, picture(1), picture(2, 20))
    for call in range(1, 20):
        try:
            carry(anne, on_database=killed_at(call))
        except Killed:
            anne.reopen()
            take(anne, visit, picture(10 + call, 40))
        else:
            break
    assert call > 4
    assert anne.sync()["attachments"]["left"] == 0
    assert all(stored(registry, sha256) for sha256 in made)


def test_an_upload_that_is_forgotten_begins_anew(registry: LiveRegistry, anne: Laptop) -> None:
    (sha256,) = take(anne, visit_of(anne), picture(1, 400))
    attachments.Shelf(anne.store.database, photos.small_of).begun(sha256, "0" * 32)
    assert anne.sync()["attachments"]["left"] == 0
    assert stored(registry, sha256)


def test_a_damaged_photo_keeps_no_other_from_travelling(registry: LiveRegistry, anne: Laptop) -> None:
    damaged, sound = take(anne, visit_of(anne), picture(1, 20), picture(2, 40))
    anne.store.database.execute("UPDATE blob SET bytes = x'00' WHERE sha256 = ?", [damaged])
    assert anne.sync()["attachments"] == {"sent": 1, "left": 1, "received": 0, "missing": 0}
    (waiting,) = attachments.pending(anne.store.database)
    assert (waiting.sha256, waiting.trouble) == (damaged, "photo-damaged")
    assert stored(registry, sound)


def test_a_photo_that_is_refused_keeps_no_other_from_travelling(
    registry: LiveRegistry, anne: Laptop, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(anne, visit_of(anne), picture(1, 20), picture(2, 400))
    monkeypatch.setattr("fieldkit.registry.uploads.MAX_BLOB", 20_000)
    assert anne.sync()["attachments"]["left"] == 1
    (waiting,) = attachments.pending(anne.store.database)
    assert waiting.trouble == "too-large"
    monkeypatch.undo()
    assert anne.sync()["attachments"]["left"] == 0


def test_a_full_registry_says_so_and_records_went_first(
    registry: LiveRegistry, anne: Laptop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: object) -> None:
        raise OSError(28, "No space left on device")

    take(anne, visit_of(anne), picture(1))
    with monkeypatch.context() as broken:
        broken.setattr("fieldkit.registry.uploads.os.fsync", full)
        with pytest.raises(KnownError) as caught:
            anne.sync()
    assert caught.value.code == "registry-full"
    status = sync.status(anne.store)
    assert (status["waiting"], status["photos"][0]["tries"]) == ([], 1)
    assert "plein" in status["photos"][0]["reason"]
    assert anne.sync()["attachments"]["left"] == 0


def test_it_stops_between_two_photos_when_asked(registry: LiveRegistry, anne: Laptop) -> None:
    take(anne, visit_of(anne), picture(1, 20), picture(2, 30), picture(3, 40))
    sent: list[Progress] = []
    done = carry(anne, cancelled=lambda: len(sent) == 1, report=sent.append)
    assert (done.sent, done.left) == (1, 2)
    assert len(attachments.pending(anne.store.database)) == 2


def test_other_bytes_than_named_are_not_kept(registry: LiveRegistry, anne: Laptop, bruno: Laptop) -> None:
    visit = visit_of(anne)
    (sha256,) = take(anne, visit, picture(1))
    anne.sync()
    (registry.folder / "blobs" / sha256[:2] / sha256).write_bytes(b"other")
    assert bruno.sync()["attachments"] == {"sent": 0, "left": 0, "received": 0, "missing": 1}


def test_a_registry_that_lost_everything_gets_the_photos_again(
    registry: LiveRegistry, anne: Laptop, tmp_path: Path
) -> None:
    (sha256,) = take(anne, visit_of(anne), picture(1))
    anne.sync()
    registry.clear()
    token = registry.token("anne", "dept:72")
    write(registry.engine, admin.new_epoch)
    sync.configure(anne.store, registry.url, token)
    assert anne.sync()["attachments"]["sent"] == 1
    assert stored(registry, sha256)
