"""Many small photos to the registry over HTTP, beside an independent client of tus (tuspy) on the same one."""

from __future__ import annotations

import hashlib
import io
import random
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from tusclient.client import TusClient

from fieldkit.store import attachments
from fieldkit.sync.protocol import BASE
from tests.bench.row import Row, beside_peer
from tests.registry.caller import Caller
from tests.registry.live import live_registry, sqlite_url
from tests.sync.laptop import Laptop

NUMBER: Final = 1_000
SIZE: Final = 4_096
FEW: Final = 200
"""How many the peer sends: its figure is taken as that of `NUMBER`."""


def rows(folder: Path) -> list[Row]:
    """Seconds for 1,000 files of 4 kB: records sent before, bytes read from the encrypted file and noted as stored."""
    with live_registry(sqlite_url(folder, "photos.db")) as registry:
        laptop = Laptop.of(folder, registry, "anne", "dept:72")
        _take(laptop, [random.Random(n).randbytes(SIZE) for n in range(NUMBER)])
        laptop.exchange()
        ours = _seconds(laptop.sync)
        assert attachments.pending(laptop.store.database) == []
        laptop.store.close()
        others = [random.Random(-n).randbytes(SIZE) for n in range(1, FEW + 1)]
        token = registry.token("bruno", "dept:72")
        with Caller(registry.url, token, "b" * 16) as bruno:
            client = TusClient(
                registry.url + BASE + "/uploads",
                headers={"Authorization": f"Bearer {token}", "Fieldkit-Device": bruno.device},
            )
            peer = _seconds(lambda: _upload(client, others)) * NUMBER / FEW
    return [beside_peer("photos: 1,000 files of 4 kB, s (tuspy)", ours, peer, 20)]


def _take(laptop: Laptop, contents: Sequence[bytes]) -> None:
    """Photos of one visit, in one changeset."""
    practice = laptop.practice(name="Tilleuls")
    with laptop.store.changeset("Photos") as c:
        about = {"practice": practice, "date": "2026-11-25", "state": "draft"}
        visit = c.create("visit", "dept:72", about)
        for content in contents:
            sha256 = attachments.keep(laptop.store.database, content, "image/jpeg", content[:100])
            c.create("photo", "dept:72", {"visit": visit, "sha256": sha256, "size": len(content)})


def _upload(client: TusClient, contents: Sequence[bytes]) -> None:
    for content in contents:
        about = {"sha256": hashlib.sha256(content).hexdigest()}
        client.uploader(file_stream=io.BytesIO(content), metadata=about, chunk_size=SIZE).upload()


def _seconds(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began
