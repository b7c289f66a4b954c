"""A ruleset against the fields of a workstation: a name or a value that no workstation has would never be met."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from fieldkit.i18n import _

Fields = Mapping[str, tuple[str, ...]]
"""Name of each field, and the values it is limited to; none for a field of free text."""


def refuse_strangers(raw: Mapping[str, Any], fields: Fields) -> None:
    """Check a ruleset (its JSON, already found well formed) against `fields`.

    Raises ValueError for a field or a value that a workstation cannot have, and for a criterion that would
    be met without looking at any fact.
    """
    for criterion in raw["criteria"]:
        for case in criterion["cases"]:
            if case["status"] == "up-to-date" and not case["when"]:
                raise ValueError(
                    _("le critère « {id} » serait « à jour » sans regarder aucun fait").format(
                        id=criterion["id"]
                    )
                )
    for field, value in _mentioned(raw):
        if field not in fields:
            raise ValueError(
                _("un poste n'a pas de champ « {field} » (champs possibles : {names})").format(
                    field=field, names=", ".join(fields)
                )
            )
        if value is not None and fields[field] and value.casefold() not in fields[field]:
            raise ValueError(
                _("« {field} » ne vaut jamais « {value} » (valeurs possibles : {values})").format(
                    field=field, value=value, values=", ".join(fields[field])
                )
            )


def _mentioned(raw: Mapping[str, Any]) -> Iterator[tuple[str, str | None]]:
    """Each field that the ruleset speaks of, with each value it compares it to, None where it is a range."""
    for criterion in raw["criteria"]:
        for case in criterion["cases"]:
            yield from _tests(case["when"])
    for change in raw["changes"]:
        yield change["field"], change["to"]
        yield from _tests(change.get("unless", {}))


def _tests(condition: Mapping[str, Any]) -> Iterator[tuple[str, str | None]]:
    for field, test in condition.items():
        values = test if isinstance(test, list) else test.get("not", [None])
        for value in values:
            yield field, value
