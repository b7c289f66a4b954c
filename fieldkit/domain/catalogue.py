"""The market of health software as its sources describe it: who makes what, and what it can do.

Every fact carries its `Provenance`. Two sources that disagree are two facts. A cell that a source lost is
`Status.UNKNOWN`, which is never "no". Text that a source does not give is the empty string; dates are ISO,
as precise as the source is (`2021`, `2021-06`, `2024-01-08`). Identifiers start with their kind
(`editor:pharmagest`, `product:vega`, `service:ADRi`, `label:…`), so none is shared by two kinds.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from fieldkit.domain.folding import fold


class Status(StrEnum):
    """What a source says of an editor and a service; TEXT is a yes that has more to say, such as `V2`."""

    YES = "yes"
    NO = "no"
    TEXT = "text"
    UNKNOWN = "unknown"


class Family(StrEnum):
    """What a product is for, read from the kind that its source prints."""

    BILLING = "billing"
    MOBILITY = "mobility"
    ENGINE = "engine"
    ESTABLISHMENT = "establishment"
    PATIENT_APP = "patient-app"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a fact comes from: the document, the date it describes, the place in it."""

    source: str
    as_of: str
    locator: str


@dataclass(frozen=True, slots=True)
class Editor:
    """A company, federation or public body. `misspellings` are defects of a source: searched, not shown."""

    id: str
    name: str
    aliases: tuple[str, ...]
    misspellings: tuple[str, ...]
    first_as_of: str
    note: str
    origin: Provenance


@dataclass(frozen=True, slots=True)
class EditorMention:
    """One place where a source names an editor, in a role (`editor_gap`…), perhaps for a profession."""

    editor: str
    name_as_written: str
    role: str
    profession: str
    origin: Provenance


@dataclass(frozen=True, slots=True)
class EditorLink:
    """What became of an editor (acquired_by, renamed_to…); the other may have no entry of its own."""

    from_editor: str
    relation: str
    to_editor: str
    to_name: str
    basis: str
    origin: Provenance


@dataclass(frozen=True, slots=True)
class Membership:
    """An editor in a federation; `completeness` says whether the source lists all members."""

    federation: str
    editor: str
    editor_as_written: str
    completeness: str
    origin: Provenance


@dataclass(frozen=True, slots=True)
class Product:
    """A piece of software or a service for sale; `editor` is empty where the source names none."""

    id: str
    name: str
    editor: str
    editor_as_written: str
    editor_basis: str
    previous_editor: str
    professions: str
    kind: str
    description: str
    other_mentions: str
    note: str
    origin: Provenance

    @property
    def mobility(self) -> bool:
        """Whether its source calls it a solution for work outside the practice."""
        return "mobilite" in fold(self.kind)

    @property
    def family(self) -> Family:
        """The family that the words of `kind` tell; OTHER where they tell none."""
        kind = fold(self.kind)
        for words, family in _FAMILIES:
            if words in kind:
                return family
        return Family.OTHER

    @property
    def for_practices(self) -> bool:
        """Whether a practice may run it as its billing or record software."""
        return self.family not in (Family.ENGINE, Family.ESTABLISHMENT, Family.PATIENT_APP)


_FAMILIES = (
    ("moteur de facturation", Family.ENGINE),
    ("mon espace sante", Family.PATIENT_APP),
    ("etablissements", Family.ESTABLISHMENT),
    ("teletransmission", Family.BILLING),
    ("facturation", Family.BILLING),
    ("mobilite", Family.MOBILITY),
)


@dataclass(frozen=True, slots=True)
class Service:
    """A service, evolution or component that software can offer; `code` stays as the trade writes it."""

    id: str
    code: str
    label: str
    full_name: str
    kind: str
    what_it_is: str
    audience: str
    opening_date: str
    opening_date_as_written: str
    opening_basis: str
    avenant_no: int | None
    note: str
    origin: Provenance


@dataclass(frozen=True, slots=True)
class Label:
    """An official recognition: `type` (agrément, autorisation, référencement) for a service, at a version."""

    id: str
    name: str
    type: str
    service: str
    version: str
    origin: Provenance


@dataclass(frozen=True, slots=True)
class LabelHolder:
    """An editor or product that a source says holds a label, for one profession where it says so."""

    label: str
    holder: str
    profession: str
    origin: Provenance


@dataclass(frozen=True, slots=True)
class Integration:
    """One cell of an editor table, or one sentence: does this editor offer this service to this profession?

    `value_raw` is the cell as printed; `prose_value` (yes, no) is what the text beside the table states,
    outright (`prose_basis` explicit) or by our reading of it (interpretation).
    """

    editor: str
    editor_as_written: str
    service: str
    profession: str
    table_id: str
    criterion_as_written: str
    status: Status
    value: str
    value_raw: str
    value_kind: str
    prose_value: str
    prose_basis: str
    note: str
    origin: Provenance


@dataclass(frozen=True, slots=True)
class IntegrationTable:
    """The size that an editor table must have: services × editors."""

    table_id: str
    criteria: int
    editors: int
    cells: int
    origin: Provenance


@dataclass(frozen=True, slots=True)
class Milestone:
    """Something that happened to a service on a day."""

    service: str
    date: str
    date_as_written: str
    event: str
    audience: str
    origin: Provenance


@dataclass(frozen=True, slots=True)
class Amendment:
    """An `avenant`: its publication, and in percent how far software could and does carry it."""

    kind: str
    number: int | None
    number_basis: str
    label: str
    audience: str
    publication_date: str
    publication_date_as_written: str
    potential_pct: float | None
    deployment_rate_pct: float | None
    figures_as_of: str
    service: str
    note: str
    origin: Provenance


@dataclass(frozen=True, slots=True)
class Addendum:
    """A version of the SESAM-Vitale specification."""

    version: str
    date: str
    date_as_written: str
    content: str
    origin: Provenance


@dataclass(frozen=True, slots=True)
class MarketFigure:
    """A share, rank or count of an editor, product, group, federation or cohort; `qualifier` such as `>`."""

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


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All facts, in the order of their sources; `as_of` is the date of the reference base of companies."""

    as_of: str
    editors: tuple[Editor, ...] = ()
    mentions: tuple[EditorMention, ...] = ()
    links: tuple[EditorLink, ...] = ()
    memberships: tuple[Membership, ...] = ()
    products: tuple[Product, ...] = ()
    services: tuple[Service, ...] = ()
    labels: tuple[Label, ...] = ()
    label_holders: tuple[LabelHolder, ...] = ()
    integrations: tuple[Integration, ...] = ()
    integration_tables: tuple[IntegrationTable, ...] = ()
    milestones: tuple[Milestone, ...] = ()
    amendments: tuple[Amendment, ...] = ()
    addenda: tuple[Addendum, ...] = ()
    market_figures: tuple[MarketFigure, ...] = ()
    deployment_figures: tuple[DeploymentFigure, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    equipment: tuple[Equipment, ...] = ()
    segments: tuple[ServiceSegment, ...] = ()
    glossary: tuple[GlossaryEntry, ...] = ()
    timeline: tuple[TimelineEvent, ...] = ()
