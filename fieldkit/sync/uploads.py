"""Photos to the registry and back, apart from the records that name them: resumable, smallest first (tus 1.0).

The bytes of this laptop stay until the registry's own digest of them agrees. What is wrong with one photo is noted
with it and keeps no other from travelling.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final, Protocol

from fieldkit.errors import KnownError
from fieldkit.sync import troubles
from fieldkit.sync.client import NotThereError, ProblemError, Registry
from fieldkit.sync.engine import OnDatabase, Progress

AT_ONCE: Final = 16 << 10
"""Up to so many bytes a photo is sent without asking first whether the registry has it: that would take as long."""
PIECE: Final = 512 << 10
SMALL_PIECE: Final = 16 << 10
"""A piece that did not pass whole is halved, down to this; one that did is doubled."""
GROUP: Final = 1 << 20
"""How many bytes of photos are read, and noted as stored, in one go."""
STUCK: Final = 8
"""After so many attempts that bring nothing, the network is at fault."""
MOST_FAULTS: Final = 3
"""After so many photos on which the registry failed, one after the other, it is not for the photos."""
MOST_FETCHED: Final = 100
"""How many photos of others one synchronisation asks for; the others come when their visit is opened."""

_OF_ALL: Final = ("epoch-changed", "device-unknown", "device-forked")


class Waiting(Protocol):
    """A photo to send."""

    @property
    def sha256(self) -> str: ...
    @property
    def size(self) -> int: ...
    @property
    def remote(self) -> str | None: ...


class Shelf(Protocol):
    """What this needs of the laptop's database: `store.attachments.Shelf`, which tells it all."""

    def to_send(self) -> Sequence[Waiting]: ...
    def to_fetch(self, visit_id: str | None = None) -> Sequence[str]: ...
    def read(self, digests: Iterable[str]) -> Mapping[str, bytes]: ...
    def begun(self, sha256: str, remote: str | None) -> None: ...
    def stored(self, digests: Sequence[str]) -> None: ...
    def failed(self, sha256: str, trouble: str) -> None: ...
    def ready(self, content: bytes) -> tuple[bytes, bytes]: ...
    def keep(self, sha256: str, content: bytes, small: bytes) -> None: ...


@dataclass(slots=True)
class Carried:
    """What became of photos: sent, still to be sent, received, and not there yet for this laptop to receive."""

    sent: int = 0
    left: int = 0
    received: int = 0
    missing: int = 0


class Carrying:
    """One run over the photos, on a registry that was met."""

    def __init__(
        self,
        registry: Registry,
        shelf: Shelf,
        on_database: OnDatabase,
        report: Callable[[Progress], None] = lambda _progress: None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> None:
        self._registry = registry
        self._shelf = shelf
        self._db = on_database
        self._report = report
        self._cancelled = cancelled
        self._faults = 0
        self._piece = PIECE
        self.done = Carried()

    def send(self) -> None:
        """Send what the registry does not have. Raises the KnownError of a trouble that is not of one photo only."""
        waiting = self._db(self._shelf.to_send)
        self.done.left = len(waiting)
        for group in _groups(waiting):
            contents = self._db(partial(self._shelf.read, [photo.sha256 for photo in group]))
            stored: list[str] = []
            try:
                for photo in group:
                    if self._cancelled():
                        return
                    if self._send_one(photo, contents.get(photo.sha256)):
                        stored.append(photo.sha256)
                        self._count(len(waiting))
            finally:
                if stored:
                    self._db(partial(self._shelf.stored, stored))

    def fetch(self, visit_id: str | None = None) -> None:
        """Have the photos of a visit that others made, or the newest of all."""
        wanted = self._db(partial(self._shelf.to_fetch, visit_id))[:MOST_FETCHED]
        for sha256 in wanted:
            if self._cancelled():
                return
            content = self._registry.fetch(sha256)
            if content is None:
                self.done.missing += 1
                continue
            self._db(partial(self._shelf.keep, sha256, *self._shelf.ready(content)))
            self.done.received += 1
            self._report(Progress("fetch", self.done.received, len(wanted)))

    def _count(self, total: int) -> None:
        self.done.sent += 1
        self.done.left -= 1
        self._report(Progress("photos", self.done.sent, total))

    def _send_one(self, photo: Waiting, content: bytes | None) -> bool:
        """Send one photo; False, and noted why, where that is not possible just now."""
        if content is None or hashlib.sha256(content).hexdigest() != photo.sha256:
            self._db(partial(self._shelf.failed, photo.sha256, "photo-damaged"))
            return False
        try:
            whole = self._carry(photo, content)
        except ProblemError as error:
            if error.problem.code in _OF_ALL:
                raise troubles.known("registry-fault") from error
            self._db(partial(self._shelf.begun, photo.sha256, None))
            self._db(partial(self._shelf.failed, photo.sha256, error.problem.code))
            return False
        except KnownError as error:
            self._db(partial(self._shelf.failed, photo.sha256, error.code))
            self._faults += 1
            if error.code != "registry-fault" or self._faults >= MOST_FAULTS:
                raise
            return False
        self._faults = 0
        return whole

    def _carry(self, photo: Waiting, content: bytes) -> bool:
        upload, come = self._begun(photo)
        if upload is None:
            if photo.size <= AT_ONCE:
                upload, come = self._registry.begin(photo.sha256, photo.size, content)
            elif self._registry.has(photo.sha256):
                return True
            else:
                upload, come = self._registry.begin(photo.sha256, photo.size, b"")
                self._db(partial(self._shelf.begun, photo.sha256, upload))
        stuck = 0
        while come < photo.size:
            if self._cancelled():
                return False
            reached = self._append(upload, come, content)
            stuck = 0 if reached > come else stuck + 1
            if stuck == STUCK:
                raise troubles.known("registry-unreachable")
            come = reached
        return True

    def _begun(self, photo: Waiting) -> tuple[str | None, int]:
        """The upload that an earlier run began, where the registry still knows it, and how many bytes came."""
        if photo.remote is None:
            return None, 0
        try:
            return photo.remote, self._registry.offset(photo.remote, photo.size)
        except NotThereError:
            return None, 0

    def _append(self, upload: str, come: int, content: bytes) -> int:
        """Send one piece. Returns how many bytes have come, also where the connection broke on the way."""
        try:
            reached = self._registry.append(upload, come, content[come : come + self._piece], len(content))
            self._piece = min(self._piece * 2, PIECE)
            return reached
        except ProblemError as error:
            if error.problem.code not in ("offset-differs", "upload-taken-over"):
                raise
        except KnownError as error:
            if error.code not in ("registry-unreachable", "registry-timeout"):
                raise
        self._piece = max(self._piece // 2, SMALL_PIECE)
        return self._registry.offset(upload, len(content))


def _groups(waiting: Sequence[Waiting]) -> Iterator[Sequence[Waiting]]:
    """Cut into groups of about `GROUP` bytes."""
    first = size = 0
    for n, photo in enumerate(waiting):
        if n > first and size + photo.size > GROUP:
            yield waiting[first:n]
            first, size = n, 0
        size += photo.size
    if first < len(waiting):
        yield waiting[first:]
