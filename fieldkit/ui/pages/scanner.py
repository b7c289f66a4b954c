"""Scanner: is this 2D scanner set so that billing software gets what it reads?"""

from __future__ import annotations

from fieldkit.i18n import _
from fieldkit.ui.pages.base import Context, Page
from fieldkit.ui.widgets.scanner_bench import ScannerBench
from fieldkit.ui.widgets.text import label


class ScannerPage(Page):
    """The bench in keyboard mode; the other modes are announced."""

    def __init__(self, context: Context) -> None:
        about = _("Le lecteur de codes est-il réglé comme l'ordinateur ? Un code de test le dit.")
        super().__init__(context, _("Scanner"), about)
        self.bench = ScannerBench(context.runner)
        self.body.addWidget(self.bench, 1)
        coming = _(
            "Ici, le mode clavier, celui qu'attendent les logiciels de facturation. "
            "Les modes série, caméra et image, et la planche à imprimer, viendront dans une prochaine version."
        )
        self.body.addWidget(label(coming, "caption", wrap=True))

    def entered(self) -> None:
        self.bench.listen()
