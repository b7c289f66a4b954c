"""The bench of camera and pictures, with films for cameras and the clipboard of the window."""

from __future__ import annotations

import subprocess
import sys
import warnings
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import cv2
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from fieldkit.hardware.scanner import testcode
from fieldkit.hardware.scanner.sight.seen import Seen, Sight
from fieldkit.services import pictures
from fieldkit.services.pictures import Tally
from fieldkit.settings import Settings
from fieldkit.ui.pages.base import Context
from fieldkit.ui.runner import Runner
from fieldkit.ui.widgets.scan_picture import PictureBench
from tests.hardware.scanner import films

OURS = testcode.with_nonce("bcdf").text
SECRET = "PATIENT-QW-0123456789-AZ"


@pytest.fixture
def bench(qtbot: QtBot, runner: Runner, tmp_path: Path) -> Iterator[PictureBench]:
    """The bench, shown, after its look for cameras."""
    made = PictureBench(Context(tmp_path, runner, Settings()))
    made.resize(900, 600)
    made.show()
    qtbot.waitUntil(lambda: made.cameras.count() > 0)
    yield made
    made.stop()
    made.close()
    QGuiApplication.clipboard().clear()


def photo(path: Path, text: str) -> Path:
    """A photo of a code."""
    cv2.imwrite(str(path), films.scene(text, side=340))
    return path


def film(bench: PictureBench, path: Path, text: str, frames: int = 80) -> None:
    """Let a film stand for a camera, and turn it on: five frames a second."""
    where = films.film(path, [films.scene(text, side=340)] * frames, rate=5)
    bench.cameras.clear()
    bench.cameras.addItem("HD Webcam", where)
    bench.cameras.setCurrentIndex(0)
    bench.start()


def said(bench: PictureBench) -> str:
    """Every word of the bench, names for screen readers too."""
    words = [label.text() for label in bench.findChildren(QLabel)]
    return "\n".join([*words, bench.accessibleName(), bench.banner.accessibleName()])


def wait_for_verdict(qtbot: QtBot, bench: PictureBench, state: str) -> None:
    """Until the banner says something in `state`."""
    qtbot.waitUntil(lambda: bool(bench.banner.property("state") == state))


def test_a_camera_recognises_our_code(qtbot: QtBot, bench: PictureBench, tmp_path: Path) -> None:
    judged: list[Tally] = []
    bench.judged.connect(judged.append)
    film(bench, tmp_path / "film.avi", OURS)
    wait_for_verdict(qtbot, bench, "success")
    assert "« disposition », QR code" in bench.banner.message.text()
    assert bench.view.shows
    fields = pictures.test_run_fields(judged[-1])
    assert fields["verdict"] == "good"
    assert fields["details"]["interface"] == "camera"
    assert fields["details"]["model"] == "HD Webcam"


def test_turning_it_off_forgets_the_picture(qtbot: QtBot, bench: PictureBench, tmp_path: Path) -> None:
    film(bench, tmp_path / "film.avi", OURS)
    qtbot.waitUntil(lambda: bench.view.shows)
    assert bench.switch.accessibleName() == "Arrêter la caméra"
    bench.switch.click()
    assert not bench.view.shows
    assert bench.switch.accessibleName() == "Démarrer la caméra"


def test_a_camera_is_off_when_its_page_is_left(qtbot: QtBot, bench: PictureBench, tmp_path: Path) -> None:
    film(bench, tmp_path / "film.avi", OURS)
    qtbot.waitUntil(lambda: bench.view.shows)
    bench.hide()
    assert not bench._live.on


def test_a_camera_that_stops_says_so(qtbot: QtBot, bench: PictureBench, tmp_path: Path) -> None:
    film(bench, tmp_path / "film.avi", OURS, frames=4)
    wait_for_verdict(qtbot, bench, "error")
    assert "n'envoie plus d'image" in bench.banner.message.text()
    assert not bench.view.shows
    assert bench.tally is not None
    assert bench.tally.fault == "stopped"


def test_the_window_lives_while_the_camera_runs(qtbot: QtBot, bench: PictureBench, tmp_path: Path) -> None:
    film(bench, tmp_path / "film.avi", OURS)
    qtbot.waitUntil(lambda: bench.view.shows)
    bench.cameras.setFocus()
    pressed: list[bool] = []
    paste = bench.findChild(QPushButton, "pastePicture")
    assert paste is not None
    paste.clicked.connect(lambda: pressed.append(True))
    paste.click()
    assert pressed


