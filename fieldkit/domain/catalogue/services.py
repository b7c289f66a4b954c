"""Services of the trade, what software does of them, and the texts they come from."""

from __future__ import annotations

from dataclasses import dataclass

from fieldkit.domain.catalogue.sources import Provenance, Status


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
class Integration:
    """One cell of a table, or one sentence: does this editor or product offer this service to this profession?

    `holder` is the identifier of either. `value_raw` is the cell as printed; `prose_value` (yes, no) is what
    the text beside the table states, outright (`prose_basis` explicit) or by our reading of it
    (interpretation).
    """

    holder: str
    holder_as_written: str
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
