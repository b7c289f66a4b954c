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
    Family,
    Integration,
    Label,
    LabelHolder,
    Product,
    Provenance,
    Service,
    Status,
)
from fieldkit.domain.folding import fold, slug

APPROVAL: Final = "agrément"
AUTHORISATION: Final = "autorisation"
LISTING: Final = "référencement"

_SPECIFICATION: Final = "service:CDC_SV"
_TRIAL: Final = "service:ApCV_EXPERIMENTATION"
_PATIENT_SPACE: Final = "service:MES"
_PROSE: Final = "prose"
_AUTHORISED: Final = re.compile(r"\bautorisé (?P<service>[^(]+)")

_Statement = tuple[str, str, str, str, str, Provenance]
"""Type, service, version, holder, profession, origin."""


def labels(
    integrations: Iterable[Integration],
    products: Iterable[Product],
    services: Iterable[Service],
    services_by_name: Mapping[str, str],
) -> tuple[tuple[Label, ...], tuple[LabelHolder, ...]]:
    """The labels that the facts state, each once, and who holds them."""
    names = {service.id: service.label for service in services}
    found: dict[str, Label] = {}
    holders: list[LabelHolder] = []
    statements = (*_of_editors(integrations), *_of_products(products, services_by_name))
    for label_type, service, version, holder, profession, origin in statements:
        name = _name(label_type, names[service] if service != _SPECIFICATION else "SESAM-Vitale", version)
        label_id = f"label:{slug(name)}"
        found.setdefault(label_id, Label(label_id, name, label_type, service, version, origin))
        holders.append(LabelHolder(label_id, holder, profession, origin))
    return tuple(found.values()), tuple(holders)


def _of_editors(integrations: Iterable[Integration]) -> Iterator[_Statement]:
    for fact in integrations:
        if fact.service == _SPECIFICATION and fact.status is Status.TEXT:
            version = fact.value.replace("Add.", "addendum")
            yield APPROVAL, fact.service, version, fact.editor, fact.profession, fact.origin
        elif fact.table_id == _PROSE and fact.status is Status.YES:
            label_type = APPROVAL if fact.service == _TRIAL else AUTHORISATION
            yield label_type, fact.service, "", fact.editor, fact.profession, fact.origin


def _of_products(products: Iterable[Product], services_by_name: Mapping[str, str]) -> Iterator[_Statement]:
    for product in products:
        stated = _AUTHORISED.search(product.description)
        if product.family is Family.PATIENT_APP:
            yield LISTING, _PATIENT_SPACE, "", product.id, "", product.origin
        elif stated:
            yield AUTHORISATION, services_by_name[fold(stated["service"])], "", product.id, "", product.origin


def _name(label_type: str, service: str, version: str) -> str:
    return f"{label_type.capitalize()} {service}" + (f", {version}" if version else "")
