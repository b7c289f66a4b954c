"""The child process that sees, and the watch over it: pictures, films, streams, hangs and crashes."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path

import cv2
import numpy as np
import pytest

from fieldkit.hardware.scanner import testcode
from fieldkit.hardware.scanner.sight import child
from fieldkit.hardware.scanner.sight.child import NoCamera, Refusal, Step
from fieldkit.hardware.scanner.sight.eye import Eye, HungError
from fieldkit.hardware.scanner.sight.seen import Seen, Sight
from tests.bench.phone_frames import Gray
from tests.hardware.scanner import children, films

OURS = testcode.with_nonce("bcdf").text
OTHER = testcode.with_nonce("ghij").text
SECRET = "PATIENT-QW-0123456789-AZ"


def picture(path: Path, gray: Gray) -> Path:
    """A picture file."""
    assert cv2.imwrite(str(path), gray)
    return path


def sights(where: str, enough: Callable[[list[Sight]], bool], most: int = 400) -> tuple[list[Sight], str]:
    """What is seen until there is enough, and how the watch ended: "" where it was stopped."""
    seen: list[Sight] = []
    with Eye() as eye:
        for news in eye.watch(where, lambda: False):
            if isinstance(news, NoCamera):
                return seen, news.state
            seen.append(news)
            if enough(seen):
                return seen, ""
            assert len(seen) < most
    return seen, ""


def recognised(seen: list[Sight]) -> set[str]:
    """The texts of our codes that count."""
    return {code.ours for sight in seen for code in sight.sure if code.ours}


@contextmanager
def desk() -> Iterator[Connection]:
    """The child's work, in this process."""
    ours, theirs = multiprocessing.get_context("spawn").Pipe()
    worker = threading.Thread(target=child.answer, args=(theirs,))
    worker.start()
    assert ours.recv() == Step("ready")
    yield ours
    ours.close()
    worker.join()
    theirs.close()


def answer(pipe: Connection, *request: object) -> tuple[list[str], object]:
    """The answer to a request, and the steps that led to it."""
    pipe.send(request)
    steps: list[str] = []
    while isinstance(news := pipe.recv(), Step):
        steps.append(news.name)
        if news.name == "waiting":
            break
    return steps, news


def test_a_picture_is_seen(tmp_path: Path) -> None:
    path = picture(tmp_path / "ours.png", films.scene(OURS))
    with Eye() as eye:
        sight = eye.look(path)
        assert isinstance(sight, Sight)
        again = eye.look(path.read_bytes())
        assert isinstance(again, Sight)
    [code] = sight.sure
    assert (code.ours, code.kind, code.data) == (OURS, "layout", OURS.encode())
    assert sight.size == films.SIZE
    assert again.seen == sight.seen


def test_steps_are_told_before_they_are_taken(tmp_path: Path) -> None:
    with desk() as pipe:
        steps, news = answer(pipe, "file", picture(tmp_path / "desk.png", films.desk()))
        assert steps[0] == "loading"
        assert steps.count("decoding") >= 3  # each pass has its own time
        assert isinstance(news, Sight)
        assert not news.seen
        assert answer(pipe, "file", tmp_path / "none.png") == (["loading"], Refusal("missing"))
        assert answer(pipe, "watch", str(tmp_path / "none.avi")) == (["opening"], NoCamera("none"))
        assert answer(pipe, "cameras")[0] == []


def test_frames_come_one_by_one_and_only_when_asked(tmp_path: Path) -> None:
    where = films.film(tmp_path / "film.avi", [films.scene(OURS)] * 40)
    with desk() as pipe:
        assert answer(pipe, "watch", where)[0] == ["opening", "waiting"]
        first, second = (answer(pipe, "more")[1] for _frame in range(2))
        assert isinstance(first, Sight)
        assert isinstance(second, Sight)
        assert [code.sure for code in first.seen] == [False]
        assert [code.sure for code in second.seen] == [True]
        assert not pipe.poll(0.2)
        pipe.send(("enough",))
        assert isinstance(answer(pipe, "file", tmp_path / "none.png")[1], Refusal)


def test_a_film_of_a_code_that_moves(tmp_path: Path) -> None:
    frames = [films.scene(OURS, at=0.25 + 0.004 * n, turn=3 * n) for n in range(60)]
    seen, _end = sights(
        films.film(tmp_path / "film.avi", frames, rate=5), lambda seen: bool(recognised(seen))
    )
    assert recognised(seen) == {OURS}


@pytest.mark.parametrize("spoil", ["blurred", "dim"])
def test_a_film_out_of_focus_or_in_the_dark(tmp_path: Path, spoil: str) -> None:
    clean = films.scene(OURS, side=420)
    frame = films.blurred(clean, 4) if spoil == "blurred" else films.dim(clean, 0.18)
    seen, _end = sights(
        films.film(tmp_path / "film.avi", [frame] * 60, rate=5), lambda seen: bool(recognised(seen))
    )
    assert recognised(seen) == {OURS}


