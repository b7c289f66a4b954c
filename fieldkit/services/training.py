"""Training: simulated readers and cards that follow a script, never to be taken for real ones."""

from __future__ import annotations

from fieldkit.errors import KnownError
from fieldkit.hardware.training import Scenario, TrainingScard, load, scenarios
from fieldkit.i18n import _

__all__ = ["Scenario", "TrainingScard", "is_training", "load", "mark", "refuse", "scenarios", "start"]


def start(scenario_id: str) -> TrainingScard:
    """The readers of a scenario; its script begins with the first look at them. Raises `training-unknown`."""
    return TrainingScard(load(scenario_id))


def mark() -> str:
    """How training is told on every screen and in every text."""
    return _("Entraînement : lecteurs simulés")


def refuse(training: bool) -> None:
    """Raises KnownError `training-result` where what was seen comes from simulated readers."""
    if training:
        raise KnownError(
            "training-result",
            _("Ce résultat vient de lecteurs simulés : il ne peut pas être joint à une visite."),
            _("Quittez l'entraînement et refaites le test avec le lecteur du cabinet."),
        )


def is_training(scard: object) -> bool:
    """Whether these card readers are those of a scenario."""
    return isinstance(scard, TrainingScard)
