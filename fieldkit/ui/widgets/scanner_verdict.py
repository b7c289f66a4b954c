"""What one scan says: the verdict in a sentence, what to do, and every aspect with its state."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from fieldkit.hardware.scanner import advice
from fieldkit.hardware.scanner.advice import Aspect
from fieldkit.hardware.scanner.diagnose import Diagnosis
from fieldkit.i18n import _
from fieldkit.ui.theme import GRID
from fieldkit.ui.widgets.card import Badge, Banner, Card
from fieldkit.ui.widgets.text import label

_STATES: Final = {"good": "success", "fix": "error", "untested": "unknown"}


class ScannerVerdict(Card):
    """Waits for a scan, then tells what it was."""

    def __init__(self) -> None:
        super().__init__(_("Verdict"), "scannerVerdict")
        self.banner = Banner("verdictBanner", closable=False)
        self._waiting = label(_("Le verdict s'affiche ici dès qu'un code est scanné."), "muted", wrap=True)
        self.body.addWidget(self._waiting)
        self.body.addWidget(self.banner)
        self._table = QWidget()
        self.body.addWidget(self._table)

    def show_diagnosis(self, diagnosis: Diagnosis) -> None:
        """Tell what the scan was."""
        state = {"ok": "success", "unreadable": "warning"}.get(diagnosis.verdict, "error")
        self._waiting.hide()
        remedy = advice.remedy(diagnosis)
        self.banner.say(state, advice.summary(diagnosis), remedy)
        old, self._table = self._table, aspect_table(advice.aspects(diagnosis), remedy)
        self.body.replaceWidget(old, self._table)
        old.deleteLater()


def aspect_table(aspects: tuple[Aspect, ...], told: str = "") -> QWidget:
    """Every aspect with its state and remedy, but for the remedy that is `told` elsewhere."""
    table = QWidget()
    grid = QGridLayout(table)
    grid.setContentsMargins(0, GRID, 0, 0)
    grid.setHorizontalSpacing(2 * GRID)
    grid.setVerticalSpacing(GRID)
    grid.setColumnStretch(2, 1)
    for row, aspect in enumerate(aspects):
        name = label(aspect.label, "strong", wrap=True)
        badge = Badge(_STATES[aspect.state], _(advice.STATE_LABELS[aspect.state]))
        badge.setObjectName(f"aspect-{aspect.id}")
        remedy = "" if aspect.remedy == told else aspect.remedy
        words = "\n".join(text for text in (aspect.detail, remedy) if text)
        detail = label(words, wrap=True)
        for column, part in enumerate((name, badge, detail)):
            grid.addWidget(
                part, row, column, Qt.AlignmentFlag.AlignTop if column == 1 else Qt.AlignmentFlag(0)
            )
    return table
