"""A week of visits, day by day, and the way to other calendars."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QStandardPaths, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFileDialog

from fieldkit.i18n import _, ngettext
from fieldkit.ui.models import visit_words as words
from fieldkit.ui.pages.base import Context, Page
from fieldkit.ui.runner import Queue
from fieldkit.ui.widgets.flow import flowing
from fieldkit.ui.widgets.rows import Row, RowsCard
from fieldkit.ui.widgets.text import button, label

if TYPE_CHECKING:
    from fieldkit.services.agenda import Row as Visit

_WEEK: Final = dt.timedelta(days=7)
_WORKDAYS: Final = 5

Days = Sequence[tuple[dt.date, Sequence[Mapping[str, Any]]]]


class WeekView(Page):
    """Seven days; those of the weekend only where there is a visit."""

    opened = Signal(str)
    closed = Signal()
    """The delegate goes back to the list."""

    def __init__(self, context: Context) -> None:
        super().__init__(context, _("Semaine"), _("Les visites prévues et faites, jour par jour."))
        self.setObjectName("weekView")
        self._day = _today()
        self._shown: Days = []
        back = button("", "weekBack", self.closed.emit, kind="quiet", icon="back")
        back.setToolTip(_("Retour à la liste (Alt+Gauche)"))
        back.setAccessibleName(_("Retour à la liste des visites"))
        before = button(_("Semaine &précédente"), "weekBefore", partial(self._move, -_WEEK))
        now = button(_("&Cette semaine"), "weekNow", self._now)
        after = button(_("Semaine &suivante"), "weekAfter", partial(self._move, _WEEK))
        export = button(_("&Agenda (.ics)…"), "weekExport", self._choose, icon="document")
        export.setToolTip(_("Pour votre agenda : le cabinet, le lieu et l'heure, rien d'autre."))
        export.setAccessibleDescription(export.toolTip())
        QShortcut(QKeySequence("Alt+Left"), self, self.closed.emit)
        self._title = label("", "section", wrap=True)
        self._title.setObjectName("weekTitle")
        self._days = [RowsCard("", f"weekDay{n}", _("Aucune visite.")) for n in range(7)]
        self._titles = [label("", "strong", wrap=True) for _day in self._days]
        self.body.addWidget(flowing(back, before, now, after, export))
        self.body.addWidget(self._title)
        for card, title in zip(self._days, self._titles, strict=True):
            card.body.insertWidget(0, title)
            self.body.addWidget(card)
        self.body.addStretch(1)
        context.field_data_changed.connect(lambda _changes: self._look() if self.isVisible() else None)

    def entered(self) -> None:
        self._look()

    def write(self, out: Path) -> None:
        """Write the visits of the week in sight, and all later ones, as a calendar."""
        profile = self.context.profile
        if profile is None or not self._shown:
            return
        store, first = profile.store, self._shown[0][0]

        def work() -> int:
            from fieldkit.services import agenda

            return agenda.write_calendar(store, out, first, dt.date.max)

        def done(count: int) -> None:
            said = ngettext(
                "L'agenda est enregistré : {name} ({n} visite).",
                "L'agenda est enregistré : {name} ({n} visites).",
                count,
            )
            self.context.show_message("success", said.format(name=out.name, n=count))

        self.context.runner.run(Queue.DATABASE, work, done)

    def _move(self, by: dt.timedelta) -> None:
        self._day += by
        self._look()

    def _now(self) -> None:
        self._day = _today()
        self._look()

    def _look(self) -> None:
        profile, day = self.context.profile, self._day
        if profile is None:
            return
        store = profile.store

        def work() -> Days:
            from fieldkit.services import agenda

            return agenda.week(store, day)

        self.context.runner.run(Queue.DATABASE, work, self._show)

    def _show(self, days: Days) -> None:
        self._shown = days
        first, last = (words.long_day(day.isoformat()) for day in (days[0][0], days[-1][0]))
        self._title.setText(_("Du {first} au {last}").format(first=first, last=last))
        today = _today()
        for number, (day, visits) in enumerate(days):
            named = words.long_day(day.isoformat())
            title = _("{day} (aujourd'hui)").format(day=named) if day == today else named
            self._titles[number].setText(title)
            self._days[number].setAccessibleName(title)
            self._days[number].show_rows([self._row(visit) for visit in visits])
            self._days[number].setVisible(number < _WORKDAYS or bool(visits))

    def _row(self, visit: Visit) -> Row:
        practice = visit["practice"]
        place = " ".join(part for part in (practice["city"], practice["department"]) if part)
        detail = " · ".join(part for part in (visit["time"] or _("sans heure"), place) if part)
        name = practice["name"] or _("Cabinet sans nom")
        return Row(name, detail, words.state(visit["state"]), partial(self.opened.emit, visit["id"]))

    def _choose(self) -> None:
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        name = _("visites")
        start = str(Path(folder) / f"{name}-{self._day.isoformat()}.ics")
        kinds = _("Agenda (*.ics)")
        chosen, _kind = QFileDialog.getSaveFileName(self, _("Enregistrer l'agenda"), start, kinds)
        if chosen:
            self.write(Path(chosen).with_suffix(".ics"))


def _today() -> dt.date:
    return dt.date.today()  # noqa: DTZ011  the day on the delegate's wall
