"""The page of the directory, scrolled from end to end; prints the time of a repaint and what memory it took."""

from __future__ import annotations

import gc
import json
import random
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import cast

import psutil
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from fieldkit.hardware.simulated import SimulatedScard
from fieldkit.settings import Settings
from fieldkit.ui import theme
from fieldkit.ui.main_window import MainWindow
from fieldkit.ui.pages.base import Context
from fieldkit.ui.pages.directory import DirectoryPage
from fieldkit.ui.runner import Runner

JUMPS = 150
STEPS = 10


def until(condition: Callable[[], object]) -> None:
    """Let the window live until `condition` holds."""
    while not condition():
        loop = QEventLoop()
        QTimer.singleShot(1, loop.quit)
        loop.exec()


def resident() -> float:
    """Megabytes of memory in use."""
    gc.collect()
    return float(psutil.Process().memory_info().rss) / 2**20


def main(folder: Path) -> None:
    """Jump all over the list, and from each place scroll on a little."""
    app = QApplication(sys.argv[:1])
    theme.apply(app, "light", 100)
    context = Context(folder, Runner(), Settings(), SimulatedScard())
    window = MainWindow(context)
    window.show()
    window.open_page("directory")
    page = cast(DirectoryPage, window.page("directory"))
    until(lambda: page.model.rowCount() > 0 and page.model.complete)
    whole = page.model.rowCount()
    page.model.show([])
    app.processEvents()
    empty = resident()
    page._look_up()
    until(lambda: page.model.rowCount() == whole and page.model.complete)
    bar, view = page.results.verticalScrollBar(), page.results.viewport()
    chance = random.Random(20261125)
    times: list[float] = []

    def repaint() -> None:
        started = time.perf_counter()
        view.repaint()
        times.append((time.perf_counter() - started) * 1000)

    for _jump in range(JUMPS):
        bar.setValue(chance.randrange(bar.maximum() + 1))
        repaint()  # before the lines are there
        until(lambda: page.model.complete)
        for _step in range(STEPS):
            bar.setValue(bar.value() + 120)
            repaint()
    told = {
        "rows": whole,
        "repaint_p95_ms": statistics.quantiles(times, n=20)[-1],
        "memory_mb": resident() - empty,
    }
    print(json.dumps(told))
    window.close()
    context.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
