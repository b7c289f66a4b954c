"""The live widgets on a real X server: key presses by position, as a scanner's, and the verdict they come to."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from queue import Queue
from threading import Thread
from typing import IO, Any

import pytest

from fieldkit.hardware.scanner import testcode
from fieldkit.hardware.scanner.diagnose import diagnose
from fieldkit.hardware.scanner.hypotheses import Explanation, Settings
from fieldkit.hardware.scanner.layouts import load
from fieldkit.hardware.scanner.simulated import scan
from tests.e2e.screen import Screen, virtual_screen

pytestmark = pytest.mark.window
PROGRAM = Path(__file__).with_name("bench_listener.py")
ROOT = Path(__file__).resolve().parents[3]
DEADLINE_S = 60
CODE = testcode.with_nonce("klnb").text
COMPUTERS = {
    "fr-linux": ("fr", ""),
    "be": ("be", ""),
    "ch-fr": ("ch", "fr"),
    "de": ("de", ""),
    "gb": ("gb", ""),
    "bepo": ("fr", "bepo"),
    "fr-mac": ("fr", "mac"),
}
"""Our table → what setxkbmap calls it. X's French of a Mac has < and @ where a Mac itself has them exchanged:
none of the scanners below presses these keys."""


class Live:
    """A window with the bench's widgets, on a screen with a keyboard."""

    def __init__(self, screen: Screen, process: subprocess.Popen[str], told: Queue[dict[str, Any]]) -> None:
        self.screen, self.process, self._told = screen, process, told

    def next(self, name: str) -> dict[str, Any]:
        """The next message that has `name`."""
        while name not in (message := self._told.get(timeout=DEADLINE_S)):
            pass
        return message


def start(screen: Screen, where: str) -> Iterator[Live]:
    command = [sys.executable, str(PROGRAM), CODE, where]
    environment = {**screen.environment, "PYTHONPATH": str(ROOT), "QT_IM_MODULE": "compose"}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    told: Queue[dict[str, Any]] = Queue()
    pump = Thread(target=forward, args=[process.stdout, told])
    pump.start()
    live = Live(screen, process, told)
    try:
        screen.focus(live.next("window")["window"])
        while not live.next("ready")["ready"]:
            pass
        yield live
    finally:
        process.terminate()
        process.wait(DEADLINE_S)
        pump.join(DEADLINE_S)


def forward(lines: IO[str], told: Queue[dict[str, Any]]) -> None:
    with lines:
        for line in lines:
            told.put(json.loads(line))


@pytest.fixture(scope="module")
def screen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screen]:
    missing = [name for name in ("Xvfb", "setxkbmap", "xdotool") if shutil.which(name) is None]
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)}")
    with virtual_screen(tmp_path_factory.mktemp("x") / "log") as made:
        yield made


@pytest.fixture(scope="class")
def zone(screen: Screen) -> Iterator[Live]:
    yield from start(screen, "zone")


@pytest.fixture(scope="class")
def field(screen: Screen) -> Iterator[Live]:
    yield from start(screen, "field")


class TestZone:
    """The zone, which sees positions."""

    @pytest.mark.parametrize("computer", COMPUTERS)
    @pytest.mark.parametrize("scanner", ["us", "gb"])
    def test_it_comes_to_the_verdict_that_was_predicted(
        self, zone: Live, scanner: str, computer: str
    ) -> None:
        zone.screen.layout(*COMPUTERS[computer])
        zone.screen.press(scanner, CODE + "\r")
        told = zone.next("faults")
        expected = diagnose(CODE, strokes=scan(CODE, load(scanner), load(computer)), system="linux")
        assert (told["code"], told["suffix"]) == ("current", "CR")
        assert tuple(told["faults"]) == expected.faults
        assert expected.best is not None
        predicted = [triple(other) for other in (expected.best, *expected.alternatives)]
        assert [tuple(answer) for answer in told["answers"]] == predicted
        assert (scanner, computer, False) in predicted
        assert told["origin"] == "scan"

    @pytest.mark.parametrize("computer", ["fr-linux", "de", "gb", "bepo"])
    def test_a_scanner_set_as_its_computer_is_good(self, zone: Live, computer: str) -> None:
        zone.screen.layout(*COMPUTERS[computer])
        zone.screen.press(computer, CODE + "\r")
        told = zone.next("faults")
        assert (told["code"], told["faults"], told["suffix"]) == ("current", [], "CR")


class TestField:
    """The field, which has the text alone."""

    @pytest.mark.parametrize(
        ("scanner", "computer"), [("us", "fr-linux"), ("fr", "fr-linux"), ("us", "de"), ("us", "gb")]
    )
    def test_it_comes_to_the_same(self, field: Live, scanner: str, computer: str) -> None:
        field.screen.layout(*COMPUTERS[computer])
        field.screen.press(scanner, CODE + "\r")
        told = field.next("faults")
        assert told["code"] == "current"
        assert (scanner, computer, False) in [tuple(answer) for answer in told["answers"]]
        expected = diagnose(CODE, received=Settings(load(scanner), load(computer), caps=False).render(CODE))
        assert tuple(told["faults"]) == expected.faults


def triple(explanation: Explanation) -> tuple[str, str, bool]:
    settings = explanation.settings
    return settings.scanner.id, settings.computer.id, settings.caps
