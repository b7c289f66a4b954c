"""What the guided test says: the steps on each kind of reader, and the way out of a fault."""

from __future__ import annotations

from fieldkit.hardware.guided import words
from fieldkit.hardware.guided.run import PATIENCE
from fieldkit.hardware.guided.verdict import judge
from tests.hardware.guided.person import ONE, TWO, ZONE, Table, play


def said(table: Table) -> str:
    """What the person is asked for now."""
    return words.instruction(table.run.step, table.subject).title


def test_a_reader_with_one_slot_asks_for_one_card() -> None:
    table = Table(ONE)
    assert words.title(table.subject) == "KAPELSE KAP-GO, une fente"
    assert said(table) == "Insérez la carte CPS"
    table.insert(ONE)
    assert said(table) == "Retirez la carte"


def test_a_contactless_zone_never_asks_for_a_phone() -> None:
    table = Table(ZONE)
    table.insert(ZONE)
    run = type(table.run)(table.subject, table.bench, table.now)
    asked = [words.instruction(run.step, table.subject)]
    table.run = run
    table.remove(ZONE)
    asked.append(words.instruction(run.step, table.subject))
    table.insert(ZONE)
    asked.append(words.instruction(run.step, table.subject))
    assert [one.title for one in asked] == [
        "Dégagez la zone sans contact",
        "Posez une carte sur la zone sans contact",
        "Éloignez la carte",
    ]
    assert "jamais le téléphone d'un patient" in asked[1].text


def test_one_object_that_is_not_seen_does_not_condemn_a_contactless_zone() -> None:
    table = Table(ZONE)
    for _round in range(2):
        table.wait()
        table.run.claim(table.now)
    verdict = judge(table.run.tally)
    assert verdict.result == "fault"
    assert words.headline(table.subject, verdict.result) == "La zone sans contact ne reconnaît pas la carte."
    assert "un téléphone, qui ne passe pas n'est pas un défaut" in words.remedies(verdict, table.subject)[0]
    assert (
        words.reason_text(verdict.reasons[0], table.subject)
        == "Zone sans contact : aucune réponse, 2 essais."
    )


def test_a_card_that_is_slow_asks_for_patience_and_may_be_given_up_or_skipped() -> None:
    table = Table(ONE, TWO)
    table.insert(ONE, b"")
    assert said(table) == "Ne touchez à rien"
    table.run.claim(table.now)
    assert table.run.tally.cards[0].mute == 1
    table.insert(TWO, b"")
    table.run.skip(table.now)
    assert table.run.tally.cards[1].skipped == 1
    assert said(table) == "Retirez les deux cartes"
    table.run.claim(table.now)
    assert table.run.tally.stuck == 1


def test_removals_and_empty_chairs_are_told() -> None:
    table = Table(ONE, TWO)
    for _step in range(4):
        table.wait(PATIENCE)
    reasons = [words.reason_text(reason, table.subject) for reason in judge(table.run.tally).reasons]
    assert "Aucune carte n'a été vue." in reasons
    assert "Fente de la carte CPS : rien vu dans le temps prévu, 2 fois." in reasons
    assert "Autre fente : 0 réponse ; il en faut 3 pour conclure." in reasons
    assert said(table) == "Le test est fini"


def test_a_line_for_a_slot_holds_what_was_counted() -> None:
    table = Table(ONE, TWO)
    tally = play(table, ONE, TWO).tally
    place, slot = next(iter(tally.slots.items()))
    assert (
        words.slot_text(place, slot, table.subject)
        == "Fente 1 : 5 insertions, 5 réponses (aussitôt), Carte CPS3."
    )
    slot.times[:] = [0, 0, 12, 20, 2400]
    assert words.times_text(slot) == "médiane 12 ms, au pire 2,4 s"
