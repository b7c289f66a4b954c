"""Labels, buttons and lines: the small parts that every page is made of."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QSizePolicy, QWidget

from fieldkit.ui import icons, theme


def label(
    text: str, role: str = "", *, state: str = "", wrap: bool = False, selectable: bool = False
) -> QLabel:
    """A label in the type of `role` (title, section, step, lead, strong, muted, caption, figure, key, mono)."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    if role:
        made.setProperty("role", role)
    if state:
        made.setProperty("state", state)
    if wrap:
        made.setWordWrap(True)
    if selectable:
        made.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
    return made


def button(
    text: str, name: str, clicked: Callable[[], None], *, kind: str = "", icon: str = "", hint: str = ""
) -> QPushButton:
    """A push button (`kind`: primary, quiet or plain) found as `name`; `text` carries its mnemonic."""
    made = IconButton(text, icon, kind) if icon else QPushButton(text)
    made.setObjectName(name)
    made.setAccessibleName(text.replace("&", ""))
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    made.setAutoDefault(False)
    if kind:
        made.setProperty("kind", kind)
    if hint:
        made.setToolTip(hint)
        made.setAccessibleDescription(hint)
    made.clicked.connect(lambda _checked=False: clicked())
    return made


def line() -> QFrame:
    """A thin horizontal line between two parts of a card."""
    made = QFrame()
    made.setProperty("kind", "line")
    return made


def restyle(widget: QWidget, name: str, value: object) -> None:
    """Give `widget` another value of a property the style sheet looks at."""
    if widget.property(name) == value:
        return
    widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()


class IconLabel(QLabel):
    """A drawing that follows the theme; `state` names a colour of the palette."""

    def __init__(self, name: str, state: str = "muted", size: int = 20) -> None:
        super().__init__()
        self._name, self._state, self._size = name, state, size
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._draw()

    def show_icon(self, name: str, state: str) -> None:
        """Show another drawing."""
        self._name, self._state = name, state
        self._draw()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._draw()

    def _draw(self) -> None:
        color = getattr(theme.colors(), self._state)
        self.setPixmap(icons.pixmap(self._name, color, theme.scaled(self._size)))


class IconButton(QPushButton):
    """A button with a drawing that follows the theme."""

    def __init__(self, text: str, icon: str, kind: str = "") -> None:
        super().__init__(text)
        self._icon, self._primary = icon, kind == "primary"
        self._draw()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._draw()

    def _draw(self) -> None:
        palette, size = theme.colors(), theme.scaled(18)
        color = palette.on_accent if self._primary else palette.text
        gap = 6 if self.text() else 0
        self.setIcon(icons.icon(self._icon, color, size, gap))
        self.setIconSize(QSize(size + gap, size))
