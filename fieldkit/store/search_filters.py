"""What results of a search must have to do with, as conditions on the index."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

from fieldkit.store.catalogue_entries import KINDS
from fieldkit.store.search_index import FEDERATION, VINTAGE

ALL: Final = "TRUE"


@dataclass(frozen=True, slots=True)
class Filters:
    """What results must have to do with; an empty field asks nothing.

    `kind`: of `KINDS`, or a `ProductKind`. `profession`: of `professions.CATEGORIES`. `service` and
    `federation`: identifiers. `as_of`: known by that date. `mobility`: `yes` or `no` as a source states it.
    `vintage`: the year of a PRO-PS vintage.
    """

    kind: str = ""
    profession: str = ""
    service: str = ""
    as_of: str = ""
    mobility: str = ""
    vintage: str = ""
    federation: str = ""
    for_practices: bool = False

    def without(self, *names: str) -> Filters:
        """The same, asking nothing of these."""
        nothing: dict[str, Any] = dict.fromkeys(names, "")
        return replace(self, **nothing)


def condition(filters: Filters) -> tuple[str, dict[str, str]]:
    """The part of a WHERE clause on `entry` that `filters` ask for, and its values."""
    parts, values = [], {}
    if filters.kind:
        parts.append("kind = :kind" if filters.kind in KINDS else "type = :kind")
        values["kind"] = filters.kind
    if filters.for_practices:
        parts.append("for_practices")
    if filters.mobility:
        parts.append("mobility = :mobility")
        values["mobility"] = filters.mobility
    for sort, value in ((VINTAGE, filters.vintage), (FEDERATION, filters.federation)):
        if value:
            tagged = f"tag.entry = number AND tag.sort = '{sort}' AND tag.value = :{sort}"
            parts.append(f"EXISTS (SELECT 1 FROM tag WHERE {tagged})")
            values[sort] = value
    about, asked = about_condition(filters)
    if about:
        parts.append(f"EXISTS (SELECT 1 FROM facet WHERE entry = number AND {about})")
    elif filters.as_of:
        parts.append(_by("since"))
        values["as_of"] = filters.as_of
    return " AND ".join(parts) or ALL, values | asked


def about_condition(filters: Filters, *, always: bool = False) -> tuple[str, dict[str, str]]:
    """The condition on one row of `facet` for profession, service and date together, and its values.

    Empty where neither a profession nor a service is asked for, unless `always`: a date is then one of the
    entry itself.
    """
    asked = {"profession": filters.profession, "service": filters.service}
    values = {name: value for name, value in asked.items() if value}
    parts = [f"facet.{name} = :{name}" for name in values]
    if filters.as_of and (parts or always):
        parts.append(_by("facet.as_of"))
        values["as_of"] = filters.as_of
    return " AND ".join(parts) or (ALL if always else ""), values


def _by(date: str) -> str:
    """A date as precise as the one asked for, and not after it."""
    return f"substr({date}, 1, length(:as_of)) <= :as_of"
