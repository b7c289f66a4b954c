"""Random pictures and bytes through every decoder, in a process that may die: `python -m … COUNT SEED`.

Prints the number of each case before it runs it, so that the one that ended the process is known and can be run
again alone; prints "done" at the end.
"""

from __future__ import annotations

import sys

import cv2
import numpy as np

from fieldkit.hardware.scanner.decoders import rescue, zbar
from fieldkit.hardware.scanner.decoders.chain import LiveChain, StillChain
from fieldkit.hardware.scanner.decoders.eci import declared_text
from fieldkit.hardware.scanner.decoders.seam import Decoder
from fieldkit.hardware.scanner.decoders.zxing import ZxingCpp
from fieldkit.hardware.scanner.sight import pictures
from tests.bench.phone_frames import Gray, Rng, drawn

_HEADS = (
    b"",
    b"\xff\xd8\xff\xe0",
    b"\x89PNG\r\n\x1a\n",
    b"GIF89a",
    b"BM",
    b"RIFF\0\0\0\0WEBP",
    b"II*\0",
    b"P5 9 9 255\n",
)


def decoders() -> list[Decoder]:
    """Every decoder behind the seam."""
    second = zbar.second_opinion()
    return [
        ZxingCpp(),
        rescue.sharpened(),
        rescue.equalised(),
        *([second] if second else []),
        StillChain(),
        LiveChain(),
    ]


def picture(rng: Rng, symbols: list[Gray]) -> Gray:
    """Noise, blocks, stripes, or a symbol that was cut, bent, inverted or scribbled on; of any small size."""
    height, width = (int(side) for side in rng.integers(1, 160, 2))
    kind = int(rng.integers(0, 5))
    if kind == 0:
        return rng.integers(0, 256, (height, width), np.uint8)
    if kind == 1:
        coarse = (rng.random((height // 4 + 1, width // 4 + 1)) < 0.5).astype(np.uint8) * 255
        return np.repeat(np.repeat(coarse, 4, 0), 4, 1)
    if kind == 2:
        return np.resize(np.frombuffer(rng.bytes(int(rng.integers(1, 64))), np.uint8), (height, width))
    symbol = symbols[int(rng.integers(0, len(symbols)))].copy()
    x, y = (int(at) for at in rng.integers(0, symbol.shape[0], 2))
    size = int(rng.integers(1, symbol.shape[0]))
    if kind == 3:  # scribbled on
        patch = symbol[y : y + size // 3, x : x + size // 3]
        patch[...] = rng.integers(0, 256, patch.shape, np.uint8)
        return symbol if rng.random() < 0.8 else 255 - symbol
    return np.ascontiguousarray(symbol[y : y + size, x : x + size])  # cut


def case(number: int, seed: int, every: list[Decoder], symbols: list[Gray]) -> None:
    """One random thing through what it could reach."""
    rng = np.random.default_rng((seed, number))
    if number % 4 == 3:
        data = _HEADS[number // 4 % len(_HEADS)] + rng.bytes(int(rng.integers(0, 300)))
        declared_text(data)
        try:
            made = pictures.pixels(data)
        except pictures.RefusedError:
            return
        gray = np.asarray(cv2.cvtColor(made, cv2.COLOR_BGR2GRAY), np.uint8)
    else:
        gray = picture(rng, symbols)
    for code in every[number // 4 % len(every)].look(gray).codes:
        assert isinstance(code.data, bytes)
        assert code.text is None or code.text.encode("utf-8", "surrogatepass") is not None


def main() -> int:
    """Run COUNT cases from SEED on."""
    count, seed = int(sys.argv[1]), int(sys.argv[2])
    first = int(sys.argv[3]) if len(sys.argv) > 3 else 0
    cv2.setNumThreads(1)
    every = decoders()
    symbols = [
        drawn("FK1;" + "x" * length, kind, 3) for length in (1, 40, 200) for kind in ("qr", "datamatrix")
    ]
    for number in range(first, first + count):
        print(number, flush=True)
        case(number, seed, every, symbols)
    print("done", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
