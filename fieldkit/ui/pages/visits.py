"""Visites: the list, a new visit, and the one that is open."""

from __future__ import annotations

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QStackedWidget

from fieldkit.i18n import _
from fieldkit.ui.current_visit import CurrentVisit
from fieldkit.ui.pages.base import Context, Page
from fieldkit.ui.pages.visit.listing import VisitList
from fieldkit.ui.pages.visit.new import NewVisit
from fieldkit.ui.pages.visit.open import OpenVisit


class VisitsPage(Page):
    """One of three views at a time; what is typed in any of them is handed over when it is left."""

    needs_profile = True

    def __init__(self, context: Context) -> None:
        super().__init__(context, _("Visites"))
        self.listing = VisitList(context)
        self.new = NewVisit(context)
        self.open = OpenVisit(context)
        self._views = QStackedWidget()
        self._views.setObjectName("visitViews")
        for view in (self.listing, self.new, self.open):
            self._views.addWidget(view)
        self.area.hide()
        whole = self.layout()
        assert whole is not None
        whole.addWidget(self._views)
        self.listing.opened.connect(self.show_target)
        self.listing.begun.connect(self.begin)
        self.new.made.connect(self.show_target)
        self.new.closed.connect(self.show_list)
        self.open.left.connect(self.show_list)
        QShortcut(QKeySequence("Ctrl+N"), self, self.begin)

    def show_target(self, target: str) -> None:
        self._go(self.open)
        self.open.open(target)

    def show_list(self) -> None:
        """Go back to the list."""
        refused = self.open.desk.refused
        self._go(self.listing)
        self.listing.entered()
        CurrentVisit.of(self.context).set(None)
        if refused:
            names = ", ".join(refused)
            self.context.show_message(
                "warning", _("Non enregistré, à corriger : {names}.").format(names=names)
            )

    def begin(self) -> None:
        """Ask which practice is visited."""
        self._go(self.new)
        self.new.entered()

    def entered(self) -> None:
        if self._views.currentWidget() is self.listing:
            self.listing.entered()
        elif self._views.currentWidget() is self.open:
            self.open.open(self.open.desk.visit_id)

    def left(self) -> None:
        self.open.flush()
        self.new.left()

    def _go(self, view: Page | OpenVisit) -> None:
        self.left()
        self._views.setCurrentWidget(view)
