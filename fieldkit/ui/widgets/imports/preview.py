"""What an import would do, in four parts with their counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QTabWidget, QWidget

from fieldkit.i18n import _
from fieldkit.services.import_wording import Shown
from fieldkit.ui.models.text_table import TextTable
from fieldkit.ui.theme import scaled


class PreviewTabs(QTabWidget):
    """Tabs of a preview; `extra` tabs come first, and are found again by their widget."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("importTabs")
        self.setAccessibleName(_("Aperçu de l'import"))
        line, what = _("Ligne"), _("Contenu")
        self._titles = {
            "added": _("&Ajoutées ({n})"),
            "changed": _("&Modifiées ({n})"),
            "unchanged": _("&Inchangées ({n})"),
            "refused": _("&Refusées ({n})"),
        }
        self.models = {
            "added": TextTable([line, _("Genre"), what], self),
            "changed": TextTable([line, what, _("Champ"), _("Avant"), _("Après")], self),
            "unchanged": TextTable([line, _("Genre"), what], self),
            "refused": TextTable([line, _("Colonne"), _("Raison")], self),
        }
        self.tables = {
            name: rows_view(
                f"import{name.title()}", model, _plain(self._titles[name]), _WIDTHS.get(name, _USUAL)
            )
            for name, model in self.models.items()
        }
        for name, table in self.tables.items():
            self.addTab(table, self._titles[name])

    def show_preview(self, shown: Shown, counts: dict[str, int]) -> None:
        """Show another preview; `counts` are of rows, by part."""
        for name, model in self.models.items():
            model.show(getattr(shown, name))
            self.setTabText(self.indexOf(self.tables[name]), self._titles[name].format(n=counts[name]))

    def show_extra(self, widget: QWidget, title: str, *, shown: bool) -> None:
        """Show or hide a tab of its own before the others, under another title."""
        place = self.indexOf(widget)
        if shown and place < 0:
            self.insertTab(0, widget, title)
        elif shown:
            self.setTabText(place, title)
        elif place >= 0:
            self.removeTab(place)

    def turn_to(self, name: str) -> None:
        """Bring a part to the front."""
        self.setCurrentWidget(self.tables[name])


def _plain(title: str) -> str:
    return title.replace("&", "").partition(" (")[0]


_WIDTHS: Final[Mapping[str, Sequence[int]]] = {"changed": (64, 300, 130, 160), "refused": (64, 200)}
_USUAL: Final = (64, 190)


def rows_view(name: str, model: TextTable, title: str, widths: Sequence[int]) -> QTableView:
    """A table of rows to read; `widths` of its columns in pixels at 100 % text, the last takes the rest."""
    table = QTableView()
    table.setObjectName(name)
    table.setAccessibleName(title)
    table.setModel(model)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setTabKeyNavigation(False)
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.setMinimumHeight(scaled(180))
    table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(scaled(30))
    header = table.horizontalHeader()
    header.setHighlightSections(False)
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    for column, width in enumerate(widths):
        header.resizeSection(column, scaled(width))
    header.setSectionResizeMode(model.columnCount() - 1, QHeaderView.ResizeMode.Stretch)
    return table
