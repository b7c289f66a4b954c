"""The test code to scan: which one, in which symbology, how large; on paper and as a picture too."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QStandardPaths, Qt, QTemporaryDir, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QHBoxLayout

from fieldkit.hardware.scanner.symbol import Symbol
from fieldkit.hardware.scanner.testcode import Kind
from fieldkit.i18n import N_, _
from fieldkit.services import scanner
from fieldkit.settings import SCREEN_SCALES
from fieldkit.ui.runner import Queue
from fieldkit.ui.theme import GRID
from fieldkit.ui.widgets.card import Banner, Card
from fieldkit.ui.widgets.choice import choice
from fieldkit.ui.widgets.code_view import CodeView
from fieldkit.ui.widgets.controls import LineControl
from fieldkit.ui.widgets.flow import flowing
from fieldkit.ui.widgets.text import button, label
from fieldkit.ui.widgets.wrap_grid import WrapGrid

if TYPE_CHECKING:
    from fieldkit.ui.pages.base import Context

_KINDS: Final = {
    "layout": N_("A. Disposition : à lire en premier"),
    "accents": N_("B. Accents"),
    "accents-eci": N_("B. Accents, avec ECI"),
    "control": N_("C. Caractères de contrôle"),
    "long-64": N_("D. Long, 64 caractères"),
    "long-256": N_("D. Long, 256 caractères"),
    "long-512": N_("D. Long, 512 caractères"),
    "long-1024": N_("D. Long, 1024 caractères"),
}
_SYMBOLOGIES: Final = {
    "qr": N_("QR code (appli carte Vitale, ordonnance)"),
    "datamatrix": N_("Data Matrix (attestation)"),
}
_SIZES: Final = {
    25: N_("25 mm, écran de téléphone"),
    40: N_("40 mm, papier"),
    60: N_("60 mm, vue de loin"),
    80: N_("80 mm, codes longs"),
}
_USUAL_MM: Final = 40
_ECI: Final = "-eci"


class CodeCard(Card):
    """Shows one code; `code` is what a scan of it should give."""

    changed = Signal()
    """Emitted when another code is shown."""

    def __init__(self, context: Context) -> None:
        super().__init__(_("1. Le code à scanner"), "codeCard")
        self._context = context
        self._symbol: Symbol | None = None
        self._aside: QTemporaryDir | None = None
        self.code = scanner.new_test_code()
        self.kind = choice("codeKind", _("Code de test"), _KINDS)
        self.symbology = choice("symbology", _("Type de code"), _SYMBOLOGIES)
        self.size_mm = choice("codeSize", _("Taille du code"), _SIZES)
        self.size_mm.setCurrentIndex(self.size_mm.findData(_USUAL_MM))
        self.kind.activated.connect(lambda _row: self.renew())
        self.symbology.activated.connect(lambda _row: self.draw())
        self.size_mm.activated.connect(lambda _row: self._resize())
        self.view = CodeView()
        self.banner = Banner("codeBanner")
        how = WrapGrid(150)
        how.show_cells([self.symbology, self.size_mm])
        self.body.addWidget(self.kind)
        self.body.addWidget(how)
        self.body.addStretch(1)
        self.body.addWidget(self.view, 0, Qt.AlignmentFlag.AlignHCenter)
        self.body.addStretch(1)
        self.body.addLayout(self._ruler())
        self.body.addWidget(self.banner)
        self.body.addWidget(
            flowing(
                button(_("Nouveau &code"), "newCode", self.renew, kind="quiet"),
                button(_("&Imprimer la planche"), "printSheet", self.print_sheet, icon="document"),
                button(_("&Enregistrer l'image…"), "saveCode", self.save_picture, icon="image"),
            )
        )
        self.draw()

    def renew(self) -> None:
        """Show a code that was never shown before: an old picture no longer counts."""
        self.code = scanner.new_test_code(self._chosen_kind())
        self.draw()
        self.changed.emit()

    def draw(self) -> None:
        """Draw the code as chosen, away from the window's thread."""
        code, symbology, eci = self.code, self.symbology.currentData(), self._eci
        self._context.runner.run(Queue.POOL, lambda: scanner.draw(code, symbology, eci=eci), self._show)

    def print_sheet(self) -> None:
        """Make the sheet, and open it where it can be printed; it goes when the window closes."""
        if self._aside is None:
            self._aside = QTemporaryDir()
        out = Path(self._aside.path()) / _("planche-de-codes-de-test.pdf")
        self.banner.say("info", _("La planche est en préparation…"))

        def work() -> Path:
            from fieldkit.services import scanner_codes

            scanner_codes.write_sheet(out)
            return out

        self._context.runner.run(Queue.POOL, work, self._opened, self.banner.say_error)

    def save_picture(self) -> None:
        """Ask where, and write a code made to be kept there: to be sent to a phone."""
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation)
        start = str(Path(folder) / f"code-{self.kind.currentData()}-{self.symbology.currentData()}.png")
        title, kinds = _("Enregistrer l'image du code"), _("Image (*.png *.svg)")
        chosen, _kind = QFileDialog.getSaveFileName(self, title, start, kinds)
        if chosen:
            self.write_picture(Path(chosen))

    def write_picture(self, out: Path) -> None:
        """Write a code like the one shown to `out`."""
        kind, symbology, eci = self._chosen_kind(), self.symbology.currentData(), self._eci

        def work() -> str:
            from fieldkit.services import scanner_codes

            return str(scanner_codes.write_code(kind, symbology, out, eci=eci)["file"])

        said = _("L'image est enregistrée ; elle reste valable plus tard.")
        self._context.runner.run(
            Queue.POOL, work, lambda file: self.banner.say("success", said, file), self.banner.say_error
        )

    @property
    def _eci(self) -> bool:
        return str(self.kind.currentData()).endswith(_ECI)

    def _chosen_kind(self) -> Kind:
        kind: Kind = self.kind.currentData().removesuffix(_ECI)
        return kind

    def _ruler(self) -> QHBoxLayout:
        self.measured = LineControl(width=76)
        self.measured.setObjectName("measuredWidth")
        self.measured.setAccessibleName(_("Largeur du code mesurée à la règle, en millimètres"))
        self.measured.editingFinished.connect(self._correct)
        words = label(
            _("Largeur en mm, &marges comprises ; corrigez-la si votre règle dit autre chose."),
            "caption",
            wrap=True,
        )
        words.setTextFormat(Qt.TextFormat.AutoText)
        words.setBuddy(self.measured)
        row = QHBoxLayout()
        row.setSpacing(GRID)
        row.addWidget(words, 1)
        row.addWidget(self.measured)
        return row

    def _show(self, symbol: Symbol) -> None:
        self._symbol = symbol
        self._resize()

    def _resize(self) -> None:
        if self._symbol is None:
            return
        scale = self._context.settings.screen_scale
        self.view.show_symbol(self._symbol, float(self.size_mm.currentData()), scale)
        self.measured.show_value(round(self.view.width_mm))

    def _correct(self) -> None:
        typed, shown = self.measured.text().strip(), round(self.view.width_mm)
        if typed.isdecimal() and int(typed) != shown and self._symbol is not None:
            settings = self._context.settings
            low, high = SCREEN_SCALES
            scale = min(high, max(low, settings.screen_scale * int(typed) / self.view.width_mm))
            self._context.change_settings(replace(settings, screen_scale=round(scale, 4)))
        self._resize()

    def _opened(self, out: Path) -> None:
        if QDesktopServices.openUrl(QUrl.fromLocalFile(str(out))):
            said = _(
                "La planche est prête : imprimez-la depuis la fenêtre qui s'est ouverte, sans réduire (100 %)."
            )
        else:
            said = _("La planche est prête ; aucun lecteur de PDF ne s'est ouvert.")
        self.banner.say("success", said, str(out))
