"""Official recognitions of software and readers, and who holds them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from fieldkit.domain.catalogue.services import Service
from fieldkit.domain.catalogue.sources import Provenance, entry_id


class LabelType(StrEnum):
    """The recognitions of the trade, as the GIE's catalogue and the studies name them (`domain.md` §5.1)."""

    APPROVAL = "agrément"
    AUTHORISATION = "autorisation"
    HOMOLOGATION = "homologation"
    CONFORMITY = "conformité"
    CERTIFICATION = "certification"
    LISTING = "référencement"
    SELF_DECLARATION = "auto-déclaration"
    VINTAGE = "millésime"


PRO_PS: Final = "service:PRO_PS"
"""The service whose labels of type VINTAGE are the yearly PRO-PS vintages; their version is the year."""

_SPECIFICATION: Final = "service:CDC_SV"


@dataclass(frozen=True, slots=True)
class Label:
    """An official recognition of a type, for a service, at a version (`addendum 8`, `V2`, a vintage's year).

    `service` is empty where the source names none.
    """

    id: str
    name: str
    type: LabelType
    service: str
    version: str
    origin: Provenance


@dataclass(frozen=True, slots=True)
class LabelHolder:
    """An editor or product that a source says holds a label, for one profession where it says so.

    `since` and `until` are the days that the source gives, empty where it gives none.
    """

    label: str
    holder: str
    profession: str
    since: str
    until: str
    origin: Provenance


def new_label(kind: LabelType, service: Service | None, version: str, origin: Provenance) -> Label:
    """The label of a type, service and version: the same three always make the same identifier."""
    service_id = service.id if service else ""
    about = "SESAM-Vitale" if service_id == _SPECIFICATION else service.label if service else ""
    name = ", ".join(filter(None, (f"{kind.capitalize()} {about}".strip(), version)))
    return Label(entry_id("label", name), name, kind, service_id, version, origin)
