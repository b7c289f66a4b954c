"""Catalogue and directory: what is in use, and the update of both from the registry or from a key."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QProgressBar, QVBoxLayout, QWidget

from fieldkit.errors import KnownError
from fieldkit.i18n import _, ngettext
from fieldkit.ui.pages.base import Context
from fieldkit.ui.runner import Queue, Task
from fieldkit.ui.theme import GRID
from fieldkit.ui.widgets.card import Banner, Card
from fieldkit.ui.widgets.flow import flowing
from fieldkit.ui.widgets.text import button, label
from fieldkit.ui.words import french_date

if TYPE_CHECKING:
    from fieldkit.services.catalogue_update import Fetched
    from fieldkit.services.publications import Root


class UpdatesCard(Card):
    """Nothing is trusted before a person has compared a fingerprint, and nothing changes but whole."""

    def __init__(self, context: Context) -> None:
        super().__init__(_("Catalogue et annuaire : mises à jour"), "updatesCard")
        self._context = context
        self._task: Task[float] | None = None
        self._root: Root | None = None
        self._registry: str | None = None
        self._trusted = False
        self._given_up = False
        self._told: list[str] = []
        about = _(
            "Elles sont signées : ce qui est abîmé, ancien ou d'une autre main n'est pas pris, et ce qui est en place "
            "y reste. Vos imports sont gardés par-dessus."
        )
        self.banner = Banner("updatesBanner")
        self.state = label("", wrap=True, selectable=True)
        self.state.setObjectName("updatesState")
        self.state.setAccessibleName(_("Éditions en place"))
        self.from_registry = button(
            _("&Mettre à jour"), "updatesRun", self._run, kind="primary", icon="download"
        )
        self.from_key = button(_("Depuis une &clé ou un dossier…"), "updatesKey", self._choose)
        self.back = button(_("&Revenir au catalogue précédent"), "updatesBack", self._go_back, icon="undo")
        self._buttons = flowing(self.from_registry, self.from_key, self.back)
        for part in (
            label(about, "muted", wrap=True),
            self.banner,
            self.state,
            self._asking(),
            self._running(),
        ):
            self.body.addWidget(part)
        self.body.addWidget(self._buttons)
        self._rest()

    def look(self) -> None:
        """Read anew what is in use, and where updates may come from."""
        folder, profile = self._context.folder, self._context.profile

        def read() -> dict[str, Any]:
            from fieldkit.services import publications

            return publications.status(folder)

        self._context.runner.run(Queue.POOL, read, self._show)
        if profile is not None:
            self._context.runner.run(Queue.DATABASE, lambda: _registry(profile.store), self._know_registry)

    def take_from(self, source: str) -> None:
        """Update from a source; where nobody is trusted yet, ask about its fingerprint first."""
        if self._task is not None:
            return
        self.banner.hide()
        self._told = []
        self._given_up = False
        if self._trusted:
            self._fetch(source)
        else:
            self._work(lambda _task: _look_at(source), self._ask)

    def _run(self) -> None:
        if self._registry or self._trusted:
            self.take_from(self._registry or "")
        else:
            self.banner.say(
                "info",
                _("Aucun registre n'est configuré pour ce profil."),
                _("Donnez son adresse à la page Synchro (F7), ou mettez à jour depuis une clé."),
            )

    def _choose(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, _("Dossier des publications"))
        if chosen:
            self.take_from(chosen)

    def _ask(self, root: Root) -> None:
        from fieldkit.services.publications import grouped

        self._rest()
        self._root = root
        self._place.setText(_("Source : {source}").format(source=root.source))
        self._fingerprint.setText(grouped(root.fingerprint))
        self._question.show()
        self._buttons.hide()
        self.refuse.setFocus(
            Qt.FocusReason.OtherFocusReason
        )  # to trust is a decision, not a slip of the Enter key

    def _accepted(self) -> None:
        root, folder = self._root, self._context.folder
        assert root is not None
        self._close_question()

        def work(_task: Task[float]) -> None:
            from fieldkit.services import publications

            publications.trust(folder, root)

        def trusted(_nothing: None) -> None:
            self._trusted = True
            self._fetch("")

        self._work(work, trusted)

    def _refused(self) -> None:
        self._close_question()
        self.banner.say(
            "warning",
            _("Rien n'a été accepté, et rien n'a changé."),
            _("Redemandez l'empreinte à la personne qui tient le registre."),
        )

    def _close_question(self) -> None:
        self._root = None
        self._question.hide()
        self._buttons.show()

    def _fetch(self, source: str) -> None:
        self._step.setText(_("Catalogue : recherche de la dernière édition…"))
        folder = self._context.folder

        def work(task: Task[float]) -> Fetched:
            from fieldkit.services import catalogue_update

            return catalogue_update.fetch(folder, source or None, task.report, lambda: self._unwanted(task))

        self._work(work, partial(self._apply, source))

    def _apply(self, source: str, fetched: Fetched) -> None:
        if self._given_up:
            self._tell_stopped()
            return

        def work(_path: Path) -> dict[str, Any]:
            from fieldkit.services import catalogue_update

            return catalogue_update.apply(self._context.folder, fetched)

        def applied(done: dict[str, Any]) -> None:
            self._told.append(_catalogue(done))
            if done["changed"]:
                self._context.catalogue_changed.emit()
            self._directory(source)

        self._context.ask_catalogue(work, applied, self._failed)

    def _directory(self, source: str) -> None:
        departments = self._context.settings.departments
        if not departments:
            self._told.append(_("Annuaire : notez vos départements ci-dessus pour le recevoir."))
            self._finish()
            return
        self._step.setText(_("Annuaire : recherche de la dernière édition…"))
        self._bar.setValue(0)
        folder = self._context.folder

        def work(task: Task[float]) -> dict[str, Any]:
            return _update_directory(folder, departments, source, task, lambda: self._unwanted(task))

        self._work(work, self._directory_done, self._directory_failed)

    def _directory_done(self, done: dict[str, Any]) -> None:
        self._told.append(_directory(done))
        if done["changed"]:
            self._context.directory_changed.emit()
        self._finish()

    def _directory_failed(self, error: Exception) -> None:
        """What the catalogue received is told beside it: one does not undo the other."""
        if isinstance(error, KnownError):
            self._rest()
            self.banner.say("warning", " ".join([*self._told, error.message]), error.hint)
            self.look()
        else:
            self._failed(error)

    def _finish(self) -> None:
        self._rest()
        self.banner.say("success", " ".join(self._told))
        self.look()

    def _failed(self, error: Exception) -> None:
        from fieldkit.sync.editions import StoppedError

        if isinstance(error, StoppedError):
            self._tell_stopped()
            return
        self._rest()
        self.banner.say_error(error)
        self.look()

    def _go_back(self) -> None:
        def work(_path: Path) -> None:
            from fieldkit.services import catalogue_update

            catalogue_update.undo(self._context.folder)

        def gone_back(_nothing: None) -> None:
            self._context.catalogue_changed.emit()
            said = _("Le catalogue précédent est de nouveau en place, avec vos imports.")
            self.banner.say("success", said)
            self.look()

        self._context.ask_catalogue(work, gone_back, self._failed)

    def _stop(self) -> None:
        """Ask it to end. What became of it is told once it has: it may be through already."""
        self._given_up = True
        self.stop.setEnabled(False)
        self._step.setText(_("Arrêt de la mise à jour…"))

    def _unwanted(self, task: Task[float]) -> bool:
        return self._given_up or task.cancelled

    def _tell_stopped(self) -> None:
        self._rest()
        self.banner.say(
            "info", _("Mise à jour arrêtée. Ce qui était en place y est resté."), " ".join(self._told)
        )
        self.look()

    def _work(self, work: Any, done: Any, failed: Any = None) -> None:
        self._buttons.hide()
        self.stop.setEnabled(True)
        self._progress.show()
        self._task = self._context.runner.run_reporting(
            Queue.POOL,
            work,
            lambda share: self._bar.setValue(round(share * 1000)),
            done,
            failed or self._failed,
        )

    def _rest(self) -> None:
        self._task = None
        self._progress.hide()
        self._bar.setValue(0)
        self._buttons.show()

    def _show(self, status: Mapping[str, Any]) -> None:
        self._trusted = status["trust"] is not None
        self.back.setVisible(status["catalogue"]["edition"] is not None)
        self.state.setText("\n".join(_state(status)))

    def _know_registry(self, address: str | None) -> None:
        self._registry = address

    def _asking(self) -> QWidget:
        self._question = QWidget()
        column = QVBoxLayout(self._question)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        self._place = label("", wrap=True, selectable=True)
        self._fingerprint = label("", "mono", wrap=True, selectable=True)
        self._fingerprint.setObjectName("updatesFingerprint")
        self._fingerprint.setAccessibleName(_("Empreinte de la source"))
        asked = _(
            "Première mise à jour : est-ce bien l'empreinte que la personne qui tient le registre vous a donnée, "
            "de vive voix ou sur papier ? Comparez chaque groupe."
        )
        self.accept = button(
            _("C'est la &même : l'accepter"), "updatesAccept", self._accepted, kind="primary"
        )
        self.refuse = button(_("Ce n'est &pas la même"), "updatesRefuse", self._refused)
        for part in (
            self._place,
            self._fingerprint,
            label(asked, wrap=True),
            flowing(self.accept, self.refuse),
        ):
            column.addWidget(part)
        self._question.hide()
        return self._question

    def _running(self) -> QWidget:
        self._progress = QWidget()
        column = QVBoxLayout(self._progress)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        self._step = label(_("Recherche des publications…"), "muted", wrap=True)
        self._bar = QProgressBar()
        self._bar.setObjectName("updatesProgress")
        self._bar.setAccessibleName(_("Avancement de la mise à jour"))
        self._bar.setRange(0, 1000)
        self._bar.setTextVisible(False)
        self.stop = button(_("&Arrêter"), "updatesStop", self._stop)
        self.stop.setAccessibleName(_("Arrêter la mise à jour"))
        for part in (self._step, self._bar, flowing(self.stop)):
            column.addWidget(part)
        return self._progress


def _look_at(source: str) -> Root:
    from fieldkit.services import publications

    return publications.look_at(source)


def _registry(store: Any) -> str | None:
    from fieldkit.services import sync

    address: str | None = sync.status(store)["registry"]
    return address


def _update_directory(
    folder: Path, departments: tuple[str, ...], source: str, task: Task[float], unwanted: Callable[[], bool]
) -> dict[str, Any]:
    """Receive here; read in a process of its own, which ends when nobody waits for it any more."""
    from fieldkit.services import directory_import, directory_update
    from fieldkit.sync.editions import StoppedError

    def told(progress: directory_import.Progress) -> None:
        if unwanted():
            raise StoppedError
        task.report(progress.share)

    importing = partial(directory_import.import_apart, on_progress=told)
    return directory_update.update(folder, departments, source or None, task.report, unwanted, importing)


def _state(status: Mapping[str, Any]) -> list[str]:
    catalogue, trust = status["catalogue"], status["trust"]
    lines = []
    if (edition := catalogue["edition"]) is None:
        lines.append(_("Catalogue : celui de l'application, avec vos imports."))
    elif catalogue["in_use"]:
        lines.append(_("Catalogue : {edition}.").format(edition=_edition(edition)))
    else:
        lines.append(
            _("Catalogue : celui de l'application, plus récent que l'{edition}.").format(
                edition=_edition(edition)
            )
        )
    for code, edition in status["directory"].items():
        lines.append(
            _("Annuaire du département {department} : {edition}.").format(
                department=code, edition=_edition(edition)
            )
        )
    if trust is None:
        lines.append(_("Source : aucune n'a encore été acceptée."))
    else:
        since = french_date(trust["since"][:10])
        lines.append(_("Source : {source}, acceptée le {day}.").format(source=trust["source"], day=since))
    return lines


def _edition(edition: Mapping[str, Any]) -> str:
    return _("édition n° {number} au {day}, publiée le {published}").format(
        number=edition["number"],
        day=french_date(edition["as_of"]),
        published=french_date(edition["published"][:10]),
    )


def _catalogue(done: Mapping[str, Any]) -> str:
    if not done["changed"]:
        return _("Catalogue : déjà à jour.")
    added = ngettext("{n} fait ajouté", "{n} faits ajoutés", done["added"]).format(n=done["added"])
    removed = ngettext("{n} retiré", "{n} retirés", done["removed"]).format(n=done["removed"])
    return _("Catalogue mis à jour : {added}, {removed}.").format(added=added, removed=removed)


def _directory(done: Mapping[str, Any]) -> str:
    if not done["changed"]:
        return _("Annuaire : déjà à jour.")
    kept = done["import"]["kept"]
    told = ngettext("{n} ligne", "{n} lignes", kept).format(n=kept)
    return _("Annuaire mis à jour : {lines}.").format(lines=told)
