"""Attachments: tus 1.0 as an independent client speaks it, cut, resumed, expired, refused; and who may read them."""

from __future__ import annotations

import base64
import hashlib
import io
import random
import socket
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from sqlalchemy import select, update
from tusclient.client import TusClient

from fieldkit.registry import blobs
from fieldkit.registry.database import reading, write
from fieldkit.registry.tables import blob, upload
from fieldkit.sync.protocol import BASE, MAX_BLOB
from tests.registry.caller import Caller, problem_of
from tests.registry.cut_link import cut_link
from tests.registry.live import LiveRegistry

TUS = {"Tus-Resumable": "1.0.0"}
PIECE = {**TUS, "Content-Type": "application/offset+octet-stream"}
UPLOADS = BASE + "/uploads"


@pytest.fixture
def anne(registry: LiveRegistry) -> Iterator[Caller]:
    with Caller(registry.url, registry.token("anne", "dept:72")) as caller:
        yield caller


@pytest.fixture
def bruno(registry: LiveRegistry) -> Iterator[Caller]:
    with Caller(registry.url, registry.token("bruno", "dept:72", role="reader"), "b" * 16) as caller:
        yield caller


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def begin(caller: Caller, content: bytes, **headers: str) -> httpx.Response:
    metadata = "sha256 " + base64.b64encode(sha256(content).encode()).decode()
    about = {**TUS, "Upload-Length": str(len(content)), "Upload-Metadata": metadata}
    return caller.http.post(UPLOADS, headers={**about, **headers})


def append(caller: Caller, place: str, offset: int, content: bytes) -> httpx.Response:
    return caller.http.patch(place, content=content, headers={**PIECE, "Upload-Offset": str(offset)})


def give(caller: Caller, content: bytes) -> httpx.Response:
    return append(caller, begin(caller, content).headers["Location"], 0, content)


def test_bytes_come_in_pieces_and_go_out_whole(registry: LiveRegistry, anne: Caller) -> None:
    content = random.Random(1).randbytes(5000)
    made = begin(anne, content)
    assert (made.status_code, made.headers["Tus-Resumable"]) == (201, "1.0.0")
    assert made.headers["Upload-Expires"].endswith("GMT")
    place = made.headers["Location"]
    assert append(anne, place, 0, content[:2000]).headers["Upload-Offset"] == "2000"
    told = anne.http.head(place, headers=TUS)
    assert (told.headers["Upload-Offset"], told.headers["Upload-Length"]) == ("2000", "5000")
    assert told.headers["Cache-Control"] == "no-store"
    assert anne.http.head(f"{BASE}/blobs/{sha256(content)}").status_code == 404
    last = append(anne, place, 2000, content[2000:])
    assert (last.status_code, last.headers["Upload-Offset"]) == (204, "5000")
    assert anne.http.head(place, headers=TUS).headers["Upload-Offset"] == "5000"
    given = anne.http.get(f"{BASE}/blobs/{sha256(content)}")
    assert given.content == content
    assert given.headers["Content-Type"] == "application/octet-stream"
    part = anne.http.get(f"{BASE}/blobs/{sha256(content)}", headers={"Range": "bytes=10-19"})
    assert (part.status_code, part.content) == (206, content[10:20])
    assert not list((registry.folder / "uploads").iterdir())


def test_a_wrong_offset_is_told_with_the_right_one(anne: Caller) -> None:
    place = begin(anne, b"0123456789").headers["Location"]
    append(anne, place, 0, b"0123")
    for offset in (0, 5):
        answer = append(anne, place, offset, b"x")
        assert (answer.status_code, problem_of(answer)) == (409, "offset-differs")
        assert answer.json()["expected"] == 4
    append(anne, place, 4, b"456789")
    assert (
        append(anne, place, 10, b"").status_code == 204
    )  # the last answer was lost: said again, all is well


def test_other_bytes_than_promised_are_thrown_away(registry: LiveRegistry, anne: Caller) -> None:
    place = begin(anne, b"promised").headers["Location"]
    answer = append(anne, place, 0, b"altered!")
    assert (answer.status_code, problem_of(answer)) == (422, "digest-differs")
    assert anne.http.head(place, headers=TUS).status_code == 404
    assert anne.http.get(f"{BASE}/blobs/{sha256(b'promised')}").status_code == 404
    assert not list((registry.folder / "uploads").iterdir())


def test_more_bytes_than_promised_are_refused(anne: Caller) -> None:
    place = begin(anne, b"1234").headers["Location"]
    assert problem_of(append(anne, place, 0, b"12345")) == "too-large"
    assert append(anne, place, 0, b"1234").status_code == 204


def test_an_empty_attachment_is_stored_at_once(anne: Caller) -> None:
    assert begin(anne, b"").status_code == 201
    assert anne.http.get(f"{BASE}/blobs/{sha256(b'')}").content == b""


