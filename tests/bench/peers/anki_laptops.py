"""Two laptops of Anki on its own sync server: run by the Python that has `anki`, one stage for each line it is told.

`anki_laptops.py ENDPOINT FOLDER RECORDS CHANGES ROUNDS`; a stage answers `{records, seconds}`. A note is two
records: itself and its card.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

from anki.collection import AddNoteRequest, Collection


class Laptop:
    """A collection, and the way to its server."""

    def __init__(self, folder: Path, name: str, endpoint: str) -> None:
        self.col = Collection(str(folder / f"{name}.anki2"))
        self.auth = self.col.sync_login("anne", "secret", endpoint)

    def whole(self, *, upload: bool) -> None:
        """Send or take everything, as two that never met have to."""
        self.col.close_for_full_sync()
        self.col.full_upload_or_download(auth=self.auth, server_usn=None, upload=upload)
        self.col.reopen(after_full_sync=True)

    def sync(self) -> float:
        """Synchronise; the seconds it took."""
        began = time.perf_counter()
        done = self.col.sync_collection(self.auth, sync_media=False)
        took = time.perf_counter() - began
        assert done.required == done.NO_CHANGES, done.required
        return took


def main(endpoint: str, folder: Path, records: int, changes: int, rounds: int) -> None:
    """Prepare and measure each stage."""
    one, other = Laptop(folder, "one", endpoint), Laptop(folder, "other", endpoint)
    one.whole(upload=True)
    other.whole(upload=False)
    kind = one.col.models.by_name("Basic")
    assert kind is not None
    notes: list[Any] = []
    for number in range(records // 2):
        note = one.col.new_note(kind)
        note.fields = [f"Cabinet {number}", "Laval"]
        notes.append(note)
    one.col.add_notes([AddNoteRequest(note, one.col.decks.id("Default")) for note in notes])

    def stage(name: str) -> tuple[int, float]:
        if name == "push":
            return records, one.sync()
        if name == "pull":
            return records, other.sync()
        if name == "change":
            for number, note in enumerate(notes[:changes]):
                note.fields[1] = f"Le Mans {number}"
            one.col.update_notes(notes[:changes])
            return changes, one.sync()
        return rounds, min(one.sync() for _round in range(rounds))

    print(json.dumps("ready"), flush=True)
    for line in sys.stdin:
        name, address = line.split()
        one.auth.endpoint = other.auth.endpoint = address + "/"
        count, seconds = stage(name)
        print(json.dumps({"records": count, "seconds": seconds}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), *map(int, sys.argv[3:6]))
