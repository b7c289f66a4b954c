"""Says on every page, as long as it lasts, that the readers are simulated; and ends that."""

from __future__ import annotations

from typing import Final

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout

from fieldkit.i18n import _
from fieldkit.ui.live_readers import LiveReaders
from fieldkit.ui.theme import GRID, scaled
from fieldkit.ui.widgets.text import IconLabel, button, label

_ROOMY: Final = 560
"""Width in pixels at 100 % text from which all of it stands in one line."""


class TrainingBanner(QFrame):
    """One line above every page; it cannot be closed but by leaving training."""

    def __init__(self, readers: LiveReaders) -> None:
        super().__init__()
        self._readers = readers
        self.setObjectName("trainingBanner")
        self.setProperty("kind", "banner")
        self.setProperty("state", "warning")
        self.words = label("", "strong", wrap=True)
        self._which = label("")
        self._leave = button(_("&Quitter l'entraînement"), "leaveTraining", lambda: readers.train(None))
        self._row = row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        row.setContentsMargins(2 * GRID, GRID // 2, GRID // 2, GRID // 2)
        row.setSpacing(GRID + GRID // 2)
        says = QHBoxLayout()
        says.setSpacing(GRID + GRID // 2)
        says.addWidget(IconLabel("warning", "warning", 22))
        says.addWidget(self.words, 1)
        row.addLayout(says, 1)
        row.addWidget(self._which)
        row.addWidget(self._leave)
        readers.switched.connect(self._show)
        self._show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        roomy = self.width() >= scaled(_ROOMY)
        ways = QBoxLayout.Direction
        self._row.setDirection(ways.LeftToRight if roomy else ways.TopToBottom)
        self._which.setVisible(roomy)

    def _show(self) -> None:
        scard = self._readers.training
        if scard is not None:
            from fieldkit.services import training

            self.words.setText(training.mark())
            self._which.setText(scard.scenario.title)
            self.setAccessibleName(f"{training.mark()} · {scard.scenario.title}")
        self.setVisible(scard is not None)
