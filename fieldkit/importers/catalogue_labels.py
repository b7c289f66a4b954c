"""Labels that the facts of the starting catalogue amount to; its sources print no table of them.

Three kinds of statement are read as labels: the version of the specification for which software is
approved (service CDC_SV), the sentences that name the editors authorised for a service, and the products
said to be authorised or listed in the catalogue of Mon espace santé.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from fieldkit.domain.catalogue import (
    Integration,
    Label,
    LabelHolder,
    LabelType,
    Product,
    ProductKind,
    Provenance,
    Service,
    Status,
    new_label,
)
from fieldkit.domain.folding import fold

_SPECIFICATION: Final = "service:CDC_SV"
_TRIAL: Final = "service:ApCV_EXPERIMENTATION"
_PATIENT_SPACE: Final = "service:MES"
_PROSE: Final = "prose"
_AUTHORISED: Final = re.compile(r"\bautorisé (?P<service>[^(]+)")

_Statement = tuple[LabelType, str, str, str, str, Provenance]
"""Type, service, version, holder, profession, origin."""


def labels(
    integrations: Iterable[Integration],
    products: Iterable[Product],
    services: Iterable[Service],
    services_by_name: Mapping[str, str],
) -> tuple[tuple[Label, ...], tuple[LabelHolder, ...]]:
    """The labels that the facts state, each once, and who holds them."""
    known = {service.id: service for service in services}
    found: dict[str, Label] = {}
    holders: list[LabelHolder] = []
    statements = (*_of_editors(integrations), *_of_products(products, services_by_name))
    for kind, service, version, holder, profession, origin in statements:
        label = new_label(kind, known[service], version, origin)
        found.setdefault(label.id, label)
        holders.append(LabelHolder(label.id, holder, profession, since="", until="", origin=origin))
    return tuple(found.values()), tuple(holders)


def _of_editors(integrations: Iterable[Integration]) -> Iterator[_Statement]:
    for fact in integrations:
        if fact.service == _SPECIFICATION and fact.status is Status.TEXT:
            version = fact.value.replace("Add.", "addendum")
            yield LabelType.APPROVAL, fact.service, version, fact.holder, fact.profession, fact.origin
        elif fact.table_id == _PROSE and fact.status is Status.YES:
            kind = LabelType.APPROVAL if fact.service == _TRIAL else LabelType.AUTHORISATION
            yield kind, fact.service, "", fact.holder, fact.profession, fact.origin


def _of_products(products: Iterable[Product], services_by_name: Mapping[str, str]) -> Iterator[_Statement]:
    for product in products:
        stated = _AUTHORISED.search(product.description)
        if product.kind is ProductKind.PATIENT_APP:
            yield LabelType.LISTING, _PATIENT_SPACE, "", product.id, "", product.origin
        elif stated:
            service = services_by_name[fold(stated["service"])]
            yield LabelType.AUTHORISATION, service, "", product.id, "", product.origin
