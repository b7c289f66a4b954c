"""Pictures of test codes as phones and cameras take them, the same at every run: for the benchmark and for tests."""

from __future__ import annotations

import string
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from fieldkit.hardware.scanner.symbol import Symbology, symbol

Gray = NDArray[np.uint8]
Rng = np.random.Generator

SIZES = {480: (854, 480), 720: (1280, 720), 1080: (1920, 1080)}
_LETTERS = string.ascii_letters + string.digits + " -_;:/"
_SCALE = 8
_FEWEST = 2.5
"""Pixels a module in the smallest code: under that no decoder is expected to read (hardware.md §2)."""


@dataclass(frozen=True)
class Frame:
    """A gray picture, and what the code in it says; None where there is none."""

    gray: Gray
    data: bytes | None


def frames(height: int, count: int, seed: int, symbology: Symbology = "qr") -> Iterator[Frame]:
    """`count` pictures of that height, each of one code: turned, tilted, blurred, noisy, glaring, small."""
    rng = np.random.default_rng((seed, height))
    for _number in range(count):
        text = "".join(rng.choice(list(_LETTERS), int(rng.integers(20, 220))))
        yield Frame(photograph(text, symbology, height, rng), text.encode())


def empty(height: int, count: int, seed: int) -> Iterator[Frame]:
    """`count` pictures of the same surroundings without a code."""
    rng = np.random.default_rng((seed, height, 1))
    for _number in range(count):
        yield Frame(_worn(surroundings(SIZES[height], rng), rng), None)


def photograph(text: str, symbology: Symbology, height: int, rng: Rng) -> Gray:
    """One picture of one code."""
    width, _height = size = SIZES[height]
    code = drawn(text, symbology, _SCALE)
    side = max(height * rng.uniform(0.3, 0.64), _FEWEST * code.shape[0] / _SCALE)
    scene = placed(
        surroundings(size, rng),
        code,
        (width / 2 + rng.normal(0, width / 16), height / 2 + rng.normal(0, height / 40)),
        side,
        float(rng.uniform(0, 360)),
        float(rng.uniform(0, 0.22)),
        rng,
    )
    return _worn(scene, rng)


def drawn(text: str, symbology: Symbology, scale: int) -> Gray:
    """The symbol, `scale` pixels a module; text that is not ASCII goes in as UTF-8."""
    pixels, side = symbol(text, symbology).gray(scale)
    return np.frombuffer(pixels, np.uint8).reshape(side, side)


def placed(
    scene: Gray, code: Gray, middle: tuple[float, float], side: float, turn: float, tilt: float, rng: Rng
) -> Gray:
    """`scene` with `code` laid on it: `side` pixels, turned by `turn` degrees, corners moved by up to `tilt`."""
    corners = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)], np.float32) * (side / 2)
    corners += rng.uniform(-tilt, tilt, (4, 2)).astype(np.float32) * side / 2
    angle = np.radians(turn)
    spun = corners @ np.array([(np.cos(angle), np.sin(angle)), (-np.sin(angle), np.cos(angle))], np.float32)
    there = (spun + np.array(middle, np.float32)).astype(np.float32)
    edge = code.shape[0]
    here = np.array([(0, 0), (edge, 0), (edge, edge), (0, edge)], np.float32)
    warp = cv2.getPerspectiveTransform(here, there)
    size = (scene.shape[1], scene.shape[0])
    # Shrunk with area averaging first, as a lens does; the warp alone would skip modules.
    laid = cv2.warpPerspective(code, warp, size, flags=cv2.INTER_AREA)
    mask = cv2.warpPerspective(np.full_like(code, 255), warp, size)
    return np.where(mask > 127, laid, scene).astype(np.uint8)


def surroundings(size: tuple[int, int], rng: Rng) -> Gray:
    """A desk: large shades, some edges, some print."""
    width, height = size
    coarse = rng.uniform(70, 210, (4, 6)).astype(np.float32)
    smooth = cv2.resize(coarse, size, interpolation=cv2.INTER_CUBIC)
    scene = np.clip(smooth, 0, 255).astype(np.uint8)
    for _thing in range(int(rng.integers(3, 9))):
        at = (int(rng.integers(0, width)), int(rng.integers(0, height)))
        to = (at[0] + int(rng.integers(20, width // 3)), at[1] + int(rng.integers(20, height // 3)))
        cv2.rectangle(scene, at, to, float(rng.uniform(30, 240)), -1)
    for _line in range(int(rng.integers(2, 9))):
        at = (int(rng.integers(0, width)), int(rng.integers(0, height)))
        words = "".join(rng.choice(list(string.ascii_letters + " "), 24))
        cv2.putText(scene, words, at, cv2.FONT_HERSHEY_SIMPLEX, float(rng.uniform(0.4, 1.2)), 40.0, 1)
    return scene


def _worn(scene: Gray, rng: Rng) -> Gray:
    """What optics, light and sensor do to it."""
    height, width = scene.shape
    picture: NDArray[Any] = scene.astype(np.float32)
    contrast = rng.uniform(0.3, 1.0)
    picture = (picture - 128) * contrast + 128 + rng.uniform(-40, 40)
    ys, xs = np.mgrid[0:height, 0:width].astype(np.float32)
    if rng.random() < 0.35:  # glare
        x, y, wide = (
            rng.uniform(0.25, 0.75) * width,
            rng.uniform(0.25, 0.75) * height,
            rng.uniform(0.06, 0.3) * height,
        )
        picture += rng.uniform(60, 170) * np.exp(-((xs - x) ** 2 + (ys - y) ** 2) / (2 * wide**2))
    if rng.random() < 0.4:  # a shadow across
        slope = np.clip((xs * rng.normal() + ys * rng.normal()) / width + 0.7, 0.45, 1.0)
        picture *= slope
    blur = height / 720 * abs(rng.normal(0, 1.6))
    if blur > 0.3:
        picture = cv2.GaussianBlur(picture, (0, 0), float(blur))
    if rng.random() < 0.3:  # a hand that moves
        length = int(height / 720 * rng.uniform(2, 9)) | 1
        kernel = np.zeros((length, length), np.float32)
        kernel[length // 2] = 1 / length
        turn = cv2.getRotationMatrix2D((length / 2 - 0.5, length / 2 - 0.5), float(rng.uniform(0, 180)), 1)
        kernel = np.asarray(cv2.warpAffine(kernel, turn, (length, length)), np.float32)
        picture = np.asarray(cv2.filter2D(picture, -1, kernel / max(float(kernel.sum()), 1e-6)))
    picture += rng.normal(0, abs(rng.normal(0, 3)), picture.shape)
    worn = np.clip(picture, 0, 255).astype(np.uint8)
    _done, packed = cv2.imencode(".jpg", worn, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(45, 92))])
    return np.asarray(cv2.imdecode(packed, cv2.IMREAD_GRAYSCALE), np.uint8)
