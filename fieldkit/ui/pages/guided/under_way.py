"""A guided test under way: what to do now, big enough to be read at arm's length, and what was counted so far."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QProgressBar, QVBoxLayout, QWidget

from fieldkit.i18n import _, ngettext
from fieldkit.services.guided import ROUNDS, GuidedRun, words
from fieldkit.ui.pages.guided.measures import Measures
from fieldkit.ui.theme import GRID, scaled
from fieldkit.ui.widgets.card import Card
from fieldkit.ui.widgets.flow import flowing
from fieldkit.ui.widgets.text import IconLabel, label, line

_PICTURE: Final = 120
_ROOMY: Final = 480
"""Width in pixels at 100 % text from which the drawing stands beside the words."""


class UnderWay(Card):
    """Shows one run; `show_run` again whenever it may have moved on."""

    def __init__(self, run: GuidedRun, keys: Iterable[QWidget]) -> None:
        super().__init__(words.title(run.tally.subject), "guidedStep")
        self._said = ""
        self.title.setWordWrap(True)
        self._round = label("", "strong")
        self.header.addWidget(self._round)
        self._picture = IconLabel("guide-insert", "accent", _PICTURE)
        self.what = label("", "step", wrap=True)
        self.how = label("", "lead", wrap=True)
        self.left = label("", "muted", wrap=True)
        says = QVBoxLayout()
        says.setSpacing(GRID)
        says.addStretch(1)
        for part in (self.what, self.how, self.left):
            says.addWidget(part)
        says.addStretch(1)
        self._now = now = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        now.setSpacing(3 * GRID)
        now.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignCenter)
        now.addLayout(says, 1)
        self.progress = QProgressBar()
        self.progress.setObjectName("guidedProgress")
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(_("Avancement du test"))
        self._steps = label("", "caption")
        self.measures = Measures(run.tally)
        self.body.addLayout(now)
        below: tuple[QWidget, ...] = (self.progress, self._steps, flowing(*keys), line(), self.measures)
        for widget in below:
            self.body.addWidget(widget)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        ways = QBoxLayout.Direction
        self._now.setDirection(ways.LeftToRight if self.width() >= scaled(_ROOMY) else ways.BottomToTop)

    def show_run(self, run: GuidedRun, now: float) -> None:
        """Show where `run` is at the time `now`."""
        step, subject = run.step, run.tally.subject
        told = words.instruction(step, subject)
        behind, total = run.position
        self._round.setText(
            _("Tour {n} sur {rounds}").format(n=step.round, rounds=ROUNDS) if step.round else _("Préparation")
        )
        self.what.setText(told.title)
        self.how.setText(told.text)
        self._picture.show_icon(told.picture, "accent")
        self.left.setText(_remaining(step.ends_at - now, step.waiting))
        self.progress.setRange(0, total)
        self.progress.setValue(behind)
        self._steps.setText(_("Étape {n} sur {total}").format(n=min(behind + 1, total), total=total))
        self.measures.show_tally(run.tally)
        self._announce(f"{told.title}. {told.text}")

    def _announce(self, said: str) -> None:
        """Tell screen readers of a new step, once."""
        if said == self._said:
            return
        self._said = said
        self.setAccessibleDescription(said)
        from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent  # slow to import, seldom needed

        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, said))


def _remaining(seconds: float, waiting: bool) -> str:
    """The time that the step still has, in words."""
    if waiting:
        return _("Quelques secondes lui sont laissées.")
    left = max(0, round(seconds))
    return ngettext(
        "Encore {n} seconde pour cette étape.", "Encore {n} secondes pour cette étape.", left
    ).format(n=left)
