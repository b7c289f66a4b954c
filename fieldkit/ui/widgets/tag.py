"""A state in a word, with a drawing of its own: for states that are neither good nor bad."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy

from fieldkit.ui.theme import GRID
from fieldkit.ui.widgets.text import IconLabel, label, restyle


@dataclass(frozen=True, slots=True)
class Look:
    """How a state is shown: its drawing, the colour (one of `card.STATES`), and its words."""

    icon: str
    state: str
    words: str


class Tag(QFrame):
    """Like a badge, but the drawing is chosen apart from the colour."""

    def __init__(self, name: str = "") -> None:
        super().__init__()
        self.setObjectName(name)
        self.setProperty("kind", "badge")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(GRID, GRID // 4, GRID + GRID // 4, GRID // 4)
        row.setSpacing(GRID // 2)
        self._icon = IconLabel("unknown", "unknown", 16)
        self._words = label("", "strong")
        row.addWidget(self._icon)
        row.addWidget(self._words)

    def show_look(self, look: Look) -> None:
        """Show a state."""
        self._icon.show_icon(look.icon, look.state)
        self._words.setText(look.words)
        self.setAccessibleName(look.words)
        restyle(self._words, "state", look.state)
        restyle(self, "state", look.state)
        self._row.activate()  # it asks for its new room at once, and is never drawn cut

    def text(self) -> str:
        """The words shown."""
        return self._words.text()
