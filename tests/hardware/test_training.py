"""The scenarios of training: each can be read, plays for ever, and shows what its title says."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from fieldkit import i18n
from fieldkit.errors import KnownError
from fieldkit.hardware import simulated, training
from fieldkit.hardware.guided.run import GuidedRun
from fieldkit.hardware.guided.subject import subjects
from fieldkit.hardware.guided.verdict import judge
from fieldkit.hardware.pcsc import scard
from fieldkit.hardware.pcsc.ledger import Ledger, Sighting
from fieldkit.hardware.pcsc.monitor import Monitor
from fieldkit.hardware.simulated import SimulatedScard, Step
from fieldkit.hardware.training import TrainingScard
from fieldkit.paths import resource

NAMES = sorted(file.stem for file in resource("training").glob("*.json"))


class Clock:
    """The time of simulated readers, which passes when told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock in the place of the simulated readers' own."""
    made = Clock()
    monkeypatch.setattr(simulated, "monotonic", made)
    return made


def states(service: SimulatedScard) -> list[str]:
    """The slots as a first look sees them now."""
    bench = Monitor(service).look()
    return [slot.state for slot in bench.readers] if bench.service == "running" else [bench.service]


@pytest.mark.parametrize("name", NAMES)
def test_every_scenario_plays_again_and_again(name: str, clock: Clock) -> None:
    scenario = training.load(name)
    service = TrainingScard(scenario)
    length = sum(step.after for step in scenario.script)
    seen = list[tuple[str, ...]]()
    for _second in range(int(2 * length) + 2):
        seen.append(tuple(states(service)))
        clock.now += 1
    assert len(set(seen)) > (name != "blind")


@pytest.mark.parametrize("name", NAMES)
def test_every_scenario_is_told_in_both_languages(name: str) -> None:
    raw = json.loads(resource("training", f"{name}.json").read_text("utf-8"))
    for words in (raw["title"], raw["about"]):
        assert set(words) == set(i18n.LANGUAGES)
        assert all(words.values())
    scenario = training.load(name)
    assert scenario.title == raw["title"]["fr"]
    i18n.use("en")
    assert scenario.about == raw["about"]["en"]


def test_scenarios_come_in_their_order() -> None:
    assert training.scenarios()[0].id == "two-slots"
    assert len({scenario.order for scenario in training.scenarios()}) == len(NAMES)


def test_a_scenario_that_is_not_there_names_those_that_are() -> None:
    with pytest.raises(KnownError, match="n'existe pas") as refused:
        training.load("perfect")
    assert refused.value.code == "training-unknown"
    assert "flaky" in refused.value.hint


@pytest.mark.parametrize(
    ("name", "result", "codes"),
    [
        ("two-slots", "good", set[str]()),
        ("contactless", "good", set[str]()),
        ("swapped", "good", set[str]()),
        ("flaky", "unstable", {"mute", "cut", "slow"}),
        ("blind", "not-tested", {"nothing", "missed", "few"}),
    ],
)
def test_what_a_guided_test_finds_in_it(name: str, result: str, codes: set[str], clock: Clock) -> None:
    verdict = judge(watched(TrainingScard(training.load(name)), clock).tally)
    assert verdict.result == result
    assert {reason.code for reason in verdict.reasons} == codes


def watched(service: TrainingScard, clock: Clock) -> GuidedRun:
    """A guided run in which the script is the person, from its beginning to its end."""
    ledger, run = Ledger(training=True), None
    _code, context = service.establish()
    assert context is not None
    while run is None or not run.done:
        _code, answers = context.wait(0, [(name, scard.UNAWARE) for name in service.scenario.readers])
        readers = {name: (word & ~scard.CHANGED, atr) for name, word, atr in answers}
        change = ledger.note(Sighting(0, readers), round(clock.now * 1000), datetime.now(UTC))
        if change is not None:
            run = run or GuidedRun(subjects(change.bench)[0], change.bench, clock.now)
            run.see(change.bench, clock.now)
        assert run is not None
        run.tick(clock.now)
        clock.now += 0.1
    return run


def test_whoever_looks_too_rarely_misses_no_step(clock: Clock) -> None:
    """A script waits for a machine that has much else to do."""
    script = [Step(1, "insert", "Reader 0", b"\x3b\x00"), Step(1, "remove", "Reader 0"), Step(1, "stop")]
    service, seen = SimulatedScard(["Reader 0"], script), list[str]()
    watch = Monitor(service).watch()
    for _look in range(4):
        bench = next(watch).bench
        seen.append(bench.readers[0].state if bench.readers else bench.service)
        clock.now += 10
    watch.close()
    assert seen == ["empty", "present", "empty", "stopped"]


def test_a_script_that_takes_no_time_cannot_repeat() -> None:
    with pytest.raises(ValueError, match="no time"):
        SimulatedScard(["Reader 0"], [Step(0, "rest")], repeat=True)


def test_a_scenario_with_an_unknown_act_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = {
        "order": 1,
        "title": {},
        "about": {},
        "readers": [],
        "cards": {},
        "script": [{"after": 1, "act": "burn"}],
    }
    (tmp_path / "bad.json").write_text(json.dumps(raw), "utf-8")
    monkeypatch.setattr(training, "resource", lambda _name: tmp_path)
    with pytest.raises(ValueError, match="burn"):
        training.scenarios()
