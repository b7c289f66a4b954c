"""What cameras and pictures give, as a result to keep and as answers of the command line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import cv2
import numpy as np
import pytest

from fieldkit import cli
from fieldkit.errors import KnownError
from fieldkit.hardware.scanner import testcode
from fieldkit.hardware.scanner.sight import words
from fieldkit.hardware.scanner.sight.child import NoCamera
from fieldkit.hardware.scanner.sight.eye import Eye, HungError
from fieldkit.hardware.scanner.sight.seen import CameraState, Seen, Sight
from fieldkit.hardware.scanner.sight.tally import Interface, aspects
from fieldkit.services import pictures
from fieldkit.services.pictures import Tally
from fieldkit.services.visit_desk import attach_test
from fieldkit.services.visits import new_visit, show_visit
from fieldkit.store.fieldwork import FieldStore
from tests.hardware.scanner import children, films

OURS = testcode.with_nonce("bcdf").text
INTERFACES: tuple[Interface, ...] = ("camera", "image")
SQUARE = ((0.4, 0.4), (0.6, 0.4), (0.6, 0.8), (0.4, 0.8))


def ours(symbology: str = "qr", *, pixels: float = 5.0, sure: bool = True) -> Seen:
    """One of our codes, seen."""
    return Seen("qr" if symbology == "qr" else "datamatrix", 37, "zxing-cpp", OURS, "layout", OURS.encode(), SQUARE,
                pixels, sure)  # fmt: skip


def foreign(*, sure: bool = True) -> Seen:
    """Any other code, seen."""
    return Seen("qr", 80, "zxing-cpp", outline=SQUARE, sure=sure)


def frame(*seen: Seen, **more: object) -> Sight:
    """A frame of the usual size."""
    return replace(Sight(seen, size=(1280, 720)), **more)  # type: ignore[arg-type]


class Scripted(Eye):
    """An eye that sees what is written; a HungError is raised where it stands."""

    def __init__(self, news: Iterator[Sight | NoCamera | HungError]) -> None:
        super().__init__()
        self._news_to_come = news

    def watch(self, _where: int | str, _stopped: object) -> Iterator[Sight | NoCamera]:
        for news in self._news_to_come:
            if isinstance(news, HungError):
                raise news
            yield news


def watched(*news: Sight | NoCamera | HungError) -> tuple[list[Sight], CameraState | None]:
    """What a watch hands over, and why it ended."""
    left, seen = iter(news), list[Sight]()
    return seen, pictures.watch(0, seen.append, lambda: False, lambda: Scripted(left))


def test_a_frame_on_which_the_decoder_hangs_is_dropped_and_the_watch_goes_on() -> None:
    one, two = frame(ours()), frame(foreign())
    seen, end = watched(one, HungError("decoding"), two, HungError("decoding"), one, NoCamera("stopped"))
    assert (seen, end) == ([one, two, one], "stopped")


def test_a_decoder_that_always_hangs_ends_the_watch() -> None:
    assert watched(*[HungError("decoding")] * 9) == ([], "stopped")


@pytest.mark.parametrize(
    ("news", "state"),
    [
        (HungError("opening"), "busy"),
        (HungError("waiting"), "stopped"),
        (NoCamera("refused"), "refused"),
        (NoCamera("none"), "none"),
    ],
)
def test_why_there_is_no_picture_is_told(news: HungError | NoCamera, state: CameraState) -> None:
    assert watched(news) == ([], state)
    error = pictures.no_camera(state)
    assert error.code.startswith("camera-")
    assert error.hint


def test_every_state_of_a_camera_has_its_words() -> None:
    told = {pictures.no_camera(state).message for state in get_args(CameraState)}
    assert len(told) == len(get_args(CameraState))


def test_a_real_child_that_hangs_is_replaced_under_the_watch() -> None:
    eyes = [Eye(children.one_frame_then_hangs, decoding_s=0.3) for _start in range(2)]
    made = iter([*eyes, Eye(children.never_opens)])
    seen: list[Sight] = []
    assert pictures.watch(0, seen.append, lambda: False, lambda: next(made)) == "busy"
    assert len(seen) == 2


def test_a_picture_that_cannot_be_looked_at_is_a_known_error(tmp_path: Path) -> None:
    with pytest.raises(KnownError) as failure:
        pictures.look(tmp_path / "none.jpg")
    assert failure.value.code == "picture-missing"
    with pytest.raises(KnownError) as failure:
        pictures.look(b"text", lambda: True)
    assert failure.value.code == "picture-too-hard"


@pytest.mark.parametrize(
    ("sight", "state", "words_said"),
    [
        (frame(ours()), "success", "code de test « disposition », QR code"),
        (frame(ours(), ours("datamatrix")), "success", "Data Matrix"),
        (frame(ours(), foreign()), "success", "QR code"),
        (frame(ours(pixels=1.9)), "success", "rapprochez-vous"),
        (frame(foreign()), "info", "ni montré ni gardé"),
        (frame(ours(sure=False)), "unknown", "Aucun code"),
        (frame(black=True), "warning", "noire"),
        (frame(unread=(SQUARE,)), "warning", "floue"),
        (frame(unread=(((0.5, 0.5), (0.52, 0.5), (0.52, 0.54), (0.5, 0.54)),)), "warning", "rapprochez-vous"),
        (frame(), "unknown", "Aucun code"),
    ],
)
def test_a_sight_is_told_in_words(sight: Sight, state: str, words_said: str) -> None:
    told = pictures.telling(sight)
    assert told.state == state
    assert words_said in f"{told.message} {told.hint}"


def test_a_result_gathers_what_was_seen() -> None:
    tally = Tally("camera", "HD Webcam").with_sight(frame(ours(pixels=1.5))).with_sight(frame(foreign()))
    assert pictures.test_run_fields(tally)["details"]["aspects"][-1]["state"] == "fix"
    tally = tally.with_sight(frame(ours(), ours("datamatrix"))).with_sight(frame())
    fields = pictures.test_run_fields(tally)
    details = fields["details"]
    assert (fields["kind"], fields["verdict"]) == ("scanner", "good")
    assert fields["summary"].startswith("Lu par la caméra : ")
    assert (details["interface"], details["model"]) == ("camera", "HD Webcam")
    assert (details["symbologies"], details["codes"]) == (["datamatrix", "qr"], ["layout"])
    assert details["tested_lengths"] == [37]
    assert [aspect["state"] for aspect in details["aspects"]] == ["good"] * 4


def test_a_camera_with_few_pixels_is_told() -> None:
    small = Sight((ours(),), size=(640, 480))
    picture = [aspects(Tally(kind).with_sight(small))[0] for kind in INTERFACES]
    assert [aspect.state for aspect in picture] == ["fix", "good"]
    assert "peu de pixels" in picture[0].remedy


@pytest.mark.parametrize(
    ("tally", "verdict", "summary"),
    [
        (Tally("image"), "not-tested", "Aucun code de test n'a été lu."),
        (Tally("image").with_sight(frame(foreign())), "not-tested", "Aucun code de test n'a été lu."),
        (
            Tally("image").with_sight(frame(unread=(SQUARE,))),
            "fault",
            "Un code est là, mais il n'est pas lisible.",
        ),
        (Tally("camera").with_sight(frame(black=True)), "fault", "L'image est noire."),
        (Tally("camera", fault="refused"), "fault", "Le système refuse la caméra à cette application."),
    ],
)
def test_a_result_without_a_code_says_why(tally: Tally, verdict: str, summary: str) -> None:
    fields = pictures.test_run_fields(tally)
    assert (fields["verdict"], fields["summary"]) == (verdict, summary)


def test_a_result_is_kept_with_a_visit(store: FieldStore) -> None:
    visit, _practice = new_visit(store, practice="Cabinet des Lilas")
    attach_test(store, visit, **pictures.test_run_fields(Tally("image").with_sight(frame(ours()))))
    [run] = show_visit(store, visit)["test_runs"]
    assert (run["kind"], run["verdict"]) == ("scanner", "good")
    assert run["details"]["interface"] == "image"


def decoded(capsys: pytest.CaptureFixture[str], *files: Path) -> tuple[int, list[Any]]:
    """`scan decode --json` on these files."""
    code = cli.run(["scan", "decode", "--json", *map(str, files)])
    return code, [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_decode_gives_a_line_for_each_image(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ours_file, desk, text = tmp_path / "ours.png", tmp_path / "desk.png", tmp_path / "text.jpg"
    cv2.imwrite(str(ours_file), films.scene(OURS))
    cv2.imwrite(str(desk), films.desk())
    text.write_text("not a picture")
    assert decoded(capsys, ours_file)[0] == 0
    assert decoded(capsys, ours_file, desk)[0] == 1
    exit_code, [one, two, three] = decoded(capsys, ours_file, desk, text)
    assert exit_code == 3
    [code] = one["codes"]
    assert code["text"] == OURS
    assert code["bytes_hex"] == OURS.encode().hex()
    assert (code["symbology"], code["decoder"], code["foreign"]) == ("qr", "zxing-cpp", False)
    assert one["file"] == str(ours_file)
    assert two["codes"] == []
    assert three["error"]["code"] == "not-a-picture"


def test_decode_says_it_to_people_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, text in (("ours", OURS), ("other", "PATIENT-QW-0123456789-AZ")):
        cv2.imwrite(str(tmp_path / f"{name}.png"), films.scene(text))
    cv2.imwrite(str(tmp_path / "black.png"), np.zeros((50, 50), np.uint8))
    files = [str(tmp_path / f"{name}.png") for name in ("ours", "other", "black", "none")]
    assert cli.run(["scan", "decode", *files]) == 3
    said = capsys.readouterr().out
    assert "code de test « disposition », QR code" in said
    assert "son texte n'est pas montré" in said
    assert "PATIENT" not in said
    assert "Aucun code." in said
    assert "→ Vérifiez le chemin" in said


def test_names_of_other_codes_say_nothing_of_them() -> None:
    assert words.foreign_name(foreign()).startswith("QR code")
