"""Numbers and notes of the sources: market, deployment, readers, programmes, vocabulary."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from fieldkit.domain.catalogue.sources import Provenance

COHORT: Final = "cohort"
"""The `entity_type` of figures on a set that has no entry, such as the top 15 editors or `Autres`."""


@dataclass(frozen=True, slots=True)
class MarketFigure:
    """A share, rank or count of an editor, product, group, federation or cohort; `qualifier` such as `>`.

    `entity` is an identifier, and for a cohort its name.
    """

    scope: str
    entity_type: str
    entity: str
    entity_as_written: str
    metric: str
    qualifier: str
    value: str
    value_as_written: str
    unit: str
    note: str
    origin: Provenance


@dataclass(frozen=True, slots=True)
class DeploymentFigure:
    """A national indicator; `service` is set where the topic is the name of one."""

    topic: str
    metric: str
    qualifier: str
    value: float
    value_as_written: str
    unit: str
    service: str
    origin: Provenance


@dataclass(frozen=True, slots=True)
class Criterion:
    """A PRO-PS criterion: what makes a component up to date, due for action, or obsolete."""

    component: str
    status: str
    criterion: str
    threshold: str
    note: str
    origin: Provenance


@dataclass(frozen=True, slots=True)
class Equipment:
    """What a source says of card and QR readers, of a maker or of a type."""

    maker: str
    maker_as_written: str
    item: str
    kind: str
    count: int | None
    status: str
    note: str
    origin: Provenance


@dataclass(frozen=True, slots=True)
class ServiceSegment:
    """A line of the map of service providers."""

    segment: str
    model: str
    item: str
    level: int
    origin: Provenance


@dataclass(frozen=True, slots=True)
class GlossaryEntry:
    """An acronym as one source spells it out."""

    acronym: str
    expansion: str
    note: str
    origin: Provenance


@dataclass(frozen=True, slots=True)
class TimelineEvent:
    """A dated step of a national programme."""

    date: str
    date_as_written: str
    topic: str
    event: str
    origin: Provenance
