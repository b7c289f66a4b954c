"""How many codes are read, and how fast, beside each decoder on its own: the aims of hardware.md §2 "Decoders".

Times are those of the processor, one thread: another program on the machine does not count.
"""

from __future__ import annotations

import csv
import json
import random
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeVar

import cv2
import numpy as np
import zxingcpp
from pyzbar import pyzbar

from fieldkit.hardware.scanner.decoders.chain import LiveChain, StillChain
from tests.bench.phone_frames import Frame, Gray, empty, frames
from tests.bench.row import Row, against_floor, against_limit

ROOT = Path(__file__).resolve().parents[2]
SEED = 2026
COUNTS = {480: 200, 720: 200, 1080: 120}
AIMS = {480: 90.0, 720: 93.0, 1080: 94.0}
EMPTY = 60
PAYLOADS = 500
OURS = "ours"
_FORMATS = (zxingcpp.BarcodeFormat.QRCodeModel2, zxingcpp.BarcodeFormat.DataMatrix)

T = TypeVar("T")
Read = Callable[[Gray], set[bytes]]


@dataclass
class Score:
    """What one decoder made of a set of pictures: `times` are milliseconds for each."""

    right: int = 0
    false: int = 0
    times: list[float] = field(default_factory=list)


def rows(folder: Path, photographs: Path) -> list[Row]:
    """All rows; those on photographs where these are there."""
    cv2.setNumThreads(1)
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
    made = []
    for height, count in COUNTS.items():
        made += _frames_read(height, _scores(frames(height, count, SEED)))
    made += _live_times()
    made += [_no_false_reads(), *_exact_bytes()]
    if (photographs / "manifest.csv").exists():
        made += _photographs(photographs)
    return made + _window(folder)


def readers() -> dict[str, Read]:
    """Ours, and each decoder on its own as its documentation shows it."""
    chain, opencv = StillChain(), cv2.QRCodeDetector()

    def ours(gray: Gray) -> set[bytes]:
        return {code.data for code in chain.look(gray).codes}

    def zxing(gray: Gray) -> set[bytes]:
        return {code.bytes for code in zxingcpp.read_barcodes(gray, formats=_FORMATS)}

    def zbar(gray: Gray) -> set[bytes]:
        return {code.data for code in pyzbar.decode(gray, [pyzbar.ZBarSymbol.QRCODE])}

    def cv(gray: Gray) -> set[bytes]:
        try:
            _found, texts, _points, _codes = opencv.detectAndDecodeMulti(gray)
        except cv2.error:
            return set()
        return {text.encode() for text in texts if text}

    return {OURS: ours, "zxing-cpp": zxing, "pyzbar": zbar, "OpenCV": cv}


def _scores(pictures: Iterable[Frame]) -> dict[str, Score]:
    scores: dict[str, Score] = defaultdict(Score)
    every = readers()
    for picture in pictures:
        for name, read in every.items():
            data, took = _timed(partial(read, picture.gray))
            scores[name].right += picture.data in data
            scores[name].false += bool(data - {picture.data})
            scores[name].times.append(took)
    return scores


def _frames_read(height: int, scores: dict[str, Score]) -> list[Row]:
    count = len(scores[OURS].times)
    share = {name: 100 * score.right / count for name, score in scores.items()}
    named = f"codes: phone frames at {height}p read (%), peer"
    made = [
        against_floor(f"{named} {peer} alone", share[OURS], share[peer], AIMS[height])
        for peer in ("zxing-cpp", "pyzbar", "OpenCV")
    ]
    if height == 720:
        typical = {name: statistics.median(score.times) for name, score in scores.items()}
        made += [
            _beside(f"codes: a still at 720p, median (ms), peer {peer} alone", typical[OURS], typical[peer])
            for peer in ("zxing-cpp", "pyzbar", "OpenCV")
        ]
    return made


