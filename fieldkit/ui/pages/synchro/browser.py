"""A sign-in that goes on in the system's browser, while the window goes on with everything else."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from fieldkit.i18n import _
from fieldkit.ui.live_sync import hop
from fieldkit.ui.pages.base import Context
from fieldkit.ui.runner import Queue, Task
from fieldkit.ui.theme import GRID
from fieldkit.ui.widgets.flow import flowing
from fieldkit.ui.widgets.text import button, label

if TYPE_CHECKING:
    from fieldkit.services.sign_in import SignedIn


class BrowserWait(QWidget):
    """What is shown meanwhile; hidden otherwise. One sign-in at a time."""

    signed_in = Signal(object)
    """Emitted with the `SignedIn`."""
    failed = Signal(object)
    """Emitted with the exception that ended it."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._stop = threading.Event()
        self._address = ""
        self.running = False
        self._said = label("", "strong", wrap=True)
        self._said.setObjectName("signInWaiting")
        about = _("Vous avez cinq minutes, et pouvez continuer à travailler ici en attendant.")
        self.cancel = button(_("A&bandonner"), "signInCancel", self.stop)
        again = button(_("&Rouvrir le navigateur"), "signInReopen", self._open, kind="quiet")
        copy = button(_("Co&pier l'adresse"), "signInCopy", self._copy, kind="quiet", icon="copy")
        self._ways = (again, copy)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        column.addWidget(self._said)
        column.addWidget(label(about, "muted", wrap=True))
        column.addWidget(flowing(self.cancel, again, copy))
        self.hide()

    def start(self, registry_url: str) -> None:
        """Begin, for the registry at this address; nothing happens where one is under way."""
        profile = self._context.profile
        if self.running or profile is None:
            return
        store, runner = profile.store, self._context.runner
        self.running = True
        self._stop.clear()
        self._say(_("Le registre est contacté…"), address="")
        self.cancel.setEnabled(True)
        self.show()
        QTimer.singleShot(0, self, self._into_sight)  # once it has its place

        def work(task: Task[str]) -> SignedIn:
            from fieldkit.services import sign_in

            return sign_in.sign_in(
                store,
                registry_url,
                task.report,
                cancelled=lambda: self._stop.is_set() or task.cancelled,
                on_database=hop(runner, task),
            )

        runner.run_reporting(Queue.POOL, work, self._show_address, self._done, self._fail)

    def stop(self) -> None:
        """Wait no more for the browser."""
        self._stop.set()
        self.cancel.setEnabled(False)

    def _into_sight(self) -> None:
        area = self.parentWidget()
        while area is not None and not isinstance(area, QScrollArea):
            area = area.parentWidget()
        if area is not None:
            area.ensureWidgetVisible(self.cancel)
            area.ensureWidgetVisible(self._said)

    def _show_address(self, address: str) -> None:
        self._say(_("Votre navigateur est ouvert : identifiez-vous, puis revenez ici."), address)
        self._open()

    def _open(self) -> None:
        if not QDesktopServices.openUrl(QUrl.fromEncoded(self._address.encode())):
            self._say(
                _("Le navigateur ne s'ouvre pas : copiez l'adresse, et allez-y vous-même."), self._address
            )

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._address)
        self._say(_("L'adresse est copiée : collez-la dans votre navigateur."), self._address)

    def _say(self, text: str, address: str) -> None:
        self._address = address
        self._said.setText(text)
        for way in self._ways:
            way.setVisible(bool(address))

    def _done(self, known: SignedIn) -> None:
        self._end()
        self.signed_in.emit(known)

    def _fail(self, error: Any) -> None:
        self._end()
        self.failed.emit(error)

    def _end(self) -> None:
        self.running = False
        self._address = ""
        self.hide()
