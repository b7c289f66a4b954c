"""What of the field work the dashboard looks at: a department, a profession, a span of time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from fieldkit.i18n import N_, _
from fieldkit.ui.models import visit_words
from fieldkit.ui.widgets.choice import choice
from fieldkit.ui.widgets.flow import flowing

if TYPE_CHECKING:
    from fieldkit.services.narrowing import Narrowing

_SPANS: Final = {91: N_("3 derniers mois"), 365: N_("12 derniers mois")}
"""Days that a span looks back on."""


class NarrowingBar(QWidget):
    """Three choices, each with "all" first."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.department = choice("boardDepartment", _("Département"), {}, every=_("Tous les départements"))
        self.profession = choice("boardProfession", _("Profession"), {}, every=_("Toutes les professions"))
        self.span = choice("boardSpan", _("Période"), _SPANS, every=_("Toutes les dates"))
        row = QVBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(flowing(self.department, self.profession, self.span))
        for box in (self.department, self.profession, self.span):
            box.setMinimumContentsLength(18)
            box.currentIndexChanged.connect(lambda _row: self.changed.emit())

    def chosen(self, today: dt.date) -> Narrowing:
        """What is chosen, as of `today`."""
        from fieldkit.services.narrowing import Narrowing

        days = self.span.currentData()
        since = today - dt.timedelta(days=days) if days else None
        return Narrowing(self.department.currentData(), self.profession.currentData(), since)

    def offer(self, departments: Sequence[str], professions: Sequence[str]) -> None:
        """Offer these; what is chosen stays so, and stays offered."""
        _offer(self.department, {code: code for code in departments})
        _offer(self.profession, {name: visit_words.sentence(name) for name in professions})


def _offer(box: QComboBox, wanted: dict[str, str]) -> None:
    chosen = box.currentData()
    if chosen is not None:
        wanted.setdefault(chosen, box.currentText())
    if [box.itemData(row) for row in range(1, box.count())] == list(wanted):
        return
    box.blockSignals(True)
    while box.count() > 1:
        box.removeItem(1)
    for value, words in wanted.items():
        box.addItem(words, value)
    box.setCurrentIndex(max(0, box.findData(chosen)))
    box.blockSignals(False)
