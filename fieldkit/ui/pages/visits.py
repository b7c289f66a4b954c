"""Visites: the list, a new visit, and the one that is open."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QStackedWidget

from fieldkit.i18n import _
from fieldkit.ui.current_visit import CurrentVisit
from fieldkit.ui.pages.base import Context, Page
from fieldkit.ui.pages.visit.listing import VisitList
from fieldkit.ui.pages.visit.new import NewVisit
from fieldkit.ui.pages.visit.open import OpenVisit
from fieldkit.ui.pages.visit.week import WeekView


class VisitsPage(Page):
    """One of its views at a time; what is typed in any of them is handed over when it is left."""

    needs_profile = True

    def __init__(self, context: Context) -> None:
        super().__init__(context, _("Visites"))
        self._views = QStackedWidget()
        self._views.setObjectName("visitViews")
        self.listing = VisitList(context)
        self.listing.opened.connect(self.show_target)
        self.listing.begun.connect(self.begin)
        self.listing.week.connect(self.show_week)
        self._views.addWidget(self.listing)
        self.area.hide()
        whole = self.layout()
        assert whole is not None
        whole.addWidget(self._views)
        QShortcut(QKeySequence("Ctrl+N"), self, lambda: self.begin())

    @cached_property
    def new(self) -> NewVisit:
        """The form of a new visit, made when it is first wanted."""
        made = NewVisit(self.context)
        made.made.connect(self.show_target)
        made.closed.connect(self.show_list)
        self._views.addWidget(made)
        return made

    @cached_property
    def week(self) -> WeekView:
        """The week, made when it is first wanted."""
        made = WeekView(self.context)
        made.opened.connect(self.show_target)
        made.closed.connect(self.show_list)
        self._views.addWidget(made)
        return made

    @cached_property
    def open(self) -> OpenVisit:
        """The visit that is open, made when one first is."""
        made = OpenVisit(self.context)
        made.left.connect(self.show_list)
        self._views.addWidget(made)
        return made

    def show_target(self, target: str) -> None:
        self._go(self.open)
        self.open.open(target)

    def show_list(self) -> None:
        """Go back to the list."""
        view = self._views.currentWidget()
        refused = view.desk.refused if isinstance(view, OpenVisit) else []
        self._go(self.listing)
        self.listing.entered()
        CurrentVisit.of(self.context).set(None)
        if refused:
            names = ", ".join(refused)
            self.context.show_message(
                "warning", _("Non enregistré, à corriger : {names}.").format(names=names)
            )

    def show_week(self) -> None:
        """Show the visits of the week."""
        self._go(self.week)
        self.week.entered()

    def begin(self, known: Mapping[str, str] | None = None) -> None:
        """Ask which practice is visited, with what is `known` of it (fields of a practice).

        Not before the field data are open to keep the answer.
        """
        if self.context.profile is None:
            return
        self._go(self.new)
        self.new.entered()
        if known:
            self.new.propose(known)

    def entered(self) -> None:
        view = self._views.currentWidget()
        if isinstance(view, OpenVisit):
            view.open(view.desk.visit_id)
        elif isinstance(view, VisitList | WeekView):
            view.entered()

    def left(self) -> None:
        view = self._views.currentWidget()
        if isinstance(view, OpenVisit):
            view.flush()
        elif isinstance(view, NewVisit):
            view.left()

    def _go(self, view: Page | OpenVisit) -> None:
        self.left()
        self._views.setCurrentWidget(view)
