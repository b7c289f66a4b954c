"""Scanner: is this 2D scanner set so that billing software gets what it reads?"""

from __future__ import annotations

from typing import Any

from fieldkit.hardware.scanner.diagnosis import Diagnosis
from fieldkit.i18n import _
from fieldkit.services.scanner import test_run_fields
from fieldkit.ui.pages.base import Context, Page
from fieldkit.ui.widgets.attach_button import AttachButton
from fieldkit.ui.widgets.scanner_bench import ScannerBench


class ScannerPage(Page):
    """The bench, and its result for the visit that is open."""

    def __init__(self, context: Context) -> None:
        about = _("Le lecteur de codes est-il réglé comme l'ordinateur ? Un code de test le dit.")
        super().__init__(context, _("Scanner"), about)
        self.bench = ScannerBench(context)
        self.attach = AttachButton(context, "attachScanner", self._result)
        self.bench.judged.connect(self._judged)
        self.bench.noted.connect(self.attach.refresh)
        self.tools.addWidget(self.attach)
        self.body.addWidget(self.bench, 1)

    def entered(self) -> None:
        self.bench.begin()

    def left(self) -> None:
        self.bench.end()

    def _judged(self, _diagnosis: Diagnosis) -> None:
        self.attach.refresh()

    def _result(self) -> dict[str, Any] | None:
        trial, tallies = self.bench.trial, tuple(self.bench.tallies.values())
        if trial.shots:
            return test_run_fields(trial, self.bench.seen.names, tallies)
        failed = [tally for tally in tallies if not tally.ours and (tally.fault or tally.unread)]
        if not failed:
            return None
        from fieldkit.services import pictures

        return pictures.test_run_fields(failed[-1])
