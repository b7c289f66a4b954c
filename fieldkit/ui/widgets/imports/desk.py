"""The import of a file: read it, look at what it would change, apply; and the way back from every import."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QProgressBar, QVBoxLayout, QWidget

from fieldkit.i18n import _, ngettext
from fieldkit.services import catalogue_export, catalogue_imports, contacts, import_wording
from fieldkit.services.catalogue_imports import LISTS, Choices, Import, Opened, Preview
from fieldkit.services.contacts import Listed
from fieldkit.services.import_wording import Shown
from fieldkit.services.profile import catalogue_path
from fieldkit.ui.runner import Queue, Task
from fieldkit.ui.theme import GRID, scaled
from fieldkit.ui.widgets.card import Banner
from fieldkit.ui.widgets.flow import Flow
from fieldkit.ui.widgets.imports.columns import Columns
from fieldkit.ui.widgets.imports.contacts import Contacts
from fieldkit.ui.widgets.imports.history import History
from fieldkit.ui.widgets.imports.preview import PreviewTabs
from fieldkit.ui.widgets.imports.questions import Questions
from fieldkit.ui.widgets.keyboard import someone_types
from fieldkit.ui.widgets.text import button, label
from fieldkit.ui.words import french_date

if TYPE_CHECKING:
    from fieldkit.ui.pages.base import Context

T = TypeVar("T")

_TABLES: Final = "*.csv *.tsv *.txt *.xlsx *.xls *.ods *.json"
_PARTS: Final = ("added", "changed", "unchanged", "refused")


@dataclass(frozen=True, slots=True)
class _Read:
    """A file as it was read; without a preview where nobody said yet what its columns are."""

    found: Opened
    seen: Preview | None
    shown: Shown | None


class ImportDesk(QWidget):
    """Past imports at first; with a file, its preview and what a person has to say about it."""

    changed = Signal()
    """Emitted when the catalogue is another."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._task: Task[Any] | None = None
        self._read: _Read | None = None
        self.banner = Banner("importBanner")
        self.columns = Columns()
        self.questions = Questions()
        self.preview = PreviewTabs()
        self.history = History(self.undo)
        self.contacts = Contacts(self.erase, self.export_contacts)
        self.columns.chosen.connect(lambda: self._again(self.columns.choices()))
        self.questions.answered.connect(lambda: self._again(self._chosen()))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        column.addWidget(self._head())
        column.addWidget(self._waiting())
        column.addWidget(self.banner)
        column.addWidget(self._file(), 1)
        column.addWidget(self.history)
        column.addWidget(self.contacts)
        column.addStretch(0)
        self._show_file(None)
        self._list()

    def take(self, path: Path) -> None:
        """Read the file at `path` and show what importing it would do."""
        self.questions.clear()
        self.as_of.clear()
        self._look(lambda catalogue, task: _look(catalogue, path, task))

    def apply(self) -> None:
        """Import what the preview shows."""
        if self._read is not None and self._read.seen is not None:
            seen = self._read.seen
            self._write(lambda catalogue: catalogue_imports.apply(catalogue, seen), self._applied)

    def undo(self, number: int) -> None:
        """Take an import back."""
        self._write(lambda catalogue: catalogue_imports.undo(catalogue, number), self._undone)

    def erase(self, contact: str) -> None:
        """Erase a contact for good."""
        self._write(lambda catalogue: contacts.erase(catalogue, contact), self._erased)

    def export_contacts(self, path: Path) -> None:
        """Write every contact to `path`."""
        self._write(lambda catalogue: contacts.export(catalogue, path), self._contacts_exported)

    def export(self, path: Path) -> None:
        """Write the whole catalogue to `path`."""
        self._write(lambda catalogue: catalogue_export.export(catalogue, path), self._exported)

    def _head(self) -> QWidget:
        self.choose = button(
            _("Choisir un &fichier…"), "importChoose", self._choose, kind="primary", icon="document",
            hint=_("CSV, XLSX, XLS, ODS, ou un export de Fieldkit"),
        )  # fmt: skip
        self.save = button(
            _("E&xporter tout le catalogue…"), "catalogueExport", self._choose_out, icon="download",
            hint=_("CSV, XLSX ou JSON ; réimporter cet export ne change rien"),
        )  # fmt: skip
        about = _(
            "Tables CSV, XLSX, XLS ou ODS : PS en télétransmission par logiciel, solutions référencées, lecteurs, "
            "contacts, ou toute autre liste dont vous direz les colonnes. Rien ne change avant votre accord."
        )
        row = Flow()
        row.addWidget(self.choose)
        row.addWidget(self.save)
        self.head = QWidget()
        column = QVBoxLayout(self.head)
        column.setContentsMargins(0, 0, 0, GRID)
        column.setSpacing(GRID)
        column.addWidget(label(about, "muted", wrap=True))
        column.addLayout(row)
        return self.head

    def _waiting(self) -> QWidget:
        self.waiting = QWidget()
        row = QHBoxLayout(self.waiting)
        row.setContentsMargins(0, 0, 0, 0)
        progress = QProgressBar()
        progress.setRange(0, 0)
        progress.setTextVisible(False)
        progress.setAccessibleName(_("Travail en cours"))
        self.stop = button(_("Arrêter"), "importStop", self._stop)
        self._doing = label("", "muted")
        row.addWidget(self._doing)
        row.addWidget(progress, 1)
        row.addWidget(self.stop)
        self.waiting.hide()
        return self.waiting

    def _file(self) -> QWidget:
        self.file = QWidget()
        column = QVBoxLayout(self.file)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        self.title = label("", "section", wrap=True)
        self.title.setObjectName("importTitle")
        self.told = label("", "muted", wrap=True, selectable=True)
        self.told.setObjectName("importTold")
        self.as_of = QLineEdit()
        self.as_of.setObjectName("importDate")
        self.as_of.setAccessibleName(_("Date des faits de ce fichier"))
        self.as_of.setMaximumWidth(scaled(150))
        self.as_of.editingFinished.connect(self._redate)
        self.go = button("", "importApply", self.apply, kind="primary")
        self.drop = button(_("A&bandonner"), "importDrop", self._leave)
        row = Flow()
        for part in (label(_("Date des faits"), "strong"), self.as_of, self.go, self.drop):
            row.addWidget(part)
        column.addWidget(self.title)
        column.addWidget(self.told)
        column.addLayout(row)
        column.addWidget(self.preview, 1)
        return self.file

    def _look(self, work: Callable[[Path, Task[Any]], _Read]) -> None:
        """Read a file, away from the window; while it lasts it can be stopped."""
        folder = self._context.folder

        def on_worker(task: Task[Any]) -> _Read:
            return work(catalogue_path(folder), task)

        self._busy(_("Lecture en cours…"), stops=True)
        self._task = self._context.runner.run_reporting(
            Queue.CATALOGUE, on_worker, None, self._show_read, self._failed
        )

    def _write(self, work: Callable[[Path], T], on_done: Callable[[T], None]) -> None:
        """Change or write something, away from the window: all of it or nothing, so there is no stopping it."""

        def done(result: T) -> None:
            self._free(True)
            on_done(result)

        self._busy(_("Enregistrement en cours…"), stops=False)
        self._context.ask_catalogue(work, done, self._failed)

    def _busy(self, doing: str, *, stops: bool) -> None:
        self.banner.hide()
        self._doing.setText(doing)
        self.stop.setVisible(stops)
        self._free(False)

    def _free(self, yes: bool) -> None:
        self.waiting.setVisible(not yes)
        for part in (self.choose, self.save, self.go, self.history, self.contacts):
            part.setEnabled(yes)

    def _stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
        self._free(True)
        self.banner.say("info", _("Lecture arrêtée : rien n'a changé."))

    def _failed(self, error: Exception) -> None:
        self._free(True)
        self.banner.say_error(error)

    def _chosen(self) -> Choices:
        """What a person decided so far about the file."""
        assert self._read is not None
        seen = self._read.seen
        chosen = seen.choices if seen is not None else self._read.found.choices
        return replace(chosen, names=self.questions.answers(), as_of=self.as_of.text().strip())

    def _redate(self) -> None:
        if self._read is not None and self._read.seen is not None:
            given = self.as_of.text().strip()
            if given not in (french_date(self._read.seen.as_of), self._read.seen.as_of):
                self._again(self._chosen())

    def _again(self, chosen: Choices) -> None:
        assert self._read is not None
        found = self._read.found
        self._look(lambda catalogue, task: _relook(catalogue, found, chosen, task))

    def _show_read(self, read: _Read) -> None:
        self._free(True)
        self._show_file(read)
        if read.seen is None or read.shown is None:
            self.preview.setCurrentWidget(self.columns)
            return
        seen = read.seen
        self.as_of.setText(french_date(seen.as_of))
        self.questions.ask(seen.questions)
        counts = dict(zip(_PARTS, (len(seen.of(novelty)) for novelty in _NOVELTIES), strict=True))
        self.preview.show_preview(read.shown, counts)
        self._show_questions()
        self._tell(seen, counts)
        if self.questions.open_count():
            self.preview.setCurrentWidget(self.questions)
        else:
            self.preview.turn_to(
                next((name for name in ("changed", "added", "refused") if counts[name]), "unchanged")
            )

    def _show_questions(self) -> None:
        title = _("À &confirmer ({n})").format(n=self.questions.open_count())
        self.preview.show_extra(self.questions, title, shown=self.questions.count() > 0)

    def _tell(self, seen: Preview, counts: dict[str, int]) -> None:
        news = counts["added"] + counts["changed"]
        self.go.setEnabled(bool(seen.changes))
        self.go.setText(
            ngettext("Impor&ter {n} ligne", "Impor&ter {n} lignes", news).format(n=news)
            if seen.changes
            else _("Rien à importer")
        )
        self.go.setAccessibleName(self.go.text().replace("&", ""))
        shape = LISTS.get(seen.opened.shape)
        listed = _(shape.title) if shape else _("Export de Fieldkit")
        self.told.setText(
            _("{list} · source « {source} » · empreinte {sha}").format(
                list=listed,
                source=seen.source or _("celle de chaque ligne"),
                sha=seen.opened.book.sha256[:12],
            )
        )

    def _show_file(self, read: _Read | None) -> None:
        self._read = read
        self.file.setVisible(read is not None)
        for part in (self.head, self.history):
            part.setVisible(read is None)
        self.contacts.setVisible(read is None and self.contacts.count() > 0)
        if read is None:
            return
        self.title.setText(read.found.book.name)
        own = read.found.shape not in (*LISTS, "")
        self.preview.show_extra(self.columns, _("C&olonnes"), shown=not own)
        if not own:
            self.columns.show_file(read.found)
        if read.seen is None:
            self.preview.show_preview(Shown([], [], [], []), dict.fromkeys(_PARTS, 0))
            self._show_questions()
            self.go.setEnabled(False)
            self.go.setText(_("Rien à importer"))
            self.told.setText(_("Les titres de ce fichier ne sont ceux d'aucune liste connue."))

    def _leave(self) -> None:
        """Back to where a file is chosen, the keyboard too: what it was on is gone."""
        self._show_file(None)
        if not someone_types():
            self.choose.setFocus(Qt.FocusReason.OtherFocusReason)

    def _applied(self, done: dict[str, Any]) -> None:
        self._leave()
        told = ngettext("{n} ligne importée", "{n} lignes importées", done["added"] + done["changed"])
        refused = len({fault["row"] for fault in done["refused"]})
        left = ngettext("{n} refusée", "{n} refusées", refused).format(n=refused)
        words = told.format(n=done["added"] + done["changed"]) + (f", {left}" if refused else "")
        self.banner.say("success", words + ".", _("« Annuler cet import » le retire du catalogue."))
        self._list()
        self.changed.emit()

    def _undone(self, done: dict[str, Any]) -> None:
        self._leave()
        words = _("Import n° {n} annulé : le catalogue est comme s'il n'avait pas eu lieu.")
        self.banner.say("success", words.format(n=done["import_id"]))
        self._list()
        self.changed.emit()

    def _exported(self, done: dict[str, Any]) -> None:
        words = ngettext("{n} fait exporté", "{n} faits exportés", done["rows"]).format(n=done["rows"])
        people = ngettext(
            "Il contient {n} contact : c'est une donnée personnelle.",
            "Il contient {n} contacts : ce sont des données personnelles.",
            done["personal"],
        ).format(n=done["personal"])
        self.banner.say("success", _("{words} dans {file}.").format(words=words, file=Path(done["file"]).name),
                        people if done["personal"] else "")  # fmt: skip

    def _erased(self, _done: dict[str, Any]) -> None:
        self._leave()
        self.banner.say("success", _("Le contact est effacé, des imports passés aussi."))
        self._list()
        self.changed.emit()

    def _contacts_exported(self, done: dict[str, Any]) -> None:
        words = _("Contacts enregistrés dans {file}.").format(file=Path(done["file"]).name)
        self.banner.say(
            "success", words, _("Ce sont des données personnelles : gardez ce fichier pour vous.")
        )

    def _list(self) -> None:
        def shown(known: tuple[list[Import], list[Listed]]) -> None:
            imports, people = known
            self.history.show_imports(imports)
            self.contacts.show_contacts(people)
            self.contacts.setVisible(self._read is None and bool(people))

        self._context.ask_catalogue(
            lambda path: (catalogue_imports.history(path), contacts.contacts(path)),
            shown,
            self.banner.say_error,
        )

    def _choose(self) -> None:
        kinds = _("Tables ({endings})").format(endings=_TABLES)
        chosen, _kind = QFileDialog.getOpenFileName(self, _("Fichier à importer"), "", kinds)
        if chosen:
            self.take(Path(chosen))

    def _choose_out(self) -> None:
        kinds = "CSV (*.csv);;XLSX (*.xlsx);;JSON (*.json)"
        start = str(Path.home() / "catalogue.csv")
        chosen, kind = QFileDialog.getSaveFileName(self, _("Exporter tout le catalogue"), start, kinds)
        if chosen:
            path = Path(chosen)
            self.export(path if path.suffix else path.with_suffix(f".{kind.partition(' ')[0].lower()}"))


_NOVELTIES: Final = (
    catalogue_imports.Novelty.ADDED,
    catalogue_imports.Novelty.CHANGED,
    catalogue_imports.Novelty.UNCHANGED,
    None,
)


def _look(catalogue: Path, path: Path, task: Task[Any]) -> _Read:
    found = catalogue_imports.look_at(catalogue, path, cancelled=lambda: task.cancelled)
    return _judged(catalogue, found, found.choices, task)


def _relook(catalogue: Path, found: Opened, chosen: Choices, task: Task[Any]) -> _Read:
    fresh = catalogue_imports.located(catalogue, found.path, found.book, chosen)
    return _judged(catalogue, fresh, fresh.choices, task)


def _judged(catalogue: Path, found: Opened, chosen: Choices, task: Task[Any]) -> _Read:
    if not found.shape:
        return _Read(found, None, None)
    seen = catalogue_imports.preview(catalogue, found, chosen, lambda: task.cancelled)
    return _Read(found, seen, import_wording.shown(catalogue, seen))
