"""Photos at the page: taken, marked without a mouse, captioned, marked again, taken out and back."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QFileDialog, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from fieldkit.domain.marks import Mark
from fieldkit.hardware.scanner.sight.seen import Camera
from fieldkit.services import photos, sync, visits
from fieldkit.services.pictures import look
from fieldkit.store import attachments
from fieldkit.store.fieldwork import FieldStore
from fieldkit.ui.dialogs.photo_editor import PhotoEditor
from fieldkit.ui.pages.visit.notes import NotesStep
from fieldkit.ui.pages.visit.photos import PhotosCard
from fieldkit.ui.pages.visits import VisitsPage
from fieldkit.ui.widgets.photo_list import PhotoList
from tests.hardware.scanner import films
from tests.photos import pictures
from tests.registry.live import live_registry, sqlite_url
from tests.sync.laptop import Laptop
from tests.ui.visits.hands import find, press, texts, type_in


@pytest.fixture
def card(opened: VisitsPage) -> PhotosCard:
    opened.open.open_step("notes")
    step = opened.open._steps["notes"]
    assert isinstance(step, NotesStep)
    return step.photos


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "lecteur.jpg"
    made.write_bytes(pictures.saved(pictures.scene(400, 300)))
    return made


def on_disk(disk: FieldStore, visit: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = visits.show_visit(disk, visit)["photos"]
    return found


def focused(card: PhotosCard) -> str:
    """The name of what has the keyboard, or will have it once its window is active."""
    control = card.window().focusWidget()
    return control.objectName() if control else ""


def editing(qtbot: QtBot, card: PhotosCard) -> PhotoEditor:
    qtbot.waitUntil(lambda: card.editor is not None and card.editor.isVisible())
    assert card.editor is not None
    return card.editor


def add(qtbot: QtBot, card: PhotosCard, *files: Path) -> None:
    """Take files, and keep each as it is."""
    card.take(files)
    for _file in files:
        before = card.model.rowCount()
        press(editing(qtbot, card), "photoKeep")
        qtbot.waitUntil(lambda before=before: card.model.rowCount() == before + 1)  # type: ignore[misc]


def test_a_file_is_taken_and_what_is_typed_next_is_its_caption(
    qtbot: QtBot, card: PhotosCard, disk: FieldStore, visit: str, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_asked: ([str(file)], ""))
    assert "Aucune photo pour l'instant." in texts(card)
    press(card, "photoAdd")
    editor = editing(qtbot, card)
    assert on_disk(disk, visit) == []
    press(editor, "photoKeep")
    qtbot.waitUntil(lambda: focused(card) == "photoCaption")
    type_in(card, "photoCaption", "Le lecteur du comptoir")
    qtbot.waitUntil(lambda: [p.get("caption") for p in on_disk(disk, visit)] == ["Le lecteur du comptoir"])
    assert card.editor is None
    qtbot.waitUntil(lambda: not card.model.without_picture and card.model.rowCount() == 1)
    qtbot.waitUntil(lambda: "1 photo · photo en attente 1/1" in texts(card))
    said = Qt.ItemDataRole.AccessibleTextRole
    wanted = "Photo 1 : Le lecteur du comptoir"
    qtbot.waitUntil(lambda: card.model.data(card.model.index(0), said) == wanted)


def test_several_files_are_taken_one_after_the_other_and_what_is_no_photo_is_told(
    qtbot: QtBot, card: PhotosCard, disk: FieldStore, visit: str, file: Path, tmp_path: Path
) -> None:
    text = tmp_path / "notes.jpg"
    text.write_text("Ceci n'est pas une photo")
    card.take([file, text, file])
    first = editing(qtbot, card)
    assert first.windowTitle() == "Photo 1 sur 3"
    press(first, "photoKeep")
    qtbot.waitUntil(lambda: card.editor is not None and card.editor is not first)
    last = editing(qtbot, card)
    assert last.windowTitle() == "Photo 3 sur 3"
    assert "n'est pas une photo, quel que soit son nom" in texts(card)
    press(last, "photoClose")
    assert len(on_disk(disk, visit)) == 1


def test_a_picture_in_the_clipboard_is_taken_with_the_usual_key(
    qtbot: QtBot, card: PhotosCard, disk: FieldStore, visit: str
) -> None:
    image = QImage.fromData(pictures.saved(pictures.scene(300, 200), "PNG"))
    QGuiApplication.clipboard().setImage(image)
    button = find(card, "photoAdd", QAbstractButton)
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    press(editing(qtbot, card), "photoKeep")
    qtbot.waitUntil(lambda: [(p["width"], p["height"]) for p in on_disk(disk, visit)] == [(300, 200)])


def test_so_is_a_file_that_was_copied_and_an_empty_clipboard_is_told(
    qtbot: QtBot, card: PhotosCard, file: Path
) -> None:
    QGuiApplication.clipboard().setText("du texte")
    press(card, "photoPaste")
    assert "Le presse-papiers ne contient pas d'image." in texts(card)
    content = QMimeData()
    content.setUrls([QUrl.fromLocalFile(str(file))])
    QGuiApplication.clipboard().setMimeData(content)
    press(card, "photoPaste")
    editing(qtbot, card).reject()


def test_marks_are_drawn_with_the_keyboard_alone_and_are_in_the_bytes(
    qtbot: QtBot, card: PhotosCard, disk: FieldStore, visit: str, file: Path
) -> None:
    card.take([file])
    editor = editing(qtbot, card)
    canvas = editor.canvas
    assert canvas.hasFocus()

    def keys(*pressed: Qt.Key) -> None:
        for key in pressed:
            QTest.keyClick(canvas, key)

    keys(Qt.Key.Key_Left, Qt.Key.Key_Space, *[Qt.Key.Key_Right] * 3, *[Qt.Key.Key_Down] * 3, Qt.Key.Key_Space)
    QTest.keyClick(editor, Qt.Key.Key_L)
    assert find(editor, "photoTool-arrow", QAbstractButton).isChecked()
    keys(Qt.Key.Key_Return, *[Qt.Key.Key_Up] * 4, Qt.Key.Key_Return)
    QTest.keyClick(editor, Qt.Key.Key_C)
    keys(Qt.Key.Key_Space, Qt.Key.Key_Right, Qt.Key.Key_Escape)
    assert [mark.kind for mark in editor.marks] == ["blur", "arrow"]
    assert editor.isVisible(), "Escape leaves a mark first"
    assert "Flèche posée. 2 marques" in texts(editor)
    blur = editor.marks[0]
    assert blur.x1 < blur.x2 > 200
    assert blur.y1 == 150 < blur.y2
    press(editor, "photoKeep")
    qtbot.waitUntil(lambda: len(on_disk(disk, visit)) == 1)
    expected = photos.encode(photos.read(file), editor.marks)
    assert on_disk(disk, visit)[0]["sha256"] == expected.sha256


def test_a_mark_is_drawn_with_the_mouse_and_a_slip_is_not_one(
    qtbot: QtBot, card: PhotosCard, file: Path
) -> None:
    card.take([file])
    editor = editing(qtbot, card)
    canvas, left = editor.canvas, Qt.MouseButton.LeftButton
    middle = canvas.rect().center()

    def drag(way: QPoint) -> None:
        QTest.mousePress(canvas, left, pos=middle)
        QTest.mouseMove(canvas, middle + way)
        QTest.mouseRelease(canvas, left, pos=middle + way)

    drag(QPoint(2, 2))
    assert editor.marks == []
    drag(QPoint(-5000, 60))
    (mark,) = editor.marks
    assert (mark.kind, mark.x2) == ("blur", 0)
    assert abs(mark.x1 - 200) <= 2
    editor.reject()


def test_marks_are_undone_and_done_again(qtbot: QtBot, card: PhotosCard, file: Path) -> None:
    card.take([file])
    editor = editing(qtbot, card)
    marks = [Mark("box", 10, 10, 90, 90), Mark("arrow", 0, 0, 90, 90)]
    for mark in marks:
        editor.canvas.drawn.emit(mark)
    control = Qt.KeyboardModifier.ControlModifier
    QTest.keyClick(editor, Qt.Key.Key_Z, control)
    QTest.keyClick(editor, Qt.Key.Key_Z, control)
    QTest.keyClick(editor, Qt.Key.Key_Z, control)
    assert editor.marks == []
    assert not find(editor, "photoUndo", QWidget).isEnabled()
    QTest.keyClick(editor, Qt.Key.Key_Y, control)
    assert editor.marks == marks[:1]
    editor.canvas.drawn.emit(marks[1])
    assert not find(editor, "photoRedo", QWidget).isEnabled()
    editor.reject()


def test_a_photo_is_marked_again_in_its_place(
    qtbot: QtBot, card: PhotosCard, disk: FieldStore, visit: str, file: Path
) -> None:
    add(qtbot, card, file)
    type_in(card, "photoCaption", "Écran")
    qtbot.waitUntil(lambda: on_disk(disk, visit)[0].get("caption") == "Écran")
    before = on_disk(disk, visit)[0]
    QTest.keyClick(find(card, "photoList", PhotoList), Qt.Key.Key_Return)
    editor = editing(qtbot, card)
    assert editor.windowTitle() == "Écran"
    assert not find(editor, "photoKeep", QWidget).isEnabled(), "nothing has changed yet"
    editor.canvas.drawn.emit(Mark("blur", 10, 10, 200, 100))
    press(editor, "photoKeep")
    qtbot.waitUntil(lambda: on_disk(disk, visit)[0]["sha256"] != before["sha256"])
    after = on_disk(disk, visit)[0]
    assert (after["id"], after["caption"]) == (before["id"], "Écran")
    qtbot.waitUntil(lambda: card.editor is None)


def test_a_photo_is_taken_out_and_put_back(
    qtbot: QtBot, opened: VisitsPage, card: PhotosCard, disk: FieldStore, visit: str, file: Path
) -> None:
    add(qtbot, card, file, file)
    press(card, "photoRemove")
    qtbot.waitUntil(lambda: len(on_disk(disk, visit)) == 1)
    qtbot.waitUntil(lambda: "La photo est retirée." in texts(opened))
    press(opened, "undo")
    qtbot.waitUntil(lambda: len(on_disk(disk, visit)) == 2)
    qtbot.waitUntil(lambda: card.model.rowCount() == 2)
    chosen = find(card, "photoList", PhotoList)
    chosen.setCurrentIndex(card.model.index(0))
    first = on_disk(disk, visit)[0]["id"]
    QTest.keyClick(chosen, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: first not in [photo["id"] for photo in on_disk(disk, visit)])


def test_a_social_security_number_is_refused_under_the_caption(
    qtbot: QtBot, card: PhotosCard, disk: FieldStore, visit: str, file: Path
) -> None:
    add(qtbot, card, file)
    caption = type_in(card, "photoCaption", "Dossier 1 85 05 78 006 084 36")
    caption.clearFocus()
    qtbot.waitUntil(lambda: "numéro de sécurité sociale" in texts(card))
    assert on_disk(disk, visit)[0].get("caption") in (None, "Dossier")


def test_on_a_full_disk_the_photo_stays_in_sight_and_can_be_kept_later(
    qtbot: QtBot, card: PhotosCard, disk: FieldStore, store: FieldStore, visit: str, file: Path
) -> None:
    card.take([file])
    editor = editing(qtbot, card)
    editor.canvas.drawn.emit(Mark("box", 10, 10, 90, 90))
    pages = store.database.execute("PRAGMA page_count").fetchone()[0]
    store.database.execute(f"PRAGMA max_page_count = {pages}")
    press(editor, "photoKeep")
    qtbot.waitUntil(lambda: "le disque est plein" in texts(editor))
    assert on_disk(disk, visit) == []
    assert len(editor.marks) == 1
    store.database.execute("PRAGMA max_page_count = 100000")
    press(editor, "photoKeep")
    qtbot.waitUntil(lambda: len(on_disk(disk, visit)) == 1)


def test_in_a_finalised_visit_photos_are_only_looked_at(
    qtbot: QtBot, opened: VisitsPage, card: PhotosCard, store: FieldStore, visit: str, file: Path
) -> None:
    add(qtbot, card, file)
    visits.finalise(store, visit)
    opened.open._look()
    qtbot.waitUntil(lambda: not opened.open.desk.editable)
    qtbot.waitUntil(lambda: not find(card, "photoOpen", QAbstractButton).text().startswith("R"))
    for name in ("photoAdd", "photoPaste", "photoRemove"):
        control = card.findChild(QWidget, name)
        assert control is not None
        assert not control.isVisible()
    assert find(card, "photoCaption", QLineEdit).isReadOnly()
    press(card, "photoOpen")
    viewer = editing(qtbot, card)
    assert viewer.findChild(QWidget, "photoTool-blur") is None
    assert viewer.findChild(QWidget, "photoKeep") is None
    QTest.keyClick(viewer.canvas, Qt.Key.Key_Escape)
    assert card.editor is None


def test_a_photo_of_another_laptop_is_told_to_be_there(
    qtbot: QtBot, opened: VisitsPage, card: PhotosCard, store: FieldStore, visit: str
) -> None:
    with store.changeset("x") as c:
        sizes = {"width": 40, "height": 30, "size": 5}
        c.create("photo", "dept:72", {"visit": visit, "sha256": "ab" * 32, **sizes})
    opened.open._look()
    qtbot.waitUntil(lambda: "1 n'est pas sur cet ordinateur" in texts(card))
    press(card, "photoOpen")
    qtbot.waitUntil(lambda: "n'est pas lisible sur cet ordinateur" in texts(card))
    assert attachments.pending(store.database) == []


def test_a_photo_is_taken_with_a_camera_and_marked_before_it_is_kept(
    qtbot: QtBot,
    card: PhotosCard,
    disk: FieldStore,
    visit: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    film = films.film(tmp_path / "film.avi", [films.scene("PATIENT-QW-0123456789-AZ", side=340)] * 80, rate=5)
    monkeypatch.setattr("fieldkit.services.pictures.cameras", lambda _stopped: (Camera(film, "HD Webcam"),))  # type: ignore[arg-type]
    press(card, "photoCameraOpen")
    assert card.camera is not None
    shoot = card.camera.shoot
    qtbot.waitUntil(shoot.isEnabled)
    assert not card.camera.cameras.isVisible(), "there is no choice with one camera"
    live = card.camera._live
    press(card.camera, "photoShoot")
    assert not live.on
    press(editing(qtbot, card), "photoKeep")
    qtbot.waitUntil(lambda: len(on_disk(disk, visit)) == 1)
    kept = attachments.read(disk.database, str(on_disk(disk, visit)[0]["sha256"]))
    assert kept is not None
    assert [code.length for code in look(kept).seen] == [], "a patient's code is covered"


def test_without_a_camera_it_is_said_and_the_dialog_closes(
    qtbot: QtBot, card: PhotosCard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fieldkit.services.pictures.cameras", lambda _stopped: ())
    press(card, "photoCameraOpen")
    assert card.camera is not None
    camera = card.camera
    qtbot.waitUntil(lambda: "caméra" in camera.banner.message.text() and camera.banner.hint.text() != "")
    assert not camera.shoot.isEnabled()
    QTest.keyClick(camera, Qt.Key.Key_Escape)
    assert not camera.isVisible()


def test_photos_are_dropped_on_the_card(qtbot: QtBot, card: PhotosCard, file: Path) -> None:
    content = QMimeData()
    content.setUrls([QUrl.fromLocalFile(str(file))])
    drop = QDropEvent(
        QPointF(5, 5),
        Qt.DropAction.CopyAction,
        content,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    card.dropEvent(drop)
    assert drop.isAccepted()
    editing(qtbot, card).reject()


def test_the_photo_of_a_colleague_comes_when_the_visit_is_opened(
    qtbot: QtBot,
    opened: VisitsPage,
    card: PhotosCard,
    store: FieldStore,
    visit: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with live_registry(sqlite_url(tmp_path)) as registry:
        sync.configure(store, registry.url, registry.token("camille", "dept:72"))
        sync.run(store)
        other = Laptop.of(tmp_path, registry, "alix", "dept:72")
        other.sync()
        sha256 = photos.encode(photos.Picture(8, 6, b"\x40" * 144)).sha256
        photos.add(other.store, visit, photos.encode(photos.Picture(8, 6, b"\x40" * 144)))
        other.sync()
        other.store.close()
        with monkeypatch.context() as nothing:
            nothing.setattr("fieldkit.sync.uploads.MOST_FETCHED", 0)
            sync.run(store)
        assert attachments.read(store.database, sha256) is None
        opened.open._look()
        qtbot.waitUntil(lambda: attachments.read(store.database, sha256) is not None)
        qtbot.waitUntil(lambda: "pas sur cet ordinateur" not in texts(card))
        qtbot.waitUntil(lambda: not opened.context.runner.busy)