def test_without_a_camera_it_looks_again(qtbot: QtBot, bench: PictureBench) -> None:
    bench._list_cameras(())
    assert bench.cameras.currentText() == "Aucune caméra n'est visible"
    assert not bench.cameras.isEnabled()
    assert bench.switch.accessibleName() == "Chercher une caméra"
    bench.switch.click()
    assert not bench._live.on


def test_cameras_are_listed_by_name_and_the_choice_stays(bench: PictureBench) -> None:
    bench._list_cameras((pictures.Camera(0, "Intégrée"), pictures.Camera(2, "Document")))
    bench.cameras.setCurrentIndex(1)
    bench._list_cameras(
        (pictures.Camera(0, "Intégrée"), pictures.Camera(1, "Autre"), pictures.Camera(2, "Document"))
    )
    assert bench.cameras.currentText() == "Document"
    assert bench.cameras.currentData() == 2


def test_a_photo_is_opened(
    qtbot: QtBot, bench: PictureBench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = photo(tmp_path / "photo.jpg", OURS)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_asked: (str(path), ""))
    button = bench.findChild(QPushButton, "openPhoto")
    assert button is not None
    button.click()
    wait_for_verdict(qtbot, bench, "success")
    assert bench.tally is not None
    assert pictures.test_run_fields(bench.tally)["details"]["interface"] == "image"


def test_each_code_of_ours_is_handed_on(qtbot: QtBot, bench: PictureBench, tmp_path: Path) -> None:
    """Once while a camera is on, each time in a picture, and never a code of others."""
    read: list[Seen] = []
    bench.read.connect(read.append)
    film(bench, tmp_path / "film.avi", OURS)
    wait_for_verdict(qtbot, bench, "success")
    assert [(code.data, bench.interface) for code in read] == [(OURS.encode(), "camera")]
    for count in (2, 3):
        bench.look(photo(tmp_path / "photo.png", OURS))
        qtbot.waitUntil(partial(lambda wanted: len(read) == wanted, count))
    assert len(read) == 3
    bench.look(photo(tmp_path / "other.png", SECRET))
    qtbot.waitUntil(lambda: "ni montré ni gardé" in bench.banner.message.text())
    assert len(read) == 3


def test_another_code_of_the_same_kind_is_handed_on_too(bench: PictureBench) -> None:
    """An old picture first, then the code on screen: the camera need not be started again."""
    read: list[str | None] = []
    bench.read.connect(lambda code: read.append(code.ours))
    old, new = (
        Seen("qr", len(text), "zxing-cpp", text, "layout", text.encode())
        for text in (testcode.with_nonce(nonce).text for nonce in ("klnb", "bcdf"))
    )
    bench._begin(Tally("camera", "HD Webcam"))
    for seen in ((old,), (old,), (), (new,), (old, new), (new, old), (new,)):
        bench._count(Sight(seen, size=(1280, 720)))
    assert read == [old.ours, new.ours]


def test_it_is_one_way_in_among_others(qtbot: QtBot, bench: PictureBench, tmp_path: Path) -> None:
    bench.begin()
    assert bench.switch.hasFocus()
    film(bench, tmp_path / "film.avi", OURS)
    bench.show_seen(None)
    bench.end()
    assert not bench._live.on


def test_no_photo_chosen_is_nothing_done(bench: PictureBench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_asked: ("", ""))
    bench.open_photo()
    assert not bench.banner.isVisible()


def test_a_picture_is_pasted(qtbot: QtBot, bench: PictureBench, tmp_path: Path) -> None:
    image = QImage(str(photo(tmp_path / "photo.png", OURS)))
    QGuiApplication.clipboard().setImage(image)
    bench.paste()
    wait_for_verdict(qtbot, bench, "success")


def test_a_picture_file_is_pasted(qtbot: QtBot, bench: PictureBench, tmp_path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(photo(tmp_path / "photo.png", OURS)))])
    QGuiApplication.clipboard().setMimeData(data)
    bench.setFocus()
    qtbot.keyClick(bench.switch, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)  # type: ignore[no-untyped-call]
    wait_for_verdict(qtbot, bench, "success")


def test_pasting_no_picture_is_told(bench: PictureBench) -> None:
    QGuiApplication.clipboard().setText("a word")
    bench.paste()
    assert "ne contient pas d'image" in bench.banner.message.text()


