"""A process that writes is killed again and again: what it said was saved is there, and nothing half."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from fieldkit.store.fieldwork import FieldStore
from tests.conftest import KEY
from tests.soak import rounds

KILLS = 12
WRITER = """
import sys
from pathlib import Path
from fieldkit.store.fieldwork import FieldStore
store = FieldStore.open(Path(sys.argv[1]), sys.argv[2])
for n in range(10_000):
    with store.changeset(f"Cabinet {n}") as c:
        practice = c.create("practice", "dept:72", {"name": f"Cabinet {n}"})
        visit = c.create("visit", "dept:72", {"practice": practice, "state": "draft"})
        c.create("note", "dept:72", {"visit": visit, "text": "note " * 50})
    print(n, flush=True)
"""


def test_what_was_said_to_be_saved_survives_and_nothing_is_half(tmp_path: Path) -> None:
    _cut_again_and_again(tmp_path, range(KILLS), random.Random(20261122))


@pytest.mark.soak
def test_it_survives_for_as_long_as_one_cares_to_look(tmp_path: Path) -> None:
    for n in rounds(1 / 6):
        folder = tmp_path / str(n)
        folder.mkdir()
        _cut_again_and_again(folder, range(KILLS), random.Random())


def _cut_again_and_again(tmp_path: Path, kills: range, chance: random.Random) -> None:
    saved = 0
    for _kill in kills:
        saved += _write_until_killed(tmp_path / "field.db", lines=chance.randint(1, 25))
        store = FieldStore.open(tmp_path / "field.db", KEY)  # checks its soundness
        practices, visits, notes = (store.of(kind) for kind in ("practice", "visit", "note"))
        entries = [
            json.loads(ops) for (ops,) in store.database.execute("SELECT ops FROM outbox ORDER BY seq")
        ]
        assert len(practices) == len(visits) == len(notes) == len(entries) >= saved
        assert {op["i"] for ops in entries for op in ops} == {r.id for r in (*practices, *visits, *notes)}
        saved = len(practices)
        store.close()


def _write_until_killed(path: Path, lines: int) -> int:
    command = [sys.executable, "-c", WRITER, str(path), KEY]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=os.environ) as writer:
        assert writer.stdout is not None
        for _line in range(lines):
            writer.stdout.readline()
        writer.kill()
    return lines
