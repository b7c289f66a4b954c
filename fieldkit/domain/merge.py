"""What two people who wrote apart have written together: field by field, and nothing lost (`sync.md`).

The registry merges with this. Whether two writes are concurrent is told by what the later one had seen,
never by a clock; a clock only chooses which of the two stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, NamedTuple

from fieldkit.domain.clock import Clock, Stamp
from fieldkit.domain.fieldwork import TYPES, Record
from fieldkit.domain.paragraphs import three_way
from fieldkit.errors import KnownError

ARCHIVED: Final = "archived"
"""Whether a record is put away, as a field: its name in stamps and cells."""
REGISTRY: Final = "f" * 16
"""The device that stands behind a text which the registry merged from two."""
AHEAD_MS: Final = 5 * 60_000
"""How far ahead of the registry's clock a stamp may be before it is brought back."""


class Cell(NamedTuple):
    """One field of an edit: the value its writer had before them, the new one, and the stamp they had seen."""

    old: Any
    new: Any
    seen: str | None


@dataclass(frozen=True, slots=True)
class Edit:
    """One write to one record. `seen` gives stamps of other fields that the writer had before them."""

    stamp: Stamp
    cells: Mapping[str, Cell] = field(default_factory=dict)
    seen: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Clash:
    """Two values of one field, written apart. `ours` stands, with its stamp; `theirs` would be lost otherwise."""

    field: str
    kind: str
    base: Any
    ours: Any
    theirs: Any
    ours_at: str
    theirs_at: str


def merge(record: Record, edit: Edit) -> tuple[Record, list[Clash]]:
    """`record` as `edit` leaves it, and the clashes that a person should know of."""
    doc, stamps = {**record.doc, ARCHIVED: record.archived}, dict(record.stamps)
    clashes = [
        clash
        for name, cell in edit.cells.items()
        if (clash := _place(record.type, name, cell, edit.stamp, doc, stamps)) is not None
    ]
    archived = bool(doc.pop(ARCHIVED))
    if archived:
        clashes += _archived_against_edit(record, edit)
    return replace(record, doc=doc, stamps=stamps, archived=archived), clashes


def clamp(stamp: Stamp, device: str, previous: Stamp | None, now: int) -> Stamp:
    """`stamp` as the registry keeps it: of `device`, not far beyond `now`, and after its `previous` one."""
    ms, counter = (stamp.ms, stamp.counter) if stamp.ms <= now + AHEAD_MS else (now, 0)
    if previous is not None and (ms, counter) <= (previous.ms, previous.counter):
        return Clock(device, previous, lambda: 0).tick()
    return Stamp(ms, counter, device)


def _place(
    record_type: str, name: str, cell: Cell, stamp: Stamp, doc: dict[str, Any], stamps: dict[str, str]
) -> Clash | None:
    """Put one cell into `doc` and `stamps`; the clash if two different values met."""
    current, at, new = doc.get(name), stamps.get(name), str(stamp)
    if at is None or not _unseen(at, cell.seen, stamp.device):
        _put(name, cell.new, new, doc, stamps)
        return None
    newer = new > at
    if current == cell.new:
        stamps[name] = max(at, new)
        return None
    kind = _kind(record_type, name)
    if kind == "text":
        merged = _merged_text(record_type, name, cell, current)
        if merged is not None:
            after = Clock(REGISTRY, Stamp.parse(max(at, new)), lambda: 0).tick()
            _put(name, merged, str(after), doc, stamps)
            return None
    if not newer:
        return Clash(name, kind, cell.old, current, cell.new, at, new)
    _put(name, cell.new, new, doc, stamps)
    return Clash(name, kind, cell.old, cell.new, current, new, at)


def _put(name: str, value: Any, stamp: str, doc: dict[str, Any], stamps: dict[str, str]) -> None:
    stamps[name] = stamp
    doc[name] = value
    if value is None:
        del doc[name]


def _unseen(at: str, seen: str | None, device: str) -> bool:
    """Whether what was written `at` was neither seen by this device nor written by it.

    A device that had seen another's write has also seen its own one give way to it: where that own one
    stands all the same, the registry was restored from a backup, and it counts as another's.
    """
    written = Stamp.parse(at)
    if at == seen or written.device != device:
        return at != seen
    if seen is None:
        return False
    known = Stamp.parse(seen)
    return known.device != device and (known.ms, known.counter) != (written.ms, written.counter)


def _kind(record_type: str, name: str) -> str:
    known = TYPES.get(record_type, {}).get(name)
    return known.conflict if known else "soft"


def _merged_text(record_type: str, name: str, cell: Cell, current: Any) -> str | None:
    base = cell.old or ""
    if not (isinstance(base, str) and isinstance(current, str) and isinstance(cell.new, str)):
        return None
    merged = three_way(base, current, cell.new)
    try:
        return None if merged is None else str(TYPES[record_type][name].check(merged))
    except KnownError:  # too long together
        return None


def _archived_against_edit(record: Record, edit: Edit) -> Iterable[Clash]:
    """An archived record stays so, and whoever had not seen that, or archived unseen edits, is told."""
    if ARCHIVED in edit.cells:
        at = str(edit.stamp)
        unseen = [s for f, s in record.stamps.items() if f != ARCHIVED and _missed(f, s, edit)]
        if unseen:
            yield Clash(ARCHIVED, "edit-archived", False, True, False, at, max(unseen))
    elif _missed(ARCHIVED, at := record.stamps.get(ARCHIVED, ""), edit):
        yield Clash(ARCHIVED, "edit-archived", False, True, False, at, str(edit.stamp))


def _missed(name: str, at: str, edit: Edit) -> bool:
    return bool(at) and _unseen(at, edit.seen.get(name), edit.stamp.device)
