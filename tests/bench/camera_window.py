"""The picture bench on a film at 720p, in a window of its own: prints frames a second and how long the window waits."""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path

SECONDS = 5.0
TICK_MS = 10
FRAMES = 120


def main() -> int:
    """Play the film through the bench for `SECONDS`."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication

    from fieldkit.hardware.scanner import testcode
    from fieldkit.settings import Settings
    from fieldkit.ui.pages.base import Context
    from fieldkit.ui.runner import Runner
    from fieldkit.ui.widgets.scan_picture import PictureBench
    from tests.hardware.scanner import films

    text = testcode.new().text
    scenes = [films.scene(text, at=0.3 + 0.003 * n, turn=3 * n) for n in range(FRAMES)]
    where = films.film(Path(sys.argv[1]), scenes * 8, rate=60)  # faster than a camera: nothing waits for it
    app = QApplication([])
    with tempfile.TemporaryDirectory() as folder:
        context = Context(Path(folder), Runner(), Settings())
        bench = PictureBench(context)
        bench.resize(1000, 600)
        bench.show()
        bench.cameras.addItem("film", where)
        bench.cameras.setCurrentIndex(bench.cameras.count() - 1)
        times: list[float] = []
        ticks: list[float] = []
        bench._live.saw.connect(lambda _sight: times.append(time.monotonic()))
        tick = QTimer(app, interval=TICK_MS)
        tick.timeout.connect(lambda: ticks.append(time.monotonic()))
        tick.start()
        bench.start()
        end = QTimer(app, interval=50)
        end.timeout.connect(lambda: app.quit() if times and time.monotonic() - times[0] > SECONDS else None)
        end.start()
        app.exec()
        context.runner.shutdown()
    waits = [(after - before) * 1000 for before, after in pairwise(ticks)]
    rate = (len(times) - 1) / (times[-1] - times[0])
    p95 = statistics.quantiles(waits, n=20)[-1]
    print(json.dumps({"frames_per_second": round(rate, 1), "wait_p95_ms": round(p95, 1)}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
