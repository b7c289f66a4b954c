"""Devices that follow a script, behind the same seams as real ones: for training and for tests."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Literal

from fieldkit.hardware.pcsc import scard
from fieldkit.hardware.pcsc.errors import (
    CANCELLED,
    COMM_ERROR,
    INVALID_HANDLE,
    NO_READERS,
    NO_SERVICE,
    SUCCESS,
    TIMEOUT,
    UNKNOWN_READER,
)
from fieldkit.hardware.pcsc.scard import Answer, Ask, Context

Act = Literal["plug", "unplug", "insert", "answer", "remove", "hold", "release", "start", "stop", "rest"]
Call = Literal["establish", "list_readers", "wait", "cancel", "release"]


@dataclass(frozen=True, slots=True)
class Step:
    """`after` seconds from the step before, `act` on `reader`.

    An insertion without `atr` is a mute card, which may `answer` later; `rest` is nothing but its time.
    """

    after: float
    act: Act
    reader: str = ""
    atr: bytes = b""


@dataclass(slots=True)
class _Reader:
    flags: int = scard.EMPTY
    atr: bytes = b""
    count: int = 0

    def change(self, flags: int, atr: bytes = b"") -> None:
        self.flags, self.atr, self.count = flags, atr, self.count + 1


class SimulatedScard:
    """PC/SC with readers and cards that exist on paper only. Safe to use from several threads.

    The script starts with the first context, and with `repeat` again after its end. `plug_and_play` off is a system
    that does not announce new readers, such as macOS.
    """

    def __init__(
        self,
        readers: Iterable[str] = (),
        script: Iterable[Step] = (),
        *,
        repeat: bool = False,
        plug_and_play: bool = True,
    ) -> None:
        self._changed = threading.Condition()
        self._readers = {name: _Reader() for name in readers}
        self._script = deque(script)
        if repeat and not sum(step.after for step in self._script) > 0:
            raise ValueError("a script that takes no time cannot repeat")
        self._repeat = repeat
        self._next_at: float | None = None
        self._plug_and_play = plug_and_play
        self._running = True
        self._contexts: set[_SimulatedContext] = set()
        self._failures: dict[Call, deque[int]] = {}

    def do(self, act: Act, reader: str = "", atr: bytes = b"") -> None:
        """Make one thing happen now. Raises KeyError for a reader that is not plugged in."""
        with self._changed:
            self._act(act, reader, atr)
            self._changed.notify_all()

    def fail(self, call: Call, *codes: int) -> None:
        """Let the next calls of that name answer `codes`, one each, instead of doing anything."""
        with self._changed:
            self._failures.setdefault(call, deque()).extend(codes)
            self._changed.notify_all()

    def establish(self) -> tuple[int, Context | None]:
        with self._changed:
            self._play()
            code = self._failure("establish") or (SUCCESS if self._running else NO_SERVICE)
            if code != SUCCESS:
                return code, None
            context = _SimulatedContext(self)
            self._contexts.add(context)
            return SUCCESS, context

    def installed(self) -> bool:
        return True

    def _act(self, act: Act, reader: str, atr: bytes) -> None:
        match act:
            case "plug":
                self._readers[reader] = _Reader()
            case "unplug":
                del self._readers[reader]
            case "insert":
                self._readers[reader].change(scard.PRESENT | (0 if atr else scard.MUTE), atr)
            case "answer":  # of a card that is in: neither an insertion nor a removal
                self._readers[reader].flags, self._readers[reader].atr = scard.PRESENT, atr
            case "remove":
                self._readers[reader].change(scard.EMPTY)
            case "hold":
                self._readers[reader].flags |= scard.EXCLUSIVE
            case "release":
                self._readers[reader].flags &= ~scard.EXCLUSIVE
            case "stop":
                self._running = False
                self._contexts.clear()
            case "start":
                self._running = True

    def _play(self) -> None:
        """Run the step of the script that is due, and those that come at once after it.

        However late it is, the next one comes in its time from now: who looks rarely sees each of them.
        """
        now = monotonic()
        if self._next_at is None and self._script:
            self._next_at = now + self._script[0].after
        while self._next_at is not None and self._next_at <= now:
            step = self._script.popleft()
            self._act(step.act, step.reader, step.atr)
            if self._repeat:
                self._script.append(step)
            self._next_at = now + self._script[0].after if self._script else None

    def _failure(self, call: Call) -> int:
        planned = self._failures.get(call)
        return planned.popleft() if planned else SUCCESS

    def _answer(self, name: str, believed: int) -> Answer:
        if name != scard.PLUG_AND_PLAY:
            reader = self._readers[name]
            word, atr = reader.count << 16 | reader.flags, reader.atr
        elif self._plug_and_play:
            word, atr = len(self._readers) << 16, b""
        else:
            word, atr = scard.UNKNOWN, b""
        return name, word | (scard.CHANGED if word != believed else 0), atr


class _SimulatedContext:
    """One line to the simulated service, which reaches into its bench under its lock."""

    def __init__(self, service: SimulatedScard) -> None:
        self._service = service
        self._released = False
        self._cancelled = False

    def list_readers(self) -> tuple[int, list[str]]:
        service = self._service
        with service._changed:
            code = service._failure("list_readers") or self._health()
            if code == SUCCESS and not service._readers:
                code = NO_READERS
            return code, list(service._readers) if code == SUCCESS else []

    def wait(self, timeout_ms: int, ask: Sequence[Ask]) -> tuple[int, list[Answer]]:
        service, end = self._service, monotonic() + timeout_ms / 1000
        with service._changed:
            self._cancelled = False
            if code := self._health():
                return code, []
            while True:
                service._play()
                if code := service._failure("wait") or self._interruption(ask):
                    return code, []
                answers = [service._answer(name, believed) for name, believed in ask]
                if any(word & scard.CHANGED for _, word, _ in answers):
                    return SUCCESS, answers
                wake = end if service._next_at is None else min(end, service._next_at)
                if monotonic() >= end:
                    return TIMEOUT, answers
                service._changed.wait(max(wake - monotonic(), 0.0))

    def cancel(self) -> int:
        with self._service._changed:
            if code := self._service._failure("cancel"):
                return code
            self._cancelled = True
            self._service._changed.notify_all()
            return self._health()

    def release(self) -> int:
        with self._service._changed:
            code = self._service._failure("release") or self._health()
            self._released = True
            self._service._contexts.discard(self)
            return code

    def _health(self) -> int:
        if self._released:
            return INVALID_HANDLE
        return SUCCESS if self in self._service._contexts else NO_SERVICE

    def _interruption(self, ask: Sequence[Ask]) -> int:
        """Why a wait must end without an answer, SUCCESS when it need not."""
        if self._health() != SUCCESS:
            return COMM_ERROR
        if self._cancelled:
            return CANCELLED
        known = {*self._service._readers, scard.PLUG_AND_PLAY}
        return SUCCESS if all(name in known for name, _ in ask) else UNKNOWN_READER
