"""Scenarios for training: files of `resources/training`, each a bench of simulated readers and what happens to it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from fieldkit.errors import KnownError
from fieldkit.hardware.simulated import Act, SimulatedScard, Step
from fieldkit.i18n import _, language
from fieldkit.paths import resource


@dataclass(frozen=True, slots=True)
class Scenario:
    """`readers` are plugged in at the start, by their names as PC/SC gives them; `script` repeats for ever."""

    id: str
    order: int
    titles: Mapping[str, str]
    abouts: Mapping[str, str]
    readers: tuple[str, ...]
    script: tuple[Step, ...]

    @property
    def title(self) -> str:
        """What it shows, in a few words of the language in use."""
        return self.titles[language()]

    @property
    def about(self) -> str:
        """What happens, and what to learn from it."""
        return self.abouts[language()]


class TrainingScard(SimulatedScard):
    """The readers of a scenario; what is seen of them is never a result."""

    def __init__(self, scenario: Scenario) -> None:
        super().__init__(scenario.readers, scenario.script, repeat=True)
        self.scenario = scenario


def scenarios() -> tuple[Scenario, ...]:
    """All of them, the easiest first."""
    files = resource("training").glob("*.json")
    return tuple(sorted((_read(file) for file in files), key=lambda scenario: scenario.order))


def load(scenario_id: str) -> Scenario:
    """The scenario called `scenario_id`. Raises KnownError `training-unknown` that names those there are."""
    known = {scenario.id: scenario for scenario in scenarios()}
    if scenario_id not in known:
        raise KnownError(
            "training-unknown",
            _("L'entraînement « {name} » n'existe pas.").format(name=scenario_id),
            _("Choisissez parmi : {names}.").format(names=", ".join(known)),
        )
    return known[scenario_id]


def _read(file: Path) -> Scenario:
    """A scenario from its file; cards are named once with their answer to reset, and by name in the script."""
    raw: dict[str, Any] = json.loads(file.read_text("utf-8"))
    cards = {name: bytes.fromhex(answer) for name, answer in raw["cards"].items()}
    names = [*raw["readers"], *raw.get("spare_readers", [])]
    return Scenario(
        id=file.stem,
        order=raw["order"],
        titles=raw["title"],
        abouts=raw["about"],
        readers=tuple(raw["readers"]),
        script=tuple(_step(step, names, cards) for step in raw["script"]),
    )


def _step(raw: Mapping[str, Any], names: list[str], cards: Mapping[str, bytes]) -> Step:
    """`{after, act, reader, card}`: seconds, what happens, the number of the reader from 0, the name of the card."""
    if raw["act"] not in get_args(Act):
        raise ValueError(f"{raw['act']} is nothing that happens to a reader")
    reader = names[raw["reader"]] if "reader" in raw else ""
    return Step(float(raw["after"]), raw["act"], reader, cards[raw["card"]] if "card" in raw else b"")
