"""Step 1, Cabinet: who is visited, when, and what happened there before."""

from __future__ import annotations

from typing import Final

from PySide6.QtWidgets import QWidget

from fieldkit.domain import fieldwork, professions
from fieldkit.i18n import _
from fieldkit.ui.models import visit_words as words
from fieldkit.ui.pages.visit.between_visits import SinceCard
from fieldkit.ui.pages.visit.desk import Desk, Shown
from fieldkit.ui.pages.visit.forms import Form, field_card
from fieldkit.ui.pages.visit.reminder import ReminderCard
from fieldkit.ui.pages.visit.step import Step
from fieldkit.ui.widgets.card import Card
from fieldkit.ui.widgets.controls import Control, LineControl, SuggestControl, TextControl
from fieldkit.ui.widgets.day import DayControl, TimeControl
from fieldkit.ui.widgets.field_box import FieldBox
from fieldkit.ui.widgets.flow import flowing
from fieldkit.ui.widgets.text import button, label

_PRACTICE: Final = "practice."


def practice_boxes(prefix: str) -> dict[str, FieldBox]:
    """The fields that identify a practice, each found as `prefix` and its name: `visitRpps`."""
    controls: dict[str, Control] = {
        "name": LineControl(_("Par exemple : Cabinet des Tilleuls")),
        "rpps": LineControl(_("11 chiffres")),
        "finess": LineControl(_("9 chiffres")),
        "department": LineControl(_("Par exemple : 72 ou 2A")),
        "city": LineControl(),
        "profession": SuggestControl({name: words.sentence(name) for name in professions.CATEGORIES}),
    }
    labels = fieldwork.TYPES["practice"]
    return {
        field: FieldBox(_(labels[field].label), control, prefix + field.capitalize())
        for field, control in controls.items()
    }


class PracticeStep(Step):
    """The practice and the day, kept as they are typed; the visits before this one."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        labels = fieldwork.TYPES["practice"]
        boxes = practice_boxes("practice")
        comment = FieldBox(
            _("Commentaire"),
            TextControl(_("Accès, horaires, interlocuteur…"), lines=3),
            "practiceComment",
            _("Pour vous : il n'est pas imprimé sur le compte rendu."),
        )
        date = FieldBox(_("Date de la visite"), DayControl(), "visitDate")
        time = FieldBox(_("Heure"), TimeControl(), "visitTime", _("Pour votre agenda ; par exemple 9h30."))
        delegate = FieldBox(_("Délégué"), LineControl(), "visitDelegate")
        claim_label = labels["apcv_first_claim"].label
        claim = FieldBox(
            _(claim_label),
            DayControl(),
            "practiceFirstClaim",
            _("Le jour où le cabinet a facturé avec l'appli pour la première fois."),
        )
        self.reminder = ReminderCard(desk)
        own = (*boxes.items(), ("comment", comment), ("apcv_first_claim", claim))
        fields = {_PRACTICE + field: box for field, box in own}
        visit = {"date": date, "time": time, "delegate": delegate}
        self.form = Form(desk, {**fields, **visit, "template": self.reminder.choice})
        about = field_card(_("Le cabinet"), "practiceCard", [*boxes.values(), claim])
        about.body.insertWidget(about.body.count() - 1, comment)
        self._earlier = Card(_("Visites précédentes"), "earlierCard")
        self._none = label("", "muted", wrap=True)
        self._list: QWidget = QWidget()
        self._earlier.body.addWidget(self._none)
        self.column.addWidget(about)
        self.column.addWidget(field_card(_("La visite"), "visitCard", list(visit.values())))
        self.since = SinceCard(desk)
        self.column.addWidget(self.since)
        self.column.addWidget(self.reminder)
        self.column.addWidget(self._earlier)
        self.column.addStretch(1)

    def show_visit(self, shown: Shown, *, fresh: bool) -> None:
        from fieldkit.services import visits

        store, visit_id = self.desk.store, shown["id"]
        values = {_PRACTICE + field: value for field, value in shown["practice"].items()}
        values |= {name: shown[name] for name in ("date", "time", "delegate", "template")}
        self.form.show(values, lambda fields: visits.set_visit(store, visit_id, fields), fresh=fresh)
        self.reminder.show_visit(shown, fresh=fresh)
        self.since.show_visit(shown)
        if fresh:
            self._show_earlier(shown)

    def take_focus(self, field: str) -> None:
        self.form.take_focus(field if field in self.form.boxes else _PRACTICE + field)

    def _show_earlier(self, shown: Shown) -> None:
        earlier = shown["earlier"]
        self._none.setText("" if earlier else _("C'est la première visite enregistrée à ce cabinet."))
        self._none.setVisible(not earlier)
        self._list.deleteLater()
        self._list = flowing(*(self._link(visit) for visit in earlier))
        self._earlier.body.addWidget(self._list)

    def _link(self, visit: Shown) -> QWidget:
        text = f"{words.short_day(visit['date'])} · {words.state(visit['state']).words}"
        return button(
            text, f"earlier-{visit['id']}", lambda: self.desk.context.navigate("visits", visit["id"])
        )
