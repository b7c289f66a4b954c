"""A photo before it is kept, or once more: what must not be read is covered, what matters is pointed at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QImage, QKeySequence, QShortcut
from PySide6.QtWidgets import QButtonGroup, QDialog, QHBoxLayout, QVBoxLayout, QWidget

from fieldkit.domain.marks import Kind, Mark
from fieldkit.i18n import N_, _, ngettext
from fieldkit.ui.runner import Queue, Runner, Task
from fieldkit.ui.theme import GRID
from fieldkit.ui.widgets.card import Banner
from fieldkit.ui.widgets.flow import flowing
from fieldkit.ui.widgets.photo_canvas import PhotoCanvas
from fieldkit.ui.widgets.pick_button import PickButton
from fieldkit.ui.widgets.text import button, label

if TYPE_CHECKING:
    from fieldkit.services.photos import Photo, Picture

_TOOLS: Final[dict[Kind, tuple[str, str]]] = {
    "blur": (N_("Flouter"), "F"),
    "box": (N_("Encadrer"), "C"),
    "arrow": (N_("Flèche"), "L"),
}
_PLACED: Final[dict[Kind, str]] = {
    "blur": N_("Flou posé."),
    "box": N_("Cadre posé."),
    "arrow": N_("Flèche posée."),
}
_SHARE: Final = 0.94
"""Of the window below, what the dialog takes."""


class PhotoEditor(QDialog):
    """Shows a photo and takes marks; `finished_photo` has it as it is to be kept, then `accept` or `say_error`."""

    finished_photo = Signal(object)
    """A `services.photos.Photo`."""

    def __init__(
        self,
        parent: QWidget,
        runner: Runner,
        picture: Picture,
        title: str,
        keep: str = "",
        *,
        kept: bool = False,
    ) -> None:
        """`keep` names the act that ends it; without it the photo is only looked at. `kept`: it was kept before."""
        super().__init__(parent)
        self.setObjectName("photoEditor")
        self.setProperty("kind", "page")
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self._runner, self._picture, self._kept = runner, picture, kept
        self._task: Task[None] | None = None
        self.marks: list[Mark] = []
        self._undone: list[Mark] = []
        self.canvas = PhotoCanvas()
        self.canvas.drawn.connect(self._add)
        self.banner = Banner("photoBanner")
        self._said = label("", "caption", wrap=True)
        self._told = label("", "caption", wrap=True)
        self._keep = button(keep, "photoKeep", self._finish, kind="primary", icon="success")
        self._close = button(_("&Fermer") if not keep else _("Abandonner"), "photoClose", self.reject)
        self._undo = button(_("&Annuler la marque"), "photoUndo", self.undo, hint="Ctrl+Z")
        self._redo = button(_("&Rétablir"), "photoRedo", self.redo, hint="Ctrl+Y")
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        column.setSpacing(GRID)
        if keep:
            column.addWidget(self._make_tools())
        column.addWidget(self.banner)
        column.addWidget(self.canvas, 1)
        if keep:
            column.addWidget(self._told)
        row = QHBoxLayout()
        row.addWidget(self._said, 1)
        row.addWidget(self._close)
        if keep:
            row.addWidget(self._keep)
        column.addLayout(row)
        self.canvas.told.connect(self._told.setText)
        for keys, act in (("Ctrl+Z", self.undo), ("Ctrl+Y", self.redo), ("Ctrl+Shift+Z", self.redo)):
            QShortcut(QKeySequence(keys), self, act)
        self.canvas.show_image(as_image(picture))
        self._show_state()
        window = parent.window()
        self.resize(window.size() * _SHARE)
        self.canvas.setFocus()

    def undo(self) -> None:
        """Take the last mark away."""
        if self.marks:
            self._undone.append(self.marks.pop())
            self._redraw(_("Marque retirée."))

    def redo(self) -> None:
        """Put it back."""
        if self._undone:
            self.marks.append(self._undone.pop())
            self._redraw(_("Marque remise."))

    def say_error(self, error: Exception) -> None:
        """The photo could not be kept: say why, with everything still there to try again."""
        self._keep.setEnabled(True)
        self.banner.say_error(error)

    def _make_tools(self) -> QWidget:
        group = QButtonGroup(self)
        made = []
        for kind, (words, key) in _TOOLS.items():
            tool = PickButton(_(words), f"photoTool-{kind}", "segment")
            tool.setToolTip(_("Touche {key}").format(key=key))
            tool.setAccessibleDescription(_("Touche {key}").format(key=key))
            tool.clicked.connect(lambda _on=False, kind=kind: self._choose(kind))
            QShortcut(QKeySequence(key), self, tool.click)
            group.addButton(tool)
            made.append(tool)
        made[0].click()
        return flowing(*made, self._undo, self._redo)

    def _choose(self, kind: Kind) -> None:
        self.canvas.choose(kind)
        self.canvas.setFocus()

    def _add(self, mark: Mark) -> None:
        self.marks.append(mark)
        self._undone.clear()
        self._redraw(_(_PLACED[mark.kind]))

    def _redraw(self, said: str) -> None:
        """Show the photo with its marks as it would be kept, drawn by what will draw it then."""
        from fieldkit.services import photos

        if self._task is not None:
            self._task.cancel()
        picture, marks = self._picture, list(self.marks)
        self._task = self._runner.run(
            Queue.POOL, lambda: as_image(photos.marked(picture, marks)), self.canvas.show_image
        )
        self._show_state(said)

    def _show_state(self, said: str = "") -> None:
        count = len(self.marks)
        several = ngettext("{n} marque", "{n} marques", count).format(n=count) if count else ""
        self._said.setText(" ".join(part for part in (said, several) if part))
        self._said.setAccessibleName(self._said.text())
        self._undo.setEnabled(bool(self.marks))
        self._redo.setEnabled(bool(self._undone))
        self._keep.setEnabled(bool(self.marks) or not self._kept)

    def _finish(self) -> None:
        from fieldkit.services import photos

        self._keep.setEnabled(False)
        self.banner.hide()
        picture, marks = self._picture, list(self.marks)

        def work() -> Photo:
            return photos.encode(picture, marks)

        self._runner.run(Queue.POOL, work, self.finished_photo.emit, self.say_error)


def as_image(picture: Picture) -> QImage:
    """The pixels of a photo, for the screen."""
    image = QImage(picture.rgb, picture.width, picture.height, 3 * picture.width, QImage.Format.Format_RGB888)
    return image.copy()  # the one above only borrows the bytes
