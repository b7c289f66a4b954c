"""The real client and the real registry, in any order of edits, cuts, kills, copied disks and restored backups.

Every word that a laptop wrote is, in the end, in a record, in a conflict, or was seen by whoever replaced
it; and all laptops show what the registry holds.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import stamina
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, precondition, rule

from fieldkit.errors import KnownError
from fieldkit.registry import admin
from fieldkit.registry.database import reading, write
from fieldkit.services import sync
from fieldkit.store import outbox
from tests.examples import SOAKING
from tests.registry.live import LiveRegistry, live_registry, sqlite_url
from tests.sync.laptop import Cut, Killed, Laptop, killed_at

WHO = st.integers(0, 3)
FIELDS = st.sampled_from(["city", "comment"])
STATE: dict[str, Any] = {}


@pytest.fixture(scope="module", autouse=True)
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """One registry for all examples."""
    folder = tmp_path_factory.mktemp("registry")
    with live_registry(sqlite_url(folder)) as registry, stamina.set_testing(True, attempts=1):
        STATE.update(registry=registry, file=folder / "registry.db")
        yield


class Exchanging(RuleBasedStateMachine):
    """Two delegates, one with two laptops, and copies of their disks."""

    practices: Bundle[str] = Bundle("practices")

    def __init__(self) -> None:
        super().__init__()
        self.registry: LiveRegistry = STATE["registry"]
        self.folder = TemporaryDirectory()
        self.laptops: list[Laptop] = []
        self.words = self.made = 0
        self.written: set[str] = set()
        self.replaced: set[str] = set()
        self.backup: Path | None = None

    @initialize(target=practices)
    def start(self) -> str:
        self.registry.clear()
        folder = Path(self.folder.name)
        for name, user in [("a", "anne"), ("b", "bruno"), ("c", "bruno")]:
            token = self.registry.token(user, "dept:72")
            self.laptops.append(Laptop(folder, name, self.registry.url, token))
        practice = self.laptops[0].practice(name="commun")
        for laptop in self.laptops:
            laptop.sync()
        return practice

    @precondition(lambda self: self.made < 3)
    @rule(target=practices, who=WHO)
    def create(self, who: int) -> str:
        self.made += 1
        word = self.word()
        return self.of(who).practice(city=word)

    @rule(who=WHO, practice=practices, field=FIELDS, line=st.integers(0, 2))
    def edit(self, who: int, practice: str, field: str, line: int) -> None:
        laptop = self.of(who)
        if practice not in laptop.rows():
            return
        old = laptop.store.get("practice", practice)[field]
        lines = (old or "a\nb\nc").split("\n") if field == "comment" else [""]
        lines[min(line, len(lines) - 1)] = self.word()
        self.replaced |= words(old) - set(lines)
        laptop.write(practice, **{field: "\n".join(lines)})

    @rule(who=WHO, practice=practices, back=st.booleans())
    def archive(self, who: int, practice: str, back: bool) -> None:
        laptop = self.of(who)
        if practice in laptop.rows():
            with laptop.store.changeset("Retiré") as c:
                c.archive("practice", practice, back=back)

    @rule(who=WHO, choice=st.sampled_from(["ours", "theirs"]))
    def settle(self, who: int, choice: str) -> None:
        laptop = self.of(who)
        for conflict in sync.conflicts(laptop.store)[:1]:
            target = laptop.store.get("practice", conflict["target"]["id"])
            if conflict["field"] != "archived":
                self.replaced |= words(target[conflict["field"]]) - words(conflict[choice])
            sync.settle(laptop.store, conflict["id"], choice)

    @rule(who=WHO)
    def exchange(self, who: int) -> None:
        self.of(who).sync()

    @rule(who=WHO, path=st.sampled_from(["/session", "/push", "/pull"]), answered=st.booleans())
    def cut(self, who: int, path: str, answered: bool) -> None:
        with suppress(KnownError):
            self.of(who).exchange(Cut(path, answered=answered))

    @rule(who=WHO, call=st.integers(1, 10))
    def kill(self, who: int, call: int) -> None:
        with suppress(Killed):
            self.of(who).exchange(on_database=killed_at(call))
        self.of(who).reopen()

    @rule(who=WHO)
    def copy_disk(self, who: int) -> None:
        if len(self.laptops) < 4:
            self.laptops.append(self.of(who).clone("copy"))

    @rule()
    def back_up(self) -> None:
        self.backup = STATE["file"].with_name("backup.db")
        _copy(STATE["file"], self.backup)

    @rule()
    def restore(self) -> None:
        if self.backup is not None:
            self.registry.engine.dispose()
            _copy(self.backup, STATE["file"])
            write(self.registry.engine, admin.new_epoch)

    def teardown(self) -> None:
        if self.laptops:
            for _round in range(2):
                for laptop in self.laptops:
                    laptop.sync()
            self.check()
        for laptop in self.laptops:
            laptop.store.close()
        self.folder.cleanup()

    def check(self) -> None:
        with reading(self.registry.engine) as db:
            practices, conflicts = (admin.show(db, kind)["items"] for kind in ("practice", "conflict"))
            assert admin.show(db, "quarantine")["items"] == []
        there = {
            r["id"]: (r["fields"], r["stamps"], r["archived"], r["rev"]) for r in [*practices, *conflicts]
        }
        for laptop in self.laptops:
            assert outbox.counts(laptop.store.database)["pending"] == 0
            assert there == {
                identity: (json.loads(row[2]), json.loads(row[3]), bool(row[4]), row[5])
                for identity, row in laptop.rows().items()
            }
        kept = {word for r in practices for value in r["fields"].values() for word in words(value)}
        told = {
            word for r in conflicts for side in ("ours", "theirs") for word in words(r["fields"].get(side))
        }
        assert self.written <= kept | told | self.replaced

    def of(self, who: int) -> Laptop:
        return self.laptops[who % len(self.laptops)]

    def word(self) -> str:
        self.words += 1
        self.written.add(f"w{self.words}")
        return f"w{self.words}"


def words(value: Any) -> set[str]:
    return {word for word in str(value or "").split("\n") if word.startswith("w")}


def _copy(source: Path, target: Path) -> None:
    """Copy a database with SQLite's own means, in one transaction."""
    with sqlite3.connect(source) as read, sqlite3.connect(target) as written:
        read.backup(written)
    read.close()
    written.close()


TestExchanging = pytest.mark.thorough(Exchanging.TestCase)
TestExchanging.settings = settings(
    max_examples=100 if SOAKING else 8,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
