"""Photos of a visit: from files, a camera or the clipboard, marked before they are kept, each with its caption."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QBuffer, QModelIndex, QSize, QStandardPaths, Qt
from PySide6.QtGui import (
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QImage,
    QImageReader,
    QKeySequence,
    QPixmap,
    QShortcut,
)
from PySide6.QtWidgets import QFileDialog

from fieldkit.i18n import _, ngettext
from fieldkit.ui.copied import encoded, pictures_in
from fieldkit.ui.models.photos import PhotoModel, picture_size
from fieldkit.ui.pages.visit.desk import Desk, Shown
from fieldkit.ui.pages.visit.forms import Form
from fieldkit.ui.pages.visit.parts import Writer
from fieldkit.ui.runner import Queue
from fieldkit.ui.widgets.card import Banner, Card
from fieldkit.ui.widgets.controls import LineControl
from fieldkit.ui.widgets.field_box import FieldBox
from fieldkit.ui.widgets.flow import flowing
from fieldkit.ui.widgets.photo_list import PhotoList
from fieldkit.ui.widgets.text import button, label

if TYPE_CHECKING:
    from fieldkit.services.photos import Gallery, Photo, Picture
    from fieldkit.store.changes import Changes
    from fieldkit.store.fieldwork import FieldStore
    from fieldkit.ui.dialogs.photo_camera import PhotoCamera
    from fieldkit.ui.dialogs.photo_editor import PhotoEditor

Source = Path | QImage


class PhotosCard(Card):
    """The photos of the visit that is open."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(_("Photos"), "photosCard")
        self._desk = desk
        self._current: str | None = None
        self._sources: list[Source] = []
        self._several = 0
        self._fetched = False
        """Whether the registry was asked for what is not on this laptop, since the visit was opened."""
        self.editor: PhotoEditor | None = None
        self.camera: PhotoCamera | None = None
        self.banner = Banner("photosBanner")
        self._nothing = label(_("Aucune photo pour l'instant."), "muted", wrap=True)
        self._where = label("", "caption", wrap=True)
        self.model = PhotoModel(self)
        self.list = PhotoList()
        self.list.setModel(self.model)
        self.list.selectionModel().currentChanged.connect(self._picked)
        self.list.activated.connect(lambda _index: self._open())
        self.list.removed.connect(self._put_away)
        caption = FieldBox(
            _("Légende"),
            LineControl(_("Ce que l'on voit.")),
            "photoCaption",
            _("Imprimée sous la photo, et lue à sa place. Aucune donnée de patient."),
        )
        self.form = Form(desk, {"caption": caption})
        self._add = button(_("Ajouter une &photo…"), "photoAdd", self.choose, icon="image")
        self._shoot = button(_("&Caméra…"), "photoCameraOpen", self.shoot, icon="camera")
        self._paste = button(_("Co&ller"), "photoPaste", self.paste, icon="copy", hint=_("Touches Ctrl+V"))
        self._retouch = button(_("R&etoucher…"), "photoOpen", self._open, icon="pen")
        self._remove = button(_("Retirer"), "photoRemove", self._put_away, kind="quiet", icon="trash")
        for part in (self.banner, self._nothing, self.list, self._where, caption):
            self.body.addWidget(part)
        self.body.addWidget(flowing(self._add, self._shoot, self._paste, self._retouch, self._remove))
        within = Qt.ShortcutContext.WidgetWithChildrenShortcut
        self.setAcceptDrops(True)
        QShortcut(QKeySequence.StandardKey.Paste, self, self.paste, context=within)

    def show_visit(self, shown: Shown, *, fresh: bool) -> None:
        """Show the photos of the visit, and go on with the one in hand."""
        if fresh:
            self.banner.hide()
            self._current = None
            self._fetched = False
        photos = shown["photos"]
        self.model.show(photos)
        known = [photo["id"] for photo in photos]
        if self._current not in known:
            self._take(known[-1] if known else None)
        else:
            self.form.show(self._photo(), self._writer(), fresh=False)
        self._mark()
        self.list.fit()
        self._look(photos)
        editable = self._desk.editable
        for part in (self._add, self._shoot, self._paste):
            part.setVisible(editable)
        self._nothing.setVisible(not photos)
        self.list.setVisible(bool(photos))

    def choose(self) -> None:
        """Ask for files, and take them one after the other."""
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation)
        kinds, anything = _("Photos (*.jpg *.jpeg *.png *.webp *.bmp)"), _("Tous les fichiers (*)")
        names, _kind = QFileDialog.getOpenFileNames(
            self, _("Choisir des photos"), folder, f"{kinds};;{anything}"
        )
        self.take([Path(name) for name in names])

    def paste(self) -> None:
        """Take the picture, or the files of pictures, that are in the clipboard."""
        if not self._desk.editable:
            return
        copied = pictures_in(QGuiApplication.clipboard().mimeData())
        if copied:
            self.take(copied)
        else:
            self.banner.say(
                "info",
                _("Le presse-papiers ne contient pas d'image."),
                _("Copiez une photo ou faites une capture d'écran, puis collez de nouveau."),
            )

    def shoot(self) -> None:
        """Take a photo with a camera of this computer."""
        from fieldkit.ui.dialogs.photo_camera import PhotoCamera

        self.camera = PhotoCamera(self, self._desk.context.runner)
        self.camera.shot.connect(self._edit_new)
        self.camera.finished.connect(self.camera.deleteLater)
        self._sources, self._several = [], 1
        self.camera.open()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self._desk.editable and pictures_in(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self.take(pictures_in(event.mimeData()))

    def take(self, sources: Sequence[Source]) -> None:
        """Take photos: each is cleaned, shown to be marked, and kept when the delegate says so."""
        self._sources = list(sources)
        self._several = len(self._sources)
        self.banner.hide()
        self._next()

    def _next(self) -> None:
        if not self._sources:
            return
        source = self._sources.pop(0)

        def work() -> Picture:
            from fieldkit.services import photos

            return photos.read(source if isinstance(source, Path) else encoded(source))

        self._desk.context.runner.run(Queue.POOL, work, self._edit_new, self._not_read)

    def _not_read(self, error: Exception) -> None:
        self.banner.say_error(error)
        self._next()

    def _edit_new(self, picture: Picture) -> None:
        title = _("Nouvelle photo")
        if self._several > 1:
            number = self._several - len(self._sources)
            title = _("Photo {n} sur {total}").format(n=number, total=self._several)
        editor = self._edit(picture, title, _("A&jouter à la visite"))
        editor.finished_photo.connect(partial(self._keep, editor, None))
        editor.finished.connect(lambda _result: self._next())

    def _open(self) -> None:
        """Look at the photo in hand, or mark it again."""
        photo = self._photo()
        if not photo:
            return

        def work(store: FieldStore) -> Picture:
            from fieldkit.services import photos

            return photos.open_stored(store, photo["sha256"])

        self._desk.ask(work, partial(self._edit_kept, photo), self.banner.say_error)

    def _edit_kept(self, photo: Mapping[str, Any], picture: Picture) -> None:
        title = self.form.boxes["caption"].value() or _("Photo")
        if not self._desk.editable:
            self._edit(picture, title)
            return
        editor = self._edit(picture, title, _("Remplacer la photo"), kept=True)
        editor.finished_photo.connect(partial(self._keep, editor, photo["id"]))

    def _edit(self, picture: Picture, title: str, keep: str = "", *, kept: bool = False) -> PhotoEditor:
        from fieldkit.ui.dialogs.photo_editor import PhotoEditor

        self.editor = PhotoEditor(self, self._desk.context.runner, picture, title, keep, kept=kept)
        self.editor.finished.connect(self.editor.deleteLater)
        self.editor.finished.connect(self._closed)
        self.editor.open()
        return self.editor

    def _closed(self) -> None:
        self.editor = None

    def _keep(self, editor: PhotoEditor, photo_id: str | None, photo: Photo) -> None:
        visit_id = self._desk.visit_id

        def work(store: FieldStore) -> Changes:
            from fieldkit.services import photos
            from fieldkit.store.changes import Changes

            if photo_id is not None:
                return photos.replace(store, photo_id, photo)
            return Changes(frozenset({("photo", photos.add(store, visit_id, photo))}))

        def kept(changes: Changes) -> None:
            editor.accept()
            if photo_id is None:
                ((_kind, made),) = changes.records
                self._take(made)  # at once: what is typed now is its caption
                self.form.take_focus()

        self._desk.change(work, kept, editor.say_error)

    def _take(self, photo_id: str | None) -> None:
        """Have this photo in hand."""
        self._current = photo_id
        if photo_id is not None:
            self.form.show(self._photo(), self._writer(), fresh=True)
        self.form.boxes["caption"].setVisible(photo_id is not None)
        self._retouch.setVisible(photo_id is not None)
        words = _("R&etoucher…") if self._desk.editable else _("V&oir en grand")
        self._retouch.setText(words)
        self._retouch.setAccessibleName(words.replace("&", ""))
        self._remove.setVisible(photo_id is not None and self._desk.editable)

    def _writer(self) -> Writer:
        return Writer(self._desk.store, self._desk.visit_id, "photo", self._current)

    def _photo(self) -> Mapping[str, Any]:
        return self.model.photo(self.model.index(self.model.row_of(self._current or ""))) or {}

    def _mark(self) -> None:
        """Show in the list which photo is in hand."""
        row = self.model.row_of(self._current or "")
        chosen = self.model.index(row) if row >= 0 else QModelIndex()
        if chosen != self.list.currentIndex():
            self.list.selectionModel().blockSignals(True)
            self.list.setCurrentIndex(chosen)
            self.list.selectionModel().blockSignals(False)
            self.list.viewport().update()

    def _picked(self, index: QModelIndex) -> None:
        photo = self.model.photo(index)
        if photo is not None and photo["id"] != self._current:
            self._take(photo["id"])

    def _put_away(self) -> None:
        if self._current is not None and self._desk.editable:
            gone, self._current = self._current, None
            self._desk.remove("photo", gone, _("La photo est retirée."))

    def _look(self, photos: Sequence[Mapping[str, Any]]) -> None:
        """Ask where the photos are, and for the small pictures that are not known yet."""
        self._where.setVisible(bool(photos))
        if not photos:
            return
        visit_id, wanted = self._desk.visit_id, self.model.without_picture

        def work(store: FieldStore) -> Gallery:
            from fieldkit.services import photos

            return photos.gallery(store, visit_id, wanted)

        self._desk.ask(work, partial(self._show_gallery, visit_id, len(photos)))

    def _show_gallery(self, visit_id: str, total: int, seen: Gallery) -> None:
        if visit_id != self._desk.visit_id:
            return
        said = [ngettext("{n} photo", "{n} photos", total).format(n=total)]
        if seen.waiting:
            said.append(_("photo en attente {n}/{total}").format(n=seen.waiting, total=total))
        if seen.elsewhere:
            elsewhere = ngettext(
                "{n} n'est pas sur cet ordinateur", "{n} ne sont pas sur cet ordinateur", seen.elsewhere
            )
            said.append(elsewhere.format(n=seen.elsewhere))
            self._fetch(visit_id)
        self._where.setText(" · ".join(said))
        if seen.small:
            size = picture_size() * self.devicePixelRatioF()

            def decode() -> dict[str, QImage]:
                return {sha256: _fitted(jpeg, size) for sha256, jpeg in seen.small.items()}

            self._desk.context.runner.run(Queue.POOL, decode, self._show_pictures)

    def _fetch(self, visit_id: str) -> None:
        """Have the registry's, once each time the visit is opened."""
        from fieldkit.ui.live_sync import LiveSync

        if not self._fetched:
            self._fetched = True
            LiveSync.of(self._desk.context).fetch(
                visit_id, lambda: self._look(self.model.photos) if visit_id == self._desk.visit_id else None
            )

    def _show_pictures(self, images: Mapping[str, QImage]) -> None:
        pixmaps = {sha256: QPixmap.fromImage(image) for sha256, image in images.items()}
        for pixmap in pixmaps.values():
            pixmap.setDevicePixelRatio(self.devicePixelRatioF())
        self.model.show_pictures(pixmaps)


def _fitted(jpeg: bytes, size: QSize) -> QImage:
    """A picture decoded no larger than `size`, which is quick."""
    buffer = QBuffer()
    buffer.setData(jpeg)
    reader = QImageReader(buffer)
    reader.setScaledSize(reader.size().scaled(size, Qt.AspectRatioMode.KeepAspectRatio))
    return reader.read()
