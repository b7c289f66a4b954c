"""The end of a draft: what it still lacks, and freezing it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from fieldkit.i18n import _
from fieldkit.ui.models import visit_words as words
from fieldkit.ui.pages.visit.desk import Desk, Shown
from fieldkit.ui.theme import GRID
from fieldkit.ui.widgets.card import Banner, Card
from fieldkit.ui.widgets.flow import flowing
from fieldkit.ui.widgets.text import IconLabel, button, label

if TYPE_CHECKING:
    from fieldkit.store.changes import Changes


class FinaliseCard(Card):
    """Lists what is missing, each with the way there, and asks once more before it freezes the visit."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(_("Finaliser la visite"), "finaliseCard")
        self._desk = desk
        self._gaps: object = None
        self._intro = label("", wrap=True)
        self._missing = QWidget()
        self._rows = QVBoxLayout()
        self.start = button(_("&Finaliser…"), "finaliseVisit", lambda: self._ask(True), icon="lock")
        self._question = Banner("finaliseQuestion", closable=False)
        self.confirm = button(
            _("&Finaliser maintenant"), "finaliseConfirm", self._finalise, kind="primary", icon="lock"
        )
        self._not_yet = button(_("Pas encore"), "finaliseNotYet", lambda: self._ask(False))
        self._answers = flowing(self.confirm, self._not_yet)
        self.correct = button(
            _("&Corriger dans une nouvelle édition"), "correctVisit", self._correct, icon="pen"
        )
        self._later = ""
        self.newer = button(_("&Ouvrir l'édition suivante"), "openNewerEdition", self._open_newer)
        self._afterwards = flowing(self.correct, self.newer)
        self._rows.addWidget(self._missing)
        self.body.addWidget(self._intro)
        self.body.addLayout(self._rows)
        self.body.addWidget(flowing(self.start))
        self.body.addWidget(self._question)
        self.body.addWidget(self._answers)
        self.body.addWidget(self._afterwards)

    def show_visit(self, shown: Shown, *, fresh: bool) -> None:
        """Show what the visit lacks, or when it was finalised."""
        draft = shown["state"] == "draft"
        if fresh:
            self._ask(False)
            self.start.setVisible(draft)
        self._later = shown["superseded_by"]
        self._afterwards.setVisible(not draft)
        self.correct.setVisible(not draft and not self._later)
        self.newer.setVisible(bool(self._later))
        if (draft, shown["gaps"]) == self._gaps and not fresh:
            return
        self._gaps = (draft, shown["gaps"])
        self._intro.setText(_intro(shown))
        self._missing.hide()
        self._missing.deleteLater()
        gaps = shown["gaps"] if draft else []
        self._missing = self._list(gaps)
        self._rows.addWidget(self._missing)
        self._missing.setVisible(bool(gaps))

    def _list(self, gaps: list[dict[str, str]]) -> QWidget:
        holder = QWidget()
        holder.setObjectName("missingList")
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(GRID)
        grid.setVerticalSpacing(GRID // 4)
        grid.setColumnStretch(1, 1)
        for row, gap in enumerate(gaps):
            grid.addWidget(IconLabel("warning", "warning", 18), row, 0)
            grid.addWidget(label(gap["text"], wrap=True), row, 1)
            go = button(_("Compléter"), f"complete-{row}", lambda gap=gap: self._go(gap), kind="quiet")  # type: ignore[misc]
            go.setAccessibleName(_("Compléter : {what}").format(what=gap["text"]))
            grid.addWidget(go, row, 2, Qt.AlignmentFlag.AlignRight)
        return holder

    def _go(self, gap: dict[str, str]) -> None:
        self._desk.go.emit(gap["step"], gap["field"])

    def _ask(self, yes: bool) -> None:
        self._answers.setVisible(yes)
        self.start.setVisible(not yes and self._desk.editable)
        if not yes:
            self._question.hide()
            return
        self._question.say(
            "warning",
            _("Une fois finalisée, la visite ne change plus."),
            _("Elle partira au registre à la prochaine synchronisation. "
              "Pour la corriger ensuite, vous ferez une nouvelle édition."),
        )  # fmt: skip
        self.confirm.setFocus()

    def _finalise(self) -> None:
        from fieldkit.services import visit_desk

        self._desk.go.emit("report", "")  # the keyboard must not stay on what is about to disappear
        self._ask(False)
        visit_id = self._desk.visit_id
        self._desk.change(lambda store: visit_desk.finalise(store, visit_id))

    def _correct(self) -> None:
        from fieldkit.services import visit_desk

        def opened(changes: Changes) -> None:
            ((_type, made),) = changes.records
            self._desk.another.emit(made)

        visit_id = self._desk.visit_id
        self._desk.change(lambda store: visit_desk.correct(store, visit_id), opened)

    def _open_newer(self) -> None:
        self._desk.another.emit(self._later)


def _intro(shown: Shown) -> str:
    if shown["state"] != "draft":
        said = _("Visite finalisée le {moment} : elle ne change plus.").format(
            moment=words.moment(shown["finalised_at"])
        )
        later = (
            _("Une édition plus récente la remplace.")
            if shown["replaced"]
            else _("Une correction est en brouillon : elle la remplacera une fois finalisée.")
        )
        return f"{said} {later}" if shown["superseded_by"] else said
    if shown["gaps"]:
        return _("Il manque encore ceci ; vous pouvez aussi finaliser sans.")
    return _("Tout y est.")
