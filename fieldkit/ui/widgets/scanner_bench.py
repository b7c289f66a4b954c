"""The bench of a scanner in keyboard mode: a code to scan, a zone that receives it, a verdict.

The Scanner page shows it, and a visit's tests may too; `judged` hands over each diagnosis.
"""

from __future__ import annotations

import sys
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from fieldkit.hardware.scanner.diagnose import Diagnosis
from fieldkit.hardware.scanner.keyboard import Stroke, as_text
from fieldkit.hardware.scanner.symbol import Symbol
from fieldkit.i18n import N_, _
from fieldkit.services import scanner
from fieldkit.ui.runner import Queue, Runner
from fieldkit.ui.theme import GRID
from fieldkit.ui.widgets.card import Banner, Card
from fieldkit.ui.widgets.choice import choice
from fieldkit.ui.widgets.code_view import CodeView
from fieldkit.ui.widgets.key_capture import KeyCapture
from fieldkit.ui.widgets.scanner_verdict import ScannerVerdict
from fieldkit.ui.widgets.text import button, label
from fieldkit.ui.widgets.wrap_grid import WrapGrid

_SIZES: Final = {25: N_("25 mm, écran de téléphone"), 40: N_("40 mm, papier"), 60: N_("60 mm, vue de loin")}
_SYMBOLOGIES: Final = {
    "qr": N_("QR code (appli carte Vitale, ordonnance)"),
    "datamatrix": N_("Data Matrix (attestation)"),
}
_SYSTEMS: Final = {"win32": "windows", "darwin": "mac"}
_VISIBLE_CONTROLS: Final = str.maketrans({"\r": "⏎", "\n": "⏎", "\t": "⇥"})


class ScannerBench(QWidget):
    """Shows a test code, captures one scan at a time, and judges it away from the GUI thread."""

    judged = Signal(object)
    """Emitted with the `Diagnosis` of each scan."""

    def __init__(self, runner: Runner) -> None:
        super().__init__()
        self._runner = runner
        self.code = scanner.new_test_code()
        self._symbol: Symbol | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * GRID)
        sides = WrapGrid(310)
        sides.show_cells([self._code_card(), self._capture_card()])
        self.verdict = ScannerVerdict()
        column.addWidget(sides)
        column.addWidget(self.verdict)
        column.addStretch(1)
        self._draw()

    def listen(self) -> None:
        """Give the keyboard to the capture zone."""
        self.capture.setFocus(Qt.FocusReason.OtherFocusReason)

    def renew(self) -> None:
        """Show a code that was never shown before: an old picture no longer counts."""
        self.code = scanner.new_test_code()
        self._draw()
        self.listen()

    def _code_card(self) -> Card:
        card = Card(_("1. Le code à scanner"), "codeCard")
        self.symbology = choice("symbology", _("Type de code"), _SYMBOLOGIES)
        self.size_mm = choice("codeSize", _("Taille du code"), _SIZES)
        self.size_mm.setCurrentIndex(1)
        self.symbology.activated.connect(self._draw)
        self.size_mm.activated.connect(self._resize)
        self.view = CodeView()
        card.body.addWidget(self.symbology)
        card.body.addWidget(self.size_mm)
        card.body.addStretch(1)
        card.body.addWidget(self.view, 0, Qt.AlignmentFlag.AlignHCenter)
        card.body.addStretch(1)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(button(_("Nouveau &code"), "newCode", self.renew, kind="quiet"))
        card.body.addLayout(row)
        return card

    def _capture_card(self) -> Card:
        card = Card(name="captureCard")
        self.capture = KeyCapture()
        title = label(_("2. La &zone de test"), "section")
        title.setTextFormat(Qt.TextFormat.AutoText)
        title.setBuddy(self.capture)
        self.pause_banner = Banner("captureBanner", closable=False)
        self.received = QLineEdit()
        self.received.setObjectName("receivedText")
        self.received.setProperty("role", "mono")
        self.received.setReadOnly(True)
        self.received.setPlaceholderText(_("Rien pour l'instant"))
        caption = label(_("Ce que le logiciel de &facturation recevrait"), "strong", wrap=True)
        caption.setTextFormat(Qt.TextFormat.AutoText)
        caption.setBuddy(self.received)
        self.received.setAccessibleName(_("Ce que le logiciel de facturation recevrait"))
        privacy = _(
            "Un autre code que celui affiché n'est ni montré, ni gardé : seuls sa longueur et son rythme."
        )
        card.body.addWidget(title)
        card.body.addWidget(self.pause_banner)
        card.body.addWidget(self.capture, 1)
        card.body.addSpacing(GRID)
        card.body.addWidget(caption)
        card.body.addWidget(self.received)
        card.body.addWidget(label(privacy, "caption", wrap=True))
        self.capture.paused.connect(self._tell_pause)
        self.capture.scanned.connect(self._judge)
        return card

    def _draw(self) -> None:
        code, symbology = self.code, self.symbology.currentData()
        self._runner.run(Queue.POOL, lambda: scanner.draw(code, symbology), self._show)

    def _show(self, symbol: Symbol) -> None:
        self._symbol = symbol
        self._resize()

    def _resize(self) -> None:
        self.view.show_symbol(self._symbol, float(self.size_mm.currentData()))

    def _tell_pause(self, paused: bool) -> None:
        if paused and self.capture.window().isVisible():
            self.pause_banner.say(
                "warning",
                _("La zone de test n'a plus le clavier."),
                _("Un code scanné maintenant serait tapé ailleurs. Cliquez dans la zone avant de scanner."),
            )
        else:
            self.pause_banner.hide()

    def _judge(self, strokes: list[Stroke]) -> None:
        expected, system = self.code.text, _SYSTEMS.get(sys.platform, "linux")
        self._runner.run(
            Queue.POOL,
            lambda: scanner.diagnose_strokes(expected, strokes, system),
            lambda diagnosis: self._tell(diagnosis, strokes),
        )

    def _tell(self, diagnosis: Diagnosis, strokes: list[Stroke]) -> None:
        ours = diagnosis.code in ("current", "stale")
        self.received.setText(as_text(strokes).translate(_VISIBLE_CONTROLS) if ours else "")
        self.received.setCursorPosition(0)
        self.verdict.show_diagnosis(diagnosis)
        self.judged.emit(diagnosis)
