"""What changed at a practice between two visits: their frozen state (`snapshot`) compared, fact by fact."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Final

from fieldkit.domain.fieldwork import WORKSTATION_FACTS

Snapshot = Mapping[str, Any]
"""`{practice, workstations, verdict}` as `services.visits` freezes it."""

_PRACTICE: Final = ("name", "rpps", "finess", "department", "profession", "city")
_WORKSTATION: Final = ("name", "place", *WORKSTATION_FACTS)


class Kind(StrEnum):
    """What a change is about."""

    PRACTICE = "practice"
    ADDED = "workstation-added"
    REMOVED = "workstation-removed"
    FACT = "fact"
    READINESS = "readiness"


@dataclass(frozen=True, slots=True)
class Change:
    """One change; `before` and `after` are values as they are kept, None for what was or became unknown.

    `workstation` is its name, "" for what concerns the practice; `field` is empty for a whole workstation.
    """

    kind: Kind
    workstation: str
    field: str
    before: Any
    after: Any

    def as_dict(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self) | {"kind": str(self.kind)}


def changes(before: Snapshot, after: Snapshot) -> list[Change]:
    """What is different in `after`: the practice, then each workstation, by identity and in its order there."""
    return [*_practice(before["practice"], after["practice"]), *_workstations(before, after)]


def _practice(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    for field in _PRACTICE:
        if before.get(field) != after.get(field):
            yield Change(Kind.PRACTICE, "", field, before.get(field), after.get(field))


def _workstations(before: Snapshot, after: Snapshot) -> Iterator[Change]:
    old, new = ({w["id"]: w for w in snapshot["workstations"]} for snapshot in (before, after))
    for identity, w in new.items():
        name = str(w.get("name") or "")
        if identity not in old:
            yield Change(Kind.ADDED, name, "", None, None)
            continue
        for field in _WORKSTATION:
            was, now = old[identity].get(field), w.get(field)
            if was != now:
                yield Change(Kind.FACT, name, field, was, now)
        then, since = _apcv(before, identity), _apcv(after, identity)
        if then != since:
            yield Change(Kind.READINESS, name, "", then, since)
    for identity, w in old.items():
        if identity not in new:
            yield Change(Kind.REMOVED, str(w.get("name") or ""), "", None, None)


def _apcv(snapshot: Snapshot, workstation: str) -> str:
    return next((v["apcv"] for v in snapshot["verdict"]["workstations"] if v["id"] == workstation), "unknown")
