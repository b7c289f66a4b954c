"""The real client and the real registry over HTTP, in any order of edits, cuts, kills, copied disks and restores.

The promises are those of `sync.md`, checked from outside by `tests.sync.promises`; on SQLite and on PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from tests.registry.live import LiveRegistry, sqlite_url
from tests.registry.postgres import is_installed, postgres
from tests.soak import rounds
from tests.sync.keeper import hurried_registry
from tests.sync.world import FIELDS, MINUTES, PATHS, World

WHO = st.integers(0, 3)
WHICH = st.integers(0, 5)
LINE = st.integers(0, 2)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def registry(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LiveRegistry]:
    """One registry for all examples, on each database in turn."""
    if request.param == "sqlite":
        with hurried_registry(sqlite_url(tmp_path_factory.mktemp("registry"))) as running:
            yield running
        return
    if not is_installed():
        pytest.skip("PostgreSQL is not installed")
    with postgres() as url, hurried_registry(url) as running:
        yield running


class Exchanging(RuleBasedStateMachine):
    """Two delegates, one with two laptops, and copies of their disks."""

    registry: LiveRegistry

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.world = World(self.registry, Path(self.folder.name))

    @initialize()
    def begin(self) -> None:
        self.world.create(0)
        for who in (0, 1, 2):
            self.world.exchange(who)

    @rule(who=WHO, private=st.booleans())
    def create(self, who: int, private: bool) -> None:
        self.world.create(self.of(who), private)

    @rule(who=WHO)
    def create_elsewhere(self, who: int) -> None:
        self.world.create_elsewhere(self.of(who))

    @rule(who=WHO, which=WHICH, field=st.integers(0, len(FIELDS) - 1), line=LINE)
    def edit(self, who: int, which: int, field: int, line: int) -> None:
        self.world.edit(self.of(who), which, field, line)

    @rule(who=WHO, which=WHICH)
    def visit(self, who: int, which: int) -> None:
        self.world.visit(self.of(who), which)

    @rule(who=WHO, which=WHICH, line=LINE)
    def note(self, who: int, which: int, line: int) -> None:
        self.world.note(self.of(who), which, line)

    @rule(who=WHO, which=WHICH)
    def finalise(self, who: int, which: int) -> None:
        self.world.finalise(self.of(who), which)

    @rule(who=WHO, which=WHICH)
    def attach(self, who: int, which: int) -> None:
        self.world.attach(self.of(who), which)

    @rule(who=WHO, which=WHICH, back=st.booleans())
    def archive(self, who: int, which: int, back: bool) -> None:
        self.world.archive(self.of(who), which, back)

    @rule(who=WHO, which=WHICH, again=st.booleans())
    def undo(self, who: int, which: int, again: bool) -> None:
        self.world.undo(self.of(who), which, again)

    @rule(who=WHO, which=WHICH, choice=st.sampled_from(["ours", "theirs"]))
    def settle(self, who: int, which: int, choice: str) -> None:
        self.world.settle(self.of(who), which, choice)

    @rule(who=WHO, which=WHICH)
    def set_aside(self, who: int, which: int) -> None:
        self.world.set_aside(self.of(who), which)

    @rule(who=WHO)
    def take_back(self, who: int) -> None:
        self.world.take_back(self.of(who))

    @rule(who=WHO, which=WHICH)
    def send_again(self, who: int, which: int) -> None:
        self.world.send_again(self.of(who), which)

    @rule(who=WHO)
    def exchange(self, who: int) -> None:
        self.world.exchange(self.of(who))

    @rule(who=WHO, path=st.sampled_from(PATHS), answered=st.booleans())
    def cut(self, who: int, path: str, answered: bool) -> None:
        self.world.cut(self.of(who), path, answered)

    @rule(who=WHO, call=st.integers(1, 12))
    def kill_client(self, who: int, call: int) -> None:
        self.world.kill(self.of(who), call)

    @rule(who=WHO, commit=st.integers(1, 4))
    def kill_server(self, who: int, commit: int) -> None:
        self.world.abandon(self.of(who), commit)

    @rule(who=WHO, minutes=st.sampled_from(MINUTES))
    def turn_clock(self, who: int, minutes: int) -> None:
        self.world.turn_clock(self.of(who), minutes)

    @rule(minutes=st.sampled_from(MINUTES))
    def turn_registry_clock(self, minutes: int) -> None:
        self.world.turn_registry_clock(minutes)

    @rule(who=WHO)
    def copy_disk(self, who: int) -> None:
        self.world.copy_disk(self.of(who))

    @rule(who=WHO)
    def save_disk(self, who: int) -> None:
        self.world.save_disk(self.of(who))

    @rule(who=WHO)
    def put_back_disk(self, who: int) -> None:
        self.world.put_back_disk(self.of(who))

    @rule()
    def back_up(self) -> None:
        self.world.back_up()

    @rule()
    def restore(self) -> None:
        self.world.restore()

    @rule(who=WHO)
    def restore_meanwhile(self, who: int) -> None:
        self.world.restore_meanwhile(self.of(who))

    @rule(who=WHO)
    def revoke(self, who: int) -> None:
        self.world.revoke(self.of(who))

    @rule(who=WHO, which=WHICH)
    def erase(self, who: int, which: int) -> None:
        self.world.erase(self.of(who), which)

    def of(self, who: int) -> int:
        return who % len(self.world.laptops)

    def teardown(self) -> None:
        try:
            self.world.converge()
            self.world.check()
        finally:
            self.world.close()
            self.folder.cleanup()


def prove(registry: LiveRegistry, examples: int, steps: int, *phases: Phase) -> None:
    """Run the machine on a registry."""
    how = settings(
        max_examples=examples, stateful_step_count=steps, phases=phases, database=None, print_blob=False
    )
    machine = type("Here", (Exchanging,), {"registry": registry})
    run_state_machine_as_test(machine, settings=settings(how, suppress_health_check=list(HealthCheck)))


def test_every_promise_is_kept(registry: LiveRegistry) -> None:
    prove(registry, 12, 30, Phase.generate)


@pytest.mark.soak
def test_every_promise_is_kept_for_as_long_as_one_cares_to_look(registry: LiveRegistry) -> None:
    for _round in rounds(1 / 2):  # on each of two databases
        prove(registry, 50, 60, Phase.generate, Phase.shrink)
