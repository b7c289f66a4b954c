"""Importing the extraction from the window: what to keep, how far it is, and what was refused."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QPlainTextEdit, QProgressBar, QVBoxLayout, QWidget

from fieldkit import settings
from fieldkit.errors import KnownError
from fieldkit.i18n import _, ngettext
from fieldkit.ui.pages.base import Context
from fieldkit.ui.runner import Queue, Task
from fieldkit.ui.theme import GRID, scaled
from fieldkit.ui.widgets.card import Banner, Card
from fieldkit.ui.widgets.controls import LineControl
from fieldkit.ui.widgets.field_box import FieldBox
from fieldkit.ui.widgets.flow import flowing
from fieldkit.ui.widgets.text import button, label

if TYPE_CHECKING:
    from fieldkit.services.directory_import import Progress


class _GivenUpError(Exception):
    """Nobody waits for this import any more."""


@dataclass(frozen=True, slots=True)
class _Stopped:
    """An import that was given up and has ended; `replaced` where it was through already."""

    replaced: bool


class DirectoryImport(Card):
    """Hidden until it is begun; the directory that is there can be used meanwhile."""

    imported = Signal()
    """Another directory is in place."""

    def __init__(self, context: Context) -> None:
        super().__init__(_("Importer l'annuaire"), "directoryImport")
        self._context = context
        self._task: Task[Progress] | None = None
        self._given_up = False
        self.departments = FieldBox(
            _("Départements à garder"),
            LineControl(_("Par exemple : 72 53 ; vide : toute la France")),
            "importDepartments",
            _("Vide : toute la France, soit environ 800 Mo et quelques minutes."),
        )
        self.choose = button(
            _("Choisir le &fichier…"), "importChoose", self._choose, kind="primary", icon="plus"
        )
        self.later = button(_("Fer&mer"), "importClose", self.hide)
        self.banner = Banner("importBanner", closable=False)
        self._form = QWidget()
        form = QVBoxLayout(self._form)
        form.setContentsMargins(0, 0, 0, 0)
        form.setSpacing(GRID)
        form.addWidget(self.departments)
        form.addWidget(flowing(self.choose))
        self._running = QWidget()
        running = QVBoxLayout(self._running)
        running.setContentsMargins(0, 0, 0, 0)
        running.setSpacing(GRID)
        self.bar = QProgressBar()
        self.bar.setObjectName("importProgress")
        self.bar.setAccessibleName(_("Avancement de l'import"))
        self.bar.setRange(0, 1000)
        self.bar.setTextVisible(False)
        self.step = label("", "muted", wrap=True)
        self.stop = button(_("&Arrêter l'import"), "importStop", self._stop)
        for part in (self.step, self.bar, flowing(self.stop)):
            running.addWidget(part)
        self.faults = QPlainTextEdit()
        self.faults.setObjectName("importFaults")
        self.faults.setAccessibleName(_("Lignes refusées et numéros laissés de côté"))
        self.faults.setReadOnly(True)
        self.faults.setTabChangesFocus(True)
        self.faults.setFixedHeight(scaled(120))
        for widget in (self.banner, self._form, self._running, self.faults):
            self.body.addWidget(widget)
        self.body.addWidget(self.later, 0, Qt.AlignmentFlag.AlignLeft)
        self._running.hide()
        self.faults.hide()
        self.hide()

    def begin(self) -> None:
        """Ask what to import; the departments of the settings are proposed."""
        if self._task is None:
            self.banner.hide()
            self.faults.hide()
            self.departments.show_value(" ".join(self._context.settings.departments))
            self._form.show()
            self.later.show()
        self.show()
        (self.stop if self._task else self.choose).setFocus(Qt.FocusReason.OtherFocusReason)

    def start(self, files: Sequence[Path]) -> None:
        """Import these files, into the departments that are asked for."""
        try:
            departments = settings.parse_departments(self.departments.value() or "")
        except KnownError as error:
            self.departments.say_error(error)
            return
        self.departments.clear_error()
        self.banner.hide()
        self.faults.hide()
        self._form.hide()
        self.later.hide()
        self._running.show()
        self.bar.setValue(0)
        self.step.setText(_("Ouverture du fichier…"))
        self._given_up = False
        self.stop.setEnabled(True)
        self.stop.setFocus(Qt.FocusReason.OtherFocusReason)
        work = partial(_work, self._context.folder, tuple(files), departments, lambda: self._given_up)
        self._task = self._context.runner.run_reporting(
            Queue.POOL, work, self._progressed, self._done, self._failed
        )

    def _choose(self) -> None:
        kinds = _("Annuaire Santé (*.zip *.txt)")
        chosen, _kind = QFileDialog.getOpenFileNames(self, _("Fichier de l'Annuaire Santé"), "", kinds)
        if chosen:
            self.start([Path(name) for name in chosen])

    def _stop(self) -> None:
        """Ask it to end. What became of it is told once it has: it may be through already."""
        self._given_up = True
        self.stop.setEnabled(False)
        self.step.setText(_("Arrêt de l'import…"))

    def _progressed(self, now: Progress) -> None:
        if self._given_up:
            return
        self.bar.setValue(round(now.share * 1000))
        if now.reading:
            lines = ngettext("{n} ligne lue", "{n} lignes lues", now.read).format(n=_grouped(now.read))
            kept = ngettext("{n} gardée", "{n} gardées", now.kept).format(n=_grouped(now.kept))
            self.step.setText(f"{lines}, {kept}")
        else:
            self.step.setText(_("Classement : l'annuaire se prépare à la recherche…"))

    def _done(self, answer: dict[str, Any] | _Stopped) -> None:
        self._rest()
        if isinstance(answer, _Stopped):
            self._tell_stopped(answer)
            return
        self._form.hide()
        kept = ngettext("{n} ligne gardée", "{n} lignes gardées", answer["kept"])
        read = ngettext("sur {n} lue", "sur {n} lues", answer["read"])
        told = f"{kept.format(n=_grouped(answer['kept']))} {read.format(n=_grouped(answer['read']))}."
        self.banner.say("warning" if answer["refused"] else "success", told, _set_apart(answer))
        self.faults.setPlainText("\n".join(_fault(fault) for fault in answer["problems"]))
        self.faults.setVisible(bool(answer["problems"]))
        self.imported.emit()

    def _failed(self, error: Exception) -> None:
        self._rest()
        self.banner.say_error(error)

    def _tell_stopped(self, stopped: _Stopped) -> None:
        if stopped.replaced:
            self.banner.say("info", _("L'import venait de finir : le nouvel annuaire est en place."))
            self.imported.emit()
        else:
            self.banner.say("info", _("Import arrêté : l'annuaire qui était là est resté."))

    def _rest(self) -> None:
        self._task = None
        self._running.hide()
        self._form.show()
        self.later.show()
        self.later.setFocus(Qt.FocusReason.OtherFocusReason)


def _work(
    folder: Path,
    files: Sequence[Path],
    departments: Sequence[str],
    given_up: Callable[[], bool],
    task: Task[Progress],
) -> dict[str, Any] | _Stopped:
    from fieldkit.services.directory_file import mark
    from fieldkit.services.directory_import import import_apart
    from fieldkit.services.profile import directory_path

    def tell(progress: Progress) -> None:
        if task.cancelled or given_up():
            raise _GivenUpError
        task.report(progress)

    before = mark(directory_path(folder))
    try:
        return import_apart(folder, files, departments, tell)
    except _GivenUpError:
        return _Stopped(replaced=mark(directory_path(folder)) != before)


def _set_apart(answer: dict[str, Any]) -> str:
    told = []
    if n := answer["refused"]:
        told.append(ngettext("{n} ligne refusée.", "{n} lignes refusées.", n).format(n=_grouped(n)))
    if n := answer["set_aside"]:
        words = ngettext(
            "{n} numéro FINESS ou SIRET faux laissé de côté.",
            "{n} numéros FINESS ou SIRET faux laissés de côté.",
            n,
        )
        told.append(words.format(n=_grouped(n)))
    for words, names in (
        (_("Colonnes absentes : {names}."), answer["missing_columns"]),
        (_("Colonnes inconnues : {names}."), answer["unknown_columns"]),
    ):
        if names:
            told.append(words.format(names=", ".join(names)))
    if answer["reordered"]:
        told.append(_("Les colonnes sont dans un autre ordre que prévu : elles ont été lues par leur nom."))
    listed, all_of_them = len(answer["problems"]), answer["refused"] + answer["set_aside"]
    if listed < all_of_them:
        told.append(_("Les {n} premiers sont ci-dessous.").format(n=listed))
    return " ".join(told)


def _fault(fault: dict[str, Any]) -> str:
    where = _("{file}, ligne {row}").format(file=fault["file"], row=fault["row"])
    return " : ".join(filter(None, (where, fault["column"], fault["reason"])))


def _grouped(number: int) -> str:
    """A number with its thousands apart, as the language in use writes it."""
    return QLocale().toString(number)
