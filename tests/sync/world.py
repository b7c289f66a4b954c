"""Delegates with their laptops, and a registry: all that may happen to them, and what must hold whatever did.

Every action takes small numbers, which choose among what is there, so that it can be drawn by Hypothesis or by lot.
What is written is noted from the laptops' own queues; what is lost for good, because both the disk that wrote it and
the registry were put back from a copy, is told apart.
"""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Callable, Iterator, Set
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from fieldkit.errors import KnownError
from fieldkit.services import photos, queue, sync
from fieldkit.store import aside, history, outbox
from tests.registry.live import LiveRegistry
from tests.sync import promises
from tests.sync.keeper import Keeper
from tests.sync.laptop import Cut, Killed, Laptop, Meanwhile, killed_at
from tests.sync.promises import Op, hold, key

SCOPE: Final = "dept:72"
FIELDS: Final = ("city", "name", "comment")
PATHS: Final = ("/session", "/push", "/pull", "/uploads")
MINUTES: Final = (-100_000, -60, -4, 0, 4, 60, 100_000)
"""By how much clocks are wrong."""
MOST_LAPTOPS: Final = 4
USERS: Final = ("anne", "bruno", "bruno")


class World:
    """Two delegates, one with two laptops, and later copies of their disks."""

    def __init__(
        self, registry: LiveRegistry, folder: Path, url: str = "", troubles: Set[str] = frozenset()
    ) -> None:
        self.registry = registry
        self.keeper = Keeper(registry)
        self.troubles = troubles
        """What a synchronisation may meet with, besides a token that is no longer good: codes of errors."""
        self._folder = folder
        self.laptops: list[Laptop] = []
        self._users: list[str] = []
        self._held: list[set[str]] = []
        """For each laptop, keys of the ops that must be on its disk."""
        self._disks: dict[int, tuple[Path, set[str]]] = {}
        self._words = 0
        self._erased: set[str] = set()
        self.order: dict[str, Op] = {}
        """Every op ever written, by its key, in the order in which they were made."""
        self.gone: set[str] = set()
        """Keys of ops that nobody can have any more: written over before they left, or lost with their disk."""
        registry.clear()
        for n, user in enumerate(USERS):
            self._add(Laptop(folder, f"{user}{n}", url or registry.url, registry.token(user, SCOPE)), user)

    # What delegates do

    def create(self, who: int, private: bool = False) -> None:
        """A new practice."""
        word = self._word()
        self._write(who, lambda c: c.create("practice", "user:me" if private else SCOPE, {"city": word}))

    def create_elsewhere(self, who: int) -> None:
        """A practice in a department where nobody has rights: it will be refused."""
        word = self._word()
        self._write(who, lambda c: c.create("practice", "dept:44", {"city": word}))

    def edit(self, who: int, which: int, field: int, line: int = 0) -> None:
        """A word written over another in a practice."""
        practice = self._pick(who, "practice", which)
        if practice is not None:
            self._edit(who, "practice", practice, FIELDS[field % len(FIELDS)], line)

    def visit(self, who: int, which: int) -> None:
        """A visit to a practice, with a note, in one changeset."""
        practice = self._pick(who, "practice", which)
        if practice is not None:
            scope, word = self.laptops[who].store.get("practice", practice).scope, self._word()

            def begin(c: Any) -> None:
                made = c.create("visit", scope, {"practice": practice, "state": "draft"})
                c.create("note", scope, {"visit": made, "text": word})

            self._write(who, begin)

    def note(self, who: int, which: int, line: int) -> None:
        """More words in a note."""
        note = self._pick(who, "note", which)
        if note is not None:
            self._edit(who, "note", note, "text", line)

    def finalise(self, who: int, which: int) -> None:
        """A visit that changes no more: what others still write to it is refused."""
        visit = self._pick(who, "visit", which)
        if visit is not None:
            self._write(who, lambda c: c.set("visit", visit, {"state": "finalised"}))

    def attach(self, who: int, which: int) -> None:
        """A photo for a visit."""
        visit = self._pick(who, "visit", which)
        if visit is not None:
            content = hashlib.sha256(self._word().encode()).digest() * 20
            photo = photos.Photo(content, content[:32], 4, 5)
            with self._noting(who):
                photos.add(self.laptops[who].store, visit, photo)

    def archive(self, who: int, which: int, back: bool = False) -> None:
        """A practice put away, or taken out again."""
        practice = self._pick(who, "practice", which)
        if practice is not None:
            self._write(who, lambda c: c.archive("practice", practice, back=back))

    def undo(self, who: int, which: int, again: bool = False) -> None:
        """The last step in a visit taken back, or done again."""
        store, visit = self.laptops[who].store, self._pick(who, "visit", which)
        if visit is not None:
            steps = history.of_visit(store, visit)
            for step in (steps.redo if again else steps.undo)[:1]:
                with self._noting(who):
                    history.invert(store, step, "Annulé")

    def settle(self, who: int, which: int, choice: str = "ours") -> None:
        """A conflict decided."""
        store = self.laptops[who].store
        found = sync.conflicts(store)
        if found:
            with self._noting(who):
                sync.settle(store, found[which % len(found)]["id"], choice)

    def set_aside(self, who: int, which: int) -> None:
        """A change that waits taken out of the queue, with those that build on it."""
        store = self.laptops[who].store
        waiting = outbox.entries(store.database, "pending")
        if waiting:
            with suppress(KnownError):
                queue.set_aside(store, waiting[which % len(waiting)].seq)

    def take_back(self, who: int) -> None:
        """All of them put back into the queue."""
        store = self.laptops[who].store
        while kept := aside.entries(store.database):
            queue.take_back(store, kept[0].id)

    def send_again(self, who: int, which: int) -> None:
        """A change that was refused written once more."""
        store = self.laptops[who].store
        refused = outbox.entries(store.database, "refused")
        if refused:
            with self._noting(who):
                queue.send_again(store, refused[which % len(refused)].seq)

    # What happens to laptops

    def exchange(self, who: int) -> bool:
        """A synchronisation over a network that works; False where it failed, with a new token where that was why."""
        try:
            self.laptops[who].sync()
        except KnownError as error:
            if error.code in ("token-revoked", "token-unknown"):
                self._give_token(who)
            else:
                hold(promises.NEVER_REFUSED, error.code in self.troubles, error.code)
            return False
        if not aside.entries(self.laptops[who].store.database):
            promises.shows_the_same(self._facts(), self.laptops[who].store, self._users[who], SCOPE)
        return True

    def cut(self, who: int, path: str, answered: bool) -> None:
        """A synchronisation whose network breaks."""
        with suppress(KnownError):
            self.laptops[who].exchange(Cut(path, answered=answered), photos=True)

    def kill(self, who: int, call: int) -> None:
        """A laptop that dies in the midst of a synchronisation, and starts again."""
        with suppress(Killed, KnownError):
            self.laptops[who].exchange(on_database=killed_at(call), photos=True)
        self.laptops[who].reopen()

    def turn_clock(self, who: int, minutes: int) -> None:
        """A laptop whose clock is wrong from now on."""
        self.laptops[who].store.skew = minutes * 60_000

    def copy_disk(self, who: int) -> None:
        """A second computer that takes itself for the first."""
        if len(self.laptops) < MOST_LAPTOPS:
            self._add(self.laptops[who].clone(f"copy{len(self.laptops)}"), self._users[who], self._held[who])

    def save_disk(self, who: int) -> None:
        """A copy of a disk, for later."""
        self._disks[who] = self.laptops[who].save_disk(), set(self._held[who])

    def put_back_disk(self, who: int) -> None:
        """The disk as it was: what only it had is lost."""
        if who in self._disks:
            before = self._held[who]
            disk, held = self._disks[who]
            self._held[who] = set(held)
            self.laptops[who].put_back(disk)
            self._give_token(who)
            self._lost(before)

    # What happens to the registry

    def back_up(self) -> None:
        """A copy of the registry's database."""
        self.keeper.back_up()

    def restore(self) -> None:
        """The registry's database put back from the last copy, and said to be."""
        if self.keeper.has_backup:
            before = promises.taken(self._facts())
            self.keeper.put_back()
            self.keeper.begin_epoch()
            self._lost(before)

    def restore_meanwhile(self, who: int) -> None:
        """A registry put back while a laptop is on the line; its keeper says so a little later."""
        if self.keeper.has_backup:
            before = promises.taken(self._facts())
            network = Meanwhile("/push", self.keeper.put_back)
            with suppress(KnownError):
                self.laptops[who].exchange(network, photos=True)
            if network.done:
                self.keeper.begin_epoch()
                self._lost(before)

    def abandon(self, who: int, commit: int) -> None:
        """A registry that dies before a commit: the transaction is undone and nobody is answered."""
        with self.keeper.dying_at(commit), suppress(KnownError):
            self.laptops[who].exchange(photos=True)

    def turn_registry_clock(self, minutes: int) -> None:
        """A registry whose clock is wrong from now on."""
        self.keeper.turn_clock(minutes)

    def revoke(self, who: int) -> None:
        """A token that is no longer good."""
        self.keeper.revoke(self.laptops[who].token)

    def erase(self, who: int, which: int) -> None:
        """A practice erased for good, with all that leads to it."""
        practice = self._pick(who, "practice", which)
        if practice is not None:
            self.keeper.erase(practice)

    def anything(self, chance: random.Random) -> None:
        """One thing that delegates do, drawn by lot."""
        who, which = chance.randrange(len(self.laptops)), chance.randrange(6)
        happens: list[Callable[[], object]] = [
            lambda: self.create(who, chance.random() < 0.2),
            lambda: self.create_elsewhere(who),
            *[lambda: self.edit(who, which, chance.randrange(3), chance.randrange(3))] * 5,
            lambda: self.visit(who, which),
            *[lambda: self.note(who, which, chance.randrange(3))] * 2,
            lambda: self.attach(who, which),
            lambda: self.archive(who, which, chance.random() < 0.5),
            lambda: self.undo(who, which, chance.random() < 0.3),
            lambda: self.settle(who, which),
            lambda: self.set_aside(who, which),
            lambda: self.take_back(who),
            lambda: self.send_again(who, which),
            lambda: self.kill(who, chance.randrange(1, 10)),
            *[lambda: self.exchange(who)] * 5,
        ]
        chance.choice(happens)()

    def befall(self, chance: random.Random) -> None:
        """One thing that happens to a laptop or to the registry, drawn by lot."""
        who, which = chance.randrange(len(self.laptops)), chance.randrange(6)
        happens: list[Callable[[], object]] = [
            lambda: self.cut(who, chance.choice(PATHS), chance.random() < 0.5),
            lambda: self.kill(who, chance.randrange(1, 13)),
            lambda: self.abandon(who, chance.randrange(1, 5)),
            lambda: self.turn_clock(who, chance.choice(MINUTES)),
            lambda: self.turn_registry_clock(chance.choice(MINUTES)),
            lambda: self.copy_disk(who),
            lambda: self.save_disk(who),
            lambda: self.put_back_disk(who),
            self.back_up,
            self.restore,
            lambda: self.restore_meanwhile(who),
            lambda: self.revoke(who),
            lambda: self.erase(who, which),
            lambda: self.finalise(who, which),
        ]
        chance.choice(happens)()

    # What must hold

    def converge(self) -> None:
        """Let everybody sync: once to tell all, once to hear all."""
        for who in range(len(self.laptops)):
            self.take_back(who)
        for who in [*range(len(self.laptops))] * 2:
            if not self.exchange(who):
                hold(promises.NEVER_REFUSED, self.exchange(who), "again")

    def check(self) -> None:
        """Check every promise, after all have synced."""
        there, order = self._facts(), list(self.order.values())
        promises.exactly_once(there)
        for who, laptop in enumerate(self.laptops):
            promises.refused_is_kept(there, laptop.store)
            promises.nothing_is_missing(there, self._queued(who).values())
            promises.shows_the_same(there, laptop.store, self._users[who], SCOPE)
            promises.photos_have_travelled(there, laptop.store)
        promises.nothing_is_missing(there, [op for name, op in self.order.items() if name not in self.gone])
        promises.no_value_disappeared(there, order)
        promises.greatest_wins(there)
        for who, held in enumerate(self._held):
            missing = held - self._queued(who).keys()
            hold(promises.SAVED, all(self.order[name]["i"] in there.erased for name in missing), missing)
        promises.erased_is_nowhere(there, [laptop.store for laptop in self.laptops], order)

    def close(self) -> None:
        """Close every laptop, and set the clock."""
        self.turn_registry_clock(0)
        for laptop in self.laptops:
            laptop.store.close()

    # How it is done

    def _add(self, laptop: Laptop, user: str, held: Set[str] = frozenset()) -> None:
        self.laptops.append(laptop)
        self._users.append(user)
        self._held.append(set(held))

    def _facts(self) -> promises.Facts:
        there = promises.facts(self.registry.engine, self.registry.folder)
        # For good, also where a restored registry does not know of all that led there.
        self._erased |= there.erased
        for op in self.order.values():
            if self._erased & {op.get("d", {}).get(name) for name in ("practice", "visit")}:
                self._erased.add(op["i"])
        return replace(there, erased=frozenset(self._erased))

    def _word(self) -> str:
        self._words += 1
        return f"w{self._words}"

    def _pick(self, who: int, kind: str, which: int) -> str | None:
        found = self.laptops[who].store.of(kind, archived=True)
        return found[which % len(found)].id if found else None

    def _edit(self, who: int, kind: str, record: str, field: str, line: int) -> None:
        old = self.laptops[who].store.get(kind, record)[field]
        lines = (old or "a\nb\nc").split("\n") if field in ("comment", "text") else [""]
        lines[min(line, len(lines) - 1)] = self._word()
        self._write(who, lambda c: c.set(kind, record, {field: "\n".join(lines)}))

    def _write(self, who: int, work: Callable[[Any], Any]) -> None:
        with self._noting(who), self.laptops[who].store.changeset("Saisie") as c:
            work(c)

    @contextmanager
    def _noting(self, who: int) -> Iterator[None]:
        """Take note of what is written; what its writer amends before it left is not to be found again."""
        before = self._queued(who)
        with suppress(KnownError):
            yield
        after = self._queued(who)
        amended = before.keys() - after.keys()
        self.gone |= amended
        self._held[who] = self._held[who] - amended | (after.keys() - before.keys())
        for name, op in after.items():
            self.order.setdefault(name, op)

    def _queued(self, who: int) -> dict[str, Op]:
        queues = "SELECT seq, ops FROM outbox UNION ALL SELECT 0, ops FROM aside ORDER BY seq"
        rows = self.laptops[who].store.database.execute(f"SELECT ops FROM ({queues})")
        return {key(op): op for (ops,) in map(tuple, rows) for op in json.loads(ops)}

    def _lost(self, before: set[str]) -> None:
        """Note which of these ops neither the registry nor any laptop has any more."""
        left = promises.taken(self._facts()).union(*self._held)
        self.gone |= before - left

    def _give_token(self, who: int) -> None:
        laptop = self.laptops[who]
        laptop.token = self.registry.token(self._users[who], SCOPE)
        sync.configure(laptop.store, laptop.url, laptop.token)
