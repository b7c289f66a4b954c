"""What the catalogue says of a workstation's software: proposed to the delegate, with source and date, never taken."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from fieldkit.domain.folding import fold
from fieldkit.domain.professions import category
from fieldkit.services import catalogue

ENOUGH: Final = 8
"""Addendum from which an offer is worth noting: what was offered once stays on offer, while an older and lower
one says nothing of today's (the appli carte Vitale needs 8: GIE SESAM-Vitale, étude de marché 2023, PRO-PS)."""

_SPECIFICATION: Final = "CDC_SV"
_ADDENDUM: Final = re.compile(r"Add\. (\d+)")


def told(path: Path, software: str, profession: str | None) -> dict[str, Any] | None:
    """What the catalogue says of the product called `software`; None where it knows none of exactly that name.

    `{id, name, addenda, labels, offered}`: `addenda` and `labels` are facts of its editor for that profession (of
    all where it is not known), newest first: `{value, as_of, source, locator, editor, profession}`. `offered` is
    the addendum to propose, None where no source says at least `ENOUGH`.
    """
    product = _called(path, software)
    if product is None:
        return None
    card = catalogue.show(path, product["id"])
    wanted = category(profession) if profession else None
    said = [i for i in card["integration"] if i["service"] == _SPECIFICATION and i["value"] is not None]
    addenda = _newest_first(_of(wanted, said))
    editors = {i["editor_id"] for i in card["integration"]}
    labels = [
        *card["labels"],
        *(label for e in sorted(editors) for label in catalogue.show(path, e)["labels"]),
    ]
    numbers = [int(found[1]) for i in addenda if (found := _ADDENDUM.match(i["value"]))]
    best = max(numbers, default=0)
    return {
        "id": product["id"],
        "name": product["name"],
        "addenda": addenda,
        "labels": _newest_first(_of(wanted, labels)),
        "offered": best if best >= ENOUGH else None,
    }


def _called(path: Path, software: str) -> Mapping[str, Any] | None:
    found = catalogue.products_for_billing(path, software, 5)
    return next((row for row in found if fold(row["name"]) == fold(software)), None)


def _of(profession: str | None, facts: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    names = ("value", "as_of", "source", "locator", "profession")
    return [
        {name: fact[name] for name in names} | {"editor": fact.get("editor", "")}
        for fact in facts
        if profession is None or fact["profession"] in ("", profession)
    ]


def _newest_first(facts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(facts, key=lambda fact: str(fact["as_of"]), reverse=True)
