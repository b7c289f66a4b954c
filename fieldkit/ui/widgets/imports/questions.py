"""Names of a file that the catalogue does not know: for each one, a person says what it stands for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QFrame, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from fieldkit.domain.folding import fold
from fieldkit.i18n import N_, _, ngettext
from fieldkit.services.catalogue_imports import NEW, SKIP, Question
from fieldkit.ui.theme import GRID, scaled
from fieldkit.ui.widgets.choice import choice
from fieldkit.ui.widgets.flow import Flow
from fieldkit.ui.widgets.text import button, label

_KINDS: Final = {"editor": N_("éditeur"), "product": N_("produit"), "service": N_("service")}
_NEW: Final = {"editor": N_("Nouvel éditeur"), "product": N_("Nouveau produit")}
_Key = tuple[str, str]

_FEW: Final = 4
_MOST: Final = 40
"""Lines without an answer that are shown at once: thousands of them would hold up the window."""


class Questions(QWidget):
    """One line a name, with what is near; nothing is chosen beforehand."""

    answered = Signal()
    """Emitted when the answers are to be used."""

    def __init__(self) -> None:
        super().__init__()
        self._asked: dict[_Key, Question] = {}
        self._boxes: dict[_Key, QComboBox] = {}
        self._unseen: dict[_Key, str] = {}
        """The answers of names that were decided with the rest before their turn came."""
        about = _(
            "Le catalogue ne connaît pas ces noms. Dites pour chacun à quoi il correspond : rien n'est "
            "rapproché sans vous. Les lignes sans réponse sont refusées."
        )
        self._rest = button(_("Tout le reste est &nouveau"), "importAllNew", lambda: self._choose_rest(NEW))
        self._skip = button(_("Laisser le reste &de côté"), "importAllSkip", lambda: self._choose_rest(SKIP))
        self.use = button(_("&Utiliser ces réponses"), "importAnswers", self.answered.emit, kind="primary")
        buttons = Flow()
        for part in (self.use, self._rest, self._skip):
            buttons.addWidget(part)
        inside = QWidget()
        inside.setProperty("kind", "page")
        self._grid = QGridLayout(inside)
        self._grid.setContentsMargins(0, 0, GRID, 0)
        self._grid.setSpacing(GRID)
        self._grid.setColumnStretch(0, 3)
        self._grid.setColumnStretch(1, 2)
        area = QScrollArea()
        area.setObjectName("importQuestions")
        area.setAccessibleName(_("Noms à confirmer"))
        area.setWidget(inside)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setMinimumHeight(scaled(140))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, GRID, 0, 0)
        column.setSpacing(GRID)
        column.addWidget(label(about, "muted", wrap=True))
        column.addLayout(buttons)
        self.more = label("", "muted", wrap=True)
        self.more.setObjectName("importMoreNames")
        column.addWidget(self.more)
        column.addWidget(area, 1)

    def clear(self) -> None:
        """Forget everything: another file."""
        while (item := self._grid.takeAt(0)) is not None:
            if (gone := item.widget()) is not None:
                gone.deleteLater()
        self._asked.clear()
        self._boxes.clear()
        self._unseen.clear()

    def ask(self, questions: Sequence[Question]) -> None:
        """Show these too, some at a time; those that were asked before keep their answer."""
        for question in questions:
            self._asked.setdefault((question.kind, fold(question.written)), question)
        coming = [key for key in self._asked if key not in self._boxes and key not in self._unseen]
        free = max(_MOST - sum(box.currentData() is None for box in self._boxes.values()), 0)
        for key in coming[:free]:
            self._show(key)
        self._grid.setRowStretch(self._grid.rowCount(), 1)
        n = len(coming[free:])
        words = ngettext(
            "{n} autre nom suit, une fois ceux-ci décidés ; les deux boutons du reste valent aussi pour lui.",
            "{n} autres noms suivent, une fois ceux-ci décidés ; les deux boutons du reste valent aussi pour eux.",
            n,
        )
        self.more.setText(words.format(n=n))
        self.more.setVisible(n > 0)

    def _show(self, key: _Key) -> None:
        question = self._asked[key]
        box = choice(
            f"importName{len(self._boxes)}", _told(question), _choices(question), every=_("À décider")
        )
        row = self._grid.rowCount()
        self._grid.setRowStretch(row - 1, 0)
        self._grid.addWidget(label(_told(question), wrap=True), row, 0)
        self._grid.addWidget(box, row, 1)
        self._boxes[key] = box

    def answers(self) -> dict[str, dict[str, str]]:
        """What was answered, as `Choices.names` has it."""
        found: dict[str, dict[str, str]] = {}
        for key, question in self._asked.items():
            if (answer := self._answer(key)) is not None:
                found.setdefault(question.kind, {})[question.written] = answer
        return found

    def open_count(self) -> int:
        """How many names nobody has decided."""
        return sum(1 for key in self._asked if self._answer(key) is None)

    def count(self) -> int:
        """How many names were asked."""
        return len(self._asked)

    def _choose_rest(self, answer: str) -> None:
        for key in self._asked:
            if self._answer(key) is None:
                given = answer if key[0] in _NEW else SKIP
                if (box := self._boxes.get(key)) is not None:
                    box.setCurrentIndex(box.findData(given))
                else:
                    self._unseen[key] = given
        self.answered.emit()

    def _answer(self, key: _Key) -> str | None:
        box = self._boxes.get(key)
        answer: str | None = self._unseen.get(key) if box is None else box.currentData()
        return answer


def _choices(question: Question) -> dict[Any, str]:
    near = {
        known.id: _("{name} (proche à {score} %)").format(name=known.name, score=known.score)
        for known in question.proposals
    }
    new = {NEW: _(_NEW[question.kind])} if question.kind in _NEW else {}
    return near | new | {SKIP: _("Laisser ces lignes de côté")}


def _told(question: Question) -> str:
    lines = question.lines
    few = ", ".join(map(str, lines[:_FEW])) + ("…" if len(lines) > _FEW else "")
    where = ngettext("ligne {lines}", "lignes {lines}", len(lines)).format(lines=few)
    return _("« {name} », {kind}, {where}").format(
        name=question.written, kind=_(_KINDS[question.kind]), where=where
    )
