"""The books of the bench: whatever PC/SC tells, the events alone tell the bench."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from fieldkit.hardware.pcsc import errors, scard
from fieldkit.hardware.pcsc.bench import Bench, Event, state_of
from fieldkit.hardware.pcsc.ledger import Change, Ledger, Sighting
from tests.hardware.pcsc.backends import CPS3, READERS, VITALE

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
EMPTY, INSIDE, AWAY = scard.EMPTY, scard.PRESENT, scard.UNAVAILABLE
TWINS = ("Gemalto PC Twin Reader (E1) 00 00", "Gemalto PC Twin Reader (E2) 01 00")
TI_KAP = (
    "Kapelse Ti-Kap [0001 TL Ti-Kap 1] 00 00",
    "Kapelse Ti-Kap [0001 TL Ti-Kap 2] 01 00",
    "Kapelse Ti-Kap [CCID Interface CLESS slot2] (0001) 02 00",
)


def seen(flags: int, atr: bytes = b"", count: int = 0) -> Sighting:
    return Sighting(errors.SUCCESS, {READERS[0]: (count << 16 | flags, atr)})


def noted(ledger: Ledger, *sightings: Sighting) -> list[list[str]]:
    """The kinds of event that each sighting brings."""
    changes = [ledger.note(sighting, 0, NOW) for sighting in sightings]
    return [[event.kind for event in change.events] if change else [] for change in changes]


def test_the_same_again_is_nothing_new() -> None:
    ledger = Ledger()
    assert ledger.note(seen(EMPTY), 0, NOW) is not None
    assert ledger.note(seen(EMPTY), 10, NOW) is None


def test_the_service_counts_what_nobody_saw() -> None:
    before, again = seen(INSIDE, CPS3, 1), seen(INSIDE, CPS3, 3)
    assert noted(Ledger(), before, again)[1] == ["card-removed", "card-inserted"]
    assert noted(Ledger(), seen(INSIDE, CPS3, 0xFFFF), seen(INSIDE, CPS3, 1))[1] == [
        "card-removed",
        "card-inserted",
    ]


def test_cards_too_quick_to_be_seen_are_counted() -> None:
    def after(before: Sighting, now: Sighting) -> tuple[list[str], int]:
        ledger = Ledger()
        ledger.note(before, 0, NOW)
        change = ledger.note(now, 0, NOW)
        assert change is not None
        return [event.kind for event in change.events], change.bench.readers[0].insertions

    went, came = "card-removed", "card-inserted"
    assert after(seen(EMPTY, count=4), seen(EMPTY, count=8)) == ([came, went] * 2, 2)
    assert after(seen(EMPTY, count=4), seen(INSIDE, CPS3, 9)) == ([came, went] * 2 + [came], 3)
    assert after(seen(INSIDE, CPS3, 4), seen(EMPTY, count=7)) == ([went, came, went], 1)
    assert after(seen(INSIDE, CPS3, 4), seen(INSIDE, CPS3, 8)) == ([went, came, went, came], 2)


def test_a_count_that_starts_anew_within_a_context_moves_no_card() -> None:
    ledger = Ledger()
    ledger.note(seen(EMPTY, count=7), 0, NOW)
    assert ledger.note(seen(EMPTY, count=0), 0, NOW) is None


def test_a_service_that_starts_counting_anew_has_not_moved_a_card() -> None:
    gone = Sighting(errors.NO_SERVICE)
    kinds = noted(Ledger(), seen(INSIDE, CPS3, 7), gone, seen(INSIDE, CPS3, 1))
    assert kinds[1:] == [["service", "reader-removed"], ["service", "reader-added", "card-inserted"]]


def test_what_happened_while_the_service_was_away_is_worked_out() -> None:
    gone = Sighting(errors.NO_SERVICE)

    def after(before: Sighting, now: Sighting) -> tuple[int, bool | None]:
        ledger = Ledger()
        ledger.note(before, 0, NOW)
        ledger.note(gone, 0, NOW)
        change = ledger.note(now, 0, NOW)
        assert change is not None
        last = change.events[-1]
        return change.bench.readers[0].insertions, last.already if last.kind == "card-inserted" else None

    assert after(seen(EMPTY), seen(INSIDE, CPS3)) == (1, False)
    assert after(seen(INSIDE, CPS3), seen(INSIDE, CPS3)) == (0, True)
    assert after(seen(INSIDE, CPS3), seen(INSIDE, VITALE)) == (1, False)
    assert after(seen(INSIDE, CPS3), seen(EMPTY)) == (0, None)


def test_a_reader_that_cannot_tell_has_not_lost_its_card() -> None:
    kinds = noted(Ledger(), seen(INSIDE, CPS3), seen(AWAY), seen(INSIDE, CPS3), seen(AWAY), seen(EMPTY))
    assert kinds[1:] == [[], [], [], ["card-removed"]]


def test_a_programme_that_takes_the_card_is_no_event_but_a_new_bench() -> None:
    ledger = Ledger()
    ledger.note(seen(INSIDE, CPS3), 0, NOW)
    change = ledger.note(seen(INSIDE | scard.IN_USE, CPS3), 0, NOW)
    assert change is not None
    assert change.events == ()
    assert (change.bench.readers[0].state, change.bench.readers[0].changed_at) == ("in-use", NOW)


def test_two_readers_of_a_kind_keep_apart_and_keep_their_names() -> None:
    empty = (EMPTY, b"")

    def names(change: Change | None) -> list[tuple[str, int]]:
        assert change is not None
        return [(slot.name, slot.slot) for slot in change.bench.readers]

    ledger = Ledger()
    both = ledger.note(Sighting(0, dict.fromkeys(TWINS, empty)), 0, NOW)
    assert names(both) == [("Gemalto PC Twin Reader", 0), ("Gemalto PC Twin Reader (2)", 0)]
    assert names(ledger.note(Sighting(0, {TWINS[1]: empty}), 0, NOW)) == [("Gemalto PC Twin Reader (2)", 0)]


def test_slots_of_one_device_share_its_name() -> None:
    change = Ledger().note(Sighting(0, dict.fromkeys(TI_KAP, (EMPTY, b""))), 0, NOW)
    assert change is not None
    assert [(slot.name, slot.slot, slot.interface) for slot in change.bench.readers] == [
        ("Kapelse Ti-Kap", 0, "contact"),
        ("Kapelse Ti-Kap", 1, "contact"),
        ("Kapelse Ti-Kap", 2, "contactless"),
    ]


ALL = [*READERS, *TWINS, *TI_KAP]
CARDS = [
    (EMPTY, b""),
    (INSIDE, CPS3),
    (INSIDE, VITALE),
    (INSIDE | scard.MUTE, b""),
    (AWAY, b""),
    (scard.UNKNOWN, b""),
]
words = st.tuples(st.sampled_from(CARDS), st.integers(0, 3)).map(lambda w: (w[1] << 16 | w[0][0], w[0][1]))
sightings = st.one_of(
    st.dictionaries(st.sampled_from(ALL), words).map(lambda readers: Sighting(0, readers)),
    st.sampled_from(
        [Sighting(errors.NO_SERVICE), Sighting(errors.COMM_ERROR), Sighting(errors.NO_SERVICE, {}, False)]
    ),
)


class Replay:
    """The bench as someone knows it who hears the events only."""

    def __init__(self) -> None:
        self.service = ""
        self.cards: dict[tuple[str, int], bytes | None] = {}

    def hear(self, event: Event) -> None:
        if event.slot is None:
            assert event.state != self.service
            self.service = event.state
            return
        key = event.slot.name, event.slot.slot
        match event.kind:
            case "reader-added":
                assert key not in self.cards
                self.cards[key] = None
            case "reader-removed":
                del self.cards[key]
            case "card-inserted":
                assert self.cards[key] is None
                self.cards[key] = event.atr
            case "card-removed":
                assert self.cards[key] is not None
                self.cards[key] = None

    def check(self, bench: Bench) -> None:
        assert self.service == bench.service
        assert set(self.cards) == {(slot.name, slot.slot) for slot in bench.readers}
        for slot in bench.readers:
            if slot.occupied is not None:
                assert (self.cards[slot.name, slot.slot] is not None) == slot.occupied


@given(st.lists(sightings, max_size=12))
def test_the_events_alone_tell_the_bench(told: list[Sighting]) -> None:
    ledger, replay = Ledger(), Replay()
    for number, sighting in enumerate(told):
        change = ledger.note(sighting, number, NOW)
        if change is None:
            continue
        for event in change.events:
            replay.hear(event)
        replay.check(change.bench)
        _states_are_those_told(change.bench, sighting.readers)


def _states_are_those_told(bench: Bench, readers: Mapping[str, tuple[int, bytes]]) -> None:
    assert sorted(slot.state for slot in bench.readers) == sorted(
        state_of(flags) for flags, _ in readers.values()
    )
    assert sum(slot.insertions for slot in bench.readers) >= 0


def answer_times(*sightings: tuple[int, Sighting]) -> list[int | None]:
    """The time to the answer that the slot shows after each sighting, which comes at so many milliseconds."""
    ledger, told = Ledger(), list[int | None]()
    for t_ms, sighting in sightings:
        change = ledger.note(sighting, t_ms, NOW)
        told.append(change.bench.readers[0].answer_ms if change and change.bench.readers else None)
    return told


def test_the_time_to_an_answer_is_from_the_card_being_told_to_its_answer() -> None:
    empty, mute, card = seen(EMPTY), seen(INSIDE | scard.MUTE, count=1), seen(INSIDE, CPS3, 1)
    assert answer_times((0, empty), (100, card), (900, seen(INSIDE | scard.IN_USE, CPS3, 1))) == [None, 0, 0]
    assert answer_times((0, empty), (100, mute), (950, card)) == [None, None, 850]
    assert answer_times((0, empty), (100, card), (200, seen(EMPTY, count=2))) == [None, 0, None]
    assert answer_times((0, empty), (100, card), (700, seen(INSIDE, VITALE, 3))) == [None, 0, 0]


def test_a_card_that_was_in_before_has_no_time_to_its_answer() -> None:
    assert answer_times((0, seen(INSIDE | scard.MUTE)), (50, seen(INSIDE, CPS3))) == [None, None]
    gone = Sighting(errors.NO_SERVICE)
    assert (
        answer_times((0, seen(EMPTY)), (10, seen(INSIDE, CPS3, 1)), (20, gone), (30, seen(INSIDE, CPS3, 1)))[
            3
        ]
        == 0
    )


def test_every_event_says_when_it_was_seen() -> None:
    change = Ledger().note(seen(INSIDE, CPS3), 0, NOW)
    assert change is not None
    assert [event.at for event in change.events] == [NOW] * 3
