"""What one scan says: the verdict in a sentence, what to do, every aspect with its state, and how reliable."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from fieldkit.hardware.scanner import advice, manuals
from fieldkit.hardware.scanner.aspects import SETTINGS, STATE_LABELS, Aspect, aspects
from fieldkit.hardware.scanner.diagnosis import Diagnosis
from fieldkit.hardware.scanner.trial import SERIES, Trial
from fieldkit.i18n import _
from fieldkit.services import scanner
from fieldkit.ui.theme import GRID
from fieldkit.ui.widgets.card import Badge, Banner, Card
from fieldkit.ui.widgets.text import label

_STATES: Final = {"good": "success", "fix": "error", "untested": "unknown"}


class ScannerVerdict(QWidget):
    """Waits for a scan, then tells what it was. `details` is for whoever shows it to place."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("scannerVerdict")
        self.setAccessibleName(_("Verdict"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        self.banner = Banner("verdictBanner", closable=False)
        self.reliability = label("", wrap=True)
        self.reliability.setObjectName("reliability")
        column.addWidget(self.banner)
        column.addWidget(self.reliability)
        # Only now: a banner without a parent would be a window of its own, and take the keyboard.
        self.banner.say("unknown", _("Le verdict s'affiche ici dès qu'un code est scanné."))
        self.reliability.hide()
        self.details = Card(_("Aspect par aspect"), "scannerAspects")
        self._table = QWidget()
        self.details.body.addWidget(self._table)
        self.details.hide()

    def show_diagnosis(self, diagnosis: Diagnosis, trial: Trial, maker: str = "") -> None:
        """Tell what the scan was; `maker` of the scanner, where known, shortens where to find a setting."""
        state = {"ok": "success", "unreadable": "warning"}.get(diagnosis.verdict, "error")
        remedy = advice.remedy(diagnosis)
        self.banner.say(state, advice.summary(diagnosis), remedy)
        self.reliability.setText(_reliability(trial))
        self.reliability.setVisible(bool(self.reliability.text()))
        old, self._table = self._table, aspect_table(aspects(diagnosis), remedy, maker)
        self.details.body.replaceWidget(old, self._table)
        self.details.show()
        old.deleteLater()


def _reliability(trial: Trial) -> str:
    """The figure of reliability, or how far its series is; and the lengths that came whole."""
    kept = trial.reliability
    if not kept.done or trial.shots[-1].diagnosis.interface in ("camera", "image"):
        return ""  # reading a picture again proves nothing more
    parts = [scanner.reliability_words(trial)]
    if not kept.finished:
        left = _("Relisez le même code jusqu'à {n} fois pour un chiffre de fiabilité.").format(n=SERIES)
        parts.append(left)
    if trial.lengths:
        lengths = ", ".join(str(length) for length in trial.lengths)
        parts.append(_("Longueurs testées : {lengths} caractères.").format(lengths=lengths))
    return " ".join(parts)


def aspect_table(found: tuple[Aspect, ...], told: str = "", maker: str = "") -> QWidget:
    """Every aspect with its state and remedy, but for the remedy that is `told` elsewhere."""
    table = QWidget()
    grid = QGridLayout(table)
    grid.setContentsMargins(0, GRID, 0, 0)
    grid.setHorizontalSpacing(2 * GRID)
    grid.setVerticalSpacing(GRID)
    grid.setColumnStretch(2, 1)
    for row, aspect in enumerate(found):
        name = label(aspect.label, "strong", wrap=True)
        badge = Badge(_STATES[aspect.state], _(STATE_LABELS[aspect.state]))
        badge.setObjectName(f"aspect-{aspect.id}")
        remedy = "" if aspect.remedy == told else aspect.remedy
        setting = SETTINGS.get(aspect.id, "") if aspect.state == "fix" else ""
        where = manuals.in_words(setting, maker)
        words = "\n".join(text for text in (aspect.detail, remedy, where) if text)
        detail = label(words, wrap=True)
        for column, part in enumerate((name, badge, detail)):
            grid.addWidget(
                part, row, column, Qt.AlignmentFlag.AlignTop if column == 1 else Qt.AlignmentFlag(0)
            )
    return table
