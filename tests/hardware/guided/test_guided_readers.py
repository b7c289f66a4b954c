"""A whole guided run on either back end: the real pcscd, and readers on paper."""

from __future__ import annotations

from itertools import count

from fieldkit.hardware.guided.run import ROUNDS, GuidedRun
from fieldkit.hardware.guided.subject import subjects
from fieldkit.hardware.guided.verdict import judge
from fieldkit.hardware.pcsc.bench import Bench
from tests.hardware.pcsc.backends import CPS3, VITALE, Backend, Real
from tests.hardware.pcsc.conftest import backend
from tests.hardware.pcsc.watching import Watching

__all__ = ["backend"]


class Feeding(Watching):
    """A watch that feeds a guided run; each bench comes two seconds after the one before, by the run's clock."""

    def __init__(self, backend: Backend) -> None:
        self.run: GuidedRun | None = None
        self._clock = count(step=2)
        super().__init__(backend.scard)

    def _on_bench(self, bench: Bench) -> None:
        with self._told:
            if self.run is not None:
                self.run.see(bench, next(self._clock))
            super()._on_bench(bench)

    def begin(self) -> GuidedRun:
        """Start the run on the readers that are there."""
        with self._told:
            self.run = GuidedRun(subjects(self.bench)[0], self.bench, next(self._clock))
            return self.run


def test_a_guided_run_with_two_cards(backend: Backend) -> None:
    with Feeding(backend) as watching:
        run = watching.begin()
        for _round in range(ROUNDS):
            watching.until(lambda: (run.step.act, run.step.card) == ("insert", 0))
            backend.insert(0, CPS3)
            watching.until(lambda: (run.step.act, run.step.card) == ("insert", 1))
            backend.insert(1, VITALE)
            watching.until(lambda: run.step.act == "remove")
            backend.remove(0)
            backend.remove(1)
            watching.until(lambda: run.step.act != "remove")
    assert run.done
    verdict = judge(run.tally)
    assert (verdict.result, verdict.reasons) == ("good", ())
    assert [(slot.insertions, slot.answered, slot.families) for slot in run.tally.slots.values()] == [
        (5, 5, {"cps3"}),
        (5, 5, {"vitale2"}),
    ]
    assert all(len(slot.times) == 5 for slot in run.tally.slots.values())
    if isinstance(backend, Real):
        assert all(card.commands == [] for card in backend.cards)
