"""The plug is pulled at any moment of a visit, in the real window: what was said to be saved is there, and nothing
is damaged or half."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from time import monotonic_ns
from typing import Any

import pytest

from fieldkit.services import visits
from fieldkit.services.profile import open_profile
from fieldkit.store.fieldwork import FieldStore
from tests.store.test_history import documents, replayed

A_FEW, MANY = 3, 500
SECOND = 1_000_000_000
STALL = SECOND // 2
"""A pause in typing that only a machine with no time for the window explains."""


@dataclass
class Told:
    """What a scripted person said until the plug was pulled."""

    typed: dict[int, tuple[str, int]] = field(default_factory=dict)
    """By number: the field, and when."""
    saved: int = 0
    turning: bool = False
    cut_at: int = 0

    def hear(self, line: str) -> None:
        """Take note of a line."""
        verb, *rest = line.split()
        if verb == "typed":
            self.typed[int(rest[1])] = (rest[0], int(rest[2]))
        elif verb == "saved":
            self.saved = int(rest[0])
        else:
            self.turning = verb == "turning"

    def older_than_a_second(self) -> set[int]:
        """The numbers that were typed more than a second before the end."""
        return {number for number, (_field, at) in self.typed.items() if at <= self.cut_at - SECOND}

    def stalled(self) -> bool:
        """Whether the machine had no time for the window in the last two seconds."""
        late = [at for _field, at in self.typed.values() if at > self.cut_at - 2 * SECOND]
        moments = [*late, self.cut_at]
        return any(after - before > STALL for before, after in pairwise(moments))


def test_a_visit_survives_a_few_cuts(profile: tuple[Path, Path]) -> None:
    cut_again_and_again(profile, A_FEW, random.Random(20261125), timed=False)


@pytest.mark.soak
def test_a_visit_survives_five_hundred_cuts(profile: tuple[Path, Path]) -> None:
    measured = cut_again_and_again(profile, MANY, random.Random(), timed=True)
    assert measured > MANY // 5  # else this machine is too busy to tell


def cut_again_and_again(profile: tuple[Path, Path], times: int, chance: random.Random, *, timed: bool) -> int:
    """Returns how often the machine had time enough to tell whether more than the last second is missing.

    Only where it is `timed` is that a fault.
    """
    measured = 0
    folder, passphrase = profile
    phrase = passphrase.read_text("utf-8").strip()
    for _time in range(times):
        before = open_profile(folder, phrase)
        visit, _practice = visits.new_visit(before.store, practice="Cabinet du Port")
        before.close()
        told = work_until_cut(folder, passphrase, visit, chance.randint(2, 90), str(chance.random()))
        after = open_profile(folder, phrase)  # looks at its soundness first
        assert_whole(after.store)
        if not told.turning:  # what is undone that very moment is not shown, and comes back with a redo
            there = numbers_in(after.store, visit)
            missing = {n for n in told.typed if n not in there[told.typed[n][0]]}
            assert not missing & set(range(1, told.saved + 1))
            if timed and not told.stalled():
                assert not missing & told.older_than_a_second()
                measured += 1
        visits.finalise(after.store, visit)  # nothing in it is in the way of going on
        after.close()
    return measured


def work_until_cut(folder: Path, passphrase: Path, visit: str, lines: int, seed: str) -> Told:
    """Let someone work until they have said so many things, and pull the plug."""
    arguments = [str(folder), str(passphrase), visit, seed]
    command = [sys.executable, "-m", "tests.ui.visits.scripted", *arguments]
    told = Told()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as person:
        assert person.stdout is not None
        for _line in range(lines):
            line = person.stdout.readline()
            assert line, f"the window ended by itself: {person.wait()}"
            told.hear(line)
        person.kill()
        told.cut_at = monotonic_ns()
        for line in person.stdout:  # what was said in the meantime
            if line.endswith("\n"):
                told.hear(line)
    return told


def assert_whole(store: FieldStore) -> None:
    """Every row is what the journal says, entry by entry."""
    told: dict[str, Any] = {}
    for (ops,) in store.database.execute("SELECT ops FROM outbox ORDER BY seq"):
        for op in json.loads(ops):
            key = f"{op['t']}:{op['i']}"
            told[key] = replayed(op, told.get(key, ({}, 0)))
    assert {key: kept for key, kept in told.items() if not kept[1]} == documents(store)


def numbers_in(store: FieldStore, visit: str) -> dict[str, set[int]]:
    """The numbers on the disk, by the field that they were typed in."""
    shown = visits.show_visit(store, visit)
    texts = {
        "practiceComment": [shown["practice"].get("comment")],
        "noteText": [note.get("text") for note in shown["notes"]],
        "obstacleText": [obstacle.get("text") for obstacle in shown["obstacles"]],
        "followUpText": [action.get("text") for action in shown["follow_ups"]],
    }
    return {name: {int(n) for text in found for n in (text or "").split()} for name, found in texts.items()}
