"""One synchronisation: push, then pull, each on its own, so that trouble with one never keeps the other.

The database is touched in short calls through `on_database`, never while the network is awaited: the window
hands them to its database worker, the command line just makes them.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final, Protocol, TypeVar

import msgspec

from fieldkit.errors import KnownError
from fieldkit.sync import troubles
from fieldkit.sync.client import ProblemError, Registry
from fieldkit.sync.protocol import (
    MAX_CHANGESETS,
    PRIVATE,
    Changeset,
    Outcome,
    Problem,
    Pulled,
    PullRequest,
    Session,
)

T = TypeVar("T")

FIRST_BATCH: Final = 100
SMALL_BATCH: Final = 25
"""Below this a batch that times out tells of the network, not of its size."""
BATCH_BYTES: Final = 4 << 20
QUICK_SECONDS: Final = 2.0
ROUNDS: Final = 8
"""How often the two sides may correct each other before something must be wrong."""

Row = tuple[str, str, str, str, str, bool, int]
"""A record: type, id, scope, doc and stamps as JSON, archived, rev."""
Answer = tuple[int, str, bool, str, Mapping[str, int]]


class OnDatabase(Protocol):
    """Runs a short piece of work where the database may be touched, and returns its result."""

    def __call__(self, work: Callable[[], T]) -> T:
        """Run `work`."""
        ...


class Entry(Protocol):
    """A changeset to send."""

    @property
    def seq(self) -> int: ...
    @property
    def schema(self) -> int: ...
    @property
    def ops(self) -> str: ...
    @property
    def digest(self) -> str: ...


class Link(Protocol):
    """How the laptop stands to the registry."""

    @property
    def device(self) -> str: ...
    @property
    def cursors(self) -> Mapping[str, int]: ...
    @property
    def staged(self) -> bool: ...
    @property
    def pending(self) -> int: ...
    @property
    def user(self) -> str | None: ...


class Local(Protocol):
    """What a synchronisation needs of the laptop's database: `store.replica.Replica`, which tells it all."""

    def link(self) -> Link: ...
    def meet(
        self, epoch: str, last: tuple[int, str], time: int, user: str, revoked: Sequence[str]
    ) -> bool: ...
    def send_again(self, first: int) -> None: ...
    def become_another(self) -> None: ...
    def forget_registry(self) -> None: ...
    def take(self, limit: int, most_bytes: int) -> Sequence[Entry]: ...
    def answer(self, answers: Sequence[Answer]) -> None: ...
    def stage(self, rows: Iterable[Row], since: Mapping[str, int], reached: Mapping[str, int]) -> None: ...
    def apply(self) -> int: ...
    def finish(self, now: dt.datetime, ahead: int) -> None: ...


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a synchronisation is. `step` is `push` or `pull`, and both numbers count changes; or it is `photos`
    (sent) or `fetch`, and they count photos."""

    step: str
    done: int
    total: int


@dataclass(slots=True)
class Done:
    """What a synchronisation did: changesets taken and refused by the registry, records received."""

    pushed: int = 0
    refused: int = 0
    pulled: int = 0
    ahead: int = 0
    """Seconds by which this laptop's clock is ahead of the registry's."""


class Synchronisation:
    """One run, from the first question to the last page."""

    def __init__(
        self,
        registry: Registry,
        local: Local,
        on_database: OnDatabase,
        report: Callable[[Progress], None] = lambda _progress: None,
        cancelled: Callable[[], bool] = lambda: False,
        afterwards: Sequence[Callable[[], None]] = (),
    ) -> None:
        """`afterwards` are further steps on the same registry, each tried whatever became of the others."""
        self._registry = registry
        self._local = local
        self._db = on_database
        self._report = report
        self._cancelled = cancelled
        self._session: Session | None = None
        self._batch = FIRST_BATCH
        self._sent = False
        self._afterwards = afterwards
        self.done = Done()

    def run(self) -> Done:
        """Push and pull. Raises the KnownError of the first trouble, after both were tried."""
        self._session = self._meet()
        trouble: KnownError | None = None
        ours: list[Callable[[], None]] = [partial(self._insist, step) for step in (self._push, self._pull)]
        for step in [*ours, *self._afterwards]:
            try:
                step()
            except KnownError as error:
                trouble = trouble or error
        if trouble:
            raise trouble
        if not self._cancelled():
            self._db(lambda: self._local.finish(dt.datetime.now(dt.UTC), self.done.ahead))
        return self.done

    def _insist(self, step: Callable[[Session], None]) -> None:
        """Take a step, giving way to what the registry asks for first."""
        last = ""
        for _round in range(ROUNDS):
            try:
                self._session = self._session or self._meet()
                return step(self._session)
            except ProblemError as error:
                self._session = None
                last = error.problem.code
                self._give_way(error.problem)
        raise troubles.known("too-large" if last == "too-large" else "registry-fault")

    def _meet(self) -> Session:
        """Agree with the registry on where both stand."""
        for _round in range(ROUNDS):
            link = self._db(self._local.link)
            self._registry.device = link.device
            try:
                session = self._registry.session(link.cursors)
            except ProblemError as error:
                if error.problem.code != "device-unknown":
                    break
                self._registry.register(link.user)
                continue
            if link.user not in (None, session.user):
                raise troubles.known("device-foreign")  # before anything of theirs is sent
            if self._agree(session):
                return session
        raise troubles.known("registry-fault")

    def _agree(self, session: Session) -> bool:
        self.done.ahead = round(time.time() - session.time / 1000)
        s, last = session, (session.last_seq, session.last_digest)
        return self._db(lambda: self._local.meet(s.epoch, last, s.time, s.user, s.revoked))

    def _give_way(self, problem: Problem) -> None:
        if problem.code == "seq-gap":
            self._db(lambda: self._local.send_again(problem.expected))
        elif problem.code == "device-forked":
            self._db(self._local.become_another)
        elif problem.code == "cursor-expired":
            self._db(self._local.forget_registry)
        elif problem.code == "too-large":
            self._batch = max(1, self._batch // 2)

    def _push(self, session: Session) -> None:
        total = self._db(self._local.link).pending
        if total and all(scope.id == PRIVATE for scope in session.scopes):
            # The registry would refuse each, and each would have to be taken up again by hand.
            raise troubles.known("no-right-yet")
        while not self._cancelled():
            entries = self._db(lambda: self._local.take(self._batch, BATCH_BYTES))
            if not entries:
                return
            outcomes = self._sent_batch(entries)
            answers = [_answer(e, o) for e, o in zip(entries, outcomes, strict=False)]
            self._db(partial(self._local.answer, answers))
            refused = sum(o.real.status == "refused" for o in outcomes)
            self.done.refused += refused
            self.done.pushed += len(outcomes) - refused
            self._report(Progress("push", self.done.pushed + self.done.refused, total))

    def _sent_batch(self, entries: Sequence[Entry]) -> list[Outcome]:
        changesets = [Changeset(e.seq, e.schema, msgspec.Raw(e.ops.encode())) for e in entries]
        self._sent = True
        began = time.monotonic()
        try:
            outcomes = self._registry.push(changesets)
        except KnownError as error:
            if error.code != "registry-timeout" or self._batch <= SMALL_BATCH:
                raise
            raise ProblemError(Problem.of("too-large")) from error
        if time.monotonic() - began < QUICK_SECONDS:
            self._batch = min(self._batch * 2, MAX_CHANGESETS)
        answered = [o.seq for o in outcomes]
        if not answered or answered != [e.seq for e in entries][: len(answered)]:
            raise troubles.not_a_registry()
        return outcomes

    def _pull(self, session: Session) -> None:
        link = self._db(self._local.link)
        behind = {s.id: s.head - link.cursors.get(s.id, 0) for s in session.scopes}
        wanted = {name: link.cursors.get(name, 0) for name, by in behind.items() if by or self._sent}
        if not wanted and not link.staged:
            return
        received = 0
        while wanted:
            if self._cancelled():
                return
            records, trailers = self._registry.pull(PullRequest(wanted))
            rows = [as_row(record) for record in records]
            reached = {trailer.scope: trailer.next for trailer in trailers}
            self._db(partial(self._local.stage, rows, wanted, reached))
            received += len(rows)
            self._report(Progress("pull", received, max(received, sum(behind.values()))))
            wanted = {trailer.scope: trailer.next for trailer in trailers if trailer.more}
        self.done.pulled += self._db(self._local.apply)


def as_row(record: Pulled) -> Row:
    """A pulled record as the laptop keeps it."""
    doc, stamps = bytes(record.d).decode(), bytes(record.st).decode()
    return record.t, record.i, record.s, doc, stamps, record.a, record.rev


def _answer(entry: Entry, outcome: Outcome) -> Answer:
    real = outcome.real
    return entry.seq, entry.digest, real.status == "refused", msgspec.json.encode(real).decode(), real.upto
