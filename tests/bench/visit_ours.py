"""Open a large visit in the real window, scroll through it, print its report; prints what it took, as JSON.

The visit has 200 notes, 100 photos and 20 workstations. Times are in milliseconds.
"""

from __future__ import annotations

import json
import random
import statistics
import sys
import time
from pathlib import Path

from PySide6.QtWidgets import QApplication

from fieldkit.photos import clean
from fieldkit.services import photos, reports, visits
from fieldkit.store.fieldwork import FieldStore
from fieldkit.ui.main_window import MainWindow
from fieldkit.ui.pages.visit.notes import NotesStep
from fieldkit.ui.pages.visits import VisitsPage
from tests.photos import pictures
from tests.ui.conftest import open_window, until

NOTES, PHOTOS, WORKSTATIONS, COMMON_PHOTOS = 200, 100, 20, 4
OPENINGS = 7
FRAMES = 60


def main(folder: Path) -> None:
    """Make the visits, measure, and say so."""
    app = QApplication([])
    window = open_window(folder)
    profile = window.context.profile
    assert profile is not None
    large, common = make_large(profile.store), make_common(profile.store)
    print(json.dumps({**in_the_window(window, app, large, common), **on_paper(profile.store, large, common)}))
    window.close()
    window.context.close()


def in_the_window(window: MainWindow, app: QApplication, large: str, common: str) -> dict[str, float]:
    """Milliseconds to open the large visit at its fullest step, and for one repaint of it (95th percentile)."""
    window.open_page("visits", common)
    page = window.page("visits")
    assert isinstance(page, VisitsPage)
    until(lambda: page.open.desk.editable)
    times = [_open(page, large, common) for _opening in range(OPENINGS)]
    until(lambda: not window.context.runner.busy)
    bar = page.open._area.verticalScrollBar()
    notes = page.open._steps["notes"]
    assert isinstance(notes, NotesStep)
    inner = [notes.notes.list.verticalScrollBar(), notes.photos.list.verticalScrollBar()]
    frames = []
    for frame in range(FRAMES):
        for moving in (bar, *inner):
            moving.setValue(round(moving.maximum() * frame / (FRAMES - 1)))
        app.processEvents()
        start = time.perf_counter()
        window.repaint()
        frames.append((time.perf_counter() - start) * 1000)
    frames.sort()
    return {
        "open": statistics.median(times),
        "repaint": frames[round(0.95 * (len(frames) - 1))],
    }


def _open(page: VisitsPage, large: str, common: str) -> float:
    page.open.open(common)
    until(lambda: page.open._shown is not None and page.open._shown["id"] == common)
    until(lambda: not page.context.runner.busy)
    start = time.perf_counter()
    page.open.open(large)
    page.open.open_step("notes")
    while page.open._shown is None or page.open._shown["id"] != large:
        QApplication.processEvents()
    page.open.repaint()
    return (time.perf_counter() - start) * 1000


def on_paper(store: FieldStore, large: str, common: str) -> dict[str, float]:
    """Milliseconds for the report on a common visit, and on the large one, PDF written."""
    found = {}
    for name, visit in (("report", common), ("large report", large)):
        times = []
        for _time in range(3):
            start = time.perf_counter()
            reports.pdf(reports.material(store, visit))
            times.append((time.perf_counter() - start) * 1000)
        found[name] = statistics.median(times)
    return found


def make_large(store: FieldStore) -> str:
    """The large visit."""
    visit, _practice = visits.new_visit(store, practice="Maison de santé des Remparts")
    for number in range(WORKSTATIONS):
        facts = {"name": f"Poste {number}", "os": "windows", "software": "Vega", "addendum": 7 + number % 2}
        visits.set_workstation(store, visit, None, facts)
    for number in range(NOTES):
        visits.add_part(
            store, visit, "note", {"text": f"Note {number} : " + "le routeur est à la cave. " * 8}
        )
    lot = random.Random(1)
    for number in range(PHOTOS):
        photos.add(store, visit, photo(lot), f"Photo {number}")
    return visit


def make_common(store: FieldStore) -> str:
    """One as most are."""
    visit, _practice = visits.new_visit(store, practice="Cabinet des Tilleuls")
    visits.set_workstation(store, visit, None, {"name": "Accueil", "os": "windows", "software": "Vega"})
    visits.add_part(store, visit, "note", {"text": "Le routeur est à la cave."})
    lot = random.Random(2)
    for number in range(COMMON_PHOTOS):
        photos.add(store, visit, photo(lot), f"Photo {number}")
    return visit


def photo(lot: random.Random) -> photos.Photo:
    """A photo of the usual size, unlike any other."""
    image = pictures.scene(2048, 1536)
    for _patch in range(200):
        x, y, side = lot.randrange(2048), lot.randrange(1536), lot.randrange(20, 200)
        image.paste((lot.randrange(256), lot.randrange(256), lot.randrange(256)), (x, y, x + side, y + side))
    return clean.encode(clean.Picture(image.width, image.height, image.tobytes()))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
