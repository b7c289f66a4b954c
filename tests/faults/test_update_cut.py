"""An update that is killed at any of its writes leaves the edition before or the one after, never half of one."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from fieldkit.registry import publisher
from fieldkit.services import catalogue_file, catalogue_update
from fieldkit.services.profile import catalogue_path
from fieldkit.store import catalogue as store
from tests.services import press
from tests.services.press import Press

CUT = """
import os, sys
from pathlib import Path
from fieldkit.services import catalogue_update
import fieldkit.sync.published, fieldkit.importers.edition  # before the forks, once for all
left = 0
def counted(real):
    def call(*given, **named):
        global left
        left -= 1
        if left == 0:
            os._exit(9)
        done = real(*given, **named)
        left -= 1
        if left == 0:
            os._exit(9)
        return done
    return call
for where, name in ((os, "replace"), (os, "fsync"), (Path, "replace"), (Path, "write_bytes")):
    setattr(where, name, counted(getattr(where, name)))
for moment in sys.stdin:
    left = int(moment)
    child = os.fork()
    if not child:
        catalogue_update.update(Path(sys.argv[1]))
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""
MOST = 60


def held(folder: Path) -> set[tuple[str, object]]:
    """All facts of the catalogue in use."""
    return press.facts(store.whole(catalogue_file.opened(catalogue_path(folder))))


@contextmanager
def cutting(folder: Path) -> Iterator[Callable[[int], int]]:
    """Updates that end at their nth write, before it or after it; each tells how it ended."""
    with subprocess.Popen(
        [sys.executable, "-c", CUT, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as driver:
        asked, told = driver.stdin, driver.stdout
        assert asked is not None
        assert told is not None

        def cut(moment: int) -> int:
            print(moment, file=asked, flush=True)
            return int(told.readline())

        yield cut
        asked.close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="forks")
def test_a_laptop_killed_at_any_write_has_one_edition_or_the_other(tmp_path: Path) -> None:
    keeper = Press(tmp_path / "publications", tmp_path / "keys").begin()
    keeper.catalogue(press.small())
    folder = tmp_path / "profil"
    keeper.trusted_by(folder)
    catalogue_update.update(folder)
    whole = press.small(), press.later()
    cuts = 0
    outcomes = set()
    with cutting(folder) as cut:
        for moment in range(1, MOST):
            now, other = whole
            if held(folder) == press.facts(now):
                now, other = other, now
            keeper.catalogue(now)
            code = cut(moment)
            if code == 0:
                break
            assert code == 9
            cuts += 1
            after = held(folder)
            assert after in (press.facts(now), press.facts(other))
            outcomes.add(after == press.facts(now))
        else:
            raise AssertionError(f"an update has more than {MOST} writes")
    assert held(folder) == press.facts(now)
    assert cuts > 10
    assert outcomes == {True, False}


def test_a_keeper_killed_before_the_timestamp_has_published_nothing(tmp_path: Path) -> None:
    keeper = Press(tmp_path / "publications", tmp_path / "keys").begin()
    keeper.catalogue(press.small())
    timestamp = tmp_path / "publications" / "metadata" / "timestamp.json"
    before = timestamp.read_bytes()
    keeper.catalogue(press.later())
    timestamp.write_bytes(before)  # all was written but this
    folder = tmp_path / "profil"
    keeper.trusted_by(folder)
    assert catalogue_update.update(folder)["edition"]["number"] == 1
    assert keeper.catalogue(press.later()).number == 2
    assert catalogue_update.update(folder)["edition"]["number"] == 2
    assert publisher.status(keeper.folder)["editions"]["catalogue"]["number"] == 2
