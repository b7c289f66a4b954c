"""Step 5, Irritants et notes: what hinders the practice, whatever else is worth writing down, and photos."""

from __future__ import annotations

from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QVBoxLayout, QWidget

from fieldkit.i18n import _, ngettext
from fieldkit.reports import wording
from fieldkit.ui.models import visit_words as words
from fieldkit.ui.pages.visit.answers import AnswersCard
from fieldkit.ui.pages.visit.desk import Desk, Shown
from fieldkit.ui.pages.visit.parts import Kind, PartEditor
from fieldkit.ui.pages.visit.photos import PhotosCard
from fieldkit.ui.pages.visit.reminder import ASK
from fieldkit.ui.pages.visit.software import ConcernedControl
from fieldkit.ui.pages.visit.step import Step
from fieldkit.ui.theme import GRID
from fieldkit.ui.widgets.controls import ChoiceControl, LineControl, TextControl
from fieldkit.ui.widgets.field_box import FieldBox
from fieldkit.ui.widgets.wrap_grid import WrapGrid

_WIDTH = 420


class NotesStep(Step):
    """Notes and obstacles, side by side where there is room, what is known to answer to an obstacle, and photos."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.notes = _notes(desk)
        self.obstacles = _obstacles(desk)
        self.answers = AnswersCard(desk, self.obstacles.form)
        beside = QWidget()
        column = QVBoxLayout(beside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * GRID)
        column.addWidget(self.notes)
        column.addWidget(self.answers)
        column.addStretch(1)
        grid = WrapGrid(_WIDTH)
        grid.show_cells([self.obstacles, beside])
        self.photos = PhotosCard(desk)
        self.column.addWidget(grid)
        self.column.addWidget(self.photos)
        self.column.addStretch(1)

    def show_visit(self, shown: Shown, *, fresh: bool) -> None:
        for editor in (self.notes, self.obstacles, self.photos):
            editor.show_visit(shown, fresh=fresh)
        self.answers.show_visit(shown, fresh=fresh)

    def take_focus(self, field: str) -> None:
        """Put the keyboard in the notes: in a new one that begins with a question, where one is asked."""
        if field.startswith(ASK) and self.desk.editable:
            self.notes.begin()
            self.notes.form.fill({"text": f"{field.removeprefix(ASK)} "})
            self.notes.form.boxes["text"].control.moveCursor(QTextCursor.MoveOperation.End)
        self.notes.form.take_focus(field)


def _notes(desk: Desk) -> PartEditor:
    text = FieldBox(
        _("Note en cours"),
        TextControl(_("Écrivez ici : chaque mot est gardé aussitôt."), lines=9),
        "noteText",
        _("Imprimée sur le compte rendu. Aucune donnée de patient."),
    )
    kind = Kind(
        part="note",
        name="note",
        title=_("Notes"),
        add=_("&Nouvelle note"),
        nothing=_("Aucune note pour l'instant."),
        removed=_("La note est retirée."),
        line=lambda note: ("pen", _first_line(note), _count(note)),
    )
    return PartEditor(desk, kind, {"text": text}, ["text"])


def _obstacles(desk: Desk) -> PartEditor:
    boxes = {
        "theme": FieldBox(_("Thème"), ChoiceControl(words.choices(wording.THEMES)), "obstacleTheme"),
        "gravity": FieldBox(_("Gravité"), ChoiceControl(words.choices(wording.GRAVITIES)), "obstacleGravity"),
        "product": FieldBox(
            _("Produit ou service concerné"), ConcernedControl(desk.context), "obstacleProduct"
        ),
        "text": FieldBox(
            _("Ce qui gêne"), TextControl(_("Avec les mots du professionnel."), lines=4), "obstacleText"
        ),
        "answer": FieldBox(_("Réponse donnée"), TextControl(lines=3), "obstacleAnswer"),
        "answer_source": FieldBox(
            _("Source de la réponse"), LineControl(_("Qui le dit, et quand")), "obstacleAnswerSource"
        ),
    }
    kind = Kind(
        part="obstacle",
        name="obstacle",
        title=_("Irritants"),
        add=_("Nouvel &irritant"),
        nothing=_("Aucun irritant pour l'instant."),
        removed=_("L'irritant est retiré."),
        line=_obstacle_line,
    )
    return PartEditor(desk, kind, boxes, ["text", "answer", "answer_source"])


def _obstacle_line(obstacle: Shown) -> tuple[str, str, str]:
    gravity = words.gravity(obstacle.get("gravity"))
    about = [
        wording.word(wording.THEMES, obstacle.get("theme")),
        obstacle.get("product") or "",
        gravity.words,
    ]
    return gravity.icon, _first_line(obstacle), words.sentence(" · ".join(part for part in about if part))


def _first_line(record: Shown) -> str:
    return (record.get("text") or "").strip().partition("\n")[0]


def _count(note: Shown) -> str:
    number = len((note.get("text") or "").split())
    return ngettext("{n} mot", "{n} mots", number).format(n=number)