def drop_of(data: QMimeData) -> QDropEvent:
    """What the window gets when `data` is let go over it."""
    held, buttons, keys = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    return QDropEvent(QPointF(5, 5), held, data, buttons, keys)


class Dragged(QDragEnterEvent):
    """What the window gets when `data` is first held over it; Qt's own constructors are marked as old."""

    def __init__(self, data: QMimeData) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            super().__init__(
                QPoint(5, 5),
                Qt.DropAction.CopyAction,
                data,
                Qt.MouseButton.LeftButton,
                Qt.KeyboardModifier.NoModifier,
            )


def test_a_picture_is_dropped(qtbot: QtBot, bench: PictureBench, tmp_path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(photo(tmp_path / "photo.png", OURS)))])
    QApplication.sendEvent(bench, Dragged(data))
    assert bench.view.awaits_drop
    QApplication.sendEvent(bench, drop_of(data))
    assert (bench.view.awaits_drop, bench.view.shows) == (False, False)
    wait_for_verdict(qtbot, bench, "success")


def test_what_is_held_and_taken_away_is_forgotten(bench: PictureBench) -> None:
    data = QMimeData()
    data.setImageData(QImage(4, 4, QImage.Format.Format_RGB888))
    QApplication.sendEvent(bench, Dragged(data))
    QApplication.sendEvent(bench, QDragLeaveEvent())
    assert not bench.view.awaits_drop


def test_what_is_not_a_picture_is_not_taken_when_dropped(bench: PictureBench) -> None:
    data = QMimeData()
    data.setText("a word")
    QApplication.sendEvent(bench, Dragged(data))
    assert not bench.view.awaits_drop
    QApplication.sendEvent(bench, drop_of(data))
    assert bench.tally is None


def test_a_damaged_picture_is_told(qtbot: QtBot, bench: PictureBench, tmp_path: Path) -> None:
    path = tmp_path / "photo.jpg"
    path.write_text("not a photo")
    bench.look(path)
    wait_for_verdict(qtbot, bench, "error")
    assert "n'est pas une image" in bench.banner.message.text()


@pytest.mark.parametrize("way", ["file", "paste", "camera"])
def test_nothing_of_a_foreign_code_is_shown_or_kept(
    qtbot: QtBot, bench: PictureBench, tmp_path: Path, way: str
) -> None:
    QGuiApplication.clipboard().clear()  # another test may have left something there
    path = photo(tmp_path / "photo.png", SECRET)
    if way == "file":
        bench.look(path)
    elif way == "paste":
        bench.look(QImage(str(path)))
    else:
        film(bench, tmp_path / "film.avi", SECRET)
    qtbot.waitUntil(lambda: "ni montré ni gardé" in bench.banner.message.text())
    words = said(bench)
    assert not [SECRET[n : n + 4] for n in range(len(SECRET) - 3) if SECRET[n : n + 4] in words]
    assert QGuiApplication.clipboard().text() == ""
    assert SECRET[:6] not in repr(bench.tally)
    painted = tmp_path / "painted.png"
    assert bench.grab().save(str(painted))
    assert pictures.look(painted).seen == ()


def test_what_is_said_is_steady(bench: PictureBench) -> None:
    """A frame without the code, right after it was read, does not take the verdict away; a better one does."""
    square = ((0.4, 0.4), (0.6, 0.4), (0.6, 0.8), (0.4, 0.8))
    read = Sight((Seen("qr", 37, "zxing-cpp", OURS, "layout", OURS.encode(), square, 5.0),), size=(1280, 720))
    nothing, unread = Sight(size=(1280, 720)), Sight(unread=(square,), size=(1280, 720))
    for sight, state in ((nothing, "unknown"), (unread, "warning"), (read, "success"), (nothing, "success")):
        bench._tell(pictures.telling(sight))
        assert bench.banner.property("state") == state


def test_every_control_has_a_name(bench: PictureBench) -> None:
    for button in bench.findChildren(QPushButton):
        assert button.accessibleName()
    assert bench.cameras.accessibleName() == "Caméra"
    assert bench.view.accessibleName()


def test_the_window_does_not_load_what_only_the_child_needs() -> None:
    names = ("cv2", "numpy", "pyzbar", "zxingcpp", "multiprocessing")
    asked = "import sys, fieldkit.ui.widgets.scan_picture; print([n for n in {names} if n in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", asked.format(names=names)],
        capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert done.stdout.strip() == "[]"
