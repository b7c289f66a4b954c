"""A card with a short list of things to open, one button a line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout

from fieldkit.ui.theme import GRID
from fieldkit.ui.widgets.card import Card
from fieldkit.ui.widgets.tag import Look, Tag
from fieldkit.ui.widgets.text import label


@dataclass(frozen=True, slots=True)
class Row:
    """One line: a name, a quiet second line, an optional state, and what opening it does."""

    name: str
    detail: str
    look: Look | None
    opened: Callable[[], None]


class RowsCard(Card):
    """Filled by `show_rows`; says `empty` when there are none."""

    def __init__(self, title: str, name: str, empty: str) -> None:
        super().__init__(title, name)
        self._empty = label(empty, "muted", wrap=True)
        self.body.addWidget(self._empty)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(GRID // 4)
        self.body.addLayout(self._rows)
        self.body.addStretch(1)

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show these rows instead."""
        while (item := self._rows.takeAt(0)) is not None:
            if (gone := item.widget()) is not None:
                gone.deleteLater()
        for row in rows:
            self._rows.addWidget(_RowButton(row))
        self._empty.setVisible(not rows)


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
        line = QHBoxLayout(self)
        line.setContentsMargins(GRID, GRID // 2, GRID, GRID // 2)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(label(row.name, "strong", wrap=True))
        words.addWidget(label(row.detail, "caption", wrap=True))
        line.addLayout(words, 1)
        if row.look is not None:
            tag = Tag()
            tag.show_look(row.look)
            line.addWidget(tag)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        layout = self.layout()
        assert layout is not None
        return layout.heightForWidth(width)

    def sizeHint(self) -> QSize:
        layout = self.layout()
        assert layout is not None
        return layout.sizeHint()

    def minimumSizeHint(self) -> QSize:
        layout = self.layout()
        assert layout is not None
        return layout.minimumSize()
