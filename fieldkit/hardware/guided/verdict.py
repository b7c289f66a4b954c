"""The verdict on a guided test, and every reason for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from fieldkit.hardware.guided.run import GIVE_UP
from fieldkit.hardware.guided.subject import Place
from fieldkit.hardware.guided.tally import CardTally, SlotTally, Tally

Result = Literal["good", "unstable", "fault", "not-tested"]
"""The words of a test run: `fault` is a reader that does not work, at least in one slot."""
Code = Literal[
    "dead",
    "mute",
    "cut",
    "change",
    "damaged",
    "slow",
    "unseen",
    "missed",
    "stuck",
    "lost",
    "nothing",
    "few",
    "skipped",
    "stopped",
    "no-cps",
]

ENOUGH: Final = 3
"""Answers of a card below which it was not tried enough to call its slot good."""
SLOW_MS: Final = 2000
"""Milliseconds above which an answer is called slow."""

_FAULTS: Final[tuple[Code, ...]] = (
    "mute", "cut", "change", "damaged", "slow", "unseen", "missed", "stuck", "lost"
)  # fmt: skip
_CPS: Final = ("cps2ter", "cps3", "cps3-contactless", "cps4", "cps4-rc")


@dataclass(frozen=True, slots=True)
class Reason:
    """`n` is how often, or for `slow` how many milliseconds. It is about a slot, a card of the round, or the run."""

    code: Code
    n: int
    place: Place | None = None
    card: int | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """`reasons` come with the gravest first, and name all that was not as it should be."""

    result: Result
    reasons: tuple[Reason, ...]


def judge(tally: Tally) -> Verdict:
    """What `tally` says of the reader; what was not tried, or may be the person's absence, is no fault of it."""
    anything = any(slot.insertions for slot in tally.slots.values()) or any(c.unseen for c in tally.cards)
    reasons = (
        *_dead(tally),
        *(reason for place, slot in tally.slots.items() for reason in _of_slot(place, slot)),
        *(reason for card, counts in enumerate(tally.cards) for reason in _of_card(card, counts)),
        *_of_run(tally, anything),
    )
    return Verdict(_result(tally, reasons, anything), reasons)


def _result(tally: Tally, reasons: tuple[Reason, ...], anything: bool) -> Result:
    codes = {reason.code for reason in reasons}
    if "dead" in codes:
        return "fault"
    if not anything:
        return "not-tested"
    silent = {card for card, counts in enumerate(tally.cards) if not counts.answered}
    if any(r.code in _FAULTS and not (r.code == "missed" and r.card in silent) for r in reasons):
        return "unstable"
    return "not-tested" if "few" in codes else "good"


def _dead(tally: Tally) -> Iterator[Reason]:
    """Cards that never answered although someone was there: a mere time-out may be an empty chair."""
    for card, counts in enumerate(tally.cards):
        if _is_dead(counts):
            yield Reason("dead", counts.failures, counts.place, card)


def _is_dead(counts: CardTally) -> bool:
    return not counts.answered and counts.failures >= GIVE_UP and counts.failures > counts.missed


def _of_slot(place: Place, slot: SlotTally) -> Iterator[Reason]:
    counted: tuple[tuple[Code, int], ...] = (
        ("mute", slot.mute),
        ("cut", slot.cuts),
        ("change", slot.changes),
        ("damaged", slot.damaged),
        ("slow", slot.worst if slot.worst is not None and slot.worst > SLOW_MS else 0),
    )
    yield from (Reason(code, n, place) for code, n in counted if n)


def _of_card(card: int, counts: CardTally) -> Iterator[Reason]:
    counted: tuple[tuple[Code, int], ...] = (
        ("unseen", counts.unseen),
        ("missed", counts.missed),
        ("skipped", counts.skipped),
    )
    yield from (Reason(code, n, counts.place, card) for code, n in counted if n)
    if counts.answered < ENOUGH and not _is_dead(counts):
        yield Reason("few", counts.answered, counts.place, card)


def _of_run(tally: Tally, anything: bool) -> Iterator[Reason]:
    if tally.stuck:
        yield Reason("stuck", tally.stuck)
    if tally.lost:
        yield Reason("lost", tally.lost)
    if tally.stopped:
        yield Reason("stopped", tally.rounds)
    families = {family for slot in tally.slots.values() for family in slot.families}
    if not anything:
        yield Reason("nothing", 0)
    elif tally.subject.kind == "contact" and families and families.isdisjoint(_CPS):
        yield Reason("no-cps", 0)
