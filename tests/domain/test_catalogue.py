"""What the catalogue's facts say of themselves."""

from __future__ import annotations

import pytest

from fieldkit.domain.catalogue import Family, Product, Provenance


def product(kind: str) -> Product:
    return Product(
        id="product:x",
        name="X",
        editor="",
        editor_as_written="",
        editor_basis="",
        previous_editor="",
        professions="",
        kind=kind,
        description="",
        other_mentions="",
        note="",
        origin=Provenance("source", "2023-12", "1"),
    )


@pytest.mark.parametrize(
    ("kind", "family", "mobility", "for_practices"),
    [
        ("logiciel de gestion et télétransmission", Family.BILLING, False, True),
        ("télétransmission seule", Family.BILLING, False, True),
        ("logiciel de facturation / solution de mobilité", Family.BILLING, True, True),
        ("solution de mobilité", Family.MOBILITY, True, True),
        ("logiciel (PSEi)", Family.OTHER, False, True),
        ("moteur de facturation", Family.ENGINE, False, False),
        ("application Mon espace santé", Family.PATIENT_APP, False, False),
        ("logiciel établissements (SCOR CP)", Family.ESTABLISHMENT, False, False),
    ],
)
def test_a_product_tells_its_family_by_its_kind(
    kind: str, family: Family, mobility: bool, for_practices: bool
) -> None:
    item = product(kind)
    assert (item.family, item.mobility, item.for_practices) == (family, mobility, for_practices)
