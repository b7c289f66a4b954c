"""Rulesets: what makes a workstation up to date or ready, as dated data of `resources/rulesets/`.

Who edits a ruleset needs no code: `resources/rulesets/README.md` describes the form.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, TypeVar

from fieldkit.domain.conditions import Condition, Facts, parse_condition
from fieldkit.domain.ruleset_fields import Fields, refuse_strangers
from fieldkit.errors import KnownError
from fieldkit.i18n import N_, _, language

OWNERS: Final = (N_("PS"), N_("éditeur"), N_("support AM"), N_("délégué"))
DELEGATE: Final = OWNERS[3]
APCV: Final = "apcv"
"""The programme whose ruleset decides on the appli carte Vitale."""

T = TypeVar("T")


class Status(StrEnum):
    """What a criterion says of a workstation (`à jour`, `action requise`, `obsolète`, `inconnu`)."""

    UP_TO_DATE = "up-to-date"
    ACTION = "action"
    OBSOLETE = "obsolete"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Text:
    """A text of a ruleset; `str()` gives it in the language in use, French where English is missing."""

    fr: str
    en: str = ""

    def __str__(self) -> str:
        return self.en if self.en and language() == "en" else self.fr


@dataclass(frozen=True, slots=True)
class Case:
    """What a criterion says where `when` holds. The owner, one of `OWNERS`, is who does the remedy."""

    when: Condition
    status: Status
    reason: Text
    remedy: Text
    owner: str


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing that is judged: the first of its cases that holds says how.

    `find_out` tells how to learn the facts it needs; `as_of` is the date of the source.
    """

    id: str
    title: Text
    source: str
    as_of: str
    find_out: Text
    cases: tuple[Case, ...]

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields its cases look at, each once."""
        return tuple(dict.fromkeys(field for case in self.cases for field in case.when.fields))

    def decide(self, facts: Facts) -> Case | None:
        """The case that applies, or None where the facts at hand leave more than one status possible."""
        reached = []
        for case in self.cases:
            holds = case.when.holds(facts)
            if holds is not False:
                reached.append(case)
            if holds:
                return case if all(other.status == case.status for other in reached) else None
        return None

    def undecided(self, facts: Facts) -> tuple[str, ...]:
        """The fields to learn next for it to decide: the first one that each open case waits for."""
        waiting = (case.when.waits_for(facts) for case in self.cases)
        return tuple(dict.fromkeys(field for field in waiting if field is not None))


@dataclass(frozen=True, slots=True)
class Change:
    """A change a practice can make: `field` becomes `to`. Not possible where `unless` holds.

    `cost` is a relative effort, our own choice. `check` is the text where the present value is unknown:
    then there is something to look up before anything is changed.
    """

    field: str
    to: str
    cost: int
    owner: str
    text: Text
    check: Text
    unless: Condition | None


@dataclass(frozen=True, slots=True)
class Ruleset:
    """The criteria of a programme (`pro-ps`, `apcv`…) from `valid_from` on, until a later one follows."""

    id: str
    programme: str
    title: Text
    valid_from: dt.date
    notice: Text
    criteria: tuple[Criterion, ...]
    changes: tuple[Change, ...]


def applicable(rulesets: Iterable[Ruleset], on: dt.date) -> list[Ruleset]:
    """For each programme the latest ruleset whose validity had begun on that day; the ApCV one is last."""
    begun = sorted((r for r in rulesets if r.valid_from <= on), key=lambda r: r.valid_from)
    latest = {ruleset.programme: ruleset for ruleset in begun}
    return sorted(latest.values(), key=lambda r: (r.programme == APCV, r.programme))


def load_ruleset(text: str, fields: Fields | None = None) -> Ruleset:
    """A ruleset from its JSON, which may speak only of `fields` where they are given.

    Raises KnownError `ruleset-invalid`, which says what to mend and where.
    """
    try:
        raw = json.loads(text)
        made = _ruleset(raw)
        if fields is not None:
            refuse_strangers(raw, fields)
        return made
    except json.JSONDecodeError as error:
        reason = _("JSON illisible, ligne {line}").format(line=error.lineno)
    except ValueError as error:
        reason = str(error)
    raise KnownError(
        "ruleset-invalid",
        _("Ce jeu de règles n'est pas utilisable : {reason}.").format(reason=reason),
        _("Corrigez le fichier en suivant resources/rulesets/README.md, ou retirez-le."),
    )


def _ruleset(raw: Any) -> Ruleset:
    _only(raw, "id", "programme", "title", "valid_from", "notice", "criteria", "changes")
    criteria = tuple(_criterion(item) for item in _get(raw, "criteria", list))
    ids = [criterion.id for criterion in criteria]
    if not ids or len(set(ids)) < len(ids):
        raise ValueError(_("il faut au moins un critère, et chaque critère a son propre « id »"))
    return Ruleset(
        id=_get(raw, "id", str),
        programme=_get(raw, "programme", str),
        title=_text(raw, "title"),
        valid_from=_date(raw, "valid_from"),
        notice=_optional_text(raw, "notice"),
        criteria=criteria,
        changes=tuple(_change(item) for item in _get(raw, "changes", list)),
    )


def _criterion(raw: Any) -> Criterion:
    _only(raw, "id", "title", "source", "as_of", "find_out", "cases")
    if not _get(raw, "cases", list):
        raise ValueError(_("un critère a au moins un cas"))
    return Criterion(
        id=_get(raw, "id", str),
        title=_text(raw, "title"),
        source=_get(raw, "source", str),
        as_of=_get(raw, "as_of", str),
        find_out=_optional_text(raw, "find_out"),
        cases=tuple(_case(item) for item in _get(raw, "cases", list)),
    )


def _case(raw: Any) -> Case:
    _only(raw, "when", "status", "reason", "remedy", "owner")
    status = _status(raw)
    needs_remedy = status in (Status.ACTION, Status.OBSOLETE)
    return Case(
        when=parse_condition(_get(raw, "when", dict)),
        status=status,
        reason=_text(raw, "reason"),
        remedy=_text(raw, "remedy") if needs_remedy else _optional_text(raw, "remedy"),
        owner=_owner(raw) if needs_remedy or "owner" in raw else "",
    )


def _change(raw: Any) -> Change:
    _only(raw, "field", "to", "cost", "owner", "text", "check", "unless")
    if _get(raw, "cost", int) < 0:
        raise ValueError(_("« cost » ne peut pas être négatif"))
    return Change(
        field=_get(raw, "field", str),
        to=_get(raw, "to", str),
        cost=_get(raw, "cost", int),
        owner=_owner(raw),
        text=_text(raw, "text"),
        check=_text(raw, "check"),
        unless=parse_condition(_get(raw, "unless", dict)) if "unless" in raw else None,
    )


def _status(raw: Any) -> Status:
    status = _get(raw, "status", str)
    if status not in set(Status):
        raise ValueError(_("« {status} » n'est pas un statut connu").format(status=status))
    return Status(status)


def _date(raw: Mapping[str, Any], key: str) -> dt.date:
    try:
        return dt.date.fromisoformat(_get(raw, key, str))
    except ValueError:
        raise ValueError(_("« {key} » doit être une date comme 2023-01-01").format(key=key)) from None


def _owner(raw: Mapping[str, Any]) -> str:
    owner = _get(raw, "owner", str)
    if owner not in OWNERS:
        raise ValueError(_("« {owner} » n'est pas un acteur connu").format(owner=owner))
    return owner


def _optional_text(raw: Mapping[str, Any], key: str) -> Text:
    return _text(raw, key) if key in raw else Text("")


def _text(raw: Mapping[str, Any], key: str) -> Text:
    both = _get(raw, key, dict)
    _only(both, "fr", "en")
    return Text(_get(both, "fr", str), _get(both, "en", str) if "en" in both else "")


def _only(raw: Any, *keys: str) -> None:
    """A misspelt key must not pass for a missing one."""
    if not isinstance(raw, dict):
        raise ValueError(_("un objet JSON est attendu"))
    for key in raw.keys() - set(keys):
        raise ValueError(_("« {key} » n'a pas de sens ici").format(key=key))


def _get(raw: Mapping[str, Any], key: str, kind: type[T]) -> T:
    value = raw.get(key)
    if type(value) is not kind or value == "":
        raise ValueError(_("« {key} » manque ou n'est pas du bon type").format(key=key))
    return value
