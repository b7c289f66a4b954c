"""Annuaire: find a practitioner, read where they work, begin a visit there."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QLocale, QModelIndex, Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from fieldkit.domain.directory import Listed
from fieldkit.i18n import _, ngettext
from fieldkit.ui import lookup
from fieldkit.ui.models.directory import Answer, DirectoryModel
from fieldkit.ui.pages.base import Context, Page
from fieldkit.ui.runner import Task
from fieldkit.ui.theme import GRID, scaled
from fieldkit.ui.widgets.card import Card, EmptyState
from fieldkit.ui.widgets.choice import choice
from fieldkit.ui.widgets.directory_import import DirectoryImport
from fieldkit.ui.widgets.keyboard import someone_types
from fieldkit.ui.widgets.long_list import LongList
from fieldkit.ui.widgets.practitioner_card import PractitionerCard
from fieldkit.ui.widgets.side_by_side import SideBySide
from fieldkit.ui.widgets.text import button, label
from fieldkit.ui.widgets.wrap_grid import WrapGrid
from fieldkit.ui.words import french_date

_PAUSE_MS: Final = 60
_MOST: Final = 300


class DirectoryPage(Page):
    """The whole directory in the order of names, what a text and the filters leave of it, and one card."""

    def __init__(self, context: Context) -> None:
        about = _("Les professionnels et leurs lieux d'exercice, hors ligne.")
        super().__init__(context, _("Annuaire"), about)
        self._task: Task[None] | None = None
        self._told: Listed | None = None
        self.model = DirectoryModel(lookup.listed, self)
        self.importing = DirectoryImport(context)
        self.importing.imported.connect(self._begin_again)
        context.directory_changed.connect(self._begin_again)
        self.opens_import = button(_("&Importer…"), "directoryOpenImport", self.importing.begin, icon="plus")
        self.tools.addWidget(self.opens_import)
        self._views = QStackedWidget()
        self._views.setObjectName("directoryViews")
        self._views.addWidget(self._nothing())
        self._views.addWidget(self._directory())
        self.body.addWidget(self.importing)
        self.body.addWidget(self._views, 1)
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self._look_up)
        QShortcut(QKeySequence("Ctrl+I"), self, self.importing.begin)
        here = Qt.ShortcutContext.WidgetShortcut
        QShortcut(QKeySequence(Qt.Key.Key_Down), self.field, self._to_list, context=here)
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self.results, self._to_field, context=here)
        self.field.returnPressed.connect(self._to_list)
        self._begin_again()

    def show_target(self, target: str) -> None:
        """`target` is the number of a practitioner: their places are listed, and the first is chosen."""
        for box in (self.department, self.profession):
            box.setCurrentIndex(0)
        self.field.setText(target)
        self._pause.stop()
        self._look_up()

    def entered(self) -> None:
        if self._views.currentIndex() == 1:
            self.field.setFocus()

    def _nothing(self) -> QWidget:
        card = Card(name="directoryCard")
        words = _(
            "Téléchargez l'extraction en libre accès de l'Annuaire Santé : l'archive PS_LibreAcces, ou le fichier "
            "PS_LibreAcces_Personne_activite. Cherchez ce nom sur le site de l'Annuaire Santé ou sur "
            "data.gouv.fr. Importez-la ici telle quelle, pour vos départements ou pour toute la France : la "
            "recherche marche ensuite sans réseau.\n\n"
            "D'ici là, tapez le nom du cabinet et ses numéros dans la visite : leurs clés sont vérifiées."
        )
        first = button(
            _("Importer l'&annuaire…"),
            "directoryFirstImport",
            self.importing.begin,
            kind="primary",
            icon="plus",
        )
        title = _("Aucun annuaire pour l'instant")
        card.body.addWidget(EmptyState("directory", title, words, first, "directoryEmpty"))
        return card

    def _directory(self) -> QWidget:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * GRID)
        self.field = QLineEdit()
        self.field.setObjectName("directorySearch")
        self.field.setAccessibleName(_("Chercher dans l'annuaire"))
        self.field.setAccessibleDescription(
            _("Flèche bas ou Entrée pour aller à la liste, Échap pour revenir")
        )
        self.field.setPlaceholderText(_("Nom, prénom, commune, profession, RPPS ou FINESS"))
        self.field.textChanged.connect(lambda _text: self._pause.start())
        self.department = choice("directoryDepartment", _("Département"), {}, every=_("Département"))
        self.profession = choice("directoryProfession", _("Profession"), {}, every=_("Profession"))
        for box in (self.department, self.profession):
            box.activated.connect(lambda _row: self._look_up())
        filters = WrapGrid(180)
        filters.show_cells([self.field, self.department, self.profession])
        column.addWidget(filters)
        column.addWidget(SideBySide(self._list(), self._right_side(), width=620, share=(1, 1)), 1)
        self.origin = label("", "caption", wrap=True)
        self.origin.setObjectName("directoryOrigin")
        column.addWidget(self.origin)
        return inside

    def _list(self) -> QWidget:
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        self.results = LongList(self.model, "directoryResults", _("Professionnels"))
        self.results.setMinimumHeight(scaled(160))
        self.results.chosen.connect(self._chosen)
        self.results.entered_line.connect(lambda _index: self._visit())
        self.model.dataChanged.connect(lambda _first, _last: self._chosen(self.results.currentIndex()))
        self.count = label("", "caption", wrap=True)
        self.count.setObjectName("directoryCount")
        column.addWidget(self.results, 1)
        column.addWidget(self.count)
        return side

    def _right_side(self) -> QWidget:
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        self._right = QStackedWidget()
        self._right.setMinimumHeight(scaled(160))
        hint = _("Choisissez une ligne : sa fiche s'ouvre ici. Entrée y ouvre une visite.")
        self._right.addWidget(EmptyState("directory", _("Aucune fiche ouverte"), hint, name="noPractitioner"))
        self.card = PractitionerCard()
        self._right.addWidget(self.card)
        self.visit = button(
            _("Ouvrir une &visite"), "directoryVisit", self._visit, kind="primary", icon="visits",
            hint=_("Touche Entrée dans la liste : la visite reprend ce lieu, son nom et ses numéros."),
        )  # fmt: skip
        self.visit.setEnabled(False)
        column.addWidget(self._right, 1)
        column.addWidget(self.visit, 0, Qt.AlignmentFlag.AlignLeft)
        return side

    def _begin_again(self) -> None:
        """The directory is another one, or the first."""
        self.context.ask_directory(_about, self._show_about)

    def _show_about(self, about: tuple[dict[str, Any], dict[str, dict[str, int]]]) -> None:
        status, choices = about
        self._views.setCurrentIndex(int(status["present"]))
        self.opens_import.setVisible(status["present"])
        if not status["present"]:
            return
        self.origin.setText(_origin(status))
        for box, name in ((self.department, "departments"), (self.profession, "professions")):
            kept = box.currentData()
            while box.count() > 1:
                box.removeItem(1)
            for value in choices[name]:
                box.addItem(value, value)
            box.setCurrentIndex(max(box.findData(kept), 0))
        self._look_up()
        if self.isVisible() and not someone_types():
            self.field.setFocus()

    def _look_up(self) -> None:
        if self._task is not None:
            self._task.cancel()
        text = self.field.text().strip()
        asked = {"department": self.department.currentData(), "profession": self.profession.currentData()}
        if text:
            find = partial(lookup.directory_lines, text=text, limit=_MOST, **asked)
            self._task = self.context.ask_directory(find, self._show_found)
        else:
            self._task = self.context.ask_directory(partial(_listing, asked=asked), self._show_all)

    def _show_found(self, found: list[Listed]) -> None:
        self.model.show(found)
        lines = ngettext("{n} ligne", "{n} lignes", len(found)).format(n=len(found))
        most = _("{n} premières lignes : précisez le nom ou la commune.").format(n=_MOST)
        nothing = _("Rien ne correspond. Essayez le début du nom, ou retirez un filtre.")
        self.count.setText(nothing if not found else most if len(found) == _MOST else lines)
        self._forget_choice()
        if found and found[0].identity == self.field.text().strip().upper():
            self.results.setCurrentIndex(self.model.index(0))

    def _show_all(self, listing: Any) -> None:
        def fetch(start: int, count: int, answer: Answer) -> None:
            self.context.ask_directory(partial(_page, listing=listing, start=start, count=count), answer)

        self.model.show_all(len(listing), fetch)
        lines = ngettext("{n} ligne", "{n} lignes", len(listing))
        self.count.setText(lines.format(n=QLocale().toString(len(listing))))
        self._forget_choice()

    def _to_list(self) -> None:
        """From the field to the lines, the first of which is chosen where none is."""
        if self.model.rowCount():
            if not self.results.currentIndex().isValid():
                self.results.setCurrentIndex(self.model.index(0))
            self.results.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _to_field(self) -> None:
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def _forget_choice(self) -> None:
        self._told = None
        self.visit.setEnabled(False)

    def _chosen(self, index: QModelIndex) -> None:
        listed = self.model.listed(index)
        if listed is None or listed == self._told:
            return
        self._told = listed
        self.visit.setEnabled(True)
        self._open(listed.identity)

    def _open(self, identity: str) -> None:
        self.context.ask_directory(partial(_card, identity=identity), self._show_card)

    def _show_card(self, card: Mapping[str, Any]) -> None:
        self.card.show_card(card)
        self._right.setCurrentWidget(self.card)

    def _visit(self) -> None:
        if self._told is not None:
            from fieldkit.services.directory import visit_fields

            self.context.visit_wanted.emit(visit_fields(self._told))


def _about(directory: Path) -> tuple[dict[str, Any], dict[str, dict[str, int]]]:
    from fieldkit.services import directory as service

    status = service.status(directory)
    return status, service.choices(directory) if status["present"] else {}


def _listing(directory: Path, asked: dict[str, Any]) -> Any:
    from fieldkit.services import directory as service

    return service.listing(directory, **asked)


def _page(directory: Path, listing: Any, start: int, count: int) -> list[Listed]:
    from fieldkit.services import directory as service

    return service.page(directory, listing, start, count)


def _card(directory: Path, identity: str) -> dict[str, Any]:
    from fieldkit.services import directory as service

    return service.practitioner(directory, identity)


def _origin(status: Mapping[str, Any]) -> str:
    # Names of files are long words: with places to break them, they do not widen the page.
    names = ", ".join(file["name"].replace("_", "_\u200b") for file in status["files"])
    day = french_date(status["as_of"]) or _("date inconnue")
    codes = status["departments"]
    where = ngettext("département {codes}", "départements {codes}", len(codes)).format(codes=", ".join(codes))
    told = _("Annuaire Santé, extraction : {day} ; importé le {imported} depuis {names} ; {where}.")
    return told.format(
        day=day,
        imported=french_date(status["imported"][:10]),
        names=names,
        where=where if codes else _("toute la France"),
    )
