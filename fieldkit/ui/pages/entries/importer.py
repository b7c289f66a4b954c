"""Importer: the tab stands ready at once, and is filled when it is first opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from fieldkit.ui.theme import GRID

if TYPE_CHECKING:
    from fieldkit.ui.pages.base import Context
    from fieldkit.ui.widgets.imports.desk import ImportDesk


class ImportTab(QWidget):
    """Holds an `ImportDesk`, and passes on that it changed the catalogue."""

    changed = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self.desk: ImportDesk | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 2 * GRID, 0, 0)

    def begin(self) -> ImportDesk:
        """Fill the tab, once."""
        if self.desk is None:
            from fieldkit.ui.widgets.imports.desk import ImportDesk

            self.desk = ImportDesk(self._context)
            self.desk.changed.connect(self.changed)
            self._column.addWidget(self.desk)
        return self.desk
