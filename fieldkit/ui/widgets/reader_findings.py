"""What is wrong with the readers and what to do: findings in order of severity, in words, drawings and colours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fieldkit.domain.reader_diagnosis.finding import SEVERITIES, Severity
from fieldkit.i18n import N_, _, ngettext
from fieldkit.ui.live_diagnosis import LiveDiagnosis
from fieldkit.ui.theme import GRID
from fieldkit.ui.widgets.card import Badge, Card
from fieldkit.ui.widgets.text import IconLabel, button, label, line

if TYPE_CHECKING:
    from fieldkit.services.reader_diagnosis import Diagnosis, Finding

_LOOKING: Final = N_("Examen de ce poste en cours…")
_SERVICE: Final = "service-"
"""Findings on the card service stand in the page's banner already."""


class ReaderFindings(Card):
    """Follows a `LiveDiagnosis`; « Refaire » looks at the computer anew."""

    def __init__(self, live: LiveDiagnosis) -> None:
        super().__init__(_("Diagnostic"), "readerFindings")
        self._live = live
        self._shown: Diagnosis | None = None
        self.again = button(_("Refaire le &diagnostic"), "diagnoseAgain", live.look_again, icon="sync")
        self.header.addWidget(self.again)
        summary = QHBoxLayout()
        summary.setSpacing(GRID)
        self._icon = IconLabel("info", "info", 20)
        self.summary = label(_(_LOOKING), "strong", wrap=True)
        summary.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        summary.addWidget(self.summary, 1)
        self.body.addLayout(summary)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(GRID + GRID // 2)
        self.body.addLayout(self._rows)
        self._unchecked = label("", "caption", wrap=True)
        self.body.addWidget(self._unchecked)
        live.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        diagnosis = self._live.diagnosis
        self.again.setEnabled(not self._live.looking)
        if self._shown is not None and diagnosis == self._shown:
            return
        self._shown = diagnosis
        if diagnosis is None:
            self._fill("info", _(_LOOKING), [], ())
            return
        findings = [finding for finding in diagnosis.findings if not finding.code.startswith(_SERVICE)]
        state, words = _summary(findings, above=len(findings) < len(diagnosis.findings))
        self._fill(state, words, findings, diagnosis.unchecked)

    def _fill(self, state: str, summary: str, findings: Sequence[Finding], unchecked: Sequence[str]) -> None:
        self._icon.show_icon(state, state)
        self.summary.setText(summary)
        self.setAccessibleDescription(summary)
        while (item := self._rows.takeAt(0)) is not None:
            if (gone := item.widget()) is not None:
                gone.hide()
                gone.deleteLater()
        for finding in findings:
            self._rows.addWidget(line())
            self._rows.addWidget(_row(finding))
        told = _("Non vérifié sur ce poste : {what}.").format(what=", ".join(unchecked))
        self._unchecked.setText(told if unchecked else "")
        self._unchecked.setVisible(bool(unchecked))


def _summary(findings: list[Finding], *, above: bool) -> tuple[str, str]:
    """The state of the whole, and a sentence with the counts; `above`: something is told in the banner."""
    told, worst = [], "success"
    for severity in SEVERITIES:
        n = sum(finding.severity == severity for finding in findings)
        if n:
            told.append(_count(severity, n))
            worst = severity if worst == "success" else worst
    if told:
        return worst, ", ".join(told) + "."
    if above:
        return "info", _("Rien d'autre à signaler que l'état du service.")
    return "success", _("Rien à signaler.")


def _count(severity: Severity, n: int) -> str:
    match severity:
        case "error":
            words = ngettext("{n} point à corriger", "{n} points à corriger", n)
        case "warning":
            words = ngettext("{n} point à vérifier", "{n} points à vérifier", n)
        case "info":
            words = ngettext("{n} point à savoir", "{n} points à savoir", n)
    return words.format(n=n)


def _row(finding: Finding) -> QWidget:
    from fieldkit.services import diagnosis_text

    row = QWidget()
    row.setObjectName(f"finding-{finding.code}")
    severity = _(diagnosis_text.SEVERITIES[finding.severity])
    row.setAccessibleName(f"{severity} : {finding.title} {finding.remedy}")
    across = QHBoxLayout(row)
    across.setContentsMargins(0, 0, 0, 0)
    across.setSpacing(2 * GRID)
    words = QVBoxLayout()
    words.setSpacing(GRID // 2)
    head = QHBoxLayout()
    head.setSpacing(GRID)
    head.addWidget(label(finding.title, "strong", wrap=True), 1)
    head.addWidget(Badge(finding.severity, severity), 0, Qt.AlignmentFlag.AlignTop)
    words.addLayout(head)
    words.addWidget(label(finding.evidence, "muted", wrap=True))
    remedy = label(finding.remedy, wrap=True, selectable=True)
    remedy.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    words.addWidget(remedy)
    who = _("Qui : {owner}").format(owner=diagnosis_text.owner(finding.as_dict()))
    source = _("Source : {source}").format(source=finding.source) if finding.source else ""
    words.addWidget(label(" · ".join(filter(None, (who, source))), "caption", wrap=True))
    across.addLayout(words, 1)
    return row
