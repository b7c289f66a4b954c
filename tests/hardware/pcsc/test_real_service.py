"""The watch on a real pcscd with a reader of two slots, under the names of readers that practices have."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from fieldkit.hardware.pcsc import errors
from fieldkit.hardware.pcsc.cards import identify
from fieldkit.hardware.pcsc.scard import Answer, Ask, Context, Scard, load
from tests.hardware.pcsc.backends import CPS3, READERS, VITALE, Real, real
from tests.hardware.pcsc.test_cards import HEALTH, OTHERS
from tests.hardware.pcsc.watching import Watching
from tests.hardware.virtual_pcscd import MUTE, VirtualPcscd

pytestmark = pytest.mark.pcscd

HOLD = """
import smartcard.scard as s, sys
context = s.SCardEstablishContext(s.SCARD_SCOPE_USER)[1]
code, card, _ = s.SCardConnect(context, sys.argv[1], s.SCARD_SHARE_EXCLUSIVE, 3)
print(code, flush=True)
sys.stdin.readline()
s.SCardDisconnect(card, s.SCARD_LEAVE_CARD)
"""


@pytest.mark.parametrize(
    ("reader", "name", "interface"),
    [
        ("KAPELSE KAP-GO", "KAPELSE KAP-GO", "contact"),
        ("Ingenico TL TELIUM", "Ingenico TL TELIUM", "unknown"),
    ],
)
def test_readers_of_practices(tmp_path: Path, reader: str, name: str, interface: str) -> None:
    with real(tmp_path, reader) as backend, Watching(backend.scard) as watching:
        assert [(slot.name, slot.slot, slot.interface) for slot in watching.bench.readers] == [
            (name, 0, interface),
            (name, 1, interface),
        ]
        assert not any(slot.virtual for slot in watching.bench.readers)
        backend.insert(0, CPS3)
        backend.insert(1, VITALE)
        watching.until(lambda: watching.states == ["present", "present"])
        families = [slot.card and slot.card.family for slot in watching.bench.readers]
        assert families == ["cps3", "vitale2"]
        backend.remove(1)
        watching.until(lambda: watching.states == ["present", "empty"])
        backend.insert(1, MUTE)
        watching.until(lambda: watching.states == ["present", "mute"])
        backend.remove(0)
        backend.remove(1)
        watching.until(lambda: watching.states == ["empty", "empty"])
        assert [card.commands for card in backend.cards] == [[], []]


def test_every_known_answer_comes_through_as_it_is(pcscd: Real) -> None:
    answers = [bytes.fromhex(atr) for atr, *_ in (*HEALTH, *OTHERS)]
    pairs = [answers[at : at + 2] for at in range(0, len(answers), 2)]
    with Watching(pcscd.scard) as watching:
        for pair in pairs:
            for number, atr in enumerate(pair):
                pcscd.insert(number, atr)
            watching.until(partial(_answered, watching, pair))
            for slot, atr in zip(watching.bench.readers, pair, strict=False):
                assert slot.card == identify(atr)
            for number in range(len(pair)):
                pcscd.remove(number)
            watching.until(lambda: watching.states == ["empty", "empty"])
    assert watching.kinds.count("card-inserted") == len(answers)
    assert all(card.commands == [] for card in pcscd.cards)


def _answered(watching: Watching, answers: list[bytes]) -> bool:
    return [slot.atr for slot in watching.bench.readers][: len(answers)] == answers


def _read(pcscd: Real) -> bool:
    """Whether pcscd has powered both cards and asked for their answer."""
    return all(b"\x04" in b"".join(card.messages).partition(b"\x01")[2] for card in pcscd.cards)


def _gone(watching: Watching, times: int) -> bool:
    return (
        watching.states == ["empty", "empty"]
        and [s.insertions for s in watching.bench.readers] == [times] * 2
    )


def _told_of_the_service(watching: Watching, times: int) -> bool:
    return watching.kinds.count("service") >= times


def in_and_out(pcscd: Real, watching: Watching, times: int) -> None:
    """`times` insertions in each slot, each taken out as soon as pcscd has read it."""
    for round_number in range(1, times + 1):
        for slot, atr in ((0, CPS3), (1, VITALE)):
            pcscd.cards[slot].messages.clear()
            pcscd.insert(slot, atr)
        watching.until(partial(_read, pcscd), told=False)
        for slot in (0, 1):
            pcscd.remove(slot)
        watching.until(partial(_gone, watching, round_number))
    watching.until(lambda: watching.kinds.count("card-removed") == 2 * times)
    assert watching.kinds.count("card-inserted") == 2 * times


def test_quick_insertions_are_all_seen(pcscd: Real) -> None:
    with Watching(pcscd.scard) as watching:
        in_and_out(pcscd, watching, 8)


@pytest.mark.soak
@pytest.mark.timeout(600)
def test_two_hundred_quick_insertions_are_all_seen(pcscd: Real) -> None:
    with Watching(pcscd.scard) as watching:
        in_and_out(pcscd, watching, 200)


def test_a_card_that_another_process_keeps_to_itself(pcscd: Real) -> None:
    with Watching(pcscd.scard) as watching:
        pcscd.insert(0, CPS3)
        watching.until(lambda: watching.states == ["present", "empty"])
        command = [sys.executable, "-c", HOLD, READERS[0]]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
            assert holder.stdout is not None
            assert holder.stdout.readline().strip() == "0"
            watching.until(lambda: watching.states == ["exclusive", "empty"])
            held = watching.bench.readers[0]
            assert held.fault is not None
            assert held.fault.name == "SCARD_E_SHARING_VIOLATION"
            assert held.card == identify(CPS3)
            holder.communicate("\n")
        watching.until(lambda: watching.states == ["present", "empty"])
        assert watching.kinds.count("card-removed") == 0
    assert pcscd.cards[0].commands == []


def test_ten_deaths_of_the_service(pcscd: Real) -> None:
    with Watching(pcscd.scard) as watching:
        for round_number in range(1, 11):
            pcscd.kill_service()
            watching.until(lambda: watching.bench.service == "stopped")
            pcscd.start_service()
            watching.until(lambda: watching.states == ["empty", "empty"])
            watching.until(partial(_told_of_the_service, watching, 1 + 2 * round_number))
        pcscd.insert(1, VITALE)
        watching.until(lambda: watching.states == ["empty", "present"])


class Sabotaged:
    """pcscd that is stopped in mid-call and killed there, at the call that is named, once."""

    def __init__(self, scard: Scard, pcscd: VirtualPcscd, call: str) -> None:
        self._scard, self._pcscd, self.call = scard, pcscd, call
        self.killed = threading.Event()

    @contextmanager
    def during(self, call: str) -> Iterator[None]:
        if call != self.call or self.killed.is_set():
            yield
            return
        self._pcscd.freeze()
        killer = threading.Timer(0.1, self._kill)
        killer.start()
        yield
        killer.join()

    def _kill(self) -> None:
        self._pcscd.kill()
        self.killed.set()

    def establish(self) -> tuple[int, Context | None]:
        with self.during("establish"):
            code, context = self._scard.establish()
        return code, None if context is None else SabotagedContext(self, context)

    def installed(self) -> bool:
        return self._scard.installed()


class SabotagedContext:
    def __init__(self, by: Sabotaged, context: Context) -> None:
        self._by, self._context = by, context

    def list_readers(self) -> tuple[int, list[str]]:
        with self._by.during("list_readers"):
            return self._context.list_readers()

    def wait(self, timeout_ms: int, ask: Sequence[Ask]) -> tuple[int, list[Answer]]:
        with self._by.during("wait"):
            return self._context.wait(timeout_ms, ask)

    def cancel(self) -> int:
        with self._by.during("cancel"):
            return self._context.cancel()

    def release(self) -> int:
        with self._by.during("release"):
            return self._context.release()


@pytest.mark.parametrize("call", ["establish", "list_readers", "wait"])
def test_a_service_killed_during_a_call_is_outlived(pcscd: Real, call: str) -> None:
    sabotaged = Sabotaged(load(), pcscd.pcscd, call)
    with Watching(sabotaged) as watching:
        watching.until(lambda: watching.bench.service == "stopped")
        assert sabotaged.killed.is_set()
        assert watching.bench.fault is not None
        assert watching.bench.fault.name.startswith("SCARD_")
        pcscd.start_service()
        watching.until(lambda: watching.states == ["empty", "empty"])
        pcscd.insert(0, CPS3)
        watching.until(lambda: watching.states == ["present", "empty"])


@pytest.mark.parametrize("call", ["cancel", "release"])
def test_a_service_killed_while_the_watch_ends_lets_it_end(pcscd: Real, call: str) -> None:
    sabotaged = Sabotaged(load(), pcscd.pcscd, call)
    start = time.monotonic()
    with Watching(sabotaged) as watching:
        assert watching.states == ["empty", "empty"]
    assert sabotaged.killed.is_set()
    assert time.monotonic() - start < 20, "the watch hung with its service"
    assert load().establish() == (errors.NO_SERVICE, None)
