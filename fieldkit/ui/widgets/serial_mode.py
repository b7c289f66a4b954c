"""A scanner on a serial port: which port, how fast, and what comes out of it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QGridLayout

from fieldkit.hardware.scanner.serial import Arrived, Incoming, LineSettings, LineState, News, PortInfo
from fieldkit.i18n import _, ngettext
from fieldkit.services import scanner_devices
from fieldkit.services.scanner_devices import BAUDS, FRAMINGS, Seen
from fieldkit.ui.runner import Queue, Task
from fieldkit.ui.theme import GRID
from fieldkit.ui.widgets.card import Badge, Banner, Card
from fieldkit.ui.widgets.choice import choice
from fieldkit.ui.widgets.flow import flowing
from fieldkit.ui.widgets.text import button, label

if TYPE_CHECKING:
    from fieldkit.ui.widgets.scanner_modes import Desk


class SerialMode(Card):
    """Listens to one port at a time, on its own worker, until told to stop or out of view."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(_("2. Le port série"), "serialCard")
        self._desk = desk
        self._ports: tuple[PortInfo, ...] = ()
        self._task: Task[News] | None = None
        self.port = choice("serialPort", _("Port"), {})
        self.baud = choice("serialBaud", _("Vitesse"), {baud: str(baud) for baud in BAUDS})
        self.framing = choice("serialFraming", _("Format"), {framing: framing for framing in FRAMINGS})
        self.listen = button(_("Écouter le &port"), "listenPort", self._toggle, kind="primary", icon="serial")
        self.refresh = button(_("Ac&tualiser"), "refreshPorts", self._desk.look)
        self.state = Badge("unknown", _("fermé"))
        self.state.setObjectName("serialState")
        self.count = label("", "muted", wrap=True)
        self.count.setObjectName("serialCount")
        self.banner = Banner("serialBanner", closable=False)
        self.body.addLayout(self._form())
        self.body.addWidget(flowing(self.listen, self.refresh))
        self.body.addWidget(self.state)
        self.body.addWidget(self.count)
        self.body.addWidget(self.banner)
        self.body.addStretch(1)
        privacy = _(
            "Un autre code que les nôtres n'est ni montré, ni gardé : seuls sa longueur, sa fin et son rythme."
        )
        self.body.addWidget(label(privacy, "caption", wrap=True))
        self.port.currentIndexChanged.connect(lambda _row: self._offer())
        self._offer()

    def begin(self) -> None:
        """Take the keyboard to the choice of the port."""
        self.port.setFocus()

    def end(self) -> None:
        """Give the port back."""
        self.stop()

    def show_seen(self, seen: Seen) -> None:
        """Offer the ports of this computer; what is being listened to stays chosen."""
        if seen.ports == self._ports and self.port.count():
            return
        chosen = self.port.currentData()
        self._ports = seen.ports
        self.port.blockSignals(True)
        self.port.clear()
        for port in seen.ports:
            self.port.addItem(port.name, port.device)
        if not seen.ports:
            self.port.addItem(_("Aucun port série"), None)
        self.port.setCurrentIndex(max(0, self.port.findData(chosen)))
        self.port.blockSignals(False)
        self._offer()

    def stop(self) -> None:
        """Stop listening."""
        if self._task is None:
            return
        self._task.cancel()
        self._task = None
        self._show_state("unknown", _("fermé"))
        self.count.setText("")
        self._offer()

    def _form(self) -> QGridLayout:
        form = QGridLayout()
        form.setHorizontalSpacing(GRID)
        form.setVerticalSpacing(GRID)
        form.setColumnStretch(1, 1)
        rows = ((_("Port"), self.port), (_("Vitesse (bauds)"), self.baud), (_("Format"), self.framing))
        for row, (title, box) in enumerate(rows):
            form.addWidget(label(title), row, 0)
            form.addWidget(box, row, 1)
        self.hint = label("", "caption", wrap=True)
        form.addWidget(self.hint, len(rows), 0, 1, 2)
        return form

    def _offer(self) -> None:
        """What can be chosen now."""
        listening = self._task is not None
        port = next((port for port in self._ports if port.device == self.port.currentData()), None)
        free = port is not None and not listening
        self.port.setEnabled(not listening)
        self.baud.setEnabled(free and port is not None and not port.usb)
        self.framing.setEnabled(self.baud.isEnabled())
        self.listen.setEnabled(port is not None or listening)
        words = _("Arrêter l'éc&oute") if listening else _("Écouter le &port")
        self.listen.setText(words)
        self.listen.setAccessibleName(words.replace("&", ""))
        if port is None:
            said = _("Branchez le lecteur, puis actualisez la liste.")
        elif port.usb:
            said = _("Port série sur USB : vitesse et format n'y changent rien.")
        else:
            said = _("Vrai port série : vitesse et format doivent être ceux du lecteur.")
        self.hint.setText(said)

    def _toggle(self) -> None:
        if self._task is not None:
            self.stop()
            return
        device = self.port.currentData()
        settings = LineSettings(self.baud.currentData(), self.framing.currentData())
        self.banner.hide()
        self._show_state("info", _("ouverture…"))
        self._task = self._desk.runner.run_reporting(
            Queue.LINE, partial(_listen, device, settings), self._take, lambda _end: self._ended()
        )
        self._offer()

    def _ended(self) -> None:
        """The port was refused: there is nothing to listen to."""
        self._task = None
        self._offer()

    def _take(self, news: News) -> None:
        if isinstance(news, LineState):
            self._tell(news)
        elif isinstance(news, Incoming):
            several = ngettext("{n} octet reçu…", "{n} octets reçus…", news.count)
            self.count.setText(several.format(n=news.count))
        else:
            self._arrived(news)

    def _arrived(self, news: Arrived) -> None:
        several = ngettext("{n} octet reçu.", "{n} octets reçus.", len(news.data))
        self.count.setText(several.format(n=len(news.data)))
        self._desk.judge_bytes(news.data, "serial", news.timing)

    def _tell(self, news: LineState) -> None:
        if news.state == "open":
            self.banner.hide()
            self._show_state("success", _("à l'écoute : scannez le code"))
        elif news.state == "lost":
            self._show_state("warning", _("débranché"))
            self.banner.say(
                "warning",
                _("Le lecteur a été débranché."),
                _("Rebranchez-le : l'écoute reprend d'elle-même."),
            )
        elif news.error is not None:
            self._show_state("error", _("refusé"))
            self.banner.say_error(news.error)

    def _show_state(self, state: str, words: str) -> None:
        self.state.show_state(state, words)


def _listen(device: str, settings: LineSettings, task: Task[News]) -> None:
    line = scanner_devices.listen(device, settings, task.report)
    task.on_cancel(line.stop)
    line.run()
