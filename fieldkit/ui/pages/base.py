"""What every page shares: the context it is given, and the frame it is drawn in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from fieldkit import settings as stored_settings
from fieldkit.settings import Settings
from fieldkit.ui.live_readers import LiveReaders
from fieldkit.ui.runner import Queue, Runner, Task
from fieldkit.ui.theme import GRID, scaled
from fieldkit.ui.widgets.text import label

if TYPE_CHECKING:
    from fieldkit.hardware.pcsc.scard import Scard
    from fieldkit.services.profile import Profile

T = TypeVar("T")

_ROOMY: Final = 480
"""Width in pixels at 100 % text from which the actions of a page stand beside its title."""

Navigate = Callable[[str, str], None]
"""`navigate(page, target)`: open a page by name (`catalogue`), at a record's id or at nothing (`""`)."""


class Context(QObject):
    """What a page may use: the profile, its field data once open, workers, settings, ways to speak."""

    profile_opened = Signal()
    settings_changed = Signal()
    catalogue_changed = Signal()
    """Another edition of the catalogue is in place."""
    directory_changed = Signal()
    """Another directory is in place."""
    visit_wanted = Signal(object)
    """Emitted with the fields of a practice that somebody wants to visit."""
    field_data_changed = Signal(object)
    """Emitted with a `Changes` by the page that wrote; others redraw from it."""

    def __init__(self, folder: Path, runner: Runner, settings: Settings, scard: Scard | None = None) -> None:
        """`scard` stands for this computer's card readers: simulated ones in tests."""
        super().__init__()
        self.folder = folder
        self.runner = runner
        self.settings = settings
        self.profile: Profile | None = None
        self.readers = LiveReaders(runner, scard)
        self.navigate: Navigate = lambda _page, _target: None
        self.show_error: Callable[[Exception], None] = lambda _error: None
        self.show_message: Callable[[str, str], None] = lambda _state, _text: None
        self.show_status: Callable[[str, str], None] = lambda _part, _text: None

    def open(self, profile: Profile) -> None:
        """The field data are open: tell every page."""
        self.profile = profile
        self.profile_opened.emit()

    def ask_catalogue(
        self,
        ask: Callable[[Path], T],
        on_done: Callable[[T], None] | None = None,
        on_error: Callable[[Exception], None] | None = None,
    ) -> Task[None]:
        """Ask something of the catalogue (`ask` is given its path), on its worker; loaded when needed."""
        folder = self.folder

        def work() -> T:
            from fieldkit.services.profile import catalogue_path

            return ask(catalogue_path(folder))

        return self.runner.run(Queue.CATALOGUE, work, on_done, on_error)

    def ask_directory(
        self,
        ask: Callable[[Path], T],
        on_done: Callable[[T], None] | None = None,
        on_error: Callable[[Exception], None] | None = None,
    ) -> Task[None]:
        """Ask something of the directory (`ask` is given its path), on its worker."""
        folder = self.folder

        def work() -> T:
            from fieldkit.services.profile import directory_path

            return ask(directory_path(folder))

        return self.runner.run(Queue.DIRECTORY, work, on_done, on_error)

    def close(self) -> None:
        """Close the files after the last write, and end the workers."""
        if self.profile is not None:
            self.runner.run(Queue.DATABASE, self.profile.close)
        self.runner.shutdown()

    def change_settings(self, settings: Settings) -> None:
        """Keep new settings: used at once, written on the database worker."""
        self.settings = settings
        self.settings_changed.emit()
        self.runner.run(Queue.DATABASE, lambda: stored_settings.save(self.folder, settings))


class Page(QWidget):
    """A page: a title, actions at its right, and a body that scrolls when the window is small.

    Subclasses fill `self.body` (a vertical layout) and `self.tools`.
    """

    needs_profile = False
    """Whether the page makes sense only once the field data are open."""

    def __init__(self, context: Context, title: str, subtitle: str = "") -> None:
        super().__init__()
        self.context = context
        self.setProperty("kind", "page")
        self.setAccessibleName(title)
        self.tools = QHBoxLayout()
        self.tools.setSpacing(GRID)
        self.body = QVBoxLayout()
        self.body.setSpacing(2 * GRID)

        self.area = QScrollArea()
        inside = QWidget()
        inside.setProperty("kind", "page")
        self.area.setWidget(inside)  # still empty: what is in it would be styled here, and again at its place
        column = QVBoxLayout(inside)
        column.setContentsMargins(4 * GRID, 3 * GRID, 4 * GRID, 3 * GRID)
        column.setSpacing(2 * GRID)
        self._column = column
        self._head = self._heading(title, subtitle)
        column.addLayout(self._head)
        column.addLayout(self.body, 1)

        self.area.setObjectName("pageScroll")
        self.area.setAccessibleName(title)
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.area)

    def show_target(self, target: str) -> None:
        """Open the record `target` on this page; pages without records ignore it."""

    def entered(self) -> None:
        """Called each time the page comes into view."""

    def left(self) -> None:
        """Called when another page takes its place or the window closes: hand over what is unsaved."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        roomy = self.width() >= scaled(_ROOMY)
        directions = QBoxLayout.Direction
        self._head.setDirection(directions.LeftToRight if roomy else directions.TopToBottom)
        side = (4 if roomy else 2) * GRID
        self._column.setContentsMargins(side, 3 * GRID, side, 3 * GRID)

    def _heading(self, title: str, subtitle: str) -> QBoxLayout:
        words = QVBoxLayout()
        words.setSpacing(GRID // 2)
        words.addWidget(label(title, "title"))
        if subtitle:
            text = label(subtitle, "muted", wrap=True)
            text.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
            words.addWidget(text)
        row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        row.setSpacing(2 * GRID)
        row.addLayout(words, 1)
        row.addLayout(self.tools)
        row.setAlignment(self.tools, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        return row
