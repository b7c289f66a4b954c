"""Tableau de bord: what is due, how far practices are, lists of it all, and the national figures beside one's own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QTimer

from fieldkit.i18n import N_, _, ngettext
from fieldkit.reports import wording
from fieldkit.ui.models import visit_words
from fieldkit.ui.pages.base import Context, Page
from fieldkit.ui.pages.board.bars import BarsCard
from fieldkit.ui.pages.board.narrowing import NarrowingBar
from fieldkit.ui.runner import Queue
from fieldkit.ui.widgets.bars import Line
from fieldkit.ui.widgets.national import NationalFigures
from fieldkit.ui.widgets.rows import Row, RowsCard
from fieldkit.ui.widgets.tag import Look
from fieldkit.ui.widgets.text import button
from fieldkit.ui.widgets.undo_banner import UndoBanner
from fieldkit.ui.widgets.wrap_grid import WrapGrid

if TYPE_CHECKING:
    from fieldkit.services.catalogue import Headline
    from fieldkit.services.overview import Overview, Share
    from fieldkit.store.changes import Changes
    from fieldkit.ui.pages.board.lists import ListCard

_BILLING: Final = ("télétransmission SESAM-Vitale", "professionnels de santé en télétransmission")
_APP_USERS: Final = ("appli carte Vitale", "professionnels de santé utilisateurs")
_NO_OBSTACLE: Final = N_("Aucun irritant noté.")
_FIGURES: Final = "figures:"
"""The target of the catalogue's page that is its figures."""
_READINESS: Final = ("ready", "not-yet", "impossible", "unknown")


class DashboardPage(Page):
    """Cards on the field work, as narrow as one wants it, its lists, then the national figures."""

    needs_profile = True

    def __init__(self, context: Context) -> None:
        super().__init__(context, _("Tableau de bord"), visit_words.long_day(_today().isoformat()))
        go = button(_("Aller aux &visites"), "dashboardToVisits", partial(context.navigate, "visits", ""))
        self.tools.addWidget(go)
        first = _("Aucune visite pour l'instant : la première se crée à la page Visites (F2).")
        self._visits = RowsCard(_("Visites à faire et récentes"), "dashboardVisits", first)
        self._follow_ups = RowsCard(_("Suites à donner"), "dashboardFollowUps", _("Aucune suite n'attend."))
        self._readiness = BarsCard(_("Cabinets et appli carte Vitale"), "dashboardReadiness")
        self._obstacles = BarsCard(_("Irritants par thème"), "dashboardObstacles")
        self._departments = BarsCard(_("Cabinets par département"), "dashboardDepartments")
        self._products = BarsCard(_("Irritants par produit ou service"), "dashboardProducts")
        self.narrowing = NarrowingBar()
        self.narrowing.changed.connect(self._refresh)
        self.undo = UndoBanner("undoDone")
        own = WrapGrid(330)
        own.show_cells(
            [
                *(self._visits, self._readiness, self._follow_ups, self._obstacles),
                *(self._departments, self._products),
            ]
        )
        self.national = NationalFigures()
        every = button(
            _("Tous les &chiffres"), "dashboardFigures", partial(context.navigate, "catalogue", _FIGURES)
        )
        self.national.header.addWidget(every)
        self.body.addWidget(self.narrowing)
        self.body.addWidget(self.undo)
        self.body.addWidget(own)
        self.body.addWidget(self.national)
        self.body.addStretch(1)
        context.field_data_changed.connect(lambda _changes: self._refresh() if self.isVisible() else None)
        self._asked = False

    @cached_property
    def lists(self) -> ListCard:
        """The lists, under what is seen first; made once the page is painted."""
        from fieldkit.ui.pages.board.lists import ListCard

        made = ListCard(self.context)
        self.body.insertWidget(self.body.indexOf(self.national), made)
        return made

    def entered(self) -> None:
        QTimer.singleShot(0, self._refresh)  # once the page is painted

    def _refresh(self) -> None:
        if not self._asked:
            self._asked = True
            self.context.ask_catalogue(_headlines, self.national.show_figures)
        QTimer.singleShot(0, self._look_through)  # what is above them is asked for first
        if self.context.profile is None:
            return
        store, today = self.context.profile.store, _today()
        chosen = self.narrowing.chosen(today)

        def work() -> Overview:
            from fieldkit.services.overview import overview

            return overview(store, today, chosen)

        self.context.runner.run(Queue.DATABASE, work, self._show)

    def _look_through(self) -> None:
        lists = self.lists
        if self.context.profile is not None:
            lists.look(_today(), self.narrowing.chosen(_today()))

    def _show(self, seen: Overview) -> None:
        today = _today().isoformat()
        self.narrowing.offer(*seen.choices)
        self._visits.show_rows([self._visit_row(visit, today) for visit in seen.visits], _more_visits(seen))
        actions = [self._follow_up_row(action, today) for action in seen.follow_ups]
        self._follow_ups.show_rows(actions, _more_follow_ups(seen))
        lines = []
        for code in _READINESS:
            look = visit_words.readiness(code)
            lines.append(Line(look.icon, look.state, look.words, seen.readiness.get(code, 0)))
        count = sum(seen.readiness.values())
        about = ngettext(
            "{n} cabinet, d'après sa dernière visite.", "{n} cabinets, d'après leur dernière visite.", count
        )
        self._readiness.show_lines(lines, about.format(n=count), count)
        none = _("Sans thème")
        names = {code: _(name) for code, name in wording.THEMES.items()}
        self._obstacles.show_counts(
            {names.get(code, none): n for code, n in seen.obstacles.items()}, _(_NO_OBSTACLE)
        )
        self._products.show_counts(seen.products, _("Aucun produit ni service n'est nommé."))
        self._departments.show_lines(
            _departments(seen), "" if count else _("Aucun cabinet pour l'instant."), count
        )
        self.national.show_own({figure: _own(figure, share) for figure, share in seen.own.items()})

    def _visit_row(self, visit: Mapping[str, Any], today: str) -> Row:
        look = visit_words.state(visit["state"])
        if visit["state"] == "draft" and visit["date"] <= today:
            late = visit["date"] < today
            look = (
                Look("clock", "warning", _("En retard")) if late else Look("clock", "info", _("Aujourd'hui"))
            )
            look = Look("pen", "info", _("Correction en cours")) if visit["supersedes"] else look
        day = visit_words.long_day(visit["date"])
        return Row(visit["practice"]["name"], day, look, partial(self._open, visit["id"]))

    def _follow_up_row(self, action: Mapping[str, Any], today: str) -> Row:
        who = visit_words.sentence(wording.word(wording.OWNERS, action["who"]))
        day = visit_words.short_day(action["by"])
        detail = " · ".join(filter(None, (action["practice"], who, day)))
        late = Look("clock", "warning", _("En retard")) if action["by"] and action["by"] < today else None
        done = (_("Fait"), partial(self._tick, action["id"], action["text"]))
        return Row(action["text"], detail, late, partial(self._open, action["visit"]), done)

    def _tick(self, action: str, text: str) -> None:
        profile = self.context.profile
        if profile is None:
            return
        store, tell = profile.store, self.context.field_data_changed.emit

        def write(*, done: bool) -> Changes:
            from fieldkit.services import visits

            return visits.set_part(store, "follow_up", action, {"done": done})

        def undo() -> None:
            self.context.runner.run(Queue.DATABASE, partial(write, done=False), tell)

        def ticked(changes: Changes) -> None:
            tell(changes)
            self.undo.offer(_("Fait : {action}").format(action=text), undo)

        self.context.runner.run(Queue.DATABASE, partial(write, done=True), ticked)

    def _open(self, visit: str) -> None:
        self.context.navigate("visits", visit)


