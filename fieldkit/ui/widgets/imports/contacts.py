"""Contacts that came with imports: personal data, to take out or to erase for good."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QModelIndex
from PySide6.QtWidgets import QFileDialog, QWidget

from fieldkit.i18n import _
from fieldkit.services.contacts import Listed
from fieldkit.ui.models.text_table import TextTable
from fieldkit.ui.widgets.card import Card
from fieldkit.ui.widgets.flow import Flow
from fieldkit.ui.widgets.imports.preview import rows_view
from fieldkit.ui.widgets.text import button, label


class Contacts(Card):
    """A list of contacts; erasing one asks once more, for there is no way back."""

    def __init__(self, erase: Callable[[str], None], export: Callable[[Path], None]) -> None:
        super().__init__(_("Contacts (données personnelles)"), "importContacts")
        self._erase, self._export = erase, export
        self._people: Sequence[Listed] = ()
        titles = [_("Société"), _("Nom"), _("Fonction"), _("Courriel"), _("Téléphone")]
        self.model = TextTable(titles, self)
        self.table = rows_view("contactsTable", self.model, _("Contacts"), (190, 190, 150, 220))
        self.table.selectionModel().currentChanged.connect(self._chosen)
        self.erase = button(_("&Effacer ce contact"), "contactErase", self._ask, icon="trash")
        self.sure = button(_("Effacer pour de &bon"), "contactErased", self._go, kind="primary")
        self.keep = button(_("&Garder"), "contactKeep", lambda: self._sure(False))
        save = button(_("Exporter les c&ontacts…"), "contactsExport", self._choose_out, icon="download")
        row = Flow()
        for part in (self.erase, self.sure, self.keep, save):
            row.addWidget(part)
        buttons = QWidget()
        buttons.setLayout(row)
        about = _("Ils viennent de vos imports et ne quittent pas ce profil. Effacer est sans retour.")
        self.body.addWidget(label(about, "muted", wrap=True))
        self.body.addWidget(self.table, 1)
        self.body.addWidget(buttons)
        self._sure(False)
        self.erase.setEnabled(False)

    def count(self) -> int:
        """How many there are."""
        return len(self._people)

    def show_contacts(self, people: Sequence[Listed]) -> None:
        """Show these."""
        self._people = people
        self.model.show(
            [
                (
                    item.company,
                    item.contact.name,
                    item.contact.function,
                    item.contact.email,
                    item.contact.phone,
                )
                for item in people
            ]
        )
        self._sure(False)
        self.erase.setEnabled(False)

    def _chosen(self, current: QModelIndex) -> None:
        self._sure(False)
        self.erase.setEnabled(current.isValid())

    def _ask(self) -> None:
        self._sure(True)
        self.keep.setFocus()

    def _sure(self, asked: bool) -> None:
        self.erase.setVisible(not asked)
        self.sure.setVisible(asked)
        self.keep.setVisible(asked)

    def _go(self) -> None:
        self._erase(self._people[self.table.currentIndex().row()].contact.id)

    def _choose_out(self) -> None:
        kinds = "CSV (*.csv);;XLSX (*.xlsx);;JSON (*.json)"
        start = str(Path.home() / "contacts.csv")
        chosen, _kind = QFileDialog.getSaveFileName(self, _("Exporter les contacts"), start, kinds)
        if chosen:
            self._export(Path(chosen))
