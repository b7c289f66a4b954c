"""The tables against a real X server: key presses sent by position, as a scanner does, to a real window."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from queue import Queue
from threading import Thread
from typing import IO, Any

import pytest

from fieldkit.hardware.scanner import testcode
from fieldkit.hardware.scanner.diagnose import diagnose
from fieldkit.hardware.scanner.keyboard import (
    DeadKeys,
    Modifiers,
    Stroke,
    characters,
    modifiers,
    pieces,
    position,
)
from fieldkit.hardware.scanner.layouts import Key, load, press

pytestmark = pytest.mark.window
LISTENER = Path(__file__).with_name("key_listener.py")
PROGRAMS = ("Xvfb", "setxkbmap", "xdotool")
CAPS_LOCK_KEYCODE = "66"
DEADLINE_S = 60
CLOSED: dict[str, Any] = {"closed": True}
CODE = testcode.with_nonce("klnb").text
# what setxkbmap calls our layouts; the French of Windows and of macOS are not X layouts
XKB = {
    "fr-linux": ["fr"],
    "us": ["us"],
    "be": ["be"],
    "de": ["de"],
    "ch-fr": ["ch", "fr"],
    "bepo": ["fr", "bepo"],
}


class Bench:
    """An X server with one listening window."""

    def __init__(self, display: str, told: Queue[dict[str, Any]]) -> None:
        self.environment = {**os.environ, "DISPLAY": display}
        self.told = told

    def run(self, *command: str) -> None:
        subprocess.run(command, env=self.environment, check=True, timeout=DEADLINE_S)

    def type(self, keys: tuple[Key, ...], count: int) -> list[Stroke]:
        """Press `keys`; the strokes of the first `count` presses that type something."""
        names = []
        for key in keys:
            held = ["shift"] * key.shift + ["ISO_Level3_Shift"] * key.altgr
            names.append("+".join([*held, str(key.x11_keycode)]))
        self.run("xdotool", "key", "--delay", "2", *names)
        strokes: list[Stroke] = []
        while len(strokes) < count:
            strokes += characters([stroke(self.told.get(timeout=DEADLINE_S))])
        return strokes


def stroke(message: dict[str, Any]) -> Stroke:
    place = position(message["native_scan_code"], "xcb")
    held = modifiers(message["native_modifiers"], "xcb")
    return Stroke(message["text"], place, held, message["t_ms"])


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    missing = [name for name in PROGRAMS if shutil.which(name) is None]
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)}")
    with ExitStack() as stack:
        reader, writer = os.pipe()
        server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(writer), "-noreset", "-nolisten", "tcp"],
            pass_fds=[writer],
            stderr=subprocess.DEVNULL,
        )
        stack.callback(end, server)
        os.close(writer)
        with os.fdopen(reader) as answer:
            display = ":" + answer.readline().strip()
        environment = {**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
        listener = subprocess.Popen(
            [sys.executable, LISTENER], env=environment, stdout=subprocess.PIPE, text=True
        )
        told: Queue[dict[str, Any]] = Queue()
        pump = Thread(target=forward, args=[listener.stdout, told])
        pump.start()
        stack.callback(pump.join, DEADLINE_S)
        stack.callback(end, listener)
        window = told.get(timeout=DEADLINE_S)
        if window == CLOSED:
            pytest.skip("Qt cannot open a window here (libxcb-cursor0, libxcb-icccm4, libxcb-keysyms1?)")
        made = Bench(display, told)
        made.run("xdotool", "windowfocus", str(window["window"]))
        assert told.get(timeout=DEADLINE_S) == {"focus": True}
        yield made


def forward(lines: IO[str], told: Queue[dict[str, Any]]) -> None:
    with lines:
        for line in lines:
            told.put(json.loads(line))
    told.put(CLOSED)


def end(process: subprocess.Popen[Any]) -> None:
    process.terminate()
    process.wait(DEADLINE_S)


@pytest.mark.parametrize(
    ("layout_id", "caps"),
    [*((layout_id, False) for layout_id in XKB), ("fr-linux", True), ("us", True), ("de", True)],
)
def test_every_key_types_what_its_table_says(bench: Bench, layout_id: str, caps: bool) -> None:
    bench.run("setxkbmap", *XKB[layout_id])
    layout = load(layout_id)
    changed = {("us", 86)}  # there our table follows Windows
    keys = tuple(
        Key(place, shift, altgr)
        for place in layout.keys
        for shift in (False, True)
        for altgr in (False, True)
        if (layout_id, place) not in changed and not (altgr and caps)
    )
    if caps:
        bench.run("xdotool", "key", CAPS_LOCK_KEYCODE)
    strokes = bench.type(keys, len(keys))
    if caps:
        bench.run("xdotool", "key", CAPS_LOCK_KEYCODE)
    assert [one.key for one in strokes] == list(keys)
    assert all((Modifiers.CAPS_LOCK in one.modifiers) == caps for one in strokes)
    assert dict(zip(keys, (one.text for one in strokes), strict=True)) == dict(
        zip(keys, pieces(keys, layout, caps, DeadKeys.RAW), strict=True)
    )


@pytest.mark.parametrize(
    ("scanner", "computer", "verdict"),
    [
        ("us", "fr-linux", "layout"),
        ("fr", "fr-linux", "ok"),
        ("us", "us", "ok"),
        ("us", "be", "layout"),
        ("us", "de", "layout"),
        ("fr", "ch-fr", "layout"),
        ("us", "bepo", "layout"),
    ],
)
def test_the_verdict_on_real_key_events(bench: Bench, scanner: str, computer: str, verdict: str) -> None:
    bench.run("setxkbmap", *XKB[computer])
    keys = press(load(scanner), CODE + "\r")
    diagnosis = diagnose(CODE, strokes=bench.type(keys, len(keys)), system="linux")
    assert (diagnosis.verdict, diagnosis.suffix) == (verdict, "CR")
    assert diagnosis.best is not None
    answers = [diagnosis.best, *diagnosis.alternatives]
    assert (scanner, computer) in [(a.settings.scanner.id, a.settings.computer.id) for a in answers]
    assert diagnosis.timing is not None
