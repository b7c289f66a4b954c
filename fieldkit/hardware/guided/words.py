"""The guided test in words: what to do now, and why the verdict is what it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from fieldkit.hardware.guided.run import ROUNDS, Step
from fieldkit.hardware.guided.subject import Kind, Place, Subject
from fieldkit.hardware.guided.tally import SlotTally, Tally
from fieldkit.hardware.guided.verdict import ENOUGH, Code, Reason, Result, Verdict
from fieldkit.hardware.pcsc.words import duration_text
from fieldkit.i18n import N_, _, ngettext


@dataclass(frozen=True, slots=True)
class Instruction:
    """What the person is asked for: a few big words, a sentence, and the name of a drawing."""

    title: str
    text: str
    picture: str


_HEADLINES: Final[dict[tuple[Kind, Result], str]] = {
    ("contact", "good"): N_("Le lecteur est bon."),
    ("contact", "unstable"): N_("Le lecteur est instable."),
    ("contact", "fault"): N_("Le lecteur ne fonctionne pas comme il faut."),
    ("contact", "not-tested"): N_("Le lecteur n'est pas testé."),
    ("contactless", "good"): N_("La zone sans contact est bonne."),
    ("contactless", "unstable"): N_("La zone sans contact est instable."),
    ("contactless", "fault"): N_("La zone sans contact ne reconnaît pas la carte."),
    ("contactless", "not-tested"): N_("La zone sans contact n'est pas testée."),
}

_CLEAN: Final = N_(
    "Essayez une autre carte et nettoyez la puce. Si rien ne change, faites remplacer le lecteur par son fournisseur."
)
_REPLUG: Final = N_(
    "Branchez le lecteur directement sur l'ordinateur, avec un autre câble, puis refaites le test."
)
_AGAIN: Final = N_(
    "Refaites le test ; si la carte est en place et que rien ne vient, dites-le : « Rien ne se passe »."
)
_REMEDIES: Final[dict[Code, str]] = {
    "dead": _CLEAN,
    "mute": N_("Retournez la carte et insérez-la à fond. Si elle reste sans réponse, essayez-en une autre."),
    "cut": N_(
        "Si vous n'avez pas bougé la carte, le contact est mauvais : nettoyez la puce, essayez une autre carte."
    ),
    "change": N_(
        "Si la carte était toujours la même, le contact est mauvais : nettoyez la puce, refaites le test."
    ),
    "damaged": _CLEAN,
    "slow": _REPLUG,
    "unseen": _CLEAN,
    "missed": _AGAIN,
    "stuck": _REPLUG,
    "lost": _REPLUG,
    "nothing": _AGAIN,
    "few": N_("Refaites le test jusqu'au bout."),
}
_NFC: Final = N_(
    "Essayez une autre carte sans contact avant de conclure : un seul objet, ou un téléphone, "
    "qui ne passe pas n'est pas un défaut du lecteur."
)


def title(subject: Subject) -> str:
    """What is tested and how: `KAPELSE KAP-GO, bi-fente`."""
    if subject.kind == "contactless":
        return _("{reader}, sans contact").format(reader=subject.reader)
    if subject.cards == 1:
        return _("{reader}, une fente").format(reader=subject.reader)
    return _("{reader}, bi-fente").format(reader=subject.reader)


def instruction(step: Step, subject: Subject) -> Instruction:
    """What to do in `step`."""
    if step.act == "done":
        return Instruction(_("Le test est fini"), "", "success")
    if step.waiting:
        return Instruction(
            _("Ne touchez à rien"), _("La carte est là ; sa réponse se fait attendre."), "clock"
        )
    return _by_contactless(step) if subject.kind == "contactless" else _by_contact(step, subject)


def _by_contact(step: Step, subject: Subject) -> Instruction:
    two = subject.cards == 2
    if step.act == "remove":
        picture = "guide-remove-both" if two else "guide-remove"
        if step.round == 0:
            return Instruction(_("Retirez toutes les cartes"), _("Le test commence fentes vides."), picture)
        said = _("Retirez les deux cartes") if two else _("Retirez la carte")
        return Instruction(
            said, _("Sortez-les tout à fait.") if two else _("Sortez-la tout à fait."), picture
        )
    if step.card == 0:
        text = _("Dans sa fente, à fond. Laissez-la en place.")
        return Instruction(_("Insérez la carte CPS"), text, "guide-insert-first" if two else "guide-insert")
    text = _(
        "N'importe quelle carte à puce, la même à chaque tour : elle n'est ni ouverte ni lue. "
        "Laissez les deux en place."
    )
    return Instruction(_("Insérez une carte dans l'autre fente"), text, "guide-insert-second")


def _by_contactless(step: Step) -> Instruction:
    if step.act == "remove":
        text = _("À une dizaine de centimètres au moins.")
        if step.round == 0:
            return Instruction(_("Dégagez la zone sans contact"), text, "guide-lift")
        return Instruction(_("Éloignez la carte"), text, "guide-lift")
    text = _(
        "Une carte CPS3 ou une carte de test sans contact, jamais le téléphone d'un patient. Laissez-la posée."
    )
    return Instruction(_("Posez une carte sur la zone sans contact"), text, "guide-present")


def headline(subject: Subject, result: Result) -> str:
    """The verdict as a sentence."""
    return _(_HEADLINES[subject.kind, result])


def reason_text(reason: Reason, subject: Subject) -> str:
    """One reason as a sentence with its figure."""
    where = _where(reason, subject)
    match reason.code:
        case "dead":
            said = ngettext("aucune réponse, {n} essai.", "aucune réponse, {n} essais.", reason.n)
        case "mute":
            said = ngettext("{n} carte sans réponse.", "{n} cartes sans réponse.", reason.n)
        case "cut":
            said = ngettext(
                "{n} retrait vu alors que la carte devait rester.",
                "{n} retraits vus alors que la carte devait rester.",
                reason.n,
            )
        case "change":
            said = ngettext(
                "la réponse de la carte a changé {n} fois.",
                "la réponse de la carte a changé {n} fois.",
                reason.n,
            )
        case "damaged":
            said = ngettext("{n} réponse endommagée.", "{n} réponses endommagées.", reason.n)
        case "slow":
            return f"{where} : " + _("réponse lente, {time} au pire.").format(time=duration_text(reason.n))
        case "unseen":
            said = ngettext(
                "{n} carte en place et jamais vue.", "{n} cartes en place et jamais vues.", reason.n
            )
        case "missed":
            said = ngettext(
                "rien vu dans le temps prévu, {n} fois.", "rien vu dans le temps prévu, {n} fois.", reason.n
            )
        case "few":
            said = ngettext(
                "{n} réponse ; il en faut {enough} pour conclure.",
                "{n} réponses ; il en faut {enough} pour conclure.",
                reason.n,
            )
        case "skipped":
            said = ngettext("{n} étape passée.", "{n} étapes passées.", reason.n)
        case _:
            return _of_run(reason)
    return f"{where} : " + said.format(n=reason.n, enough=ENOUGH)


def _of_run(reason: Reason) -> str:
    match reason.code:
        case "stuck":
            said = ngettext(
                "{n} retrait demandé et jamais vu.", "{n} retraits demandés et jamais vus.", reason.n
            )
        case "lost":
            said = ngettext(
                "Le lecteur a disparu {n} fois pendant le test.",
                "Le lecteur a disparu {n} fois pendant le test.",
                reason.n,
            )
        case "stopped":
            said = ngettext(
                "Test arrêté après {n} tour sur {rounds}.",
                "Test arrêté après {n} tours sur {rounds}.",
                reason.n,
            )
        case "nothing":
            said = _("Aucune carte n'a été vue.")
        case _:
            said = _("Aucune carte CPS n'a été vue : le test ne porte que sur d'autres cartes.")
    return said.format(n=reason.n, rounds=ROUNDS)


def remedies(verdict: Verdict, subject: Subject) -> tuple[str, ...]:
    """What to do about it, each thing once, for what weighs most first."""
    if verdict.result == "good":
        return ()
    wanted = [_REMEDIES[reason.code] for reason in verdict.reasons if reason.code in _REMEDIES]
    if subject.kind == "contactless" and verdict.result == "fault":
        wanted.insert(0, _NFC)
    return tuple(_(remedy) for remedy in dict.fromkeys(wanted))[:2]


def times_text(slot: SlotTally) -> str:
    """Median and worst time to the answer; "" where none was taken."""
    if slot.median is None or slot.worst is None:
        return ""
    if duration_text(slot.median) == duration_text(slot.worst):
        return duration_text(slot.worst)
    median, worst = duration_text(slot.median), duration_text(slot.worst)
    return _("médiane {median}, au pire {worst}").format(median=median, worst=worst)


def cards_text(slot: SlotTally) -> str:
    """The sorts of cards that answered; "" where none did."""
    return ", ".join(sorted({kind.label for kind in slot.kinds}))


def slot_text(place: Place, slot: SlotTally, subject: Subject) -> str:
    """What was counted in one slot, in a line."""
    said = ngettext("{n} insertion", "{n} insertions", slot.insertions).format(n=slot.insertions)
    answered = ngettext("{n} réponse", "{n} réponses", slot.answered).format(n=slot.answered)
    line = f"{place_text(place, subject)} : {said}, {answered}"
    times, cards = times_text(slot), cards_text(slot)
    return line + (f" ({times})" if times else "") + (f", {cards}" if cards else "") + "."


def summary(tally: Tally, verdict: Verdict) -> str:
    """The whole result in a few sentences, for the report."""
    subject = tally.subject
    parts = [_("Test guidé de {reader}.").format(reader=title(subject)), headline(subject, verdict.result)]
    parts += [slot_text(place, slot, subject) for place, slot in tally.slots.items()]
    parts += [reason_text(reason, subject) for reason in verdict.reasons]
    return " ".join(parts)


def place_text(place: Place, subject: Subject) -> str:
    """A slot as it is called within its reader."""
    if subject.kind == "contactless":
        return _("Zone sans contact")
    return _("Fente {number}").format(number=place[1] + 1)


def _where(reason: Reason, subject: Subject) -> str:
    if reason.place is not None:
        return place_text(reason.place, subject)
    if subject.kind == "contactless":
        return _("Zone sans contact")
    return _("Fente de la carte CPS") if reason.card == 0 else _("Autre fente")
