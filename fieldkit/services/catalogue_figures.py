"""National figures: the headlines of the dashboard, and the indicators over time."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from fieldkit.domain.catalogue import DeploymentFigure
from fieldkit.services.catalogue_facts import figure, series
from fieldkit.services.catalogue_file import opened
from fieldkit.store import catalogue as store

_HEADLINES: Final = (
    ("télétransmission SESAM-Vitale", "professionnels de santé en télétransmission"),
    ("addendum 7", "taux de déploiement"),
    ("addendum 8", "taux de déploiement"),
    ("PRO-PS", "postes équipés de lecteurs à jour"),
    ("PRO-PS", "postes PS avec OS à jour"),
    ("PRO-PS", "postes équipés d'ATSAM avec version à jour"),
    ("appli carte Vitale", "professionnels de santé utilisateurs"),
    ("INSi", "utilisateurs dans le mois"),
    ("ADRi", "PS utilisateurs"),
)

_OF_DEPLOYMENT: Final = (
    "facturation SESAM-Vitale",
    "télétransmission SESAM-Vitale",
    "addendum 7",
    "addendum 8",
    "PRO-PS",
    "appli carte Vitale",
    "INSi",
    "ADRi",
    "tiers payant – ADRI",
    "SCOR",
    "tiers payant – TP ALD/MAT",
    "tiers payant – SUIVI FTP",
    "tiers payant – TPG",
    "tiers payant – TP AMC",
    "services AMC",
    "DMP",
    "Mon espace santé",
    "e-prescription",
    "ordonnance numérique",
    "télémédecine",
    "mobilité",
    "FSE",
)
"""The topics that tell how far tools and services have come in practices, in the order of a delegate's day."""


@dataclass(frozen=True, slots=True)
class Headline:
    """A national indicator at its latest date, and the same at an earlier date where a source gives it."""

    now: DeploymentFigure
    before: DeploymentFigure | None


def headline_figures(catalogue: Path) -> list[Headline]:
    """The national indicators of the dashboard, each at its latest date."""
    headlines = []
    for topic, metric in _HEADLINES:
        found = store.find(opened(catalogue), DeploymentFigure, topic=topic, metric=metric)
        newest = max(found, key=lambda item: item.origin.as_of)
        earlier = [
            item for item in found if item.origin.as_of < newest.origin.as_of and item.unit == newest.unit
        ]
        before = max(earlier, key=lambda item: item.origin.as_of, default=None)
        headlines.append(Headline(newest, before))
    return headlines


def figures(catalogue: Path, *, everything: bool = False) -> list[dict[str, Any]]:
    """The deployment indicators over time: `[{topic, metric, unit, points}]`, topic by topic.

    Within a topic those with most dates come first. `points`: `[{as_of, value, qualifier, as_written,
    source, locator}]`, oldest first; two sources that disagree on a date are two points. With `everything`
    also the topics that are not about deployment, after the others.
    """
    found = store.find(opened(catalogue), DeploymentFigure)
    places = {topic: place for place, topic in enumerate(_OF_DEPLOYMENT)}
    lines = series(figure(item) for item in found if everything or item.topic in places)
    dates = {id(line): len({point["as_of"] for point in line["points"]}) for line in lines}
    return sorted(lines, key=lambda line: (places.get(line["topic"], len(places)), -dates[id(line)]))
