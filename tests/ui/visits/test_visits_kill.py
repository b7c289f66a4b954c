"""The power goes off once a note is said to be saved, a second after its last letter: it is there at the next start."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

from fieldkit.services import visits
from fieldkit.services.profile import open_profile

PROGRAM = '''
import os, signal, sys
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from fieldkit.ui import app

profile, passphrase, visit, text = sys.argv[1:]
letters = list(text)


def begin(window):
    """Open the visit as soon as the field data are."""
    if window.context.profile is None:
        return QTimer.singleShot(20, lambda: begin(window))
    window.open_page("visits", visit)
    go_to_notes(window.page("visits").open)


def go_to_notes(opened):
    if not opened.desk.editable:
        return QTimer.singleShot(20, lambda: go_to_notes(opened))
    opened.open_step("notes")
    type_on(opened)


def type_on(opened):
    if letters:
        QTest.keyClicks(QApplication.focusWidget(), letters.pop(0))
        QTimer.singleShot(30, lambda: type_on(opened))
    else:
        QTimer.singleShot(1000, lambda: cut(opened))


def cut(opened):
    """Within the second, but for a machine that has no time for the window."""
    if opened.desk.unsaved:
        return QTimer.singleShot(20, lambda: cut(opened))
    os.kill(os.getpid(), signal.SIGKILL)


app.main(Path(profile), Path(passphrase), on_painted=begin)
'''

TEXT = "Deux lecteurs a remplacer, rappeler jeudi avant midi"


def test_what_was_typed_survives_a_kill(profile: tuple[Path, Path]) -> None:
    folder, passphrase = profile
    phrase = passphrase.read_text("utf-8").strip()
    opened = open_profile(folder, phrase)
    visit, _practice = visits.new_visit(opened.store, practice="Cabinet du Port")
    visits.add_part(opened.store, visit, "note", {"text": "La première"})
    opened.close()
    command = [sys.executable, "-c", PROGRAM, str(folder), str(passphrase), visit, TEXT]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=90, check=False)
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    again = open_profile(folder, phrase)
    notes = [note["text"] for note in visits.show_visit(again.store, visit)["notes"]]
    again.close()
    assert notes == ["La première", TEXT]
