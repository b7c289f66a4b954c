"""Buttons that take a table elsewhere: copied whole, or written as CSV or XLSX."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog, QWidget

from fieldkit.domain.folding import fold
from fieldkit.i18n import _
from fieldkit.ui.runner import Queue
from fieldkit.ui.widgets.fact_table import FactTable
from fieldkit.ui.widgets.flow import Flow
from fieldkit.ui.widgets.text import button

if TYPE_CHECKING:
    from fieldkit.ui.pages.base import Context


class TakeAway(QWidget):
    """Acts on `table`, whose `called` is the name that a file is proposed to have; `name` begins the buttons'."""

    def __init__(self, context: Context, table: FactTable, name: str) -> None:
        super().__init__()
        self._context, self._table = context, table
        row = Flow()
        self.setLayout(row)
        row.addWidget(
            button(_("&Copier"), f"{name}Copy", self._copy, icon="copy", hint=_("Copier le tableau"))
        )
        for ending in ("csv", "xlsx"):
            hint = _("Exporter le tableau en {format}").format(format=ending.upper())
            name_of = f"{name}{ending.title()}"
            save = button(ending.upper(), name_of, partial(self._choose, ending), icon="download", hint=hint)
            save.setAccessibleName(hint)
            row.addWidget(save)

    def write(self, path: Path) -> None:
        """Write the table to `path`, as its ending says."""
        (columns, *rows), name = self._table.cells(), self._table.called

        def work() -> int:
            from fieldkit.services import exports

            return exports.write(path, columns, rows, name=name)

        done = _("Le tableau est enregistré : {name}").format(name=path.name)
        self._context.runner.run(Queue.POOL, work, lambda _count: self._context.show_message("success", done))

    def _copy(self) -> None:
        self._table.copy_all()
        self._context.show_message("success", _("Le tableau est copié, avec ses sources."))

    def _choose(self, ending: str) -> None:
        start = re.sub(r"\W+", "-", fold(self._table.called)).strip("-")
        kinds = _("Tableau {format} (*.{ending})").format(format=ending.upper(), ending=ending)
        chosen, _kind = QFileDialog.getSaveFileName(
            self, _("Exporter le tableau"), str(Path.home() / f"{start}.{ending}"), kinds
        )
        if chosen:
            path = Path(chosen)
            self.write(
                path if path.suffix.casefold() == f".{ending}" else path.with_name(f"{path.name}.{ending}")
            )
