"""The way around: one button per page at the left of the window, with its key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from fieldkit.i18n import N_, _
from fieldkit.ui import icons, theme
from fieldkit.ui.theme import GRID
from fieldkit.ui.widgets.text import IconLabel, label


@dataclass(frozen=True, slots=True)
class Entry:
    """One page as the navigation shows it; `title` is a message id, `icon` a drawing."""

    name: str
    title: str
    key: str
    icon: str


class Navigation(QFrame):
    """The list of pages; says which one was asked for, or that help was."""

    chosen = Signal(str)
    helped = Signal()

    def __init__(self, entries: Sequence[Entry], parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("navigation")
        self.setAccessibleName(_("Pages"))
        self.setProperty("kind", "sidebar")
        # Inside its parents from the start: under a style sheet, a move styles everything in it anew.
        self._scroll = QScrollArea(self)
        inside = QFrame(self._scroll)
        inside.setProperty("kind", "sidebarInside")
        column = QVBoxLayout(inside)
        column.setContentsMargins(GRID + GRID // 2, 2 * GRID, GRID + GRID // 2, GRID)
        column.setSpacing(GRID // 4)
        column.addLayout(self._brand())
        column.addSpacing(GRID)
        self._group = QButtonGroup(self)
        self._buttons: dict[str, NavButton] = {}
        for entry in entries:
            button = NavButton(entry)
            button.clicked.connect(lambda _checked=False, name=entry.name: self.chosen.emit(name))
            self._group.addButton(button)
            self._buttons[entry.name] = button
            column.addWidget(button)
        column.addStretch(1)
        column.addWidget(self._help())
        self._scroll.setWidget(inside)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._inside = inside
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._scroll)
        self._fit()

    def show_current(self, name: str) -> None:
        """Mark the page in view."""
        self._buttons[name].setChecked(True)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def _fit(self) -> None:
        self.setFixedWidth(self._inside.sizeHint().width() + 2 * GRID)

    def _help(self) -> NavButton:
        made = NavButton(Entry("help", N_("Aide"), "F1", "unknown"))
        made.setCheckable(False)
        made.setAccessibleDescription(_("Touche F1"))
        made.clicked.connect(lambda _checked=False: self.helped.emit())
        return made

    def _brand(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(GRID, 0, 0, 0)
        row.setSpacing(GRID)
        row.addWidget(IconLabel("logo", "accent", 20))
        row.addWidget(label("Fieldkit", "section"), 1)
        return row


class NavButton(QPushButton):
    """A page's button: drawing, name, and its key at the right."""

    def __init__(self, entry: Entry) -> None:
        super().__init__(_(entry.title))
        self._icon = entry.icon
        self.setObjectName(f"nav-{entry.name}")
        self.setProperty("kind", "nav")
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        # A button's own shortcut waits for the drawing of its press; the next key would find the old page.
        QShortcut(QKeySequence(entry.key), self, self.click)
        self.setAccessibleName(_(entry.title))
        self.setAccessibleDescription(_("Page, touche {key}").format(key=entry.key))
        self.toggled.connect(lambda _checked: self._draw())
        self._key = label(entry.key if entry.key.startswith("F") else "", "key")
        self._key.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, GRID + GRID // 2, 0)
        row.addStretch(1)
        row.addWidget(self._key)
        self._draw()

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        return QSize(hint.width() + self._key.sizeHint().width() + 3 * GRID, hint.height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._draw()

    def _draw(self) -> None:
        palette, size = theme.colors(), theme.scaled(20)
        color = palette.accent if self.isChecked() else palette.muted
        self.setIcon(icons.icon(self._icon, color, size, GRID))
        self.setIconSize(QSize(size + GRID, size))
