"""The scanner bench without a scanner: codes read by a camera or in a picture, and `fieldkit scan decode`.

A code that is not one of our test codes is possibly a patient's: of it there is only that it is there, its
symbology, its length and the time it took. Nothing of any picture is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from fieldkit.errors import KnownError
from fieldkit.hardware.scanner.sight import words
from fieldkit.hardware.scanner.sight.child import NoCamera, Refusal
from fieldkit.hardware.scanner.sight.eye import Eye, HungError, Stopped, StoppedError, never
from fieldkit.hardware.scanner.sight.seen import Camera, CameraState, Preview, Seen, Sight
from fieldkit.hardware.scanner.sight.tally import Interface, Tally, details, summary, verdict
from fieldkit.hardware.scanner.sight.words import Telling, no_camera, telling

__all__ = [
    "Camera",
    "CameraState",
    "Eye",
    "Interface",
    "Preview",
    "Seen",
    "Sight",
    "Tally",
    "Telling",
    "cameras",
    "decode_files",
    "look",
    "no_camera",
    "telling",
    "test_run_fields",
    "watch",
]

_NO_PICTURE: Final[dict[str, CameraState]] = {"opening": "busy", "waiting": "stopped"}
"""What a camera is that keeps one waiting for a step."""
_MOST_RESTARTS: Final = 3
"""Decoders that hang or crash one after the other before a watch gives up."""


def cameras(stopped: Stopped = never) -> tuple[Camera, ...]:
    """The cameras of this computer; none where their drivers do not answer in time."""
    try:
        with Eye() as eye:
            return eye.cameras(stopped)
    except (HungError, StoppedError):
        return ()


def look(what: Path | bytes, stopped: Stopped = never) -> Sight:
    """What is seen in a picture: its file, or the bytes of one. Its process ends with it, memory and all.

    Raises KnownError `picture-missing`, `picture-unreadable`, `picture-empty`, `picture-too-heavy`,
    `picture-too-large`, `picture-heic`, `picture-damaged`, `not-a-picture`, `picture-too-hard`.
    """
    with Eye() as eye:
        return _look(eye, what, stopped)


def watch(
    where: int | str,
    on_sight: Callable[[Sight], object],
    stopped: Stopped,
    make_eye: Callable[[], Eye] = Eye,
) -> CameraState | None:
    """Hand over what the camera sees, frame by frame, until `stopped`; returns why it ended before, if it did.

    A frame on which a decoder hangs or crashes is dropped, and the camera opened again.
    """
    restarts = 0
    while restarts <= _MOST_RESTARTS:
        try:
            with make_eye() as eye:
                for news in eye.watch(where, stopped):
                    if isinstance(news, NoCamera):
                        return news.state
                    restarts = 0
                    on_sight(news)
            return None
        except HungError as hung:
            if hung.step in _NO_PICTURE:
                return _NO_PICTURE[hung.step]
            restarts += 1
    return "stopped"


def decode_files(files: Sequence[Path]) -> Iterator[dict[str, Any]]:
    """One answer of `scan decode` for each file (cli.md), with an `error` where it could not be looked at."""
    with Eye() as eye:
        for file in files:
            try:
                yield as_json(file, _look(eye, file))
            except KnownError as error:
                yield {"file": str(file), "took_ms": 0.0, "codes": [], "error": error.as_dict()}


def as_json(file: Path, sight: Sight) -> dict[str, Any]:
    """The shape of `scan decode` in cli.md, and more. Only our own codes have `text` and `bytes_hex`."""
    return {
        "file": str(file),
        "took_ms": round(sight.took_ms, 1),
        "codes": [
            {
                "symbology": code.symbology,
                "text": code.ours,
                "bytes_hex": None if code.data is None else code.data.hex(),
                "decoder": code.decoder,
                "length": code.length,
                "foreign": code.ours is None,
                "kind": code.kind,
                "label": words.code_name(code) if code.kind else words.foreign_name(code),
                "pixels_per_module": code.pixels_per_module and round(code.pixels_per_module, 1),
            }
            for code in sight.sure
        ],
    }


def test_run_fields(tally: Tally) -> dict[str, Any]:
    """The fields of a `test_run` that say what a camera or a picture gave; visit and time are the caller's."""
    return {
        "kind": "scanner",
        "verdict": verdict(tally),
        "summary": summary(tally),
        "details": details(tally),
    }


def _look(eye: Eye, what: Path | bytes, stopped: Stopped = never) -> Sight:
    try:
        answer = eye.look(what, stopped)
    except (HungError, StoppedError):
        raise words.hung() from None
    if isinstance(answer, Refusal):
        raise words.refusal(answer.reason)
    return answer
