"""What a guided test counts: by slot what the reader told, by card of the round what became of the asking."""

from __future__ import annotations

from dataclasses import dataclass, field
from statistics import median

from fieldkit.hardware.guided.subject import Place, Subject
from fieldkit.hardware.pcsc.cards import CardClass, Family


@dataclass(slots=True)
class SlotTally:
    """One slot. `times` are milliseconds from a card being told to its answer, `changes` how often a card's answer
    differed from that of the card before; `cuts` are removals that nobody had been asked for."""

    insertions: int = 0
    answered: int = 0
    mute: int = 0
    cuts: int = 0
    changes: int = 0
    damaged: int = 0
    times: list[int] = field(default_factory=list)
    kinds: set[CardClass] = field(default_factory=set)

    @property
    def families(self) -> set[Family]:
        """The families of the cards that answered."""
        return {kind.family for kind in self.kinds}

    @property
    def median(self) -> float | None:
        """Median time to the answer in milliseconds; None where no time was taken."""
        return median(self.times) if self.times else None

    @property
    def worst(self) -> int | None:
        """Longest time to the answer in milliseconds."""
        return max(self.times, default=None)


@dataclass(slots=True)
class CardTally:
    """One card of the round, the CPS or the other one: how often it was asked for, and what came of it.

    `unseen`: the person says that it was in and nothing happened. `missed`: nothing was seen in time, and nobody said
    why. `place` is the slot it was last seen in.
    """

    asked: int = 0
    answered: int = 0
    mute: int = 0
    unseen: int = 0
    missed: int = 0
    skipped: int = 0
    place: Place | None = None

    @property
    def failures(self) -> int:
        """Askings after which no card answered."""
        return self.mute + self.unseen + self.missed


@dataclass(slots=True)
class Tally:
    """A whole run. `stuck`: removals that were asked for and not seen. `lost`: how often the reader went away.

    `training`: some of it was seen of simulated readers, so that none of it is a result.
    """

    subject: Subject
    training: bool = False
    rounds: int = 0
    stopped: bool = False
    stuck: int = 0
    lost: int = 0
    slots: dict[Place, SlotTally] = field(default_factory=dict)
    cards: list[CardTally] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.slots = {place: SlotTally() for place in self.subject.places}
        self.cards = [CardTally() for _card in range(self.subject.cards)]
