"""The bench of a scanner: a code to scan, a way for it to come in, a verdict, and what to do when none comes.

The Scanner page shows it; `judged` hands over each diagnosis.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, cast

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from fieldkit.hardware.scanner.diagnosis import Diagnosis, Interface
from fieldkit.hardware.scanner.keyboard import Stroke
from fieldkit.hardware.scanner.sight.tally import Tally
from fieldkit.hardware.scanner.timing import Timing
from fieldkit.hardware.scanner.trial import Trial
from fieldkit.i18n import _
from fieldkit.services import scanner, scanner_devices
from fieldkit.services.scanner_devices import Seen
from fieldkit.ui.runner import Queue, Runner
from fieldkit.ui.theme import GRID
from fieldkit.ui.widgets.card import Banner
from fieldkit.ui.widgets.code_card import CodeCard
from fieldkit.ui.widgets.flow import flowing
from fieldkit.ui.widgets.keyboard_mode import KeyboardMode
from fieldkit.ui.widgets.nothing_read import NothingRead
from fieldkit.ui.widgets.raw_view import RawView
from fieldkit.ui.widgets.scanner_modes import MODES, Way
from fieldkit.ui.widgets.scanner_verdict import ScannerVerdict
from fieldkit.ui.widgets.step_bar import StepBar
from fieldkit.ui.widgets.text import button
from fieldkit.ui.widgets.wrap_grid import WrapGrid

if TYPE_CHECKING:
    from fieldkit.ui.pages.base import Context

_SYSTEMS: Final = {"win32": "windows", "darwin": "macos"}
_SYSTEM: Final = _SYSTEMS.get(sys.platform, "linux")


class ScannerBench(QWidget):
    """Shows a test code, takes one scan at a time, and judges it away from the GUI thread."""

    judged = Signal(object)
    """Emitted with the `Diagnosis` of each scan."""
    noted = Signal()
    """Emitted when a camera or a picture gave something new."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self.trial = Trial()
        self.seen = Seen()
        self.tallies: dict[str, Tally] = {}
        self._ways: dict[str, QWidget] = {}
        self._mode = ""
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * GRID)
        self.modes = StepBar(
            {mode.name: _(mode.title) for mode in MODES}, "scannerModes", _("Mode du lecteur")
        )
        self.modes.chosen.connect(self.choose)
        self.mode_banner = Banner("modeBanner")
        self.code_card = CodeCard(context)
        self.code_card.changed.connect(lambda: self._way.begin())
        beside = QWidget()
        self._beside = QVBoxLayout(beside)
        self._beside.setContentsMargins(0, 0, 0, 0)
        sides = WrapGrid(310)
        sides.show_cells([self.code_card, beside])
        self.verdict = ScannerVerdict()
        self.nothing_read = NothingRead()
        self.raw = RawView()
        help_row = flowing(
            button(_("&Je ne lis rien"), "nothingReadOpen", self._ask_for_help, icon="info"),
            button(_("Vue &brute"), "rawOpen", self._toggle_raw, kind="quiet"),
        )
        above = (self.modes, self.mode_banner, self.verdict, sides, help_row, self.nothing_read)
        for part in (*above, self.verdict.details, self.raw):
            column.addWidget(part)
        column.addStretch(1)
        self.choose(MODES[0].name)

    @property
    def runner(self) -> Runner:
        """The workers."""
        return self._context.runner

    @property
    def keyboard(self) -> KeyboardMode:
        """The card of the keyboard mode."""
        return cast("KeyboardMode", self._ways["keyboard"])

    def way(self, name: str) -> QWidget:
        """The card of a mode, made when first asked for."""
        if name not in self._ways:
            mode = next(mode for mode in MODES if mode.name == name)
            self._ways[name] = mode.make(self)
            self._ways[name].hide()
            self._beside.addWidget(self._ways[name])
            self._as_way(name).show_seen(self.seen)
        return self._ways[name]

    def choose(self, name: str) -> None:
        """Take codes in by another way."""
        if self._mode and self._mode != name:
            self._way.end()
        shown = self.way(name)
        self._mode = name
        self.modes.show_current(name)
        shown.show()
        for other in self._ways.values():
            other.setVisible(other is shown)
        if self.isVisible():
            self._way.begin()

    def begin(self) -> None:
        """The page comes into view."""
        self._way.begin()
        self.look()

    def end(self) -> None:
        """The page leaves the view."""
        self._way.end()

    def look(self) -> None:
        """Look at USB and serial ports."""
        self.runner.run(Queue.HARDWARE, scanner_devices.look, self._show_seen)

    def judge_strokes(self, strokes: list[Stroke], shown: Callable[[Diagnosis, str], None]) -> None:
        """Judge key strokes; those of a code that is not ours are dropped with the verdict."""
        expected = self.code_card.code.text

        def work() -> tuple[Diagnosis, str, list[str]]:
            found = scanner.diagnose_strokes(expected, strokes, _SYSTEM)
            text, lines = scanner.as_received(found, strokes, _SYSTEM), scanner.raw_strokes(found, strokes)
            strokes.clear()
            return found, text, lines

        self.runner.run(Queue.POOL, work, lambda told: self._tell(*told, shown))

    def judge_text(self, text: str, timing: Timing | None, shown: Callable[[Diagnosis, str], None]) -> None:
        """Judge what an ordinary field received."""
        expected = self.code_card.code.text

        def work() -> tuple[Diagnosis, str, list[str]]:
            found = scanner.diagnose_text(expected, text, _SYSTEM, timing)
            return found, scanner.visible(text) if found.ours else "", []

        self.runner.run(Queue.POOL, work, lambda told: self._tell(*told, shown))

    def judge_bytes(
        self, data: bytes, interface: Interface, timing: Timing | None = None, symbology: str = ""
    ) -> None:
        """Judge the bytes of a code."""
        expected = self.code_card.code.text

        def work() -> tuple[Diagnosis, str, list[str]]:
            found = scanner.diagnose_bytes(expected, data, interface, timing)
            return found, "", scanner.raw_bytes(found, data)

        self.runner.run(Queue.POOL, work, lambda told: self._tell(*told, None, symbology))

    def note(self, tally: Tally) -> None:
        """Keep what a camera or pictures gave, the last of each."""
        self.tallies[tally.interface] = tally
        self.noted.emit()

    @property
    def _way(self) -> Way:
        return self._as_way(self._mode)

    def _as_way(self, name: str) -> Way:
        return cast("Way", self._ways[name])

    def _tell(
        self,
        diagnosis: Diagnosis,
        text: str,
        lines: list[str],
        shown: Callable[[Diagnosis, str], None] | None,
        symbology: str = "",
    ) -> None:
        known = symbology or (self.code_card.symbology.currentData() if diagnosis.code == "current" else "")
        self.trial = self.trial.add(diagnosis, known)
        if shown is not None:
            shown(diagnosis, text)
        self.raw.show_lines(lines)
        self.nothing_read.hide()
        self.verdict.show_diagnosis(diagnosis, self.trial, self._maker)
        self.judged.emit(diagnosis)

    @property
    def _maker(self) -> str:
        """The maker of the scanner, where USB shows just one."""
        makers = {one.maker for one in self.seen.usb or ()}
        return makers.pop() if len(makers) == 1 else ""

    def _show_seen(self, seen: Seen) -> None:
        self.seen = seen
        for name in self._ways:
            self._as_way(name).show_seen(seen)
        if self.nothing_read.isVisible():
            self.nothing_read.show_seen(seen)
        mute = scanner_devices.silent(seen)
        if mute is None:
            self.mode_banner.hide()
        else:
            self.mode_banner.say(
                "warning", scanner_devices.mode_words(mute), scanner_devices.mode_advice(mute)
            )

    def _ask_for_help(self) -> None:
        self.nothing_read.begin(self.seen)
        self.look()

    def _toggle_raw(self) -> None:
        self.raw.setVisible(not self.raw.isVisible())
