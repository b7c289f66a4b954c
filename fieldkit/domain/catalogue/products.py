"""What editors and makers sell: software, services, readers; their versions and who made them before."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from fieldkit.domain.catalogue.sources import Provenance
from fieldkit.domain.folding import fold


class ProductKind(StrEnum):
    """What a product is for."""

    BILLING = "billing-software"
    MEDICAL_RECORD = "medical-record"
    ENGINE = "billing-engine"
    MOBILITY = "mobility-solution"
    CARD_READER = "card-reader"
    QR_READER = "qr-reader"
    COMBINED_READER = "combined-reader"
    ESTABLISHMENT = "establishment-software"
    PATIENT_APP = "patient-app"
    SERVICE = "service-offer"
    OTHER = "other"


READERS: Final = frozenset((ProductKind.CARD_READER, ProductKind.QR_READER, ProductKind.COMBINED_READER))
"""The kinds that are devices."""

_NOT_FOR_PRACTICES: Final = READERS | {
    ProductKind.ENGINE,
    ProductKind.ESTABLISHMENT,
    ProductKind.PATIENT_APP,
    ProductKind.SERVICE,
}

_READ_AS: Final = (
    ("moteur de facturation", ProductKind.ENGINE),
    ("mon espace sante", ProductKind.PATIENT_APP),
    ("lecteur combine", ProductKind.COMBINED_READER),
    ("lecteur mixte", ProductKind.COMBINED_READER),
    ("lecteur qr", ProductKind.QR_READER),
    ("lecteur de qr", ProductKind.QR_READER),
    ("lecteur de code", ProductKind.QR_READER),
    ("douchette", ProductKind.QR_READER),
    ("lecteur", ProductKind.CARD_READER),
    ("etablissement", ProductKind.ESTABLISHMENT),
    ("teletransmission", ProductKind.BILLING),
    ("facturation", ProductKind.BILLING),
    ("mobilite", ProductKind.MOBILITY),
    ("dossier", ProductKind.MEDICAL_RECORD),
    ("gestion de cabinet", ProductKind.MEDICAL_RECORD),
    ("service", ProductKind.SERVICE),
)
"""The first words found in a printed kind tell it."""


def read_kind(written: str) -> ProductKind:
    """The kind that the words of a source tell; OTHER where they tell none."""
    folded = fold(written)
    return next((kind for words, kind in _READ_AS if words in folded), ProductKind.OTHER)


def reads_mobile(written: str) -> bool | None:
    """True where the words of a source call a product mobile; None where they do not say."""
    return True if "mobilite" in fold(written) else None


@dataclass(frozen=True, slots=True)
class Product:
    """Something for sale, as one source describes it; `editor` is empty where the source names none.

    Two sources may describe one product (same `id`): both descriptions are kept, the newest is the present
    one (`latest`). `professions` are categories of `professions.CATEGORIES`. `mobility` is None where the
    source does not say.
    """

    id: str
    name: str
    editor: str
    editor_as_written: str
    editor_basis: str
    kind: ProductKind
    kind_as_written: str
    mobility: bool | None
    professions: tuple[str, ...]
    professions_as_written: str
    description: str
    other_mentions: str
    note: str
    origin: Provenance

    @property
    def for_practices(self) -> bool:
        """Whether a practice may run it as its billing or record software."""
        return self.kind not in _NOT_FOR_PRACTICES


@dataclass(frozen=True, slots=True)
class ProductVersion:
    """A version of a product that a source names; `date` is its day where the source gives one."""

    product: str
    version: str
    date: str
    note: str
    origin: Provenance


@dataclass(frozen=True, slots=True)
class FormerEditor:
    """Who made a product before; the fact's own date is that of the last source that still said so."""

    product: str
    editor: str
    editor_as_written: str
    origin: Provenance
