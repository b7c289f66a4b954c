"""The scanner bench without a scanner: a camera or a picture reads the test code; what is seen is told in words.

Shown on the Scanner page; `judged` hands over the result so far, which can be attached to a visit.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from PySide6.QtCore import QElapsedTimer, QMimeData, Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QGuiApplication,
    QHideEvent,
    QImage,
    QKeySequence,
    QShortcut,
    QShowEvent,
)
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from fieldkit.i18n import _
from fieldkit.ui.copied import encoded, pictures_in
from fieldkit.ui.live_camera import LiveCamera
from fieldkit.ui.runner import Queue, Task
from fieldkit.ui.widgets.card import Banner, Card
from fieldkit.ui.widgets.choice import choice
from fieldkit.ui.widgets.flow import flowing
from fieldkit.ui.widgets.frame_view import FrameView
from fieldkit.ui.widgets.text import button, label
from fieldkit.ui.widgets.wrap_grid import WrapGrid

if TYPE_CHECKING:
    from fieldkit.services.pictures import Camera, CameraState, Interface, Sight, Tally, Telling
    from fieldkit.ui.runner import Runner

_STEADY_MS: Final = 1500
"""A better verdict is told at once; a worse one only when the last has stood for so long."""
_RANKS: Final = ("unknown", "warning", "info", "success")
_COLOR_PIXELS: Final = 16_000_000
"""A pasted picture with more pixels is handed on in gray, to stay within what is read."""


class Desk(Protocol):
    """Whoever shows the bench."""

    @property
    def runner(self) -> Runner:
        """The workers."""


class PictureBench(QWidget):
    """Cameras by name, what they see, and photos: opened, pasted or dropped. Nothing of a picture is kept."""

    judged = Signal(object)
    """Emitted with the `Tally` whenever there is something new in it."""
    read = Signal(object)
    """Emitted with the `Seen` of each code of ours: once while a camera sees it, each time in a picture."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._runner = desk.runner
        self._live = LiveCamera(desk.runner)
        self._live.saw.connect(self._saw)
        self._live.ended.connect(self._ended)
        self._still: Task[None] | None = None
        self._told: Telling | None = None
        self._since = QElapsedTimer()
        self.tally: Tally | None = None
        self._handed: dict[tuple[str | None, str], str | None] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._picture_card())
        self.setAcceptDrops(True)
        paste = QShortcut(QKeySequence(QKeySequence.StandardKey.Paste), self, self.paste)
        paste.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self._show_running()

    @property
    def interface(self) -> Interface:
        """How codes are read at the moment."""
        return self.tally.interface if self.tally is not None else "image"

    def begin(self) -> None:
        """It is chosen: the keyboard goes to its main control."""
        self.switch.setFocus(Qt.FocusReason.OtherFocusReason)

    def end(self) -> None:
        """Something else is chosen."""
        self.stop()

    def show_seen(self, _seen: object) -> None:
        """Scanners that are plugged in do not matter here."""

    def find_cameras(self) -> None:
        """Look for cameras again; the one that was chosen stays so."""
        from fieldkit.services import pictures

        self._runner.run_reporting(
            Queue.HARDWARE, lambda task: pictures.cameras(lambda: task.cancelled), None, self._list_cameras
        )

    def start(self) -> None:
        """Turn the chosen camera on."""
        from fieldkit.services.pictures import Tally

        where = self.cameras.currentData()
        if where is None:
            self.find_cameras()
            return
        self._begin(Tally("camera", self.cameras.currentText()))
        self.banner.say("info", _("La caméra s'ouvre…"))
        self._live.start(where)
        self._show_running()

    def stop(self) -> None:
        """Turn the camera off, and forget its last picture."""
        if self._live.on:
            self._live.stop()
            self.view.clear()
            self._show_running()

    def open_photo(self) -> None:
        """Let the user choose a photo."""
        kinds = _("Images") + " (*.jpg *.jpeg *.png *.webp *.bmp *.tif *.tiff *.gif *.avif *.jp2)"
        chosen, _kind = QFileDialog.getOpenFileName(self, _("Ouvrir une photo du code"), "", kinds)
        if chosen:
            self.look(Path(chosen))

    def paste(self) -> None:
        """Look at the picture, or the picture file, that was copied elsewhere."""
        if not self._take(QGuiApplication.clipboard().mimeData()):
            self.banner.say(
                "info",
                _("Le presse-papiers ne contient pas d'image."),
                _("Copiez une photo ou une capture d'écran du code, puis collez-la ici."),
            )

    def look(self, what: Path | QImage) -> None:
        """Look at one picture; the camera is turned off."""
        from fieldkit.services import pictures

        self.stop()
        if self._still is not None:
            self._still.cancel()
        if self.tally is None or self.tally.interface != "image":
            self._begin(pictures.Tally("image"))
        self.banner.say("info", _("Lecture de l'image…"))
        self._still = self._runner.run_reporting(
            Queue.HARDWARE,
            lambda task: pictures.look(
                what if isinstance(what, Path) else _encoded(what), lambda: task.cancelled
            ),
            None,
            self._looked,
            self._refused,
        )

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.find_cameras()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.stop()  # a camera is never on behind the user's back

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _picture(event.mimeData()) is not None:
            event.acceptProposedAction()
            self.view.await_drop(True)

    def dragLeaveEvent(self, _event: QDragLeaveEvent) -> None:
        self.view.await_drop(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self.view.await_drop(False)
        if self._take(event.mimeData()):
            event.acceptProposedAction()

    def _picture_card(self) -> Card:
        card = Card(_("2. La caméra, ou une photo"), "pictureCard")
        self.cameras = choice("cameraChoice", _("Caméra"), {})
        self.cameras.setPlaceholderText(_("Recherche…"))
        self.switch = button("", "cameraSwitch", self._switch, kind="primary", icon="camera")
        row = WrapGrid(150)
        row.show_cells([self.cameras, self.switch])
        self.view = FrameView()
        self.banner = Banner("pictureBanner", closable=False)
        how = _(
            "Montrez le code de test imprimé, ou affiché sur un téléphone. Une photo peut aussi être déposée ici."
        )
        privacy = _(
            "Un code qui n'est pas un code de test est peut-être celui d'un assuré : il est masqué dans l'image, "
            "son texte n'est ni montré ni gardé. Aucune image n'est gardée."
        )
        card.body.addWidget(row)
        card.body.addWidget(self.banner)
        card.body.addWidget(self.view, 1)
        card.body.addWidget(
            flowing(
                button(_("&Ouvrir une photo…"), "openPhoto", self.open_photo, icon="image"),
                button(
                    _("Co&ller une image"), "pastePicture", self.paste, icon="copy", hint=_("Aussi : Ctrl+V")
                ),
            )
        )
        card.body.addWidget(label(how, "caption", wrap=True))
        card.body.addWidget(label(privacy, "caption", wrap=True))
        return card

    def _begin(self, tally: Tally) -> None:
        self._told, self.tally = None, tally
        self._handed.clear()

    def _switch(self) -> None:
        if self._live.on:
            self.stop()
            self.banner.hide()
        else:
            self.start()

    def _show_running(self) -> None:
        none = self.cameras.count() == 0 or self.cameras.itemData(0) is None
        words = _("&Chercher") if none else _("&Démarrer")
        if self._live.on:
            words = _("&Arrêter")
        self.switch.setText(words)
        about = {True: _("Arrêter la caméra"), False: _("Démarrer la caméra")}[self._live.on]
        self.switch.setAccessibleName(_("Chercher une caméra") if none else about)
        self.cameras.setEnabled(not self._live.on and not none)

    def _list_cameras(self, found: tuple[Camera, ...]) -> None:
        if self._live.on:
            return
        chosen = self.cameras.currentText()
        self.cameras.clear()
        for camera in found:
            self.cameras.addItem(camera.name, camera.index)
        if not found:
            self.cameras.addItem(_("Aucune caméra n'est visible"), None)
        self.cameras.setCurrentIndex(max(0, self.cameras.findText(chosen)))
        self._show_running()

    def _take(self, data: QMimeData | None) -> bool:
        picture = _picture(data)
        if picture is not None:
            self.look(picture)
        return picture is not None

    def _saw(self, sight: Sight) -> None:
        from fieldkit.services import pictures

        if not self._live.on or self.tally is None:
            return
        self.view.show_sight(sight)
        self._tell(pictures.telling(sight))
        self._count(sight)

    def _looked(self, sight: Sight) -> None:
        from fieldkit.services import pictures

        self.view.show_sight(sight)
        told = pictures.telling(sight)
        self.banner.say(told.state, told.message, told.hint)
        self._handed.clear()
        self._count(sight)

    def _refused(self, error: Exception) -> None:
        self.view.clear()
        self.banner.say_error(error)

    def _ended(self, state: CameraState) -> None:
        from dataclasses import replace

        from fieldkit.services import pictures

        self.view.clear()
        self._show_running()
        self.banner.say_error(pictures.no_camera(state))
        if self.tally is not None:
            self._judge(replace(self.tally, fault=state))

    def _tell(self, told: Telling) -> None:
        """Say what a frame says, unless it is worse than what was said just before."""
        now = self._told
        if now is not None and told != now:
            worse = _RANKS.index(told.state) < _RANKS.index(now.state)
            if worse and self._since.elapsed() < _STEADY_MS:
                return
        if told != now:
            self.banner.say(told.state, told.message, told.hint)
        self._told = told
        self._since.start()

    def _count(self, sight: Sight) -> None:
        if self.tally is not None:
            self._judge(self.tally.with_sight(sight))
        ours = [code for code in sight.sure if code.kind]
        for code in ours:
            key = (code.kind, code.symbology)
            alone = sum(key == (other.kind, other.symbology) for other in ours) == 1
            if key not in self._handed or (alone and self._handed[key] != code.ours):
                self._handed[key] = code.ours
                self.read.emit(code)

    def _judge(self, tally: Tally) -> None:
        from fieldkit.services import pictures

        before, self.tally = self.tally, tally
        if before is None or pictures.test_run_fields(before) != pictures.test_run_fields(tally):
            self.judged.emit(tally)


def _picture(data: QMimeData | None) -> Path | QImage | None:
    """The first of the pictures that were copied or dragged."""
    return next(iter(pictures_in(data)), None)


def _encoded(image: QImage) -> bytes:
    small = image.width() * image.height() <= _COLOR_PIXELS
    return encoded(image, QImage.Format.Format_RGB888 if small else QImage.Format.Format_Grayscale8)
