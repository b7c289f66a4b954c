"""The libraries the app is made of, with their versions and licences, as their own metadata give them."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import metadata

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem

from fieldkit.i18n import _

Licence = tuple[str, str, str]
"""Name, version, licence."""


def installed_licences() -> list[Licence]:
    """The libraries that the installed `fieldkit` requires, and theirs in turn, by name."""
    found: dict[str, Licence] = {}
    _collect("fieldkit", found)
    found.pop("fieldkit", None)
    return sorted(found.values(), key=lambda licence: licence[0].casefold())


class LicenceTable(QTableWidget):
    """A read-only table of licences."""

    def __init__(self) -> None:
        super().__init__(0, 3)
        self.setObjectName("licences")
        self.setAccessibleName(_("Bibliothèques et licences"))
        self.setHorizontalHeaderLabels([_("Bibliothèque"), _("Version"), _("Licence")])
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setStretchLastSection(True)
        self.setMinimumHeight(260)

    def show_licences(self, licences: Sequence[Licence]) -> None:
        """Fill the table."""
        self.setRowCount(len(licences))
        for row, licence in enumerate(licences):
            for column, text in enumerate(licence):
                self.setItem(row, column, QTableWidgetItem(text))


def _collect(name: str, found: dict[str, Licence]) -> None:
    try:
        about = metadata.metadata(name)
        needs = metadata.requires(name) or []
    except metadata.PackageNotFoundError:
        return
    key = about["Name"].casefold()
    if key in found:
        return
    found[key] = (about["Name"], about["Version"], _licence(about))
    for need in needs:
        requirement, _sep, condition = need.partition(";")
        if "extra" not in condition:
            _collect(_project(requirement), found)


def _project(requirement: str) -> str:
    end = next((i for i, c in enumerate(requirement) if not (c.isalnum() or c in "._-")), len(requirement))
    return requirement[:end]


def _licence(about: metadata.PackageMetadata) -> str:
    fields = about.json
    named = fields.get("license_expression") or fields.get("license")
    if isinstance(named, str) and len(named) <= 60 and "\n" not in named:
        return named
    classes = [c.rpartition(" :: ")[2] for c in fields.get("classifier", []) if c.startswith("License ::")]
    return ", ".join(classes) or _("voir le paquet")
