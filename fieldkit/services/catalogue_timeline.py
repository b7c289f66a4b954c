"""What is known of services over time, profession by profession."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from fieldkit.domain.catalogue import Integration
from fieldkit.domain.professions import CATEGORIES
from fieldkit.services.catalogue_facts import cell


def timeline(
    said: Iterable[Integration], names: Mapping[str, str], *, by_holder: bool = False
) -> list[dict[str, Any]]:
    """`[{profession, dates, rows: [{id, name, cells}]}]`, the professions in the trade's order.

    `dates` are those at which a source speaks of the profession, oldest first. A row is a service, or with
    `by_holder` an editor or product. `cells` has for each date the list of what sources say: none where no
    source speaks, more than one where two do (shape of `catalogue_facts.cell`). An empty profession is a
    fact that its source gives for all.
    """
    facts: defaultdict[str, list[Integration]] = defaultdict(list)
    for item in said:
        facts[item.profession].append(item)
    order = {name: place for place, name in enumerate(CATEGORIES)}
    return [
        _of_profession(profession, facts[profession], names, by_holder)
        for profession in sorted(facts, key=lambda name: (order.get(name, len(order)), name))
    ]


def _of_profession(
    profession: str, said: list[Integration], names: Mapping[str, str], by_holder: bool
) -> dict[str, Any]:
    dates = sorted({item.origin.as_of for item in said})
    rows: dict[str, dict[str, list[Any]]] = {}
    for item in said:
        row = rows.setdefault(item.holder if by_holder else item.service, {date: [] for date in dates})
        row[item.origin.as_of].append(cell(item))
    return {
        "profession": profession,
        "dates": dates,
        "rows": [
            {"id": entry, "name": names[entry], "cells": [row[date] for date in dates]}
            for entry, row in rows.items()
        ],
    }
