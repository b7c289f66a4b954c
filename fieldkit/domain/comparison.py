"""Editors side by side: the integration facts of one profession at one date as a grid, and what changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from fieldkit.domain.catalogue import Integration, Status

EXPLICIT = "explicit"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Services × editors by identifier, in the order of the source; a pair it does not speak of is absent.

    Where a source speaks of products, they stand in the place of editors.
    """

    services: tuple[str, ...]
    editors: tuple[str, ...]
    cells: Mapping[tuple[str, str], Integration]

    def cell(self, service: str, editor: str) -> Integration | None:
        """What the source says of one pair; None where it says nothing at all."""
        return self.cells.get((service, editor))


@dataclass(frozen=True, slots=True)
class Change:
    """One pair whose known answer differs between two dates."""

    service: str
    editor: str
    before: Integration
    after: Integration


def compare(facts: Iterable[Integration]) -> Comparison:
    """The grid of `facts`, which are of one profession and one date."""
    cells = {(fact.service, fact.holder): fact for fact in facts}
    return Comparison(
        services=tuple(dict.fromkeys(service for service, _ in cells)),
        editors=tuple(dict.fromkeys(editor for _, editor in cells)),
        cells=cells,
    )


def stated_in_text(fact: Integration) -> bool:
    """Whether only the text beside the table answers: the cell was lost, and the text is outright."""
    return fact.status is Status.UNKNOWN and stance(fact) is not None


def differs(grid: Comparison, service: str) -> bool:
    """Whether the editors' known answers for a service are not all the same: unknown is no answer."""
    answers = {
        (stance(fact), fact.value if fact.status is Status.TEXT else "")
        for editor in grid.editors
        if (fact := grid.cell(service, editor)) is not None and stance(fact) is not None
    }
    return len(answers) > 1


def stance(fact: Integration) -> bool | None:
    """Whether the editor offers the service: by its cell, else as the text states outright; None for unknown.

    Our own readings of a text (`prose_basis` interpretation) are no answer.
    """
    if fact.status is not Status.UNKNOWN:
        return fact.status is not Status.NO
    return fact.prose_value == Status.YES if fact.prose_basis == EXPLICIT else None


def changes(before: Comparison, after: Comparison) -> tuple[tuple[Change, ...], int]:
    """The pairs of both grids whose known answers differ, and how many pairs cannot be compared.

    A pair that either side lost is of the second kind: lost is not changed.
    """
    changed, silent = [], 0
    for (service, editor), old in before.cells.items():
        new = after.cell(service, editor)
        if new is None:
            continue
        if stance(old) is None or stance(new) is None:
            silent += 1
        elif stance(old) != stance(new) or _reworded(old, new):
            changed.append(Change(service, editor, old, new))
    return tuple(changed), silent


def _reworded(old: Integration, new: Integration) -> bool:
    return Status.UNKNOWN not in (old.status, new.status) and old.value != new.value
