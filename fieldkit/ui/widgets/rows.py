"""A card with a short list of things to open, one button a line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from fieldkit.ui.theme import GRID, scaled
from fieldkit.ui.widgets.card import Card
from fieldkit.ui.widgets.flow import empty
from fieldkit.ui.widgets.tag import Look, Tag
from fieldkit.ui.widgets.text import button, label

_ROOMY: Final = 260
"""Width at 100 % text from which the state stands beside the words."""
_NARROWEST: Final = 110
"""Width at 100 % text that words are wrapped into at least."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line: a name, a quiet second line, an optional state, what opening it does, and one thing to do."""

    name: str
    detail: str
    look: Look | None
    opened: Callable[[], None]
    act: tuple[str, Callable[[], None]] | None = None
    """A word for a button beside the line, and what it does."""


class RowsCard(Card):
    """Filled by `show_rows`; says `empty` when there are none."""

    def __init__(self, title: str, name: str, empty: str) -> None:
        super().__init__(title, name)
        self._empty = label(empty, "muted", wrap=True)
        self.body.addWidget(self._empty)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(GRID // 4)
        self.body.addLayout(self._rows)
        self._more = label("", "caption", wrap=True)
        self._more.hide()
        self.body.addWidget(self._more)
        self.body.addStretch(1)

    def show_rows(self, rows: Sequence[Row], more: str = "") -> None:
        """Show these rows instead, and `more` in words under them."""
        empty(self._rows)
        for row in rows:
            self._rows.addWidget(_line(row))
        self._empty.setVisible(not rows)
        self._more.setText(more)
        self._more.setVisible(bool(more))


def _line(row: Row) -> QWidget:
    opens = _RowButton(row)
    if row.act is None:
        return opens
    word, act = row.act
    does = button(word, "", act, kind="quiet")
    does.setAccessibleName(f"{word} : {row.name}")
    holder = QWidget()
    line = QHBoxLayout(holder)
    line.setContentsMargins(0, 0, 0, 0)
    line.addWidget(opens, 1)
    line.addWidget(does)
    return holder


class _RowButton(QPushButton):
    def __init__(self, row: Row) -> None:
        super().__init__()
        self.setProperty("kind", "row")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        policy = QSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        told = [row.name, row.detail, row.look.words if row.look else ""]
        self.setAccessibleName(", ".join(filter(None, told)))
        self.clicked.connect(lambda _checked=False: row.opened())
        line = self._line = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        line.setContentsMargins(GRID, GRID // 2, GRID, GRID // 2)
        words = QVBoxLayout()
        words.setSpacing(0)
        for text, role in ((row.name, "strong"), (row.detail, "caption")):
            made = label(text, role, wrap=True)
            made.setMinimumWidth(scaled(_NARROWEST))
            words.addWidget(made)
        line.addLayout(words, 1)
        if row.look is not None:
            tag = Tag()
            tag.show_look(row.look)
            line.addWidget(tag, 0, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        self._fold(width)
        return self._line.heightForWidth(width)

    def sizeHint(self) -> QSize:
        return self._line.sizeHint()

    def minimumSizeHint(self) -> QSize:
        """As narrow as the widest of its parts: they come one below the other then."""
        margins = self._line.contentsMargins()
        parts = (self._line.itemAt(n) for n in range(self._line.count()))
        widest = max(part.minimumSize().width() for part in parts if part is not None)
        return QSize(widest + margins.left() + margins.right(), self._line.minimumSize().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold(self.width())

    def _fold(self, width: int) -> None:
        directions = QBoxLayout.Direction
        roomy = width >= scaled(_ROOMY)
        self._line.setDirection(directions.LeftToRight if roomy else directions.TopToBottom)
