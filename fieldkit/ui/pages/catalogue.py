"""Catalogue: find an editor, a product or a service and read its card, compare editors, look up figures."""

from __future__ import annotations

from typing import Final

from PySide6.QtWidgets import QTabWidget

from fieldkit.i18n import _
from fieldkit.ui.pages.base import Context, Page
from fieldkit.ui.pages.entries.comparer import Comparer
from fieldkit.ui.pages.entries.figures import FiguresTab
from fieldkit.ui.pages.entries.finder import Finder
from fieldkit.ui.pages.entries.importer import ImportTab

FIGURES: Final = "figures:"
"""What a target begins with that names a topic of the figures rather than an entry."""


class CataloguePage(Page):
    """Four tabs; what a tab shows is asked for when it is first opened."""

    def __init__(self, context: Context) -> None:
        super().__init__(context, _("Catalogue"))
        self.finder = Finder(context)
        self.comparer = Comparer(context)
        self.figures = FiguresTab(context)
        self.tabs = QTabWidget()
        self.tabs.setObjectName("catalogueTabs")
        self.tabs.setAccessibleName(_("Fiches, comparaison, chiffres ou import"))
        self.tabs.addTab(self.finder, _("Fiche&s"))
        self.tabs.addTab(self.comparer, _("Co&mparer"))
        self.tabs.addTab(self.figures, _("C&hiffres"))
        self.imports = ImportTab(context)
        for tab in (self.finder, self.comparer, self.figures):
            self.imports.changed.connect(tab.refresh)
            context.catalogue_changed.connect(tab.refresh)
        self.tabs.addTab(self.imports, _("Im&porter"))
        self.tabs.currentChanged.connect(self._begin)
        self.body.addWidget(self.tabs, 1)

    def show_target(self, target: str) -> None:
        if target.startswith(FIGURES):
            self.tabs.setCurrentWidget(self.figures)
            self.figures.show_topic(target.removeprefix(FIGURES))
        else:
            self.tabs.setCurrentWidget(self.finder)
            self.finder.show_entry(target)

    def entered(self) -> None:
        if self.tabs.currentWidget() is self.finder:
            self.finder.field.setFocus()

    def _begin(self, _tab: int) -> None:
        shown = self.tabs.currentWidget()
        if isinstance(shown, (Comparer, FiguresTab, ImportTab)):
            shown.begin()
