"""The machine of the guided test: what it asks for, what it counts, and that nothing upsets it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldkit.hardware.guided import words
from fieldkit.hardware.guided.run import BOUNCE, MUTE_AFTER, PATIENCE, ROUNDS
from fieldkit.hardware.guided.subject import subjects
from fieldkit.hardware.guided.verdict import Code, judge
from tests.hardware.guided.person import BANK, FIRST, ONE, SECOND, TWO, ZONE, Table, Trick, play

BOTH = (ONE, TWO)


def codes(table: Table) -> list[Code]:
    """The reasons of the verdict, gravest first."""
    return [reason.code for reason in judge(table.run.tally).reasons]


def test_a_perfect_run_is_good() -> None:
    table = Table(*BOTH)
    tally = play(table, *BOTH).tally
    assert judge(tally).result == "good"
    assert judge(tally).reasons == ()
    assert tally.rounds == ROUNDS
    for place, family in ((FIRST, "cps3"), (SECOND, "vitale2")):
        slot = tally.slots[place]
        assert (slot.insertions, slot.answered, slot.mute, slot.cuts, slot.changes) == (5, 5, 0, 0, 0)
        assert (slot.families, slot.times, slot.median, slot.worst) == ({family}, [0] * 5, 0, 0)
    assert [(card.asked, card.answered, card.place) for card in tally.cards] == [
        (5, 5, FIRST),
        (5, 5, SECOND),
    ]


def test_the_steps_of_a_round() -> None:
    table = Table(*BOTH)
    run = table.run
    assert (run.step.act, run.step.round, run.step.card, run.position) == ("insert", 1, 0, (0, 15))
    table.insert(ONE)
    assert (run.step.act, run.step.round, run.step.card, run.position) == ("insert", 1, 1, (1, 15))
    table.insert(TWO)
    assert (run.step.act, run.step.round, run.position) == ("remove", 1, (2, 15))
    table.remove(ONE)
    assert run.step.act == "remove"
    table.remove(TWO)
    assert (run.step.act, run.step.round, run.position) == ("insert", 2, (3, 15))


def test_cards_that_are_in_are_taken_out_first() -> None:
    table = Table(*BOTH)
    table.insert(TWO)
    run = type(table.run)(table.subject, table.bench, table.now)
    assert (run.step.act, run.step.round) == ("remove", 0)
    table.run = run
    table.wait()
    table.remove(TWO)
    assert (run.step.act, run.step.round) == ("insert", 1)
    assert judge(play(table, *BOTH).tally).result == "good"


def test_which_slot_is_for_the_cps_is_the_person_s_business() -> None:
    table = Table(*BOTH)
    tally = play(table, TWO, ONE).tally
    assert judge(tally).result == "good"
    assert [card.place for card in tally.cards] == [SECOND, FIRST]


def test_both_cards_at_once_count_for_both_steps() -> None:
    table = Table(*BOTH)

    def both(table: Table, _reader: str) -> bool:
        table.insert(TWO)
        table.insert(ONE)
        return True

    assert judge(play(table, *BOTH, tricks={(2, 0): both}).tally).result == "good"


def test_a_card_put_in_again_before_the_other_is_out_counts_for_the_next_round() -> None:
    table = Table(*BOTH)
    table.insert(ONE)
    table.insert(TWO)
    table.remove(ONE)
    table.wait()
    table.insert(ONE)
    table.remove(TWO)
    assert (table.run.step.round, table.run.step.act, table.run.step.card) == (2, "insert", 1)
    assert judge(play(table, *BOTH).tally).result == "good"


def test_a_card_that_comes_while_the_slots_are_cleared_is_taken_out_too() -> None:
    table = Table(*BOTH)
    table.insert(ONE)
    table.run = type(table.run)(table.subject, table.bench, table.now)
    table.wait()
    table.insert(TWO)
    table.remove(ONE)
    assert (table.run.step.act, table.run.step.round) == ("remove", 0)
    table.remove(TWO)
    assert judge(play(table, *BOTH).tally).result == "good"


def test_a_card_that_nobody_asked_for_is_taken_out_with_the_others() -> None:
    table = Table(*BOTH)
    table.run.skip(table.now)
    table.insert(ONE)
    table.wait()
    table.insert(TWO)
    table.remove(ONE)
    assert (table.run.step.act, table.run.step.round) == ("remove", 1)
    table.remove(TWO)
    play(table, *BOTH)
    assert set(codes(table)) == {"skipped"}


def test_a_reader_with_one_slot_and_one_without_contact() -> None:
    for reader, kind in ((ONE, "contact"), (ZONE, "contactless")):
        table = Table(reader)
        assert (table.subject.kind, table.subject.cards, table.run.position[1]) == (kind, 1, 10)
        assert judge(play(table, reader).tally).result == "good"


def mute_and_left(table: Table, reader: str) -> bool:
    table.insert(reader, b"")
    assert table.run.step.waiting
    table.wait(MUTE_AFTER)
    return True


def mute_and_turned(table: Table, reader: str) -> bool:
    table.insert(reader, b"")
    table.wait(1)
    table.remove(reader)
    table.wait(1)
    return False


def cut(table: Table, reader: str) -> bool:
    table.insert(reader)
    table.wait(0.3)
    table.remove(reader)
    table.wait(0.3)
    return False


def taken_early(table: Table, reader: str) -> bool:
    table.insert(reader)
    other = table.run.step
    assert other.card == 1
    table.wait()
    table.remove(reader)
    return True


def another_card(table: Table, reader: str) -> bool:
    table.insert(reader, BANK)
    return True


def damaged(table: Table, reader: str) -> bool:
    table.insert(reader, bytes.fromhex("3BAC0040"))
    return True


def slow(table: Table, reader: str) -> bool:
    table.insert(reader, b"")
    table.wait(2.5)
    table.answer(reader)
    return True


def nothing_happens(table: Table, _reader: str) -> bool:
    table.run.claim(table.now)
    return True


def too_late(table: Table, _reader: str) -> bool:
    table.wait(PATIENCE)
    return True


def unplugged(table: Table, _reader: str) -> bool:
    table.unplug(True)
    table.wait()
    table.unplug(False)
    return False


def service_lost(table: Table, _reader: str) -> bool:
    table.serve(False)
    table.wait()
    table.serve(True)
    return False


@pytest.mark.parametrize(
    ("trick", "named"),
    [
        (mute_and_left, {"mute"}),
        (mute_and_turned, {"mute"}),
        (cut, {"cut"}),
        (taken_early, {"cut"}),
        (another_card, {"change"}),
        (damaged, {"damaged", "change"}),
        (slow, {"slow"}),
        (nothing_happens, {"unseen"}),
        (too_late, {"missed"}),
        (unplugged, {"lost"}),
        (service_lost, {"lost"}),
    ],
)
def test_each_single_fault_is_named(trick: Trick, named: set[Code]) -> None:
    table = Table(*BOTH)
    play(table, *BOTH, tricks={(3, 0): trick})
    assert judge(table.run.tally).result == "unstable"
    assert set(codes(table)) == named
    for reason in judge(table.run.tally).reasons:
        assert words.reason_text(reason, table.subject)


def test_a_card_that_flickers_as_it_is_taken_out_is_named_and_does_not_count_as_the_next() -> None:
    for flickering in (ONE, TWO):
        table = Table(*BOTH)
        table.insert(ONE)
        table.insert(TWO)
        table.wait()
        for reader in (TWO, ONE) if flickering == ONE else (ONE, TWO):
            table.remove(reader)
        table.wait(BOUNCE / 2)
        table.insert(flickering)
        table.wait(BOUNCE / 2)
        table.remove(flickering)
        assert (table.run.step.act, table.run.step.round, table.run.step.card) == ("insert", 2, 0)
        play(table, *BOTH)
        assert set(codes(table)) == {"cut"}
        assert sum(slot.cuts for slot in table.run.tally.slots.values()) == 1


def test_a_removal_that_is_not_seen_is_named() -> None:
    table = Table(*BOTH)
    table.insert(ONE)
    table.insert(TWO)
    table.wait(PATIENCE)
    assert (table.run.step.act, table.run.step.round) == ("insert", 2)
    assert table.run.tally.stuck == 1
    table.remove(ONE)
    table.remove(TWO)
    play(table, *BOTH)
    assert set(codes(table)) == {"stuck"}


def test_a_reader_that_sees_nothing_does_not_work_if_someone_says_so() -> None:
    table = Table(*BOTH)
    for _step in range(4):
        table.wait()
        table.run.claim(table.now)
    assert table.run.done
    assert judge(table.run.tally).result == "fault"
    assert codes(table)[:2] == ["dead", "dead"]


def test_an_empty_chair_is_not_a_fault() -> None:
    table = Table(*BOTH)
    for _step in range(4):
        table.wait(PATIENCE)
    assert table.run.done
    assert judge(table.run.tally).result == "not-tested"
    assert "nothing" in codes(table)


def test_one_dead_slot_beside_a_good_one() -> None:
    table = Table(*BOTH)
    play(table, *BOTH, tricks={(1, 1): nothing_happens, (2, 1): mute_and_left})
    assert judge(table.run.tally).result == "fault"
    assert next((r.code, r.card) for r in judge(table.run.tally).reasons) == ("dead", 1)
    assert [(card.asked, card.answered) for card in table.run.tally.cards] == [(5, 5), (2, 0)]


def test_a_second_card_that_nobody_had_leaves_its_slot_untested() -> None:
    def skipped(table: Table, _reader: str) -> bool:
        table.run.skip(table.now)
        return True

    table = Table(*BOTH)
    play(table, *BOTH, tricks=dict.fromkeys([(number, 1) for number in range(1, 6)], skipped))
    assert judge(table.run.tally).result == "not-tested"
    assert set(codes(table)) == {"skipped", "few"}
    assert table.run.tally.cards[0].answered == 5


def test_a_test_that_is_stopped_tells_how_far_it_came() -> None:
    table = Table(*BOTH)
    table.insert(ONE)
    table.insert(TWO)
    table.remove(ONE)
    table.remove(TWO)
    table.run.stop()
    assert table.run.done
    assert judge(table.run.tally).result == "not-tested"
    assert set(codes(table)) == {"few", "stopped"}
    assert table.run.position == (15, 15)
    table.insert(ONE)
    assert table.run.tally.slots[FIRST].insertions == 1, "a run that is over counts no more"


def test_other_cards_than_a_cps_are_told() -> None:
    table = Table(*BOTH)
    play(table, TWO, ONE, tricks={(number, 1): another_card for number in range(1, 6)})
    assert judge(table.run.tally).result == "good"
    assert codes(table) == ["no-cps"]


def test_what_was_seen_of_simulated_readers_stays_so() -> None:
    table, real = Table(*BOTH, training=True), Table(*BOTH)
    assert table.run.tally.training
    real.run.see(table.bench, 0)
    real.run.see(real.bench, 0)
    assert real.run.tally.training


def test_readers_are_offered_with_two_slots_first_and_modules_never() -> None:
    table = Table(
        "ACS ACR1252 Dual Reader [ACR1252 Dual Reader SAM] 00 00", ZONE, ONE, TWO, "Virtual PCD 00 00"
    )
    assert [(s.kind, s.reader, len(s.places)) for s in subjects(table.bench)] == [
        ("contact", "KAPELSE KAP-GO", 2),
        ("contactless", "KAPELSE KAP-eCV", 1),
        ("contact", "Virtual PCD", 1),
    ]


def test_slots_that_are_named_apart_are_tested_as_the_one_reader_they_are() -> None:
    table = Table("ACME Duo ICC Reader 0", "ACME Duo Contact Reader 1", "ACME Duo PICC Reader 0")
    assert [(s.kind, s.reader, len(s.places)) for s in subjects(table.bench)] == [
        ("contact", "ACME Duo Reader", 2),
        ("contactless", "ACME Duo Reader", 1),
    ]


ACTS: list[Callable[[Table], None]] = [
    *(lambda table, reader=reader: table.insert(reader) for reader in BOTH),
    *(lambda table, reader=reader: table.insert(reader, b"") for reader in BOTH),
    *(lambda table, reader=reader: table.insert(reader, BANK) for reader in BOTH),
    *(lambda table, reader=reader: table.remove(reader) for reader in BOTH),
    *(lambda table, reader=reader: table.answer(reader) for reader in BOTH),
    *(lambda table, seconds=seconds: table.wait(seconds) for seconds in (0.1, 1.0, 4.0, PATIENCE)),
    *(lambda table, gone=gone: table.unplug(gone) for gone in (True, False)),
    *(lambda table, running=running: table.serve(running) for running in (True, False)),
    lambda table: table.run.skip(table.now),
    lambda table: table.run.claim(table.now),
    lambda table: table.run.renew(table.now),
]


@settings(deadline=None, max_examples=200)
@given(st.lists(st.sampled_from(range(len(ACTS))), max_size=80), st.booleans())
def test_nothing_upsets_it(script: list[int], stopped: bool) -> None:
    table = Table(*BOTH)
    for number in script:
        before = table.run.position[0]
        ACTS[number](table)
        assert table.run.position[0] >= before
        assert words.instruction(table.run.step, table.subject).title
    if stopped:
        table.run.stop()
        assert table.run.done
    tally, verdict = table.run.tally, judge(table.run.tally)
    for slot in tally.slots.values():
        assert slot.answered + slot.mute <= slot.insertions
        assert len(slot.times) <= slot.answered
        assert slot.changes <= max(0, slot.answered - 1)
    for card in tally.cards:
        pending = card.asked - card.answered - card.failures - card.skipped
        assert pending in (0, 1)
    assert tally.rounds <= ROUNDS
    assert verdict.result in ("good", "unstable", "fault", "not-tested")
    assert (verdict.result == "good") == (
        not {r.code for r in verdict.reasons} - {"skipped", "stopped", "no-cps"}
    )
    assert all(words.reason_text(reason, table.subject) for reason in verdict.reasons)
    assert words.summary(tally, verdict)
