"""The guided test: one run after another, from the first step to a result that can be kept."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QGuiApplication, QShowEvent
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from fieldkit.i18n import _
from fieldkit.services import guided
from fieldkit.services.guided import GuidedRun, Subject
from fieldkit.services.readers import Bench
from fieldkit.ui.pages.base import Context
from fieldkit.ui.pages.guided.outcome import Outcome
from fieldkit.ui.pages.guided.under_way import UnderWay
from fieldkit.ui.widgets.text import button

_TICK_MS = 250


class GuidedPanel(QWidget):
    """Hidden until `begin`; feeds its run with the benches of the window and the time, and shows it."""

    opened = Signal()
    """Emitted when a run or its result comes into view."""
    closed = Signal()

    def __init__(self, context: Context, clock: Callable[[], float] = monotonic) -> None:
        super().__init__()
        self.setObjectName("guidedPanel")
        self._context, self.clock = context, clock
        self.run: GuidedRun | None = None
        self._subject: Subject | None = None
        self._view: UnderWay | Outcome | None = None
        self._ticking = QTimer(self, interval=_TICK_MS)
        self._ticking.timeout.connect(self.tick)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        context.readers.changed.connect(self._see)
        context.readers.switched.connect(self.close_run)
        self.hide()

    def begin(self, subject: Subject) -> None:
        """Begin a run over `subject`, whatever was under way."""
        bench = self._context.readers.bench
        if bench is None:
            return
        self._subject = subject
        self.run = GuidedRun(subject, bench, self.clock())
        skip = button(_("&Passer cette étape"), "guidedSkip", self._skip)
        claim = button(
            _("Rien &ne se passe"),
            "guidedClaim",
            self._claim,
            hint=_("La carte est bien en place, ou bien retirée, et l'écran ne bouge pas."),
        )
        stop = button(_("A&rrêter le test"), "guidedStop", self._stop)
        self._show(UnderWay(self.run, (skip, claim, self._again(), stop)))
        skip.setFocus()
        self.opened.emit()
        self._ticking.start()
        self._refresh()

    def close_run(self) -> None:
        """Forget the run, and go out of sight."""
        self._ticking.stop()
        self.run = None
        if self.isHidden():
            return
        self.hide()
        self.closed.emit()

    def tick(self) -> None:
        """Let the time count, as long as what is asked for can be seen."""
        if self.run is not None and self.isVisible():
            self.run.tick(self.clock())
            self._refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.run is not None:
            self.run.renew(self.clock())

    def _see(self, bench: Bench) -> None:
        if self.run is not None and not self.run.done:
            self.run.see(bench, self.clock())
            self._refresh()

    def _skip(self) -> None:
        self._say(lambda run: run.skip(self.clock()))

    def _claim(self) -> None:
        self._say(lambda run: run.claim(self.clock()))

    def _stop(self) -> None:
        self._say(GuidedRun.stop)

    def _say(self, said: Callable[[GuidedRun], None]) -> None:
        if self.run is not None:
            said(self.run)
            self._refresh()

    def _restart(self) -> None:
        if self._subject is not None:
            self.begin(self._subject)

    def _refresh(self) -> None:
        if self.run is None:
            return
        if not self.run.done:
            if isinstance(self._view, UnderWay):
                self._view.show_run(self.run, self.clock())
        elif not isinstance(self._view, Outcome):
            self._finish(self.run)

    def _finish(self, run: GuidedRun) -> None:
        self._ticking.stop()
        copy = button(_("Copier le résu&ltat"), "guidedCopy", self._copy, icon="copy")
        close = button(_("&Fermer"), "guidedClose", self.close_run)
        outcome = Outcome(self._context, run.tally, (copy, self._again(), close))
        self._show(outcome)
        (copy if outcome.attach.isHidden() else outcome.attach.press).setFocus()
        self.opened.emit()

    def _again(self) -> QPushButton:
        return button(_("Reco&mmencer"), "guidedRestart", self._restart)

    def _copy(self) -> None:
        if self.run is not None:
            QGuiApplication.clipboard().setText(guided.result_text(self.run.tally))
            self._context.show_message("success", _("Le résultat du test est dans le presse-papiers."))

    def _show(self, view: UnderWay | Outcome) -> None:
        """Show `view` in the place of what was shown."""
        old, self._view = self._view, view
        self._column.addWidget(view)
        view.show()
        self.show()
        if old is not None:
            old.hide()
            old.deleteLater()
