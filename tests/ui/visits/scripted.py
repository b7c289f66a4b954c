"""A person at a visit in the real window, until someone pulls the plug: `python -m tests.ui.visits.scripted`.

Arguments: profile, file with its passphrase, visit, seed. They type numbers, each in one of four fields, put a
note away and take it back, undo and redo. Standard output says what happened, a line at once for each:
`typed FIELD NUMBER MONOTONIC_NS`, `saved NUMBER` (the window says that all up to it is), `turning`, `turned`.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from pathlib import Path
from time import monotonic_ns
from typing import Any, Final

from PySide6.QtCore import QTimer
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPlainTextEdit

from fieldkit.ui import app
from fieldkit.ui.main_window import MainWindow
from fieldkit.ui.pages.visit.open import OpenVisit
from fieldkit.ui.pages.visits import VisitsPage

FIELDS: Final = {
    "practiceComment": "practice",
    "noteText": "notes",
    "obstacleText": "notes",
    "followUpText": "follow_ups",
}
"""Fields that are typed in, each with its step."""
_LOOK_MS: Final = 15


class Person:
    """Does one thing after another, as fast as the window lets them."""

    def __init__(self, window: MainWindow, visit: str, seed: str) -> None:
        self._window, self._visit = window, visit
        self._chance = random.Random(seed)
        self._typed = 0
        self._deeds = self._do()
        self._timer = QTimer(interval=_LOOK_MS)
        self._timer.timeout.connect(lambda: next(self._deeds))
        self._timer.start()

    def _do(self) -> Iterator[None]:
        """Yields wherever the window has to live on before the next deed."""
        while self._window.context.profile is None:
            yield
        self._window.open_page("visits", self._visit)
        page = self._window.page("visits")
        assert isinstance(page, VisitsPage)
        opened = page.open
        while not opened.desk.editable:
            yield
        opened.desk.moved.connect(lambda: self._tell_saved(opened))
        while True:
            field = self._chance.choice(list(FIELDS))
            opened.open_step(FIELDS[field])
            yield
            for _number in range(self._chance.randint(1, 12)):
                self._type(opened, field)
                yield
            if self._chance.random() < 0.3:
                yield from self._turn(opened)

    def _type(self, opened: OpenVisit, field: str) -> None:
        control = opened.findChild(QPlainTextEdit, field)
        assert control is not None
        control.setFocus()
        control.moveCursor(QTextCursor.MoveOperation.End)
        self._typed += 1
        QTest.keyClicks(control, f"{self._typed} ")
        tell("typed", field, self._typed, monotonic_ns())

    def _turn(self, opened: OpenVisit) -> Iterator[None]:
        """Undo, and do it again."""
        while opened.desk.unsaved or not opened.turns.undo.isEnabled():
            yield
        tell("turning")
        opened.turns.undo.click()
        while not opened.turns.redo.isEnabled():
            yield
        opened.turns.redo.click()
        while opened.turns.redo.isEnabled():
            yield
        tell("turned")

    def _tell_saved(self, opened: OpenVisit) -> None:
        if not opened.desk.unsaved and not opened.desk.refused:
            tell("saved", self._typed)


def tell(*words: Any) -> None:
    """Say it at once: there may be no later."""
    print(*words, flush=True)


def main() -> None:
    """Open the window and begin."""
    profile, passphrase, visit, seed = sys.argv[1:]
    people: list[Person] = []
    app.main(
        Path(profile), Path(passphrase), on_painted=lambda window: people.append(Person(window, visit, seed))
    )


if __name__ == "__main__":
    main()
