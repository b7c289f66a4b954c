"""What delegates do in a child process, until it ends by itself or is killed."""

from __future__ import annotations

import datetime as dt
import random
import secrets
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final

import stamina

from fieldkit.errors import KnownError
from fieldkit.services import sync
from fieldkit.store import attachments, outbox
from fieldkit.store.changes import Changeset
from fieldkit.store.fieldwork import FieldStore
from tests.conftest import KEY
from tests.faults import children

SYNC_EVERY: Final = 6
"""After so many changes a delegate syncs, more or less."""


def visit_twice(file: Path, practice: str, point: str, tell: Connection) -> None:
    """Write, sync, write and sync again, and end at a point on the way."""
    store = FieldStore.open(file, KEY)
    children.arm_laptop(point)
    for word in ("w2", "w3"):
        with store.changeset(word) as c:
            c.set("practice", practice, {"city": word})
            visit = c.create("visit", "dept:72", {"practice": practice, "state": "draft"})
            c.create("note", "dept:72", {"visit": visit, "text": f"{word}1"})
            take_photo(store, c, visit)
        tell.send(c.ops)
        sync.run(store)


def take_photo(store: FieldStore, c: Changeset, visit: str) -> None:
    """A photo like no other, and too large to be sent without asking."""
    content = secrets.token_bytes(20_000)
    taken = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    fields = {"visit": visit, "sha256": attachments.keep(store.database, content, "image/jpeg", b"")}
    c.create("photo", "dept:72", {**fields, "mime": "image/jpeg", "size": len(content), "made_at": taken})


def write_on(file: Path, number: int, changes: int, seed: int, tell: Connection) -> None:
    """Change shared practices until the queue has had so many changes, and sync now and then, as the network allows."""
    children.be_quiet()
    stamina.set_testing(True, attempts=1)
    chance = random.Random(seed)
    store = FieldStore.open(file, KEY)
    while (done := outbox.last_seq(store.database)) < changes:
        write_something(store, chance, f"w{(number + 1) * 1_000_000 + done}")
        tell.send(done + 1)
        if chance.randrange(SYNC_EVERY) == 0:
            with suppress(KnownError):
                sync.run(store)
    store.close()


def write_something(store: FieldStore, chance: random.Random, word: str) -> None:
    """One change with a word of its own: a value, a line of a text, or a practice put away."""
    practice = chance.choice(store.of("practice", archived=True))
    with store.changeset(word) as c:
        kind = chance.randrange(20)
        if kind == 0 and not practice.archived:
            c.archive("practice", practice.id)
        elif kind < 8:
            lines = str(practice["comment"]).split("\n")
            lines[chance.choice([0, 2, 4])] = word
            c.set("practice", practice.id, {"comment": "\n".join(lines)})
        else:
            c.set("practice", practice.id, {chance.choice(["city", "name", "profession"]): word})
