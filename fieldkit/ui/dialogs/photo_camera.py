"""A photo taken with a camera of this computer; a code that may be a patient's is covered before it is seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from fieldkit.i18n import _
from fieldkit.ui.live_camera import LiveCamera
from fieldkit.ui.runner import Queue, Runner, Task
from fieldkit.ui.theme import GRID
from fieldkit.ui.widgets.card import Banner
from fieldkit.ui.widgets.choice import choice
from fieldkit.ui.widgets.frame_view import FrameView
from fieldkit.ui.widgets.text import button, label

if TYPE_CHECKING:
    from fieldkit.services.pictures import Camera, CameraState, Preview, Sight

_SHARE = 0.94


class PhotoCamera(QDialog):
    """Shows what a camera sees until a photo is taken; the camera is off once this is closed."""

    shot = Signal(object)
    """The `services.photos.Picture` that was taken."""

    def __init__(self, parent: QWidget, runner: Runner) -> None:
        super().__init__(parent)
        self.setObjectName("photoCamera")
        self.setProperty("kind", "page")
        title = _("Photo avec une caméra")
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self._preview: Preview | None = None
        self._live = LiveCamera(runner)
        self._live.saw.connect(self._saw)
        self._live.ended.connect(self._ended)
        self.cameras = choice("photoCameras", _("Caméra"), {})
        self.cameras.activated.connect(lambda _row: self._start())
        self.banner = Banner("cameraBanner", closable=False)
        self.view = FrameView()
        privacy = _(
            "Un code qui n'est pas un code de test est masqué dans l'image : c'est peut-être celui d'un assuré."
        )
        self.shoot = button(_("Prendre la &photo"), "photoShoot", self._shoot, kind="primary", icon="camera")
        self.shoot.setEnabled(False)
        close = button(_("&Fermer"), "cameraClose", self.reject)
        row = QHBoxLayout()
        row.addWidget(label(privacy, "caption", wrap=True), 1)
        row.addWidget(close)
        row.addWidget(self.shoot)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        column.setSpacing(GRID)
        for part in (self.cameras, self.banner):
            column.addWidget(part)
        column.addWidget(self.view, 1)
        column.addLayout(row)
        self.resize(parent.window().size() * _SHARE)
        self.banner.say("info", _("Recherche des caméras…"))
        self._search = self._look_for_cameras(runner)

    def done(self, result: int) -> None:
        self._search.cancel()
        self._live.stop()
        super().done(result)

    def _look_for_cameras(self, runner: Runner) -> Task[None]:
        from fieldkit.services import pictures

        return runner.run_reporting(
            Queue.HARDWARE, lambda task: pictures.cameras(lambda: task.cancelled), None, self._list
        )

    def _list(self, found: tuple[Camera, ...]) -> None:
        for camera in found:
            self.cameras.addItem(camera.name, camera.index)
        self.cameras.setVisible(len(found) > 1)
        if found:
            self._start()
        else:
            self._ended("none")

    def _start(self) -> None:
        self.view.clear()
        self.banner.say("info", _("La caméra s'ouvre…"))
        self._live.start(self.cameras.currentData())

    def _saw(self, sight: Sight) -> None:
        if sight.preview is None:
            return
        self._preview = sight.preview
        self.view.show_sight(sight)
        self.banner.hide()
        if not self.shoot.isEnabled():
            self.shoot.setEnabled(True)
            self.shoot.setFocus()

    def _ended(self, state: CameraState) -> None:
        from fieldkit.services import pictures

        self.shoot.setEnabled(False)
        self.view.clear()
        self.banner.say_error(pictures.no_camera(state))

    def _shoot(self) -> None:
        from fieldkit.services.photos import Picture

        seen = self._preview
        if seen is not None:
            self.accept()
            self.shot.emit(Picture(seen.width, seen.height, seen.pixels))
