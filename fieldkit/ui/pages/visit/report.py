"""Step 7, Compte rendu: the PDF to look at or to keep, and the end of the draft."""

from __future__ import annotations

import re
from pathlib import Path

from PySide6.QtCore import QStandardPaths, QTemporaryDir, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog

from fieldkit.domain.folding import fold
from fieldkit.i18n import _
from fieldkit.ui.pages.visit.desk import Desk, Shown
from fieldkit.ui.pages.visit.finalise import FinaliseCard
from fieldkit.ui.pages.visit.step import Step
from fieldkit.ui.runner import Queue
from fieldkit.ui.widgets.card import Banner, Card
from fieldkit.ui.widgets.flow import flowing
from fieldkit.ui.widgets.text import button, label


class ReportStep(Step):
    """Preview and save the report, finalise the visit."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._file_name = ""
        self._aside: QTemporaryDir | None = None
        self.banner = Banner("reportBanner")
        self.finalising = FinaliseCard(desk)
        self._preview = button(_("A&perçu"), "previewReport", self.preview, kind="primary", icon="document")
        save = button(_("&Enregistrer le PDF…"), "saveReport", self.save)
        card = Card(_("Le compte rendu"), "reportCard")
        words = _(
            "Ce que le cabinet garde : le verdict et ses raisons, ce qui a été testé, les irritants, les notes, "
            "et qui fait quoi. Votre commentaire sur le cabinet n'y figure pas."
        )
        card.body.addWidget(label(words, "muted", wrap=True))
        card.body.addWidget(flowing(self._preview, save))
        for part in (self.banner, card, self.finalising):
            self.column.addWidget(part)
        self.column.addStretch(1)

    def show_visit(self, shown: Shown, *, fresh: bool) -> None:
        if fresh:
            self.banner.hide()
        name = re.sub(r"\W+", "-", fold(shown["practice"].get("name") or "")).strip("-")
        self._file_name = "-".join(part for part in ("compte-rendu", name, shown["date"]) if part) + ".pdf"
        self.finalising.show_visit(shown, fresh=fresh)

    def preview(self) -> None:
        """Write the report aside, and open it; what is aside goes when the window closes."""
        if self._aside is None:
            self._aside = QTemporaryDir()
        self._write(Path(self._aside.path()) / self._file_name)

    def save(self) -> None:
        """Ask where, write the report there, and open it."""
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        start = str(Path(folder) / self._file_name)
        title, kinds = _("Enregistrer le compte rendu"), _("Document PDF (*.pdf)")
        chosen, _kind = QFileDialog.getSaveFileName(self, title, start, kinds)
        if chosen:
            self._write(Path(chosen).with_suffix(".pdf"))

    def _write(self, out: Path) -> None:
        from fieldkit.services import catalogue, reports
        from fieldkit.services.profile import catalogue_path

        self.desk.flush()
        self.banner.say("info", _("Le compte rendu est en préparation…"))
        store, visit_id = self.desk.store, self.desk.visit_id
        products = catalogue_path(self.desk.context.folder)
        self.desk.context.runner.run(
            Queue.DATABASE,
            lambda: reports.visit_report(store, visit_id, out, catalogue_as_of=catalogue.as_of(products)),
            self._written,
            self.banner.say_error,
        )

    def _written(self, out: Path) -> None:
        if QDesktopServices.openUrl(QUrl.fromLocalFile(str(out))):
            said = _("Le compte rendu est prêt et ouvert.")
        else:
            said = _("Le compte rendu est prêt ; aucun lecteur de PDF ne s'est ouvert.")
        self.banner.say("success", said, str(out))
