"""Scanner: is this 2D scanner set so that billing software gets what it reads?"""

from __future__ import annotations

from typing import Any

from fieldkit.hardware.scanner.diagnose import Diagnosis
from fieldkit.i18n import _
from fieldkit.services.scanner import test_run_fields
from fieldkit.ui.pages.base import Context, Page
from fieldkit.ui.widgets.attach_button import AttachButton
from fieldkit.ui.widgets.scanner_bench import ScannerBench
from fieldkit.ui.widgets.text import label


class ScannerPage(Page):
    """The bench in keyboard mode; the other modes are announced."""

    def __init__(self, context: Context) -> None:
        about = _("Le lecteur de codes est-il réglé comme l'ordinateur ? Un code de test le dit.")
        super().__init__(context, _("Scanner"), about)
        self.bench = ScannerBench(context.runner)
        self._judged: Diagnosis | None = None
        self.attach = AttachButton(context, "attachScanner", self._result)
        self.bench.judged.connect(self._keep)
        self.tools.addWidget(self.attach)
        self.body.addWidget(self.bench, 1)
        coming = _(
            "Ici, le mode clavier, celui qu'attendent les logiciels de facturation. "
            "Les modes série, caméra et image, et la planche à imprimer, viendront dans une prochaine version."
        )
        self.body.addWidget(label(coming, "caption", wrap=True))

    def entered(self) -> None:
        self.bench.listen()

    def _keep(self, diagnosis: Diagnosis) -> None:
        self._judged = diagnosis
        self.attach.refresh()

    def _result(self) -> dict[str, Any] | None:
        return None if self._judged is None else test_run_fields(self._judged)
