"""A scanner that types like a keyboard: the zone that takes its keys, and the field a program would have."""

from __future__ import annotations

from PySide6.QtCore import Qt

from fieldkit.hardware.scanner.diagnosis import Diagnosis
from fieldkit.hardware.scanner.keyboard import Stroke
from fieldkit.hardware.scanner.timing import Timing
from fieldkit.i18n import _
from fieldkit.services.scanner_devices import Seen
from fieldkit.ui.theme import GRID
from fieldkit.ui.widgets.card import Banner, Card
from fieldkit.ui.widgets.key_capture import KeyCapture
from fieldkit.ui.widgets.plain_field import PlainField
from fieldkit.ui.widgets.scanner_modes import Desk
from fieldkit.ui.widgets.text import label


class KeyboardMode(Card):
    """Either takes a scan; the zone knows more, the field is what billing software has."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(name="captureCard")
        self._desk = desk
        self.capture = KeyCapture()
        title = label(_("2. La &zone de test"), "section")
        title.setTextFormat(Qt.TextFormat.AutoText)
        title.setBuddy(self.capture)
        self.pause_banner = Banner("captureBanner", closable=False)
        self.received = PlainField()
        caption = label(_("Ce que le logiciel de &facturation recevrait"), "strong", wrap=True)
        caption.setTextFormat(Qt.TextFormat.AutoText)
        caption.setBuddy(self.received)
        privacy = _(
            "Un autre code que les nôtres n'est ni montré, ni gardé : seuls sa longueur, sa fin et son rythme."
        )
        self.body.addWidget(title)
        self.body.addWidget(self.pause_banner)
        self.body.addWidget(self.capture, 1)
        self.body.addSpacing(GRID)
        self.body.addWidget(caption)
        self.body.addWidget(self.received)
        self.body.addWidget(label(privacy, "caption", wrap=True))
        self.capture.paused.connect(lambda _paused: self._tell_pause())
        self.received.focused.connect(lambda _focused: self._tell_pause())
        self.capture.scanned.connect(self._judge_strokes)
        self.received.received.connect(self._judge_text)

    def begin(self) -> None:
        """Give the keyboard to the zone."""
        self.capture.setFocus(Qt.FocusReason.OtherFocusReason)

    def end(self) -> None:
        """Forget what is shown."""
        self.received.wipe()

    def show_seen(self, seen: Seen) -> None:
        """Of no consequence here."""

    def _judge_strokes(self, strokes: list[Stroke]) -> None:
        self.received.wipe()
        self._desk.judge_strokes(strokes, self._show)

    def _judge_text(self, text: str, timing: Timing | None) -> None:
        self._desk.judge_text(text, timing, self._show)

    def _show(self, diagnosis: Diagnosis, text: str) -> None:
        if diagnosis.ours:
            self.received.show_ours(text)
        elif diagnosis.code == "foreign":
            self.received.wipe()
            self.received.setPlaceholderText(_("Un autre code : effacé aussitôt"))

    def _tell_pause(self) -> None:
        elsewhere = not (self.capture.hasFocus() or self.received.hasFocus())
        if elsewhere and self.capture.isVisible():
            self.pause_banner.say(
                "warning",
                _("La zone de test n'a plus le clavier."),
                _("Un code scanné maintenant serait tapé ailleurs. Cliquez dans la zone avant de scanner."),
            )
        else:
            self.pause_banner.hide()
