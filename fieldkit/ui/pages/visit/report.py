"""Step 7, Compte rendu: the report to look at, to print, to keep or to send, and the end of the draft."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QStandardPaths, QUrl
from PySide6.QtGui import QDesktopServices, QImage
from PySide6.QtWidgets import QDialog, QFileDialog

from fieldkit.domain.folding import fold
from fieldkit.i18n import _
from fieldkit.ui.pages.visit.desk import Desk, Shown
from fieldkit.ui.pages.visit.finalise import FinaliseCard
from fieldkit.ui.pages.visit.step import Step
from fieldkit.ui.runner import Queue
from fieldkit.ui.widgets.card import Banner, Card
from fieldkit.ui.widgets.flow import flowing
from fieldkit.ui.widgets.text import button, label

if TYPE_CHECKING:
    import datetime as dt

    from PySide6.QtPrintSupport import QPrinter

    from fieldkit.services.reports import Material

T = TypeVar("T")


class ReportStep(Step):
    """Preview, print, save and send the report; finalise the visit."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._file_name = ""
        self.previewing: QDialog | None = None
        self.banner = Banner("reportBanner")
        self.finalising = FinaliseCard(desk)
        preview = button(_("A&perçu"), "previewReport", self.preview, kind="primary", icon="document")
        acts = [button(words, name, act, icon=icon) for words, name, icon, act in self._acts("Report")]
        card = Card(_("Le compte rendu"), "reportCard")
        words = _(
            "Ce que le cabinet garde : le verdict et ses raisons, ce qui a été testé, les irritants, les notes, "
            "les photos, et qui fait quoi. Votre commentaire sur le cabinet n'y figure pas."
        )
        card.body.addWidget(label(words, "muted", wrap=True))
        card.body.addWidget(flowing(preview, *acts))
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
        """Show the pages of the report over the window."""
        from fieldkit.ui.dialogs.report_preview import PPI

        def draw(about: Material, as_of: dt.date | None) -> list[QImage]:
            from fieldkit.services import reports

            return [QImage.fromData(page) for page in reports.pages(about, as_of, ppi=PPI)]

        self._make(draw, self._show_pages)

    def save(self) -> None:
        """Ask where, write the report there, and open it."""
        self._write(self._written)

    def send(self) -> None:
        """Write the report where asked, and begin a message that it can be joined to."""
        self._write(self._begin_message)

    def print(self) -> None:
        """Ask for a printer, and print the report on it."""
        from PySide6.QtPrintSupport import QPrintDialog

        from fieldkit.ui import printing

        printer = printing.printer_for(self._file_name.removesuffix(".pdf"))
        if QPrintDialog(printer, self).exec():
            self.print_on(printer)

    def print_on(self, printer: QPrinter) -> None:
        """Print the report on `printer`."""
        from fieldkit.ui import printing

        def draw(about: Material, as_of: dt.date | None) -> bool:
            from fieldkit.services import reports

            return printing.paint(reports.pages(about, as_of, ppi=printing.PPI), printer)

        self._make(draw, self._printed)

    def _acts(self, where: str) -> list[tuple[str, str, str, Callable[[], None]]]:
        return [
            (_("&Enregistrer le PDF…"), f"save{where}", "save", self.save),
            (_("&Imprimer…"), f"print{where}", "print", self.print),
            (_("Envoyer par e-&mail…"), f"send{where}", "mail", self.send),
        ]

    def _make(self, draw: Callable[[Material, dt.date | None], T], on_done: Callable[[T], None]) -> None:
        """Read the visit as it now stands, then draw its report away from the database."""
        from fieldkit.services import catalogue, reports
        from fieldkit.services.profile import catalogue_path

        self.desk.flush()
        self.banner.say("info", _("Le compte rendu est en préparation…"))
        visit_id, runner = self.desk.visit_id, self.desk.context.runner
        products = catalogue_path(self.desk.context.folder)

        def drawn(about: Material) -> None:
            def work() -> T:
                return draw(about, catalogue.as_of(products))

            runner.run(Queue.POOL, work, on_done, self.banner.say_error)

        self.desk.ask(lambda store: reports.material(store, visit_id), drawn, self.banner.say_error)

    def _write(self, on_done: Callable[[tuple[Path, Material]], None]) -> None:
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        start = str(Path(folder) / self._file_name)
        title, kinds = _("Enregistrer le compte rendu"), _("Document PDF (*.pdf)")
        chosen, _kind = QFileDialog.getSaveFileName(self, title, start, kinds)
        if not chosen:
            return
        out = Path(chosen).with_suffix(".pdf")

        def draw(about: Material, as_of: dt.date | None) -> tuple[Path, Material]:
            from fieldkit.services import reports

            reports.write_file(out, reports.pdf(about, as_of))
            return out, about

        self._make(draw, on_done)

    def _written(self, written: tuple[Path, Material]) -> None:
        out, _about = written
        if QDesktopServices.openUrl(QUrl.fromLocalFile(str(out))):
            said = _("Le compte rendu est prêt et ouvert.")
        else:
            said = _("Le compte rendu est prêt ; aucun lecteur de PDF ne s'est ouvert.")
        self.banner.say("success", said, str(out))

    def _begin_message(self, written: tuple[Path, Material]) -> None:
        from fieldkit.services import reports

        out, about = written
        if QDesktopServices.openUrl(QUrl.fromEncoded(reports.letter(about).encode())):
            said = _("Le message est commencé dans votre messagerie : joignez-y ce fichier.")
            self.banner.say("success", said, str(out))
        else:
            said = _("Aucune messagerie ne s'est ouverte ; joignez vous-même ce fichier à votre message.")
            self.banner.say("warning", said, str(out))

    def _printed(self, taken: bool) -> None:
        if taken:
            self.banner.say("success", _("Le compte rendu est parti à l'imprimante."))
        else:
            self.banner.say(
                "error",
                _("L'imprimante n'a pas pris le compte rendu."),
                _("Vérifiez qu'elle est allumée et choisie, ou enregistrez le PDF et imprimez-le ensuite."),
            )

    def _show_pages(self, pages: list[QImage]) -> None:
        from fieldkit.ui.dialogs.report_preview import ReportPreview

        self.banner.hide()
        self.previewing = ReportPreview(self, pages, _("Aperçu du compte rendu"), self._acts("Preview"))
        self.previewing.finished.connect(self.previewing.deleteLater)
        self.previewing.finished.connect(self._closed)
        self.previewing.open()

    def _closed(self) -> None:
        self.previewing = None
