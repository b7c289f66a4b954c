"""What a registry must hold after a history of writes, worked out from `sync.md` alone: nothing of the merge is used.

It knows what the histories that it is given hold: laptops whose clocks are right, fields with one value each, texts of
lines that are replaced one by one, and practices that are put away but not taken out again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from tests.sync.promises import Facts, Op

KINDS: Final = {"city": "soft", "profession": "soft", "name": "review", "comment": "text"}
MERGED: Final = "f" * 16
"""The writer of a text that was merged from two."""

Conflict = tuple[str, str, str, Any, Any, Any]
"""Record, field, kind, base, ours (which stands), theirs."""


@dataclass
class Held:
    """A record as the writes so far leave it: of each field its value, stamp and writer."""

    cells: dict[str, tuple[Any, str, str]] = field(default_factory=dict)
    archived: bool = False


def worked_out(there: Facts) -> tuple[dict[str, dict[str, Any]], Counter[Conflict]]:
    """The values of every practice, and the conflicts that there must be."""
    records: dict[str, Held] = {}
    conflicts: Counter[Conflict] = Counter()
    for identity, device, op in there.history:
        if op["t"] == "practice":
            conflicts.update(_written(identity, records.setdefault(identity, Held()), device, op))
    return {
        i: {name: c[0] for name, c in r.cells.items() if name != "archived"} for i, r in records.items()
    }, conflicts


def told(there: Facts) -> Counter[Conflict]:
    """The conflicts that the registry has."""
    about = [r["fields"] for r in there.records.values() if r["type"] == "conflict"]
    names = ("target_id", "field", "kind", "base", "ours", "theirs")
    return Counter(tuple(one.get(name) for name in names) for one in about)


def _written(identity: str, held: Held, device: str, op: Op) -> Iterable[Conflict]:
    stamp = op["st"]
    seen_archived = op.get("v", {}).get("archived")
    if op["op"] == "create":
        held.cells.update({name: (value, stamp, device) for name, value in op["d"].items()})
        return
    if op["op"] == "archive":
        unseen = [
            name
            for name, cell in held.cells.items()
            if name != "archived" and _is_concurrent(cell, op["v"].get(name), device)
        ]
        before = held.cells.get("archived", (True, "", device))
        held.cells["archived"] = max((True, stamp, device), before, key=lambda cell: cell[1])
        if unseen:
            yield identity, "archived", "edit-archived", False, True, False
        return
    for name, (old, new, seen) in op["c"].items():
        yield from _set(identity, held, name, (old, new, seen), (stamp, device))
    if "archived" in held.cells and _is_concurrent(held.cells["archived"], seen_archived, device):
        yield identity, "archived", "edit-archived", False, True, False


def _set(
    identity: str, held: Held, name: str, cell: tuple[Any, Any, str | None], by: tuple[str, str]
) -> Iterable[Conflict]:
    old, new, seen = cell
    current = held.cells.get(name)
    if current is None or not _is_concurrent(current, seen, by[1]):
        held.cells[name] = (new, *by)
        return
    value, at, _writer = current
    if value == new:
        held.cells[name] = max(current, (new, *by), key=lambda one: one[1])
        return
    if KINDS[name] == "text":
        merged = _line_by_line(old, value, new)
        if merged is not None:
            held.cells[name] = (merged, _just_after(max(at, by[0])), MERGED)
            return
    ours, theirs = ((new, *by), current) if by[0] > at else (current, (new, *by))
    held.cells[name] = ours
    yield identity, name, KINDS[name], old, ours[0], theirs[0]


def _is_concurrent(current: tuple[Any, str, str], seen: str | None, device: str) -> bool:
    return current[1] != seen and current[2] != device


def _line_by_line(base: str, one: str, other: str) -> str | None:
    """The text with the changes of both; None where both changed a line, and not to the same."""
    lines = []
    for before, a, b in zip(base.split("\n"), one.split("\n"), other.split("\n"), strict=True):
        if before not in (a, b) and a != b:
            return None
        lines.append(b if a == before else a)
    return "\n".join(lines)


def _just_after(stamp: str) -> str:
    ms, counter, _device = stamp.split("-")
    return f"{ms}-{int(counter, 16) + 1:04x}-{MERGED}"
