"""Field merge under any interleaving of three laptops, with clocks that are wrong: no written value is lost."""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from fieldkit.domain.clock import Clock, Stamp
from fieldkit.domain.fieldwork import Record
from fieldkit.domain.merge import AHEAD_MS, Cell, Clash, Edit, clamp, merge

NOW = 1_790_000_000_000
FIELDS = st.sampled_from(["city", "rpps", "comment"])
WHO = st.integers(0, 2)


@dataclass
class Laptop:
    """What one laptop shows, and what it has not sent yet."""

    clock: Clock
    doc: dict[str, str | None] = field(default_factory=dict)
    stamps: dict[str, str] = field(default_factory=dict)
    queue: list[tuple[str, Cell, Stamp]] = field(default_factory=list)
    last: Stamp | None = None


class Merging(RuleBasedStateMachine):
    """Values are made of words that occur once, one a line: each can be followed to where it ended."""

    @initialize(skews=st.lists(st.integers(-10 * AHEAD_MS, 10 * AHEAD_MS), min_size=3, max_size=3))
    def start(self, skews: list[int]) -> None:
        self.record = Record("practice", "p", "dept:72", {})
        self.laptops = [
            Laptop(Clock(str(n) * 16, now=lambda skew=skew: NOW + skew))  # type: ignore[misc]
            for n, skew in enumerate(skews)
        ]
        self.words = 0
        self.sent: set[str] = set()
        self.replaced: set[str] = set()
        self.clashes: list[Clash] = []

    @rule(who=WHO, name=FIELDS, line=st.integers(0, 2), more=st.booleans())
    def write(self, who: int, name: str, line: int, more: bool) -> None:
        laptop = self.laptops[who]
        old = laptop.doc.get(name)
        self.words += 1
        lines = (old or "").split("\n") if name == "comment" else [""]
        lines[min(line, len(lines) - 1)] = f"w{self.words}"
        if more and name == "comment":
            self.words += 1
            lines.append(f"w{self.words}")
        new = "\n".join(lines)
        for seen in filter(None, [laptop.stamps.get(name)]):
            laptop.clock.see(Stamp.parse(seen))
        stamp = laptop.clock.tick()
        laptop.queue.append((name, Cell(old, new, laptop.stamps.get(name)), stamp))
        laptop.doc[name], laptop.stamps[name] = new, str(stamp)
        self.replaced |= words(old) - words(new)

    @rule(who=WHO)
    def push(self, who: int) -> None:
        laptop = self.laptops[who]
        if laptop.queue:
            name, cell, stamp = laptop.queue.pop(0)
            laptop.last = clamp(stamp, laptop.clock.device, laptop.last, NOW)
            self.record, clashes = merge(self.record, Edit(laptop.last, {name: cell}))
            self.clashes += clashes
            self.sent |= words(cell.new)

    @rule(who=WHO)
    def pull(self, who: int) -> None:
        laptop = self.laptops[who]
        laptop.doc, laptop.stamps = dict(self.record.doc), dict(self.record.stamps)
        for name, cell, stamp in laptop.queue:
            laptop.doc[name], laptop.stamps[name] = cell.new, str(stamp)

    @invariant()
    def no_word_is_lost(self) -> None:
        kept = set().union(*map(words, self.record.doc.values()))
        told = set().union(*(words(clash.ours) | words(clash.theirs) for clash in self.clashes))
        assert self.sent <= kept | told | self.replaced

    @invariant()
    def a_conflict_has_two_sides(self) -> None:
        for clash in self.clashes:
            assert clash.ours != clash.theirs
            assert clash.ours_at > clash.theirs_at
            assert clash.kind == {"city": "soft", "rpps": "review", "comment": "text"}[clash.field]


def words(value: str | None) -> set[str]:
    return set((value or "").split("\n")) - {""}


TestMerging = Merging.TestCase
TestMerging.settings = settings(max_examples=150, stateful_step_count=30, deadline=None)
