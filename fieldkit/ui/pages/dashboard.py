"""Tableau de bord: what is due, how far practices are, and the national figures beside one's own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QTimer

from fieldkit.i18n import _, ngettext
from fieldkit.reports import wording
from fieldkit.ui.models import visit_words
from fieldkit.ui.pages.base import Context, Page
from fieldkit.ui.runner import Queue
from fieldkit.ui.widgets.bars import Bars, Line
from fieldkit.ui.widgets.card import Card
from fieldkit.ui.widgets.national import NationalFigures
from fieldkit.ui.widgets.rows import Row, RowsCard
from fieldkit.ui.widgets.tag import Look
from fieldkit.ui.widgets.text import button, label
from fieldkit.ui.widgets.wrap_grid import WrapGrid

if TYPE_CHECKING:
    from fieldkit.services.catalogue import Headline
    from fieldkit.services.overview import Overview

_FIGURES: Final = "figures:"
"""The target of the catalogue's page that is its figures."""
_READINESS: Final = ("ready", "not-yet", "impossible", "unknown")


class DashboardPage(Page):
    """Four cards on the field work, then the national figures."""

    needs_profile = True

    def __init__(self, context: Context) -> None:
        super().__init__(context, _("Tableau de bord"), visit_words.long_day(_today().isoformat()))
        go = button(_("Aller aux &visites"), "dashboardToVisits", partial(context.navigate, "visits", ""))
        self.tools.addWidget(go)
        first = _("Aucune visite pour l'instant : la première se crée à la page Visites (F2).")
        self._visits = RowsCard(_("Visites à faire et récentes"), "dashboardVisits", first)
        self._follow_ups = RowsCard(_("Suites à donner"), "dashboardFollowUps", _("Aucune suite n'attend."))
        self._readiness = _BarsCard(_("Cabinets et appli carte Vitale"), "dashboardReadiness")
        self._obstacles = _BarsCard(_("Irritants par thème"), "dashboardObstacles")
        own = WrapGrid(330)
        own.show_cells([self._visits, self._readiness, self._follow_ups, self._obstacles])
        self.national = NationalFigures()
        every = button(
            _("Tous les &chiffres"), "dashboardFigures", partial(context.navigate, "catalogue", _FIGURES)
        )
        self.national.header.addWidget(every)
        self.body.addWidget(own)
        self.body.addWidget(self.national)
        self.body.addStretch(1)
        context.field_data_changed.connect(lambda _changes: self._refresh())
        self._asked = False

    def entered(self) -> None:
        QTimer.singleShot(0, self._refresh)  # once the page is painted

    def _refresh(self) -> None:
        if not self._asked:
            self._asked = True
            self.context.ask_catalogue(_headlines, self.national.show_figures)
        if self.context.profile is None:
            return
        store, today = self.context.profile.store, _today()

        def work() -> Overview:
            from fieldkit.services.overview import overview

            return overview(store, today)

        self.context.runner.run(Queue.DATABASE, work, self._show)

    def _show(self, seen: Overview) -> None:
        today = _today().isoformat()
        self._visits.show_rows([self._visit_row(visit, today) for visit in seen.visits])
        self._follow_ups.show_rows([self._follow_up_row(action, today) for action in seen.follow_ups])
        lines = []
        for code in _READINESS:
            look = visit_words.readiness(code)
            lines.append(Line(look.icon, look.state, look.words, seen.readiness.get(code, 0)))
        count = sum(seen.readiness.values())
        about = ngettext(
            "{n} cabinet, d'après sa dernière visite.", "{n} cabinets, d'après leur dernière visite.", count
        )
        self._readiness.show_lines(lines, about.format(n=count), count)
        themes = sorted(seen.obstacles.items(), key=lambda theme: -theme[1])
        none = _("Sans thème")
        names = {code: _(name) for code, name in wording.THEMES.items()}
        bars = [Line("", "info", names.get(theme, none), n) for theme, n in themes]
        self._obstacles.show_lines(bars, "" if bars else _("Aucun irritant noté."))

    def _visit_row(self, visit: Mapping[str, Any], today: str) -> Row:
        look = visit_words.state(visit["state"])
        if visit["state"] == "draft" and visit["date"] <= today:
            late = visit["date"] < today
            look = (
                Look("clock", "warning", _("En retard")) if late else Look("clock", "info", _("Aujourd'hui"))
            )
        day = visit_words.long_day(visit["date"])
        return Row(visit["practice"]["name"], day, look, partial(self._open, visit["id"]))

    def _follow_up_row(self, action: Mapping[str, Any], today: str) -> Row:
        who = visit_words.sentence(wording.word(wording.OWNERS, action["who"]))
        day = visit_words.short_day(action["by"])
        detail = " · ".join(filter(None, (action["practice"], who, day)))
        late = Look("clock", "warning", _("En retard")) if action["by"] and action["by"] < today else None
        return Row(action["text"], detail, late, partial(self._open, action["visit"]))

    def _open(self, visit: str) -> None:
        self.context.navigate("visits", visit)


class _BarsCard(Card):
    def __init__(self, title: str, name: str) -> None:
        super().__init__(title, name)
        self._bars = Bars(f"{name}Bars", title)
        self._words = label("", "caption", wrap=True)
        self.body.addWidget(self._bars)
        self.body.addWidget(self._words)
        self.body.addStretch(1)

    def show_lines(self, lines: list[Line], words: str, whole: int = 0) -> None:
        """Show these bars, and `words` under them."""
        self._bars.show_lines(lines, whole)
        self._words.setText(words)
        self._words.setVisible(bool(words))


def _headlines(catalogue: Path) -> list[Headline]:
    from fieldkit.services.catalogue_figures import headline_figures

    return headline_figures(catalogue)


def _today() -> dt.date:
    return dt.date.today()  # noqa: DTZ011  the day on the delegate's wall