def _more_visits(seen: Overview) -> str:
    rest = seen.total - len(seen.visits)
    if not rest:
        return ""
    return ngettext("et {n} autre, dans les listes", "et {n} autres, dans les listes", rest).format(n=rest)


def _more_follow_ups(seen: Overview) -> str:
    late, count = seen.late_follow_ups, seen.open_follow_ups
    if not count:
        return ""
    said = ngettext("{n} action à faire", "{n} actions à faire", count).format(n=count)
    return _("{actions}, dont {n} en retard").format(actions=said, n=late) if late else said


def _departments(seen: Overview) -> list[Line]:
    """Each department with how many of its practices are ready; the one that is not known comes last."""
    lines = []
    for code in sorted(seen.departments, key=lambda code: (code is None, code)):
        name = _("Inconnu") if code is None else code
        ready = seen.ready_in.get(code, 0)
        said = ngettext("{department} : {n} prêt", "{department} : {n} prêts", ready)
        lines.append(Line("", "info", said.format(department=name, n=ready), seen.departments[code]))
    return lines


def _own(figure: tuple[str, str], share: Share) -> str:
    """What stands beside a national figure."""
    if figure == _BILLING:
        return _("Vos cabinets : {n}").format(n=share.count)
    if figure == _APP_USERS:
        return _("Vos cabinets : {n} sur {total}, d'après leur première FSE").format(
            n=share.count, total=share.of
        )
    if not share.of:
        return _("Vos postes : inconnu")
    return _("Vos postes : {n} sur {total} connus").format(n=share.count, total=share.of)


def _headlines(catalogue: Path) -> list[Headline]:
    from fieldkit.services.catalogue_figures import headline_figures

    return headline_figures(catalogue)


def _today() -> dt.date:
    return dt.date.today()  # noqa: DTZ011  the day on the delegate's wall