def test_an_upload_may_begin_with_its_bytes(registry: LiveRegistry, anne: Caller) -> None:
    content = random.Random(3).randbytes(4096)
    metadata = "sha256 " + base64.b64encode(sha256(content).encode()).decode()
    about = {**PIECE, "Upload-Length": "4096", "Upload-Metadata": metadata}
    made = anne.http.post(UPLOADS, content=content, headers=about)
    assert (made.status_code, made.headers["Upload-Offset"]) == (201, "4096")
    assert anne.http.get(f"{BASE}/blobs/{sha256(content)}").content == content
    half = anne.http.post(UPLOADS, content=content[:1000], headers=about)
    assert half.headers["Upload-Offset"] == "1000"
    assert append(anne, half.headers["Location"], 1000, content[1000:]).headers["Upload-Offset"] == "4096"
    other = anne.http.post(UPLOADS, content=content[::-1], headers=about)
    assert (other.status_code, problem_of(other)) == (422, "digest-differs")
    longer = anne.http.post(UPLOADS, content=content + b"x", headers=about)
    assert (longer.status_code, problem_of(longer)) == (413, "too-large")


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({"Tus-Resumable": "0.2.2"}, 412, "tus-version"),
        ({"Upload-Length": str(MAX_BLOB + 1)}, 413, "too-large"),
        ({"Upload-Length": "-1"}, 400, "malformed"),
        ({"Upload-Length": "1.5"}, 400, "malformed"),
        ({"Upload-Length": "1" * 30}, 400, "malformed"),
        ({"Upload-Metadata": ""}, 400, "malformed"),
        ({"Upload-Metadata": "sha256 !!!"}, 400, "malformed"),
        ({"Upload-Metadata": "sha256 " + base64.b64encode(b"../" * 20).decode()}, 400, "malformed"),
    ],
)
def test_an_upload_has_a_form(anne: Caller, headers: dict[str, str], status: int, code: str) -> None:
    answer = begin(anne, b"x", **headers)
    assert (answer.status_code, problem_of(answer)) == (status, code)


@pytest.mark.parametrize(
    "path",
    [
        "/blobs/../../../etc/passwd",
        "/blobs/..%2f..%2fregistry.db",
        "/blobs/%2e%2e/%2e%2e/registry.db",
        "/blobs/" + "a" * 63 + "%00",
        "/blobs/" + "A" * 64,
        "/blobs/" + "a" * 64,
        "/uploads/..%2fblobs",
        "/uploads/%2e%2e",
        "/uploads/" + "0" * 32,
    ],
)
def test_a_path_leads_nowhere_else(anne: Caller, path: str) -> None:
    answer = anne.http.get(BASE + path, headers=TUS)
    assert answer.status_code in (404, 405)
    assert problem_of(answer) in ("no-such-blob", "no-such-call")
    assert anne.http.head(BASE + path, headers=TUS).status_code in (404, 405)


def test_what_the_registry_speaks_of_tus_is_told(registry: LiveRegistry) -> None:
    told = httpx.options(registry.url + UPLOADS, verify=False)
    assert (told.status_code, told.headers["Tus-Version"]) == (204, "1.0.0")
    assert told.headers["Tus-Extension"] == "creation,creation-with-upload,expiration"
    assert told.headers["Tus-Max-Size"] == str(MAX_BLOB)


def test_an_upload_expires_and_leaves_nothing(registry: LiveRegistry, anne: Caller) -> None:
    place = begin(anne, b"1234").headers["Location"]
    write(registry.engine, lambda db: db.execute(update(upload).values(until=1)))
    answer = append(anne, place, 0, b"1234")
    assert (answer.status_code, problem_of(answer)) == (410, "upload-expired")
    begin(anne, b"another")
    assert len(list((registry.folder / "uploads").iterdir())) == 1
    assert anne.http.head(place, headers=TUS).status_code == 404


def test_unfinished_uploads_have_a_number(
    registry: LiveRegistry, anne: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blobs, "MOST_OPEN", 2)
    assert [begin(anne, b"x").status_code for _ in range(3)] == [201, 201, 429]
    assert begin(anne, b"x").headers["Retry-After"]
    assert len(list(registry.folder.rglob("uploads/*"))) == 2  # who is refused leaves no file


def test_an_upload_is_its_makers_own(anne: Caller, bruno: Caller) -> None:
    place = begin(anne, b"1234").headers["Location"]
    assert bruno.http.head(place, headers=TUS).status_code == 404
    assert problem_of(append(bruno, place, 0, b"1234")) == "no-such-upload"


