"""Which training: the scenarios, each with what happens in it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from fieldkit.i18n import _
from fieldkit.services import training
from fieldkit.ui.theme import GRID
from fieldkit.ui.widgets.card import Card
from fieldkit.ui.widgets.text import button, label
from fieldkit.ui.widgets.wrap_grid import WrapGrid


class Scenarios(Card):
    """A button for each scenario; `chosen` is called with its id."""

    def __init__(self, chosen: Callable[[str], None], closed: Callable[[], None]) -> None:
        super().__init__(_("Entraînement"), "trainingChoice")
        close = button("", "trainingChoiceClose", closed, kind="quiet", icon="close")
        close.setAccessibleName(_("Fermer le choix de l'entraînement"))
        self.header.addWidget(close)
        about = _(
            "Des lecteurs simulés prennent la place de ceux du poste, pour apprendre sans matériel. "
            "Rien de ce qui s'y passe ne peut être joint à une visite."
        )
        self.body.addWidget(label(about, "muted", wrap=True))
        grid = WrapGrid(300)
        grid.show_cells([_Scenario(scenario, chosen) for scenario in training.scenarios()])
        self.body.addWidget(grid)


class _Scenario(Card):
    def __init__(self, scenario: training.Scenario, chosen: Callable[[str], None]) -> None:
        super().__init__(name=f"scenario-{scenario.id}")
        self.body.setSpacing(GRID // 2)
        self.body.addWidget(label(scenario.title, "strong", wrap=True))
        self.body.addWidget(label(scenario.about, "muted", wrap=True))
        self.body.addStretch(1)
        start = button(_("Commencer"), f"train-{scenario.id}", partial(chosen, scenario.id))
        start.setAccessibleName(_("Commencer : {title}").format(title=scenario.title))
        self.body.addWidget(start)
