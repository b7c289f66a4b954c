"""The last resort: all that has not gone, in an encrypted file, for another computer to send."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QLineEdit

from fieldkit.errors import KnownError
from fieldkit.i18n import _, ngettext
from fieldkit.ui.pages.base import Context
from fieldkit.ui.runner import Queue
from fieldkit.ui.widgets.card import Banner, Card
from fieldkit.ui.widgets.controls import LineControl
from fieldkit.ui.widgets.field_box import FieldBox
from fieldkit.ui.widgets.flow import flowing
from fieldkit.ui.widgets.text import button, label
from fieldkit.ui.widgets.wrap_grid import WrapGrid

_COLUMN: Final = 300
SUFFIX: Final = ".fieldkit"


class CarryOff(Card):
    """A passphrase, and two buttons: write such a file, or take one over."""

    changed = Signal()
    """Something of a file was taken over."""

    def __init__(self, context: Context) -> None:
        super().__init__(_("Emporter ce qui n'est pas parti"), "carryOffCard")
        self._context = context
        about = _(
            "En dernier recours : un fichier chiffré avec tout ce qui attend, photos comprises. Ouvert sur un autre "
            "poste, il part de là. Rien n'arrive deux fois si les deux postes l'envoient."
        )
        self.banner = Banner("carryOffBanner")
        self.secret = self._field(
            _("Phrase de passe du fichier"), "carrySecret", _("Huit caractères au moins.")
        )
        self.again = self._field(_("La même, encore une fois"), "carryAgain", _("Pour un export seulement."))
        fields = WrapGrid(_COLUMN)
        fields.show_cells([self.secret, self.again])
        self.export = button(_("E&xporter…"), "carryExport", self._choose_target, icon="save")
        self.take = button(_("Rep&rendre un export…"), "carryImport", self._choose_source, icon="download")
        for part in (label(about, "muted", wrap=True), self.banner, fields, flowing(self.export, self.take)):
            self.body.addWidget(part)

    def write(self, file: Path) -> None:
        """Write what has not gone into `file`."""
        if self.secret.value() != self.again.value():
            different = _("Les deux phrases de passe ne sont pas les mêmes.")
            self.again.say_error(KnownError("passphrase-differs", different))
            self.again.control.setFocus()
            return
        self._run(file, self._written, taking=False)

    def read(self, file: Path) -> None:
        """Take over what `file` holds."""
        self._run(file, self._taken, taking=True)

    def _run(self, file: Path, done: Callable[[Path, dict[str, int]], None], *, taking: bool) -> None:
        profile, secret = self._context.profile, self.secret.value() or ""
        if profile is None:
            return
        store = profile.store
        self.banner.hide()
        for box in (self.secret, self.again):
            box.clear_error()

        def work() -> dict[str, int]:
            from fieldkit.services import queue

            return (queue.import_unsent if taking else queue.export_unsent)(store, file, secret)

        self._context.runner.run(Queue.DATABASE, work, partial(done, file), self._refused)

    def _written(self, file: Path, counts: dict[str, int]) -> None:
        self._forget_secret()
        self.banner.say(
            "success", _("{what} : c'est dans {file}.").format(what=_counted(counts), file=file.name)
        )

    def _taken(self, _file: Path, counts: dict[str, int]) -> None:
        from fieldkit.store.changes import Changes

        self._forget_secret()
        if any(counts.values()):
            hint = _("Synchronisez pour les envoyer.")
            self.banner.say("success", _("Repris ici : {what}.").format(what=_counted(counts)), hint)
        else:
            self.banner.say("info", _("Tout ce que contient ce fichier est déjà ici."))
        self._context.field_data_changed.emit(Changes())
        self.changed.emit()

    def _refused(self, error: Exception) -> None:
        if isinstance(error, KnownError) and error.code == "passphrase-short":
            self.secret.say_error(error)
            self.secret.control.setFocus()
        else:
            self.banner.say_error(error)

    def _forget_secret(self) -> None:
        for box in (self.secret, self.again):
            box.control.clear()

    def _choose_target(self) -> None:
        kind = _("Export de Fieldkit (*{suffix})").format(suffix=SUFFIX)
        chosen, _kind = QFileDialog.getSaveFileName(
            self, _("Exporter ce qui n'est pas parti"), f"fieldkit{SUFFIX}", kind
        )
        if chosen:
            self.write(Path(chosen))

    def _choose_source(self) -> None:
        kind, anything = _("Export de Fieldkit (*{suffix})").format(suffix=SUFFIX), _("Tous les fichiers (*)")
        chosen, _kind = QFileDialog.getOpenFileName(self, _("Reprendre un export"), "", f"{kind};;{anything}")
        if chosen:
            self.read(Path(chosen))

    @staticmethod
    def _field(title: str, name: str, hint: str) -> FieldBox:
        control = LineControl()
        control.setEchoMode(QLineEdit.EchoMode.Password)
        return FieldBox(title, control, name, hint)


def _counted(counts: dict[str, int]) -> str:
    changes = ngettext("{n} changement", "{n} changements", counts["changes"]).format(n=counts["changes"])
    photos = ngettext("{n} photo", "{n} photos", counts["photos"]).format(n=counts["photos"])
    return f"{changes}, {photos}"
