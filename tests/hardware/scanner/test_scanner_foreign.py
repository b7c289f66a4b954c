"""A code that is not ours goes through every path and leaves nothing behind."""

from __future__ import annotations

import json
import logging
import os
import pickle
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from fieldkit.hardware.scanner.sight.eye import Eye
from fieldkit.hardware.scanner.sight.seen import Sight
from fieldkit.services import pictures
from tests.bench.phone_frames import Gray
from tests.hardware.scanner import films

SECRET = "PATIENT-QW-0123456789-AZ"


def forms(secret: str) -> Iterator[bytes]:
    """The ways in which a payload could lie about."""
    for piece in (secret, secret[:12], secret[-12:]):
        yield piece.encode()
        yield piece.encode("utf-16-le")
        yield piece.encode().hex().encode()


def traces(*places: Path) -> list[str]:
    """Files under `places` that hold a piece of the payload, in a name or inside."""
    found = []
    for place in places:
        for path in [p for p in place.rglob("*") if p.is_file()]:
            data = path.read_bytes()
            if any(form in data or form in str(path).encode() for form in forms(SECRET)):
                found.append(str(path))
    return found


def shows(preview: pictures.Preview | None) -> bool:
    """Whether a code could be read from the picture that is shown."""
    from fieldkit.hardware.scanner.decoders.chain import StillChain

    assert preview is not None
    rgb = np.frombuffer(preview.pixels, np.uint8).reshape(preview.height, preview.width, 3)
    return bool(StillChain().look(np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), np.uint8)).codes)


def photo(path: Path, symbology: str = "qr") -> Path:
    """A picture of a code that is not ours; its name says nothing of it."""
    scene = films.scene(SECRET, "qr" if symbology == "qr" else "datamatrix", side=340)
    assert cv2.imwrite(str(path), scene)
    return path


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that stands for all places where temporary files, crash files and profiles go."""
    place = tmp_path / "elsewhere"
    place.mkdir()
    for name in ("TMPDIR", "TEMP", "TMP", "HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, str(place))
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.chdir(place)
    return place


@pytest.mark.parametrize("symbology", ["qr", "datamatrix"])
def test_a_photo_leaves_no_trace(
    tmp_path: Path, elsewhere: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str],
    symbology: str,
) -> None:  # fmt: skip
    caplog.set_level(logging.DEBUG)
    with Eye() as eye:
        sight = eye.look(photo(tmp_path / "photo.png", symbology))
        again = eye.look((tmp_path / "photo.png").read_bytes())
        shared = [] if sys.platform != "linux" else [Path("/dev/shm")]
        assert traces(elsewhere, *shared) == []
    for seen in (sight, again):
        assert isinstance(seen, Sight)
        [code] = seen.sure
        assert (code.symbology, code.length, code.ours) == (symbology, len(SECRET), None)
        assert not shows(seen.preview)
        crossed = pickle.dumps(seen)
        assert not any(form in crossed for form in forms(SECRET))
        assert SECRET[:6] not in repr(seen)
    assert SECRET[:6] not in caplog.text
    out, err = capfd.readouterr()
    assert SECRET[:6] not in out + err
    assert traces(elsewhere) == []


def test_a_film_leaves_no_trace_and_is_covered_from_the_first_frame(tmp_path: Path, elsewhere: Path) -> None:
    """Also where the code is lost for a frame: what was just there stays covered."""
    clear = films.scene(SECRET, side=340)
    frames: list[Gray] = []
    for _turn in range(5):
        frames += [clear] * 6 + [films.blurred(clear, 5)] * 3
    shown: list[Sight] = []
    with Eye() as eye:
        for news in eye.watch(films.film(tmp_path / "film.avi", frames), lambda: len(shown) >= 30):
            if isinstance(news, Sight):
                shown.append(news)
    assert any(sight.sure for sight in shown)
    assert not any(shows(sight.preview) for sight in shown)
    assert not any(form in pickle.dumps(shown) for form in forms(SECRET))
    assert traces(elsewhere) == []


def test_the_command_line_gives_its_length_only(tmp_path: Path, elsewhere: Path) -> None:
    path = photo(tmp_path / "photo.png")
    root = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, "-m", "fieldkit", "scan", "decode", "--json", "-v", str(path)],
        capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": str(root)},
    )  # fmt: skip
    assert done.returncode == 0
    [code] = json.loads(done.stdout)["codes"]
    assert (code["text"], code["bytes_hex"], code["foreign"], code["length"]) == (
        None,
        None,
        True,
        len(SECRET),
    )
    assert not any(form.decode("latin-1") in done.stdout + done.stderr for form in forms(SECRET))
    assert traces(elsewhere) == []


def test_a_crash_of_the_child_leaves_no_trace(
    tmp_path: Path, elsewhere: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """The child is killed as a fault in a library would end it, with the payload in its memory."""
    path = photo(tmp_path / "photo.png")
    with Eye() as eye:
        assert isinstance(eye.look(path), Sight)
        process = eye._process
        assert process is not None
        pid = process.pid
        assert pid is not None
        os.kill(pid, 6)
        process.join(10)
        assert not process.is_alive()
    out, err = capfd.readouterr()
    assert out + err == ""
    assert traces(elsewhere) == []
    assert list(elsewhere.glob("core*")) == []


def test_the_result_of_a_test_says_only_that_there_was_one(tmp_path: Path) -> None:
    with Eye() as eye:
        sight = eye.look(photo(tmp_path / "photo.png"))
    assert isinstance(sight, Sight)
    fields = pictures.test_run_fields(pictures.Tally("image").with_sight(sight))
    assert fields["details"]["foreign"]
    assert fields["verdict"] == "not-tested"
    assert SECRET[:6] not in json.dumps(fields)
    told = pictures.telling(sight)
    assert SECRET[:6] not in told.message + told.hint
