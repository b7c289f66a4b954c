"""What happened to a sequence on its way: lost, doubled, swapped, changed, cut short, preceded or followed.

Works on characters and on key presses alike.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

Item = TypeVar("Item", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Alignment:
    """The cheapest way from `expected` to `received`, counted in items.

    `before` and `after` are items received around the expected ones, `late` and `cut` items missing at
    the start and at the end. `kept` holds the index of every expected item that arrived unchanged.
    """

    cost: int
    kept: frozenset[int] = frozenset()
    before: int = 0
    after: int = 0
    late: int = 0
    cut: int = 0
    lost: int = 0
    doubled: int = 0
    swapped: int = 0
    changed: int = 0
    extra: int = 0

    @property
    def damaged(self) -> int:
        """Items lost, doubled, swapped, changed or added inside, and those missing at the start."""
        return self.late + self.lost + self.doubled + self.swapped + self.changed + self.extra


_MATCH, _CHANGE, _LOSE, _ADD, _SWAP = range(5)


def at_least(expected: Mapping[Item, int], received: Mapping[Item, int]) -> int:
    """A cost that no alignment of sequences with these counts of items can be under; quick to compute."""
    return sum(count - min(count, expected.get(item, 0)) for item, count in received.items())


def align(expected: Sequence[Hashable], received: Sequence[Hashable]) -> Alignment:
    """Align with cost 1 for each item lost, added, changed or swapped with the next.

    A piece missing at the very start or the very end costs 1 however long it is: that is one event,
    a field that got the focus late or lost it.
    """
    head = _common(expected, received)
    tail = _common(expected[head:][::-1], received[head:][::-1])
    middle_e = expected[head : len(expected) - tail]
    middle_r = received[head : len(received) - tail]
    costs = _table(middle_e, middle_r, late=head == 0, cut=tail == 0)
    steps = _steps(middle_e, middle_r, costs, late=head == 0, cut=tail == 0)
    kept = frozenset(range(head)) | {head + i for step, i, _ in steps if step == _MATCH}
    kept |= frozenset(range(len(expected) - tail, len(expected)))
    return _count(costs[-1][-1], kept, steps, head, tail, received)


def _common(one: Sequence[Hashable], other: Sequence[Hashable]) -> int:
    length = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        length += 1
    return length


def _table(e: Sequence[Hashable], r: Sequence[Hashable], *, late: bool, cut: bool) -> list[list[int]]:
    costs = [[0] * (len(r) + 1) for _ in range(len(e) + 1)]
    costs[0] = list(range(len(r) + 1))
    for i in range(1, len(e) + 1):
        row, above = costs[i], costs[i - 1]
        row[0] = 1 if late else i
        for j in range(1, len(r) + 1):
            best = min(above[j - 1] + (e[i - 1] != r[j - 1]), above[j] + 1, row[j - 1] + 1)
            if i > 1 and j > 1 and e[i - 1] == r[j - 2] and e[i - 2] == r[j - 1]:
                best = min(best, costs[i - 2][j - 2] + 1)
            row[j] = best
    if cut and e:
        costs[-1][-1] = min(costs[-1][-1], 1 + min(row[-1] for row in costs[:-1]))
    return costs


def _steps(
    e: Sequence[Hashable], r: Sequence[Hashable], costs: list[list[int]], *, late: bool, cut: bool
) -> list[tuple[int, int, int]]:
    """The steps of a cheapest alignment, in order, each with the index it concerns on both sides."""
    i, j = len(e), len(r)
    steps: list[tuple[int, int, int]] = []
    if cut and i:
        stop = min(range(i), key=lambda row: costs[row][j])
        if costs[stop][j] + 1 <= costs[i][j]:
            steps += [(_LOSE, k, j) for k in range(i - 1, stop - 1, -1)]
            i = stop
    while i or j:
        here = costs[i][j]
        if i and j and e[i - 1] == r[j - 1] and here == costs[i - 1][j - 1]:
            i, j = i - 1, j - 1
            steps.append((_MATCH, i, j))
        elif (
            i > 1
            and j > 1
            and e[i - 1] == r[j - 2]
            and e[i - 2] == r[j - 1]
            and here == costs[i - 2][j - 2] + 1
        ):
            i, j = i - 2, j - 2
            steps.append((_SWAP, i, j))
        elif j and here == costs[i][j - 1] + 1:
            j -= 1
            steps.append((_ADD, i, j))
        elif i and (here == costs[i - 1][j] + 1 or (late and j == 0)):
            i -= 1
            steps.append((_LOSE, i, j))
        else:
            i, j = i - 1, j - 1
            steps.append((_CHANGE, i, j))
    return steps[::-1]


def _count(
    cost: int,
    kept: frozenset[int],
    steps: list[tuple[int, int, int]],
    head: int,
    tail: int,
    received: Sequence[Hashable],
) -> Alignment:
    before = _run(steps, _ADD) if head == 0 else 0
    late = _run(steps, _LOSE) if head == 0 else 0
    rest = steps[before + late :]
    after = _run(rest[::-1], _ADD) if tail == 0 else 0
    cut = _run(rest[::-1], _LOSE) if tail == 0 else 0
    inner = rest[: len(rest) - after - cut]
    kinds = Counter(step for step, _, _ in inner)
    added = [head + j for step, _, j in inner if step == _ADD]
    doubled = sum(j > 0 and received[j] == received[j - 1] for j in added)
    return Alignment(
        cost=cost,
        kept=kept,
        before=before,
        after=after,
        late=late,
        cut=cut,
        lost=kinds[_LOSE],
        doubled=doubled,
        swapped=kinds[_SWAP],
        changed=kinds[_CHANGE],
        extra=len(added) - doubled,
    )


def _run(steps: list[tuple[int, int, int]], kind: int) -> int:
    length = 0
    for step, _, _ in steps:
        if step != kind:
            break
        length += 1
    return length
