"""The guided test of a card reader, and its result as a test of the visit."""

from __future__ import annotations

from typing import Any

from fieldkit.hardware.guided import words
from fieldkit.hardware.guided.run import ROUNDS, GuidedRun, Step
from fieldkit.hardware.guided.subject import Subject, subjects
from fieldkit.hardware.guided.tally import SlotTally, Tally
from fieldkit.hardware.guided.verdict import Verdict, judge
from fieldkit.i18n import _
from fieldkit.services import training

__all__ = [
    "ROUNDS", "GuidedRun", "SlotTally", "Step", "Subject", "Tally", "Verdict",
    "judge", "result_text", "subjects", "test_run_fields", "words",
]  # fmt: skip


def test_run_fields(tally: Tally) -> dict[str, Any]:
    """The fields of a `test_run` for a guided test; visit, workstation and time are the caller's.

    Counts, times and families of cards; no answer of a card, no serial number. Raises KnownError `training-result`.
    """
    training.refuse(tally.training)
    verdict = judge(tally)
    return {
        "kind": "readers",
        "verdict": verdict.result,
        "summary": words.summary(tally, verdict),
        "details": {
            "guided": tally.subject.kind,
            "reader": tally.subject.reader,
            "rounds": tally.rounds,
            "rounds_wanted": ROUNDS,
            "stopped": tally.stopped,
            "slots": [
                {"name": name, "slot": number, **_slot_details(slot)}
                for (name, number), slot in tally.slots.items()
            ],
            "cards": [
                {
                    "asked": card.asked,
                    "answered": card.answered,
                    "mute": card.mute,
                    "unseen": card.unseen,
                    "missed": card.missed,
                    "skipped": card.skipped,
                    "slot": card.place and card.place[1],
                }
                for card in tally.cards
            ],
            "lost": tally.lost,
            "stuck": tally.stuck,
            "reasons": [
                {"code": r.code, "n": r.n, "slot": r.place and r.place[1], "card": r.card}
                for r in verdict.reasons
            ],
        },
    }


def result_text(tally: Tally) -> str:
    """The result as text to paste; one of simulated readers says so in its first line."""
    verdict, subject = judge(tally), tally.subject
    lines = [training.mark()] if tally.training else []
    lines += [_("Test guidé de {reader}.").format(reader=words.title(subject))]
    lines += [words.headline(subject, verdict.result)]
    lines += [f"- {words.slot_text(place, slot, subject)}" for place, slot in tally.slots.items()]
    lines += [f"- {words.reason_text(reason, subject)}" for reason in verdict.reasons]
    lines += words.remedies(verdict, subject)
    return "\n".join(lines)


def _slot_details(slot: SlotTally) -> dict[str, Any]:
    return {
        "insertions": slot.insertions,
        "answered": slot.answered,
        "mute": slot.mute,
        "false_removals": slot.cuts,
        "answer_changes": slot.changes,
        "damaged": slot.damaged,
        "answer_ms": {"median": slot.median, "worst": slot.worst},
        "families": sorted(slot.families),
    }