def test_an_attachment_is_read_where_its_giver_named_it(
    registry: LiveRegistry, anne: Caller, bruno: Caller
) -> None:
    give(anne, b"photo")
    there = f"{BASE}/blobs/{sha256(b'photo')}"
    assert anne.http.get(there).content == b"photo"
    assert problem_of(bruno.http.get(there)) == "no-such-blob"
    anne.push((1, [anne.create("practice", sha256=sha256(b"photo"))]))
    assert bruno.http.get(there).content == b"photo"
    with Caller(registry.url, registry.token("chloe", "dept:44"), "c" * 16) as chloe:
        assert problem_of(chloe.http.get(there)) == "no-such-blob"
        chloe.push((1, [chloe.create("practice", "dept:44", sha256=sha256(b"photo"))]))
        assert (
            problem_of(chloe.http.get(there)) == "no-such-blob"
        )  # to know a digest is not to have the bytes
        give(chloe, b"photo")
        assert chloe.http.get(there).content == b"photo"


def test_bytes_put_away_before_a_crash_are_found(registry: LiveRegistry, anne: Caller) -> None:
    place = begin(anne, b"1234").headers["Location"]
    append(anne, place, 0, b"12")
    name = place.rpartition("/")[2]
    shelf = blobs.Shelf(registry.folder)
    with shelf.upload(name).open("ab") as file:
        file.write(b"34")
    assert shelf.put_away(name, sha256(b"1234"))
    assert anne.http.head(place, headers=TUS).headers["Upload-Offset"] == "4"
    assert anne.http.get(f"{BASE}/blobs/{sha256(b'1234')}").content == b"1234"


def test_a_dead_connection_keeps_nobody_waiting(
    registry: LiveRegistry, anne: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fieldkit.registry.uploads.SILENCE_SECONDS", 1)
    content = random.Random(2).randbytes(1000)
    place = begin(anne, content).headers["Location"]
    where = urlsplit(registry.url)
    with socket.create_connection((str(where.hostname), where.port or 0)) as dead:
        head = f"PATCH {place} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\nUpload-Offset: 0\r\n"
        wanted = ("authorization", "fieldkit-device")
        lines = [f"{name}: {anne.http.headers[name]}\r\n" for name in wanted]
        lines += [f"{name}: {value}\r\n" for name, value in PIECE.items()]
        dead.sendall((head + "".join(lines) + "\r\n").encode() + content[:400])
        part = blobs.Shelf(registry.folder).upload(place.rpartition("/")[2])
        while part.stat().st_size < 400:
            pass
        assert anne.http.head(place, headers=TUS).headers["Upload-Offset"] == "400"
        assert append(anne, place, 400, content[400:]).headers["Upload-Offset"] == "1000"
    assert anne.http.get(f"{BASE}/blobs/{sha256(content)}").content == content


def test_methods_that_a_network_keeps_out_travel_as_post(anne: Caller) -> None:
    place = begin(anne, b"1234").headers["Location"]
    headers = {**PIECE, "Upload-Offset": "0", "X-HTTP-Method-Override": "PATCH"}
    assert anne.http.post(place, content=b"1234", headers=headers).status_code == 204
    del headers["X-HTTP-Method-Override"]
    assert anne.http.post(place, content=b"1234", headers=headers).status_code == 405


def test_a_full_disk_is_told_and_nothing_is_lost(anne: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_args: Any) -> None:
        raise OSError(28, "No space left on device")

    place = begin(anne, b"1234").headers["Location"]
    with monkeypatch.context() as broken:
        broken.setattr("fieldkit.registry.uploads.os.fsync", full)
        answer = append(anne, place, 0, b"12")
        assert (answer.status_code, problem_of(answer)) == (507, "full")
    offset = int(anne.http.head(place, headers=TUS).headers["Upload-Offset"])
    assert append(anne, place, offset, b"1234"[offset:]).status_code == 204


def over_a_bad_link(registry: LiveRegistry, number: int, size: int, every: int) -> None:
    """Send photos with tuspy over a link that breaks each `every` bytes, and compare what was stored."""
    rng = random.Random(number)
    photos = [rng.randbytes(rng.randint(size // 2, size)) for _ in range(number)]
    token = registry.token("anne", "dept:72")
    with Caller(registry.url, token) as anne, cut_link(registry.url, every) as link:
        headers = {"Authorization": f"Bearer {token}", "Fieldkit-Device": anne.device}
        client = TusClient(link.url + UPLOADS, headers=headers)
        for photo in photos:
            about = {"sha256": sha256(photo)}
            uploader = client.uploader(
                file_stream=io.BytesIO(photo), metadata=about, retries=200, retry_delay=0, chunk_size=size
            )
            uploader.upload()
        assert link.cuts >= number // 2
        for photo in photos:
            assert sha256(anne.http.get(f"{BASE}/blobs/{sha256(photo)}").content) == sha256(photo)
    with reading(registry.engine) as db:
        assert set(db.scalars(select(blob.c.sha256))) == {sha256(photo) for photo in photos}


def test_photos_over_a_link_that_is_cut(registry: LiveRegistry) -> None:
    over_a_bad_link(registry, number=8, size=800_000, every=200_000)


@pytest.mark.soak
def test_175_photos_over_a_link_cut_every_300_kilobytes(registry: LiveRegistry) -> None:
    over_a_bad_link(registry, number=175, size=1_200_000, every=300_000)
