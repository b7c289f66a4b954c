"""Help: one short page per page of the navigation, in a window beside the main one."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QUrl
from PySide6.QtGui import QTextBlock, QTextBlockFormat, QTextCharFormat, QTextCursor, QTextFormat
from PySide6.QtWidgets import QDialog, QHBoxLayout, QTextBrowser, QVBoxLayout, QWidget

from fieldkit.i18n import _, language
from fieldkit.paths import resource
from fieldkit.ui.theme import GRID, scaled
from fieldkit.ui.widgets.text import button

_START: Final = "start"
_WIDTH: Final = 480
_LEADING: Final = 125
"""Height of a line, in percent."""
_MOST: Final = 0.75
"""Largest share of the main window that it may cover."""


class HelpWindow(QDialog):
    """Stays beside while the main window goes on working; Escape closes it."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self.setObjectName("help")
        self.setProperty("kind", "page")
        self.text = HelpText()
        self.back = button(_("&Retour"), "helpBack", self.text.backward, kind="quiet", icon="back")
        self.back.setEnabled(False)
        self.text.backwardAvailable.connect(self.back.setEnabled)
        start = button(_("&Premiers pas"), "helpStart", lambda: self.show_page(_START), kind="quiet")
        close = button(_("&Fermer"), "helpClose", self.reject, hint=_("Touche Échap"))
        row = QHBoxLayout()
        for part in (self.back, start):
            row.addWidget(part)
        row.addStretch(1)
        row.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID, GRID, 2 * GRID, 2 * GRID)
        column.addLayout(row)
        column.addWidget(self.text, 1)
        self.text.sourceChanged.connect(lambda _url: self._take_title())

    def show_page(self, name: str) -> None:
        """Open the help of the page `name`, or the first steps where it has none."""
        known = resource("help", f"{name}.md").exists()
        self.text.setSource(QUrl(f"{name if known else _START}.md"))
        if not self.isVisible():
            self.text.clearHistory()
            self._stand_beside()
        self.show()
        self.activateWindow()
        self.text.setFocus()

    def _take_title(self) -> None:
        title = _("Aide : {page}").format(page=self.text.document().firstBlock().text())
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.text.setAccessibleName(title)

    def _stand_beside(self) -> None:
        """At the right of the main window where the screen has room, else over its right edge."""
        frame, screen = self._window.frameGeometry(), self._window.screen().availableGeometry()
        width = min(scaled(_WIDTH), round(frame.width() * _MOST))
        self.resize(width, frame.height())
        self.move(min(frame.right() + 1, screen.right() - width), frame.top())


class HelpText(QTextBrowser):
    """A page of `resources/help`, in the language in use where it is translated; its links lead to others."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("helpText")
        self.setSearchPaths([str(resource("help", language())), str(resource("help"))])
        self.document().setDocumentMargin(3 * GRID)
        self.sourceChanged.connect(lambda _url: self._set_type())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self.reload()

    def _set_type(self) -> None:
        """Markdown says what is a heading, not how it looks: give the text air, and headings our sizes."""
        self.document().setIndentWidth(scaled(3 * GRID))
        block = self.document().begin()
        while block.isValid():
            level = block.blockFormat().headingLevel()
            shape, letters = QTextBlockFormat(), QTextCharFormat()
            shape.setLineHeight(_LEADING, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
            shape.setTopMargin(scaled(_above(block)))
            shape.setBottomMargin(0)
            if level:
                letters.setProperty(QTextFormat.Property.FontSizeAdjustment, 3 - level)
            cursor = QTextCursor(block)
            cursor.mergeBlockFormat(shape)
            cursor.select(QTextCursor.SelectionType.BlockUnderCursor)
            cursor.mergeCharFormat(letters)
            block = block.next()


def _above(block: QTextBlock) -> int:
    """The air above a block, in pixels at 100 % text."""
    if block.blockNumber() == 0:
        return 0
    if block.blockFormat().headingLevel():
        return 3 * GRID
    return GRID // 2 if block.textList() else GRID
