"""The verdict on a workstation: findings by criterion, readiness for the appli carte Vitale, what to change.

Everything is three-valued: a verdict that rests on a fact nobody has looked up is "unknown", and a fact
that is learned can only make a verdict more certain.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from fieldkit.domain.conditions import Facts, fact
from fieldkit.domain.fieldwork import WORKSTATION_FACTS
from fieldkit.domain.rulesets import APCV, DELEGATE, Criterion, Ruleset, Status
from fieldkit.domain.shortest_path import Step, shortest_path
from fieldkit.i18n import _


class Apcv(StrEnum):
    """Whether the appli carte Vitale can be read and billed on a workstation.

    `impossible` means: something needed is known to be missing, and no set of the changes that the
    ruleset lists makes it good. In the present ruleset that is a software whose editor offers no
    version at addendum 8; leaving an editor is the practice's own choice and never proposed.
    """

    READY = "ready"
    NOT_YET = "not-yet"
    IMPOSSIBLE = "impossible"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Finding:
    """What one criterion says of one workstation, in the language in use.

    `facts` are the known facts it rests on, `missing` the fields that keep it from deciding.
    """

    ruleset: str
    criterion: str
    title: str
    status: Status
    reason: str
    remedy: str
    owner: str
    source: str
    as_of: str
    facts: dict[str, str]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """All findings on one workstation, and what they mean for the appli carte Vitale."""

    findings: tuple[Finding, ...]
    apcv: Apcv
    shortest_path: tuple[Step, ...]

    def as_dict(self) -> dict[str, Any]:
        """The shape of `cli.md`, without the workstation's identity; plain values only."""
        findings = [asdict(f) | {"status": str(f.status), "missing": list(f.missing)} for f in self.findings]
        path = [step.as_dict() for step in self.shortest_path]
        return {"findings": findings, "apcv": str(self.apcv), "shortest_path": path}


def judge(rulesets: Sequence[Ruleset], facts: Facts) -> Verdict:
    """The verdict on a workstation with these facts; `rulesets` are those of `applicable`.

    Without a ruleset for the appli carte Vitale its readiness is unknown.
    """
    apcv, path = Apcv.UNKNOWN, None
    for ruleset in rulesets:
        if ruleset.programme == APCV:
            path = shortest_path(ruleset, facts)
            apcv = _readiness(ruleset, facts, path)
    findings = tuple(_finding(r, c, facts) for r in rulesets for c in r.criteria)
    return Verdict(findings, apcv, tuple(path or ()))


def _readiness(ruleset: Ruleset, facts: Facts, path: Sequence[Step] | None) -> Apcv:
    decided = [criterion.decide(facts) for criterion in ruleset.criteria]
    statuses = {Status.UNKNOWN if case is None else case.status for case in decided}
    if statuses == {Status.UP_TO_DATE}:
        return Apcv.READY
    if statuses <= {Status.UP_TO_DATE, Status.UNKNOWN}:
        return Apcv.UNKNOWN
    return Apcv.IMPOSSIBLE if path is None else Apcv.NOT_YET


def _finding(ruleset: Ruleset, criterion: Criterion, facts: Facts) -> Finding:
    case = criterion.decide(facts)
    known = {field: value for field in criterion.fields if (value := fact(facts, field)) is not None}
    missing = () if case else criterion.undecided(facts)
    return Finding(
        ruleset=ruleset.id,
        criterion=criterion.id,
        title=str(criterion.title),
        status=case.status if case else Status.UNKNOWN,
        reason=str(case.reason) if case else _why_unknown(criterion, known, missing),
        remedy=str(case.remedy if case else criterion.find_out),
        owner=case.owner if case else DELEGATE,
        source=criterion.source,
        as_of=criterion.as_of,
        facts=known,
        missing=missing,
    )


def _why_unknown(criterion: Criterion, known: Facts, missing: Sequence[str]) -> str:
    absent = [field for field in missing if field not in known]
    if absent:
        return _("Pas encore renseigné : {fields}.").format(fields=_labels(absent))
    return _("Valeur sans réponse dans les sources : {fields}.").format(
        fields=_labels(missing or criterion.fields)
    )


def _labels(fields: Iterable[str]) -> str:
    named = (WORKSTATION_FACTS.get(field) for field in fields)
    return ", ".join(_(f.label) if f else name for f, name in zip(named, fields, strict=True))
