"""Step 3, Tests: what was tried on the spot, and the way to the benches that try it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout

from fieldkit.i18n import _
from fieldkit.reports import wording
from fieldkit.ui.models import visit_words as words
from fieldkit.ui.pages.visit.desk import Desk, Shown
from fieldkit.ui.pages.visit.step import Step
from fieldkit.ui.widgets.card import Card, EmptyState
from fieldkit.ui.widgets.flow import flowing
from fieldkit.ui.widgets.tag import Tag
from fieldkit.ui.widgets.text import button, label
from fieldkit.ui.widgets.wrap_grid import WrapGrid

_WIDTH = 340


class ResultsStep(Step):
    """The results attached to the visit, newest first."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._shown_runs: object = None
        self._readers = button(
            _("Lancer le test des &lecteurs"), "testReaders", lambda: self._leave("readers"), icon="readers"
        )
        self._scanner = button(
            _("Lancer le test du &scanner"), "testScanner", lambda: self._leave("scanner"), icon="scanner"
        )
        self._buttons = flowing(self._readers, self._scanner)
        self._empty = Card(name="noTestCard")
        self._empty.body.addWidget(
            EmptyState(
                "readers",
                _("Aucun test n'a été fait"),
                _(
                    "Essayez les lecteurs de cartes et le lecteur de QR code du poste ; "
                    "à la fin du test, attachez le résultat à cette visite."
                ),
                name="testsEmpty",
            )
        )
        self._runs = WrapGrid(_WIDTH)
        self.column.addWidget(self._buttons)
        self.column.addWidget(self._empty)
        self.column.addWidget(self._runs)
        self.column.addStretch(1)

    def show_visit(self, shown: Shown, *, fresh: bool) -> None:
        self._buttons.setVisible(self.desk.editable)
        if shown["test_runs"] == self._shown_runs and not fresh:
            return
        self._shown_runs = shown["test_runs"]
        names = {w["id"]: w.get("name") for w in shown["workstations"]}
        runs = [self._card(run, names.get(run.get("workstation"))) for run in reversed(shown["test_runs"])]
        self._runs.show_cells(runs)
        self._empty.setVisible(not runs)

    def _leave(self, page: str) -> None:
        self.desk.flush()
        self.desk.context.navigate(page, "")

    def _card(self, run: Shown, place: str | None) -> Card:
        kind = wording.word(wording.TEST_KINDS, run.get("kind"))
        card = Card(kind, f"testRun-{run['id']}")
        tag = Tag()
        tag.show_look(words.result(run.get("verdict") or "not-tested"))
        card.header.addWidget(tag)
        made_at = str(run.get("made_at") or "")
        where = " · ".join(part for part in (place or "", words.moment(made_at)) if part)
        if where:
            card.body.addWidget(label(where, "caption", wrap=True))
        card.body.addWidget(label(run.get("summary") or _("Sans résumé."), wrap=True))
        card.body.addStretch(1)
        if self.desk.editable:
            card.body.addLayout(self._remove(run["id"], kind))
        return card

    def _remove(self, run: str, kind: str) -> QHBoxLayout:
        said = _("Le résultat « {test} » est retiré.").format(test=kind)
        remove = button(
            _("Retirer"), f"removeTest-{run}", lambda: self.desk.remove("test_run", run, said), kind="quiet"
        )
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(remove, 0, Qt.AlignmentFlag.AlignRight)
        return row
