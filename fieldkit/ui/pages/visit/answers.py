"""Known answers to the obstacle in hand: what a source says, to give to the practice or to follow up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Qt, QTimer
from PySide6.QtWidgets import QListView

from fieldkit.i18n import _
from fieldkit.ui.models.hits import Hit, HitDelegate, HitModel
from fieldkit.ui.pages.visit.desk import Desk, Shown
from fieldkit.ui.pages.visit.forms import Form
from fieldkit.ui.theme import scaled
from fieldkit.ui.widgets.card import Card
from fieldkit.ui.widgets.flow import flowing
from fieldkit.ui.widgets.text import button, label
from fieldkit.ui.words import french_date

if TYPE_CHECKING:
    from fieldkit.services.guidance import Answer

_ROWS_IN_SIGHT = 5
_LOOK_AGAIN_MS = 200


class AnswersCard(Card):
    """Those that go with the theme and the words of the obstacle; the one chosen is shown with its source."""

    def __init__(self, desk: Desk, obstacle: Form) -> None:
        super().__init__(_("Réponses connues"), "answersCard")
        self._desk, self._obstacle = desk, obstacle
        self._found: dict[str, Answer] = {}
        self._chosen: Answer | None = None
        self.model = HitModel(self)
        self.list = QListView()
        self.list.setObjectName("answersList")
        self.list.setAccessibleName(_("Réponses connues"))
        self.list.setModel(self.model)
        self.list.setItemDelegate(HitDelegate(self.list))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.selectionModel().currentChanged.connect(self._picked)
        self._about = label("", "muted", wrap=True)
        self._text = label("", wrap=True, selectable=True)
        self._text.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._source = label("", "caption", wrap=True)
        self._give = button(_("&Donner cette réponse"), "giveAnswer", self.give, icon="pen")
        self._follow = button(_("Ajouter aux &suites"), "followAnswer", self.follow, icon="plus")
        for part in (self._about, self.list, self._text, self._source, flowing(self._give, self._follow)):
            self.body.addWidget(part)
        self._soon = QTimer(self, singleShot=True, interval=_LOOK_AGAIN_MS)
        self._soon.timeout.connect(self._look)
        for field in ("theme", "text"):
            obstacle.boxes[field].typed.connect(self._soon.start)

    def show_visit(self, _shown: Shown, *, fresh: bool) -> None:
        """Offer what goes with the obstacle in hand; nothing once the visit is finalised."""
        self.setVisible(self._desk.editable)
        if fresh:
            self._chosen = None
        self._look()

    def give(self) -> None:
        """Write the answer and its source in the obstacle."""
        answer = self._chosen
        if answer is not None:
            fields = {"answer": str(answer.text), "answer_source": _cited(answer)}
            if not self._obstacle.boxes["theme"].value():
                fields["theme"] = answer.themes[0]
            self._obstacle.fill(fields)

    def follow(self) -> None:
        """Add what the answer leads to."""
        from fieldkit.services import visit_desk

        if self._chosen is None or self._chosen.action is None:
            return
        action, visit_id = self._chosen.action, self._desk.visit_id
        fields = {"who": action.who, "text": str(action.text)}
        said = _("Ajouté aux suites : {action}").format(action=fields["text"])
        self._desk.change(
            lambda store: visit_desk.write_part(store, visit_id, "follow_up", None, fields),
            lambda _changes: self._desk.context.show_message("success", said),
        )

    def _look(self) -> None:
        from fieldkit.services import guidance

        theme, text = (self._obstacle.boxes[field].value() for field in ("theme", "text"))
        found = guidance.answers(theme, text or "")
        names = [answer.id for answer in found]
        if names != list(self._found):
            self._found = dict(zip(names, found, strict=True))
            self.list.selectionModel().blockSignals(True)
            self.model.show([_hit(answer) for answer in found])
            self.list.selectionModel().blockSignals(False)
        if self._chosen is None or self._chosen.id not in names:
            self._chosen = None
        self._about.setText(_about(theme, bool(found)))
        rows = min(len(found), _ROWS_IN_SIGHT)
        self.list.setVisible(rows > 0)
        self.list.setFixedHeight(rows * self.list.sizeHintForRow(0) + scaled(6) if rows else 0)
        self._show_chosen()

    def _picked(self, index: QModelIndex) -> None:
        hit = self.model.hit(index)
        self._chosen = self._found.get(hit.target) if hit else None
        self._show_chosen()

    def _show_chosen(self) -> None:
        answer = self._chosen
        self._text.setText(str(answer.text) if answer else "")
        self._source.setText(_("Source : {source}").format(source=_cited(answer)) if answer else "")
        for part in (self._text, self._source, self._give):
            part.setVisible(answer is not None)
        action = answer.action if answer else None
        self._follow.setVisible(action is not None)
        self._follow.setToolTip(str(action.text) if action else "")
        self._follow.setAccessibleDescription(str(action.text) if action else "")


def _about(theme: str | None, found: bool) -> str:
    if not found:
        return _("Aucune réponse connue pour ce thème.")
    if theme is None:
        return _("Donnez un thème, ou choisissez dans toutes les réponses.")
    return _("Celles du thème, les plus proches des mots de l'irritant d'abord.")


def _cited(answer: Answer) -> str:
    return f"{answer.source}, {french_date(answer.as_of)}"


def _hit(answer: Answer) -> Hit:
    return Hit("info", _cited(answer), str(answer.title), "", "", answer.id)
