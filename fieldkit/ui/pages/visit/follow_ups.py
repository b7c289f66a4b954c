"""Step 6, Suites: what remains to be done, who does it, and by when."""

from __future__ import annotations

import datetime as dt

from fieldkit.domain.fieldwork import OWNERS
from fieldkit.i18n import _
from fieldkit.reports import wording
from fieldkit.ui.models import visit_words as words
from fieldkit.ui.pages.visit.desk import Desk, Shown
from fieldkit.ui.pages.visit.parts import Kind, PartEditor
from fieldkit.ui.pages.visit.step import Step
from fieldkit.ui.widgets.controls import ChoiceControl, TextControl, TickControl
from fieldkit.ui.widgets.day import DayControl
from fieldkit.ui.widgets.field_box import FieldBox


class FollowUpsStep(Step):
    """The actions agreed on; whether they are done is told after the visit too."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        owners = {code: wording.OWNERS[code] for code in OWNERS}
        boxes = {
            "text": FieldBox(_("Action"), TextControl(_("Ce qui doit être fait."), lines=3), "followUpText"),
            "who": FieldBox(_("Qui"), ChoiceControl(words.choices(owners)), "followUpWho"),
            "by": FieldBox(_("Pour le"), DayControl(), "followUpBy", _("Par exemple 31/12 ou 31/12/2026.")),
            "done": FieldBox(_("État"), TickControl(_("C'est fait")), "followUpDone"),
        }
        kind = Kind(
            part="follow_up",
            name="followUp",
            title=_("Ce qu'il reste à faire"),
            add=_("&Nouvelle action"),
            nothing=_("Rien n'est prévu pour l'instant."),
            removed=_("L'action est retirée."),
            line=_line,
        )
        self.editor = PartEditor(desk, kind, boxes, ["text"], afterwards=["done"])
        self.column.addWidget(self.editor)
        self.column.addStretch(1)

    def show_visit(self, shown: Shown, *, fresh: bool) -> None:
        self.editor.show_visit(shown, fresh=fresh)

    def take_focus(self, field: str) -> None:
        """Put the keyboard on a field, or on the action of this identity."""
        self.editor.choose(field)
        self.editor.form.take_focus(field)


def _line(action: Shown) -> tuple[str, str, str]:
    by = action.get("by")
    today = dt.date.today()  # noqa: DTZ011  the delegate's own day
    late = by is not None and not action.get("done") and dt.date.fromisoformat(by) < today
    who = words.sentence(wording.word(wording.OWNERS, action.get("who")))
    when = _("pour le {day}").format(day=words.short_day(by)) if by else _("sans date")
    state = _("en retard") if late else _("fait") if action.get("done") else ""
    icon = "warning" if late else "success" if action.get("done") else "clock"
    text = (action.get("text") or "").strip().partition("\n")[0]
    return icon, text, " · ".join(part for part in (who, when, state) if part)
