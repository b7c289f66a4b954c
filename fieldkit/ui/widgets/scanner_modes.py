"""The ways in which a scanner's codes may come: each a card beside the test code, made when first looked at.

Another way in is one more `Mode` in `MODES`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from PySide6.QtWidgets import QWidget

from fieldkit.hardware.scanner.diagnosis import Diagnosis, Interface
from fieldkit.hardware.scanner.keyboard import Stroke
from fieldkit.hardware.scanner.sight.tally import Tally
from fieldkit.hardware.scanner.timing import Timing
from fieldkit.i18n import N_
from fieldkit.services.scanner_devices import Seen
from fieldkit.ui.runner import Runner


class Desk(Protocol):
    """What a way in may ask of the bench. What it hands over is judged against the code on screen."""

    @property
    def runner(self) -> Runner:
        """The workers."""

    @property
    def seen(self) -> Seen:
        """The scanners and ports of this computer, as last looked at."""

    def look(self) -> None:
        """Look at them again; `show_seen` follows."""

    def judge_strokes(self, strokes: list[Stroke], shown: Callable[[Diagnosis, str], None]) -> None:
        """Judge key strokes; `shown` is given the verdict, and what a program gets of a code of ours."""

    def judge_text(self, text: str, timing: Timing | None, shown: Callable[[Diagnosis, str], None]) -> None:
        """Judge a text that an ordinary field received."""

    def judge_bytes(
        self, data: bytes, interface: Interface, timing: Timing | None = None, symbology: str = ""
    ) -> None:
        """Judge the bytes of a code; `symbology` (`qr`, `datamatrix`) where it is known."""

    def note(self, tally: Tally) -> None:
        """Keep what a camera or pictures gave so far, codes or none, for the result of the test."""


class Way(Protocol):
    """A card that takes codes in."""

    def begin(self) -> None:
        """It comes into view: take the keyboard, open what has to be."""

    def end(self) -> None:
        """It leaves the view: give back what it holds."""

    def show_seen(self, seen: Seen) -> None:
        """The scanners and ports of this computer."""


@dataclass(frozen=True, slots=True)
class Mode:
    """A way in: its name in the code, its title, and what makes its card (a QWidget that is a `Way`)."""

    name: str
    title: str
    make: Callable[[Desk], QWidget]


def _keyboard(desk: Desk) -> QWidget:
    from fieldkit.ui.widgets.keyboard_mode import KeyboardMode

    return KeyboardMode(desk)


def _serial(desk: Desk) -> QWidget:
    from fieldkit.ui.widgets.serial_mode import SerialMode

    return SerialMode(desk)


def _picture(desk: Desk) -> QWidget:
    from fieldkit.ui.widgets.scan_picture import PictureBench

    bench = PictureBench(desk)
    bench.judged.connect(desk.note)
    bench.read.connect(lambda code: desk.judge_bytes(code.data, bench.interface, symbology=code.symbology))
    return bench


MODES: Final = (
    Mode("keyboard", N_("Clavier"), _keyboard),
    Mode("serial", N_("Port série"), _serial),
    Mode("picture", N_("Caméra ou photo"), _picture),
)

if TYPE_CHECKING:
    from fieldkit.ui.widgets.keyboard_mode import KeyboardMode
    from fieldkit.ui.widgets.scan_picture import PictureBench
    from fieldkit.ui.widgets.serial_mode import SerialMode

    _ways: tuple[type[Way], ...] = (KeyboardMode, SerialMode, PictureBench)