def _live_times() -> list[Row]:
    """The way of live frames, which is the one that has to keep up."""
    live = LiveChain()
    alone = readers()["zxing-cpp"]
    pictures = list(frames(720, COUNTS[720] // 2, SEED))
    ours = [_timed(partial(live.look, frame.gray))[1] for frame in pictures]
    peer = [_timed(partial(alone, frame.gray))[1] for frame in pictures]
    nothing = [_timed(partial(live.look, frame.gray))[1] for frame in empty(720, EMPTY // 2, SEED)]
    named = "codes: a live frame at 720p"
    return [
        _under(
            f"{named}, median (ms), peer zxing-cpp alone", statistics.median(ours), statistics.median(peer), 2
        ),
        _under(f"{named}, p95 (ms), peer zxing-cpp alone", _p95(ours), _p95(peer), 27),
        against_limit(f"{named} without a code, QR and Data Matrix (ms)", statistics.median(nothing), 30),
    ]


def _no_false_reads() -> Row:
    scores = _scores([*empty(720, EMPTY // 2, SEED), *empty(480, EMPTY // 2, SEED)])
    return against_limit("codes: false reads on pictures without a code", scores[OURS].false, 0)


def _exact_bytes() -> list[Row]:
    """French text as UTF-8 and as Latin-1, and bytes that are no text."""
    chosen, every = random.Random(SEED), readers()
    right: dict[str, int] = defaultdict(int)
    for number in range(PAYLOADS):
        words = "".join(chosen.choices("éèàçùâêîôûëïü àÉÈ'ëabcdefgh 0123", k=chosen.randint(10, 60)))
        data = (words.encode(), words.encode("latin-1"), chosen.randbytes(40))[number % 3]
        code = zxingcpp.create_barcode(data, zxingcpp.BarcodeFormat.QRCodeModel2, ec_level="M")
        gray = np.array(code.to_image(scale=4, add_quiet_zones=True), np.uint8)
        for name in (OURS, "pyzbar"):
            right[name] += data in every[name](gray)
    share = {name: 100 * count / PAYLOADS for name, count in right.items()}
    return [against_floor("codes: exact bytes (%), peer pyzbar alone", share[OURS], share["pyzbar"], 100)]


def _photographs(place: Path) -> list[Row]:
    expected: dict[str, set[str]] = defaultdict(set)
    with (place / "manifest.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            expected[row["image"]].add(row["expected"] if row["category"] != "no code" else "")
    read: dict[str, set[str]] = defaultdict(set)
    false = 0
    for name, reader in readers().items():
        for image, texts in expected.items():
            gray = np.asarray(cv2.imread(str(place / image), cv2.IMREAD_GRAYSCALE), np.uint8)
            found = reader(gray)
            if any(_says(data, texts) for data in found):
                read[name].add(image)
            false += name == OURS and texts == {""} and bool(found)
    count = sum(texts != {""} for texts in expected.values())
    lost = read["zxing-cpp"] - read[OURS]
    aim = len(read["zxing-cpp"]) + (count - len(read["zxing-cpp"])) / 3
    named = f"codes: photographs read of {count}, peer"
    return [
        *(
            against_floor(f"{named} {peer} alone", len(read[OURS]), len(read[peer]), round(aim))
            for peer in ("zxing-cpp", "pyzbar", "OpenCV")
        ),
        against_limit("codes: photographs that zxing-cpp alone reads, and we do not", len(lost), 0),
        against_limit("codes: false reads on photographs without a code", false, 0),
    ]


def _says(data: bytes, texts: set[str]) -> bool:
    """Whether the bytes are one of the texts in some encoding; ends of lines and of the text apart."""
    said = set()
    for encoding in ("utf-8", "shift_jis", "cp1252", "latin-1"):
        try:
            said.add("".join(data.decode(encoding).split()))
        except UnicodeDecodeError:
            continue
    return bool(said & {"".join(text.split()) for text in texts if text})


def _window(folder: Path) -> list[Row]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.camera_window", str(folder / "film.avi")],
        cwd=ROOT, capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    said = json.loads(done.stdout)
    return [
        Row(
            name="codes: frames a second at 720p with the window alive", ours=said["frames_per_second"], peer=None,
            ratio=None, target="≥ 15", ok=said["frames_per_second"] >= 15,
        ),
        against_limit("codes: the window waits while the camera runs, p95 (ms)", said["wait_p95_ms"], 50),
    ]  # fmt: skip


def _timed(action: Callable[[], T]) -> tuple[T, float]:
    started = time.thread_time()
    result = action()
    return result, (time.thread_time() - started) * 1000


def _beside(name: str, ours: float, peer: float) -> Row:
    return Row(
        name=name,
        ours=round(ours, 2),
        peer=round(peer, 2),
        ratio=round(ours / peer, 3),
        target="told",
        ok=True,
    )


def _under(name: str, ours: float, peer: float, at_most: float) -> Row:
    return {**_beside(name, ours, peer), "target": f"≤ {at_most:g}", "ok": ours <= at_most}


def _p95(times: Sequence[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]
