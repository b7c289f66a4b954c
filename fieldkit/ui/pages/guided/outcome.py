"""The result of a guided test: the verdict, why, what to do, and the way into the visit."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QWidget

from fieldkit.i18n import _
from fieldkit.services import guided
from fieldkit.services.guided import Tally, words
from fieldkit.ui.current_visit import CurrentVisit
from fieldkit.ui.models import visit_words
from fieldkit.ui.pages.base import Context
from fieldkit.ui.pages.guided.measures import Measures
from fieldkit.ui.theme import GRID
from fieldkit.ui.widgets.attach_button import AttachButton
from fieldkit.ui.widgets.card import Card
from fieldkit.ui.widgets.flow import flowing
from fieldkit.ui.widgets.tag import Tag
from fieldkit.ui.widgets.text import IconLabel, label, line


class Outcome(Card):
    """What came of one run. That of simulated readers says so, and cannot be attached."""

    def __init__(self, context: Context, tally: Tally, keys: Iterable[QWidget]) -> None:
        super().__init__(words.title(tally.subject), "guidedOutcome")
        self._tally = tally
        self.title.setWordWrap(True)
        self._visit = CurrentVisit.of(context)
        verdict = guided.judge(tally)
        look = visit_words.result(verdict.result)
        tag = Tag("guidedVerdict")
        tag.show_look(look)
        self.header.addWidget(tag)
        self._head(look.icon, look.state, words.headline(tally.subject, verdict.result))
        reasons = [words.reason_text(reason, tally.subject) for reason in verdict.reasons]
        self._list(reasons or [_("Chaque carte a répondu à chaque insertion.")], "guidedReason")
        remedies = words.remedies(verdict, tally.subject)
        if remedies:
            self.body.addWidget(label(_("À faire"), "section"))
            self._list(remedies, "guidedRemedy")
        self.attach = AttachButton(
            context, "attachGuided", self._result, _("&Joindre à la visite"), parent=self
        )
        self._aside = label("", "muted", wrap=True)
        self._aside.setObjectName("guidedAside")
        for part in (self._aside, flowing(self.attach, *keys), line(), Measures(tally)):
            self.body.addWidget(part)
        self._visit.changed.connect(self._tell_visit)
        self._tell_visit()

    def _head(self, icon: str, state: str, headline: str) -> None:
        row = QHBoxLayout()
        row.setSpacing(2 * GRID)
        row.addWidget(IconLabel(icon, state, 48))
        said = label(headline, "step", wrap=True)
        said.setObjectName("guidedHeadline")
        row.addWidget(said, 1)
        self.body.addLayout(row)

    def _list(self, sentences: Iterable[str], name: str) -> None:
        for sentence in sentences:
            made = label(sentence, "lead", wrap=True)
            made.setObjectName(name)
            self.body.addWidget(made)

    def _tell_visit(self) -> None:
        if self._tally.training:
            said = _("Résultat d'entraînement : il ne peut pas être joint à une visite.")
        elif self._visit.visit_id is None:
            said = _("Pour joindre ce résultat, ouvrez d'abord la visite (F2), puis revenez ici (F5).")
        else:
            said = ""
        self._aside.setText(said)
        self._aside.setVisible(bool(said))

    def _result(self) -> dict[str, Any] | None:
        return None if self._tally.training else guided.test_run_fields(self._tally)