def test_two_codes_at_once_are_told_apart(tmp_path: Path) -> None:
    left, right = films.scene(OURS, at=0.25), films.scene(OTHER, "datamatrix", at=0.75)
    both = np.hstack([left[:, :640], right[:, 640:]])
    seen, _end = sights(
        films.film(tmp_path / "film.avi", [both] * 80, rate=5), lambda s: len(recognised(s)) == 2
    )
    kinds = {(code.symbology, code.ours) for sight in seen for code in sight.sure}
    assert kinds == {("qr", OURS), ("datamatrix", OTHER)}


def test_a_film_that_ends_is_a_camera_that_stopped(tmp_path: Path) -> None:
    where = films.film(tmp_path / "film.avi", [films.scene(OURS)] * 5)
    assert sights(where, lambda _seen: False)[1] == "stopped"


def test_a_stream_that_stops() -> None:
    frame, left = films.scene(OURS), [20]

    def next_frame() -> Gray | None:
        left[0] -= 1
        return frame if left[0] > 0 else None

    with films.stream(next_frame) as where:
        seen, end = sights(where, lambda _seen: False)
    assert end == "stopped"
    assert recognised(seen) == {OURS}


def test_a_stream_that_falls_silent() -> None:
    frame, silent = films.scene(OURS), threading.Event()
    sent = iter(range(6))

    def next_frame() -> Gray | None:
        if next(sent, None) is None:
            silent.wait(20)
            return None
        return frame

    with films.stream(next_frame) as where:
        seen, end = sights(where, lambda _seen: False)
        silent.set()
    assert end == "stopped"
    assert recognised(seen) == {OURS}


def test_the_newest_frame_wins(tmp_path: Path) -> None:
    """A film plays on while nobody asks: what was shown meanwhile is not shown later."""
    frames = [films.scene(OURS)] * 15 + [films.scene(OTHER)] * 400
    ticks = iter([0.0, 0.0, 0.0, *([2.0] * 20)])
    from fieldkit.hardware.scanner.sight.camera import Stream

    source = Stream(films.film(tmp_path / "film.avi", frames[:100]), clock=lambda: next(ticks))
    assert source.newest() is not None
    newest = source.newest()
    source.close()
    assert newest is not None
    from fieldkit.hardware.scanner.decoders.zxing import ZxingCpp

    [code] = ZxingCpp().look(np.asarray(cv2.cvtColor(newest, cv2.COLOR_BGR2GRAY), np.uint8)).codes
    assert code.text == OTHER


def test_a_black_picture_is_told(tmp_path: Path) -> None:
    with Eye() as eye:
        black = eye.look(picture(tmp_path / "black.png", np.full((720, 1280), 3, np.uint8)))
        lit = eye.look(picture(tmp_path / "desk.png", films.desk()))
    assert isinstance(black, Sight)
    assert isinstance(lit, Sight)
    assert (black.black, lit.black) == (True, False)


@pytest.mark.parametrize("main", [children.hangs, children.crashes])
def test_a_child_that_hangs_or_crashes_is_given_up_and_replaced(
    tmp_path: Path, main: Callable[[Connection], None]
) -> None:
    with Eye(main, decoding_s=0.3) as eye:
        for _attempt in range(2):
            with pytest.raises(HungError) as failure:
                eye.look(b"picture")
            assert failure.value.step == "decoding"
            assert eye._process is None


def test_a_child_that_does_not_start_is_told() -> None:
    with Eye(children.stops_early) as eye, pytest.raises(HungError):
        eye.cameras()


def test_a_new_child_sees_after_the_first_was_killed(tmp_path: Path) -> None:
    path = picture(tmp_path / "ours.png", films.scene(OURS))
    with Eye() as eye:
        assert isinstance(eye.look(path), Sight)
        process = eye._process
        assert process is not None
        process.kill()
        process.join()
        assert isinstance(eye.look(path), Sight)


def test_closing_ends_the_child(tmp_path: Path) -> None:
    eye = Eye()
    eye.look(tmp_path / "none.png")
    process = eye._process
    assert process is not None
    pid = process.pid
    assert pid is not None
    eye.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_watch_can_be_stopped_while_the_camera_opens() -> None:
    calls = iter([False, False, True])
    with Eye(children.hangs) as eye:
        assert list(eye.watch(0, lambda: next(calls, True))) == []


def test_without_a_camera_there_are_no_names(monkeypatch: pytest.MonkeyPatch) -> None:
    with Eye() as eye:
        assert all(camera.name for camera in eye.cameras())


def test_only_ours_is_ours() -> None:
    from fieldkit.hardware.scanner.decoders.code import Code
    from fieldkit.hardware.scanner.sight.seen import seen

    def told(text: str) -> Seen:
        return seen(Code("qr", text.encode()), (10, 10))

    assert told(OURS).ours == OURS
    for foreign in (SECRET, f"{SECRET}{OURS}", f"{OURS} ", OURS[:-1], OURS.replace("bcdf", "bcdg")):
        code = told(foreign)
        assert (code.ours, code.kind, code.data, code.length) == (None, None, None, len(foreign))
