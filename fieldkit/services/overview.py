"""The state of a delegate's field work at a glance, for the dashboard.

A visit that a later edition replaces counts no more: what was written in it stands in that edition.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from fieldkit.domain import professions
from fieldkit.services import visits
from fieldkit.services.duplicates import roots
from fieldkit.services.narrowing import Narrowing
from fieldkit.store.fieldwork import FieldStore

Row = Mapping[str, Any]

_MOST: Final = 8
_CRITERIA: Final = {
    ("PRO-PS", "postes équipés de lecteurs à jour"): "card-reader",
    ("PRO-PS", "postes PS avec OS à jour"): "os",
    ("PRO-PS", "postes équipés d'ATSAM avec version à jour"): "atsam",
}
"""National figures that one's own workstations answer to, by a criterion of the rulesets."""


@dataclass(frozen=True, slots=True)
class Share:
    """How many of one's own, among those of which it is known; `of` 0 where it is known of none."""

    count: int
    of: int


@dataclass(frozen=True, slots=True)
class Overview:
    """`visits` are rows of `visits.list_visits`: drafts that are due first, oldest first, then the latest others.

    `due` counts those of today or late, corrections apart. `readiness` counts practices by the appli carte
    Vitale verdict of their latest visit, `departments` by department (None: not known), `ready_in` those of
    them that are ready. `obstacles` counts by theme, `products` by product or service. `follow_ups` are open
    ones, the most urgent first, out of `open_follow_ups` and `late_follow_ups`. `own` tells what stands beside
    a national figure, by its topic and metric. `choices` are the departments and professions there are.
    """

    visits: tuple[Row, ...]
    due: int
    total: int
    readiness: Mapping[str, int]
    departments: Mapping[str | None, int]
    ready_in: Mapping[str | None, int]
    obstacles: Mapping[str, int]
    products: Mapping[str, int]
    follow_ups: tuple[Row, ...]
    open_follow_ups: int
    late_follow_ups: int
    own: Mapping[tuple[str, str], Share]
    choices: tuple[tuple[str, ...], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Work:
    """The field work that a narrowing keeps: visits newest first, judged, and by their identity."""

    rows: tuple[Row, ...]
    of: Mapping[str, Row]
    choices: tuple[tuple[str, ...], tuple[str, ...]]

    @property
    def latest(self) -> tuple[Row, ...]:
        """The latest visit to each practice."""
        return tuple({row["practice"]["id"]: row for row in reversed(self.rows)}.values())


def work(store: FieldStore, chosen: Narrowing) -> Work:
    """The visits that count, of those `chosen`."""
    rows = [row for row in visits.list_visits(store, judged=True) if not row["superseded_by"]]
    kept = tuple(row for row in rows if _kept(row, chosen))
    departments = sorted({row["practice"]["department"] for row in rows} - {None})
    found = {professions.category(row["practice"]["profession"] or "") for row in rows}
    choices = (tuple(departments), tuple(name for name in professions.CATEGORIES if name in found))
    return Work(kept, {row["id"]: row for row in kept}, choices)


def overview(store: FieldStore, today: dt.date, chosen: Narrowing | None = None) -> Overview:
    """Everything the dashboard says of the field data, as of `today`."""
    seen = work(store, chosen or Narrowing())
    due = [row for row in reversed(seen.rows) if is_due(row, today)]
    others = [row for row in seen.rows if row not in due]
    actions = follow_ups(store, seen)
    obstacles = [o for o in store.of("obstacle") if o["visit"] in seen.of]
    return Overview(
        visits=tuple([*due, *others][:_MOST]),
        due=len(due),
        total=len(seen.rows),
        readiness=Counter(row["apcv"] for row in seen.latest),
        departments=Counter(row["practice"]["department"] for row in seen.latest),
        ready_in=Counter(row["practice"]["department"] for row in seen.latest if row["apcv"] == "ready"),
        obstacles=Counter(obstacle["theme"] or "" for obstacle in obstacles),
        products=Counter(obstacle["product"] for obstacle in obstacles if obstacle["product"]),
        follow_ups=tuple(actions[:_MOST]),
        open_follow_ups=len(actions),
        late_follow_ups=sum(is_late(action, today) for action in actions),
        own=_own(store, seen),
        choices=seen.choices,
    )


def is_due(row: Row, today: dt.date) -> bool:
    """Whether a visit is to be made today, or should have been; a correction is not a visit to make."""
    return row["state"] == "draft" and not row["supersedes"] and row["date"] <= today.isoformat()


def is_late(action: Row, today: dt.date) -> bool:
    """Whether a follow-up should have been done."""
    return bool(action["by"] and action["by"] < today.isoformat())


def follow_ups(store: FieldStore, seen: Work, *, done: bool = False) -> list[dict[str, Any]]:
    """Follow-ups of these visits: `{id, visit, practice, who, by, text, done}`, the most urgent first.

    Those that are done come last, and only where `done` asks for them.
    """
    found = [
        {
            "id": action.id,
            "visit": action["visit"],
            "practice": seen.of[action["visit"]]["practice"]["name"],
            "who": action["who"],
            "by": action["by"],
            "text": action["text"] or "",
            "done": bool(action["done"]),
        }
        for action in store.of("follow_up")
        if action["visit"] in seen.of and (done or not action["done"])
    ]
    return sorted(found, key=lambda action: (action["done"], action["by"] or "9999"))


def _kept(row: Row, chosen: Narrowing) -> bool:
    practice = row["practice"]
    return (
        chosen.department in (None, practice["department"])
        and (
            chosen.profession is None
            or professions.category(practice["profession"] or "") == chosen.profession
        )
        and (chosen.since is None or (row["date"] or "") >= chosen.since.isoformat())
    )


def _own(store: FieldStore, seen: Work) -> dict[tuple[str, str], Share]:
    """One's own beside some national figures: workstations by a fact or a finding, practices by a milestone."""
    visited = {row["practice"]["id"] for row in seen.rows}
    practices = [practice for practice in store.of("practice") if practice.id in visited]
    standing = roots(store)
    stations = [w for w in store.of("workstation") if standing[w["practice"]].id in visited]
    addenda = [w["addendum"] for w in stations if w["addendum"] is not None]
    claims = sum(practice["apcv_first_claim"] is not None for practice in practices)
    return {
        ("télétransmission SESAM-Vitale", "professionnels de santé en télétransmission"): Share(
            len(practices), len(practices)
        ),
        ("addendum 7", "taux de déploiement"): _share(addendum >= 7 for addendum in addenda),
        ("addendum 8", "taux de déploiement"): _share(addendum >= 8 for addendum in addenda),
        ("appli carte Vitale", "professionnels de santé utilisateurs"): Share(claims, len(practices)),
        **{figure: _up_to_date(seen, criterion) for figure, criterion in _CRITERIA.items()},
    }


def _up_to_date(seen: Work, criterion: str) -> Share:
    """Workstations that are up to date by a criterion, of those of which it could be decided."""
    said = [status for row in seen.latest for name, status in row["findings"] if name == criterion]
    return _share(status == "up-to-date" for status in said if status != "unknown")


def _share(holds: Iterable[bool]) -> Share:
    answers = list(holds)
    return Share(sum(answers), len(answers))
