"""A guided test under way: a machine of steps that is fed with benches, a time, and what the person says.

It has no clock: every call brings the time, in seconds that never go back. Which slot is meant for which card is not
public, so it takes a card wherever it appears: the first one of a round is the CPS, the next one the other card.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, Literal

from fieldkit.hardware.guided.subject import Place, Subject, place_of
from fieldkit.hardware.guided.tally import Tally
from fieldkit.hardware.pcsc import atr
from fieldkit.hardware.pcsc.bench import Bench, Slot

ROUNDS: Final = 5
PATIENCE: Final = 30.0
"""Seconds given to a step."""
MUTE_AFTER: Final = 3.0
"""Seconds after which a card that has not answered is called mute."""
BOUNCE: Final = 0.8
"""Seconds within which a card that was taken out cannot be back: it was never out, whatever was told."""
GIVE_UP: Final = 2
"""Failures after which a card is not asked for any more, where it never once answered."""

_NO_ROUND: Final = -1

Act = Literal["insert", "remove", "done"]


@dataclass(frozen=True, slots=True)
class Step:
    """What the person is asked for. `round` counts from 1; round 0 clears the slots. `card`: see `Tally.cards`.

    `waiting`: a card is there, and has not answered yet.
    """

    act: Act
    round: int
    card: int
    ends_at: float
    waiting: bool = False


@dataclass(slots=True)
class _Stay:
    """A card in a slot, from its arrival on; it counts for `round`."""

    arrived: float
    round: int
    answered: bool = False
    mute: bool = False


class GuidedRun:
    """One run over one subject; begin again with a new one. `tally` is what it counted so far."""

    def __init__(self, subject: Subject, bench: Bench, now: float) -> None:
        self.tally = Tally(subject, training=bench.training)
        self._slots: dict[Place, Slot] = {}
        self._known: dict[Place, Slot] = {}
        self._answers: dict[Place, bytes] = {}
        self._stays: dict[Place, _Stay] = {}
        self._held: set[Place] = set()
        self._to_remove: set[Place] = set()
        self._taken_out: dict[Place, float] = {}
        self._settled: list[Place] = []
        self._taken = 0
        self._step: Step
        self._take_in(bench, now)
        self._ask("remove", 0, 0, now)
        self._advance(now)

    @property
    def step(self) -> Step:
        """What is asked for now."""
        return replace(self._step, waiting=bool(self._pending()))

    @property
    def done(self) -> bool:
        """Whether nothing is asked for any more."""
        return self._step.act == "done"

    @property
    def position(self) -> tuple[int, int]:
        """How many steps are behind us, and how many there are in all, the clearing apart."""
        each, step = self.tally.subject.cards + 1, self._step
        if self.done:
            return ROUNDS * each, ROUNDS * each
        before = max(0, step.round - 1) * each
        inside = step.card if step.act == "insert" else each - 1
        return (before + inside if step.round else 0), ROUNDS * each

    def see(self, bench: Bench, now: float) -> None:
        """Take in what the readers are now."""
        if not self.done:
            self._take_in(bench, now)
            self._advance(now)

    def tick(self, now: float) -> None:
        """Let time pass: a card is found mute, a step ends."""
        self._advance(now)
        if self.done or self._pending() or now < self._step.ends_at:
            return
        if self._step.act == "insert":
            self.tally.cards[self._step.card].missed += 1
        elif self._step.round:
            self.tally.stuck += 1
        self._go_on(now)

    def skip(self, now: float) -> None:
        """The person does not do this step."""
        for stay in self._pending():
            stay.round = _NO_ROUND
        if self._step.act == "insert":
            self.tally.cards[self._step.card].skipped += 1
        self._go_on(now)

    def claim(self, now: float) -> None:
        """The person did it, and nothing happens: a card that is there but has not answered is mute."""
        pending = self._pending()
        for stay in pending:
            stay.arrived = now - MUTE_AFTER
        if pending:
            self._advance(now)
            return
        if self._step.act == "insert":
            self.tally.cards[self._step.card].unseen += 1
        elif not self.done:
            self.tally.stuck += 1
        self._go_on(now)

    def renew(self, now: float) -> None:
        """Give the step its whole time again, because nobody could see it for a while."""
        self._step = replace(self._step, ends_at=now + PATIENCE)

    def stop(self) -> None:
        """The person wants no more of it."""
        if not self.done:
            self.tally.stopped = True
            self._finish()

    def _take_in(self, bench: Bench, now: float) -> None:
        self.tally.training |= bench.training
        seen = {place_of(slot): slot for slot in bench.readers if slot.occupied is not None}
        here = {place: seen[place] for place in self.tally.subject.places if place in seen}
        self.tally.lost += any(place not in here for place in self._slots)
        for place in self.tally.subject.places:
            if place in here:
                self._follow(place, self._known.get(place), here[place], now)
                self._known[place] = here[place]
            else:
                self._held.discard(place)
        self._slots = here

    def _follow(self, place: Place, before: Slot | None, after: Slot, now: float) -> None:
        if before is None:
            return
        inserted = after.insertions > before.insertions
        if before.occupied and (inserted or not after.occupied):
            self._removed(place, before, now)
        if inserted and after.occupied:
            self._inserted(place, now)
        if after.atr and (inserted or not before.atr):
            self._answered(place, after)

    def _inserted(self, place: Place, now: float) -> None:
        removing, out_at = self._step.act == "remove", self._taken_out.pop(place, None)
        bounced = out_at is not None and now - out_at < BOUNCE
        self.tally.slots[place].insertions += 1
        self.tally.slots[place].cuts += bounced
        if bounced or (removing and out_at is None):
            self._stays[place] = _Stay(now, _NO_ROUND)
        else:  # also a hand that is ahead: one card is in again while the other one is still to be taken out
            self._stays[place] = _Stay(now, self._step.round + removing)
        if removing and self._stays[place].round == _NO_ROUND:
            self._to_remove.add(place)

    def _removed(self, place: Place, before: Slot, now: float) -> None:
        slot, stay = self.tally.slots[place], self._stays.pop(place, None)
        if stay is not None and before.state == "mute" and not stay.mute and not stay.answered:
            slot.mute += 1
        slot.cuts += place in self._held
        self._held.discard(place)
        self._to_remove.discard(place)
        if self._step.act == "remove" and self._step.round:
            self._taken_out[place] = now

    def _answered(self, place: Place, after: Slot) -> None:
        slot, stay = self.tally.slots[place], self._stays.get(place)
        if stay is None or stay.answered or stay.mute:
            return
        stay.answered = True
        slot.answered += 1
        slot.changes += self._answers.get(place, after.atr) != after.atr
        slot.damaged += atr.parse(after.atr).damage is not None
        self._answers[place] = after.atr
        if after.answer_ms is not None:
            slot.times.append(after.answer_ms)
        if after.card is not None:
            slot.kinds.add(after.card)

    def _pending(self) -> list[_Stay]:
        """Cards of this round that may still answer."""
        if self._step.act != "insert":
            return []
        stays = self._stays.values()
        return [s for s in stays if s.round == self._step.round and not s.answered and not s.mute]

    def _advance(self, now: float) -> None:
        """Settle what is settled by `now`, and go on from steps that are done."""
        while not self.done:
            self._settle(now)
            if self._step.act == "insert":
                if len(self._settled) <= self._taken:
                    return
                self._take(self._settled[self._taken])
            elif self._to_remove:
                return
            self._next(now)

    def _settle(self, now: float) -> None:
        """See which cards have answered, and which have had their time to."""
        for place, stay in self._stays.items():
            if not stay.answered and not stay.mute and now - stay.arrived >= MUTE_AFTER:
                stay.mute = True
                self.tally.slots[place].mute += 1
            if self._step.act != "insert" or stay.round != self._step.round:
                continue
            if (stay.answered or stay.mute) and place not in self._settled:
                self._settled.append(place)
            if stay.answered:
                self._held.add(place)

    def _take(self, place: Place) -> None:
        """The card that was asked for is the one in `place`."""
        card = self.tally.cards[self._step.card]
        card.place = place
        if self._stays[place].answered:
            card.answered += 1
        else:
            card.mute += 1
        self._taken += 1

    def _go_on(self, now: float) -> None:
        if not self.done:
            self._next(now)
            self._advance(now)

    def _next(self, now: float) -> None:
        """Ask for what comes after this step."""
        number, after = self._step.round, self._step.card + 1
        if self._step.act == "remove":
            self.tally.rounds = number
            self._settled, self._taken = [], 0
            number, after = number + 1, 0
        wanted = [card for card in range(after, len(self.tally.cards)) if not self._given_up(card)]
        if wanted and number <= ROUNDS:
            self.tally.cards[wanted[0]].asked += 1
            self._ask("insert", number, wanted[0], now)
        elif self._step.act == "insert":
            self._ask("remove", number, 0, now)
        else:
            self._finish()

    def _given_up(self, card: int) -> bool:
        tally = self.tally.cards[card]
        return tally.failures >= GIVE_UP and not tally.answered

    def _ask(self, act: Act, number: int, card: int, now: float) -> None:
        self._step = Step(act, number, card, now + PATIENCE)
        if act == "remove":
            self._held.clear()
            self._taken_out.clear()
            self._to_remove = {place for place, slot in self._slots.items() if slot.occupied}

    def _finish(self) -> None:
        self._step = Step("done", self._step.round, 0, self._step.ends_at)
