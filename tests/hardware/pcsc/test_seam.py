"""The contract of the seam to PC/SC, kept by the simulated back end and by pcscd alike."""

from __future__ import annotations

import sys
import threading
import time
from pathlib import Path
from types import ModuleType

import pytest

from fieldkit.hardware.pcsc import errors, scard
from fieldkit.hardware.pcsc.scard import AbsentScard, Context, SystemScard, load
from tests.hardware.pcsc.backends import CPS3, READERS, VITALE, Backend

LONG_MS = 10_000


def opened(backend: Backend) -> Context:
    code, context = backend.scard.establish()
    assert code == errors.SUCCESS
    assert context is not None
    return context


def believed(context: Context) -> list[tuple[str, int]]:
    """The readers as they are now, ready to be waited on."""
    code, answers = context.wait(0, [(name, scard.UNAWARE) for name in READERS])
    assert code == errors.SUCCESS
    return [(name, word & ~scard.CHANGED) for name, word, _ in answers]


def test_lists_both_slots(backend: Backend) -> None:
    context = opened(backend)
    assert context.list_readers() == (errors.SUCCESS, list(READERS))
    assert backend.scard.installed()
    assert context.release() == errors.SUCCESS


def test_an_unaware_question_is_answered_at_once(backend: Backend) -> None:
    context = opened(backend)
    code, answers = context.wait(LONG_MS, [(name, scard.UNAWARE) for name in READERS])
    assert code == errors.SUCCESS
    assert [(name, word & scard.EMPTY, atr) for name, word, atr in answers] == [
        (name, scard.EMPTY, b"") for name in READERS
    ]
    context.release()


def test_a_wait_without_news_times_out(backend: Backend) -> None:
    context = opened(backend)
    assert context.wait(20, believed(context))[0] == errors.TIMEOUT
    context.release()


def test_insertion_and_removal_end_a_wait_and_are_counted(backend: Backend) -> None:
    context = opened(backend)
    ask = believed(context)
    backend.insert(0, CPS3)
    code, answers = context.wait(LONG_MS, ask)
    (_, inside, atr), (_, beside, _) = answers
    assert (code, atr) == (errors.SUCCESS, CPS3)
    assert inside & (scard.PRESENT | scard.CHANGED | scard.EMPTY) == scard.PRESENT | scard.CHANGED
    assert beside & scard.EMPTY
    backend.remove(0)
    code, answers = context.wait(LONG_MS, [(name, word & ~scard.CHANGED) for name, word, _ in answers])
    _, outside, atr = answers[0]
    assert (code, atr) == (errors.SUCCESS, b"")
    assert outside & scard.EMPTY
    assert ((outside >> 16) - (ask[0][1] >> 16)) & 0xFFFF == 2
    context.release()


def test_both_slots_at_once(backend: Backend) -> None:
    context = opened(backend)
    ask = believed(context)
    backend.insert(0, CPS3)
    backend.insert(1, VITALE)
    deadline = time.monotonic() + 10
    found: dict[str, bytes] = {}
    while len(found) < 2 and time.monotonic() < deadline:
        _, answers = context.wait(1000, ask)
        ask = [(name, word & ~scard.CHANGED) for name, word, _ in answers]
        found |= {name: atr for name, _, atr in answers if atr}
    assert found == {READERS[0]: CPS3, READERS[1]: VITALE}
    context.release()


def test_an_answer_that_is_none_comes_as_it_is(backend: Backend) -> None:
    context = opened(backend)
    ask = believed(context)
    backend.insert(0, b"\x00")
    code, answers = context.wait(LONG_MS, ask)
    name, word, atr = answers[0]
    assert (code, name, atr) == (errors.SUCCESS, READERS[0], b"\x00")
    assert word & (scard.PRESENT | scard.EMPTY) == scard.PRESENT
    context.release()


def test_cancel_ends_a_wait_of_another_thread(backend: Backend) -> None:
    context = opened(backend)
    ask = believed(context)
    codes: list[int] = []
    waiting = threading.Thread(target=lambda: codes.append(context.wait(LONG_MS, ask)[0]))
    waiting.start()
    while waiting.is_alive():  # a cancel that comes before the wait is lost, so it is repeated
        assert context.cancel() == errors.SUCCESS
        waiting.join(0.05)
    assert codes == [errors.CANCELLED]
    context.release()


def test_a_reader_that_is_not_there_is_unknown(backend: Backend) -> None:
    context = opened(backend)
    assert context.wait(0, [("Nobody 00 00", scard.UNAWARE)])[0] == errors.UNKNOWN_READER
    context.release()


def test_a_released_context_is_refused(backend: Backend) -> None:
    context = opened(backend)
    context.release()
    assert context.list_readers() == (errors.INVALID_HANDLE, [])
    assert context.wait(0, [(READERS[0], scard.UNAWARE)])[0] == errors.INVALID_HANDLE
    assert context.cancel() == errors.INVALID_HANDLE
    assert context.release() == errors.INVALID_HANDLE


def test_a_killed_service_ends_the_wait_and_the_context_for_good(backend: Backend) -> None:
    context = opened(backend)
    ask = believed(context)
    codes: list[int] = []
    waiting = threading.Thread(target=lambda: codes.append(context.wait(LONG_MS, ask)[0]))
    waiting.start()
    backend.kill_service()
    waiting.join(60)
    lost = {errors.NO_SERVICE, errors.COMM_ERROR}
    assert set(codes) <= lost
    assert len(codes) == 1
    assert context.list_readers()[0] in lost
    assert backend.scard.establish() == (errors.NO_SERVICE, None)

    backend.start_service()
    assert context.list_readers()[0] in lost
    assert context.wait(0, ask)[0] in lost
    assert context.release() != errors.SUCCESS
    again = opened(backend)
    assert again.list_readers() == (errors.SUCCESS, list(READERS))
    again.release()


def test_pyscard_failing_on_a_dead_context_is_a_code() -> None:
    def dies(*_: object) -> None:
        raise SystemError

    module = ModuleType("dying")
    module.__dict__.update(
        SCARD_SCOPE_USER=0,
        SCardEstablishContext=lambda _scope: (0, 1),
        SCardListReaders=dies,
        SCardGetStatusChange=dies,
    )
    context = SystemScard(module).establish()[1]
    assert context is not None
    assert context.list_readers() == (errors.COMM_ERROR, [])
    assert context.wait(0, []) == (errors.COMM_ERROR, [])


def test_without_pyscard_there_is_no_service(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "smartcard.scard", None)
    absent = load()
    assert isinstance(absent, AbsentScard)
    assert absent.establish() == (errors.NO_SERVICE, None)
    assert not absent.installed()


def test_without_the_library_of_pcsc_lite_there_is_no_service(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise OSError(name)

    monkeypatch.setattr("ctypes.CDLL", missing)
    monkeypatch.setattr("sys.platform", "linux")
    assert isinstance(load(), AbsentScard)


def test_a_system_without_a_daemon_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    service = SystemScard(ModuleType("nothing"))
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr("fieldkit.hardware.pcsc.scard._DAEMON_PLACES", str(tmp_path))
    monkeypatch.setattr("fieldkit.hardware.pcsc.scard._DAEMON_SOCKET", tmp_path / "pcscd.comm")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not service.installed()
    (tmp_path / "pcscd").touch(mode=0o755)
    assert service.installed()
