"""Films and streams that stand for a camera: a code that moves, and an MJPEG stream on the loopback address."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import cv2
import numpy as np

from fieldkit.hardware.scanner.symbol import Symbology
from tests.bench.phone_frames import Gray, drawn, placed, surroundings

SIZE = (1280, 720)


def scene(
    text: str, symbology: Symbology = "qr", *, at: float = 0.5, side: float = 300, turn: float = 0
) -> Gray:
    """A frame with one code: `at` of the width, `side` pixels, turned by `turn` degrees."""
    rng = np.random.default_rng(7)
    desk = surroundings(SIZE, rng)
    middle = (SIZE[0] * at, SIZE[1] / 2)
    return placed(desk, drawn(text, symbology, 8), middle, side, turn, 0.0, rng)


def desk() -> Gray:
    """A frame without a code."""
    return surroundings(SIZE, np.random.default_rng(7))


def blurred(gray: Gray, sigma: float) -> Gray:
    """Out of focus."""
    return np.asarray(cv2.GaussianBlur(gray, (0, 0), sigma), np.uint8)


def dim(gray: Gray, light: float) -> Gray:
    """With so little light that the sensor's noise shows."""
    noise = np.random.default_rng(3).normal(0, 2, gray.shape)
    return np.clip(gray * light + noise, 0, 255).astype(np.uint8)


def film(path: Path, frames: Sequence[Gray], rate: float = 25) -> str:
    """A video file of these frames."""
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), rate, SIZE)
    assert writer.isOpened()
    for frame in frames:
        writer.write(cv2.cvtColor(frame, cv2.COLOR_GRAY2BGR))
    writer.release()
    return str(path)


@contextmanager
def stream(next_frame: Callable[[], Gray | None]) -> Iterator[str]:
    """The address of an MJPEG stream that asks `next_frame` for each frame, until it gives None."""
    over = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
            self.end_headers()
            try:
                while not over.is_set() and (frame := next_frame()) is not None:
                    packed = cv2.imencode(".jpg", frame)[1].tobytes()
                    head = f"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: {len(packed)}\r\n\r\n"
                    self.wfile.write(head.encode() + packed + b"\r\n")
            except OSError:
                pass  # the reader left

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        over.set()
        server.shutdown()
        server.server_close()
        thread.join()
